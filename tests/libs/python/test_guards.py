"""What could cost the machine dear, or reach outside the program, is never done: the answer is Unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from convlint.interp.budget import Exhausted
from convlint.values import Raised, Unknown
from tests.libs.python.running import run, value

HUGE = [
    "10**10**9",
    "(-2)**10**9",
    "1 << 10**12",
    "2**4000 * 2**4000",
    "pow(3, 10**9)",
    "[0] * 10**12",
    "(1, 2) * 10**9",
    "'x' * 10**12",
    "10**12 * 'x'",
    "b'x' * 10**12",
    "'x'.ljust(10**12)",
    "'x'.center(10**10)",
    "'x'.zfill(10**10)",
    "'\\t'.expandtabs(10**12)",
    "('a' * 10**6).replace('a', 'b' * 10**6)",
    "','.join(['a' * 10**6] * 10**3)",
    "list(range(10**12))",
    "tuple(range(10**12))",
    "set(range(10**9))",
    "dict.fromkeys(range(10**9))",
    "sorted(range(10**9))",
    "bytes(10**12)",
    "bytearray(10**12)",
    "(5).to_bytes(10**12, 'big')",
    "f'{1:{10**9}}'",
    "'{:1000000000}'.format(1)",
    "'%1000000000d' % 1",
    "'%.1000000000f' % 1.0",
    "format(1.0, '.999999999f')",
    "math.factorial(10**9)",
    "math.comb(10**9, 10**8)",
    "math.perm(10**9, 10**8)",
    "math.prod([10**4000] * 1000)",
    "list(itertools.permutations(range(100)))",
    "list(itertools.product(range(1000), repeat=4))",
    "list(itertools.combinations(range(1000), 500))",
    "re.match(r'(a+)+$', 'a' * 40)",
    "re.match(r'(a|a)*$', 'a' * 40 + 'b')",
    "re.match(r'(.*)(.*)(.*)(.*)(.*)(.*)x', 'a' * 5000)",
    "re.search('a' * 1000, 'b')",
    "re.sub('a', 'b', 'a' * 10**6)",
    "collections.deque(range(10**9))",
    "collections.Counter(range(10**9))",
    "np.zeros(10**12).tolist()",
    "np.arange(10**12).tolist()",
    "np.linspace(0, 1, 10**12).tolist()",
]


@pytest.mark.parametrize("source", HUGE)
def test_huge_results_are_not_computed(source: str) -> None:
    prelude = "import collections, itertools, math, re\nimport numpy as np\n"
    assert isinstance(run(f"{prelude}result = {source}")["result"], Unknown)


@pytest.mark.parametrize("source", ["list(itertools.repeat(1))", "max(itertools.cycle([1]))"])
def test_endless_iterators_end(source: str) -> None:
    """Either the limit on items or the budget of the run stops them."""
    try:
        found = run(f"import itertools\nresult = {source}")["result"]
    except Exhausted as spent:
        assert spent.what == "steps"
    else:
        assert isinstance(found, Unknown)


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("len(range(10**12))", 10**12),
        ("range(10**12)[10**11]", 10**11),
        ("10**11 in range(10**12)", True),
        ("1**10**9", 1),
        ("(-1)**10**9", 1),
        ("0 * 10**1000", 0),
        ("next(iter(range(10**12)))", 0),
        ("sum(itertools.islice(itertools.count(), 10))", 45),
        ("[0] * -5", []),
        ("'x'.ljust(-5)", "x"),
    ],
)
def test_small_results_of_large_things_are_known(source: str, answer: object) -> None:
    assert run(f"import itertools\nresult = {source}")["result"] == answer


OUTSIDE = [
    "open(PATH, 'w')",
    "open(PATH, 'w').write('x')",
    "exec(f'open({PATH!r}, \"w\")')",
    "eval(f'open({PATH!r}, \"w\")')",
    "compile('1', 'a', 'eval')",
    "__import__('os').mkdir(PATH)",
    "input()",
    "os.mkdir(PATH)",
    "os.makedirs(PATH)",
    "os.system(f'touch {PATH}')",
    "subprocess.run(['touch', PATH])",
    "pathlib.Path(PATH).write_text('x')",
    "pathlib.Path(PATH).mkdir()",
    "pathlib.Path(PATH).touch()",
    "shutil.copytree('.', PATH)",
    "json.dump({}, open(PATH, 'w'))",
    "logging.FileHandler(PATH)",
    "logging.basicConfig(filename=PATH)",
    "importlib.import_module('antigravity')",
    "np.save(PATH, [1])",
    "sys.path.append(PATH)",
    "tempfile.mkdtemp(dir=PATH)",
]


@pytest.mark.parametrize("source", OUTSIDE)
def test_nothing_outside_is_touched(source: str, tmp_path: Path) -> None:
    imports = "import importlib, json, logging, os, pathlib, shutil, subprocess, sys, tempfile"
    run(f"{imports}\nimport numpy as np\nresult = {source}", PATH=str(tmp_path / "made"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "source",
    [
        "os.environ['HOME']",
        "os.getcwd()",
        "os.path.exists('/')",
        "os.listdir('/')",
        "sys.argv",
        "sys.path",
        "time.time()",
        "random.random()",
        "random.choice([1, 2])",
        "hash('a')",
        "pathlib.Path('/').exists()",
        "pathlib.Path.home()",
        "argparse.ArgumentParser().parse_args().lr",
        "datetime.datetime.now()",
    ],
)
def test_what_the_machine_would_say_is_unknown(source: str) -> None:
    imports = "import argparse, datetime, os, pathlib, random, sys, time\n"
    assert isinstance(run(f"{imports}result = {source}")["result"], Unknown)


def test_sets_come_in_an_order_that_no_hash_seed_decides() -> None:
    assert value("[*{'b', 'a', 'c'}]") == ["a", "b", "c"]
    assert value("list(frozenset(['y', 'x']))") == ["x", "y"]


def test_host_exceptions_are_the_programs() -> None:
    with pytest.raises(Raised) as caught:
        value("[1, 2][5]")
    assert caught.value.text == "IndexError: list index out of range"
