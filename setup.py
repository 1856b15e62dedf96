"""Package discovery: `convlint` as it lies, and the folder `rules` under its installed name `convlint_rules`.

The rest of the metadata is in pyproject.toml, which cannot say "find these packages, and rename that one".
"""

from setuptools import find_packages, setup

engine = find_packages(include=["convlint", "convlint.*"])
rules = ["convlint_" + name for name in find_packages(include=["rules", "rules.*"])]

setup(packages=engine + rules, package_dir={"convlint_rules": "rules"})
