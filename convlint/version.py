"""The version of convlint."""

__version__ = "0.1.0"
DOCUMENTATION = "https://convlint.readthedocs.io/en/latest/"
"""Where the pages of this documentation stand; a rule's page is `rules/CODE/` below it."""
