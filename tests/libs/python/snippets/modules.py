# --- math
import math

result = [
    math.ceil(2.1),
    math.floor(-2.1),
    math.trunc(-2.7),
    math.sqrt(16),
    math.prod([2, 3]),
    math.gcd(12, 18),
    math.lcm(4, 6),
    math.log2(8),
    math.log(math.e),
    math.pow(2, 3),
    math.factorial(5),
    math.isclose(0.1 + 0.2, 0.3),
    math.inf,
    math.isnan(math.nan),
    math.hypot(3, 4),
    math.comb(5, 2),
    math.isqrt(17),
    math.fsum([0.1] * 10),
    math.degrees(math.pi),
    math.copysign(1, -0.0),
    math.fabs(-2),
]
for make in (lambda: math.sqrt(-1), lambda: math.log(0), lambda: math.ceil("a"), lambda: math.factorial(-1)):
    try:
        make()
    except Exception as error:
        result.append((type(error).__name__, str(error)))
# --- itertools
import itertools as it

result = [
    list(it.chain([1], (2, 3))),
    list(it.chain.from_iterable([[1], [2]])),
    list(it.islice(it.count(5, 2), 3)),
    list(it.repeat("x", 2)),
    list(it.accumulate([1, 2, 3])),
    list(it.accumulate([1, 2, 3], lambda a, b: a * b, initial=1)),
    list(it.product([1, 2], "ab")),
    list(it.permutations([1, 2, 3], 2)),
    list(it.combinations("abc", 2)),
    [(k, list(g)) for k, g in it.groupby([1, 1, 2, 1])],
    list(it.zip_longest([1, 2], [3], fillvalue=0)),
    list(it.pairwise([1, 2, 3])),
    list(it.takewhile(lambda x: x < 3, [1, 2, 3, 1])),
    list(it.dropwhile(lambda x: x < 3, [1, 2, 3, 1])),
    list(it.starmap(pow, [(2, 3), (3, 2)])),
    list(it.compress("abc", [1, 0, 1])),
    list(it.filterfalse(None, [0, 1])),
    list(it.islice(it.cycle("ab"), 5)),
    [list(x) for x in it.tee([1, 2])],
    list(it.combinations_with_replacement("ab", 2)),
    list(it.islice("abcdef", 1, 5, 2)),
]
# --- functools
import functools


def add(a, b=10, *, c=0):
    return a + b + c


def deco(f):
    @functools.wraps(f)
    def inner(*args, **kwargs):
        return ("wrapped", f(*args, **kwargs))

    return inner


@deco
def named(x):
    return x


@functools.lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


@functools.cache
def one():
    return 1


class C:
    count = 0

    @functools.cached_property
    def big(self):
        C.count += 1
        return C.count

    def base(self, x, y=0):
        return (x, y)

    five = functools.partialmethod(base, 5)


@functools.total_ordering
class V:
    def __init__(self, v):
        self.v = v

    def __eq__(self, other):
        return self.v == other.v

    def __gt__(self, other):
        return self.v > other.v


p = functools.partial(add, 1, c=5)
c = C()
result = [
    p(2),
    p(),
    functools.partial(p, 7)(),
    p.func is add,
    p.args,
    p.keywords,
    functools.reduce(lambda a, b: a * b, [1, 2, 3]),
    functools.reduce(add, [], 7),
    named(3),
    named.__name__,
    named.__wrapped__(4),
    fib(20),
    one(),
    c.big,
    c.big,
    c.five(y=2),
    V(1) < V(2),
    V(1) <= V(1),
    V(2) >= V(3),
    V(3) >= V(3),
    V(1) < V(1),
    sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a)),
]
# --- operator
import operator as op


class N:
    class inner:
        x = 4

    def get(self, k):
        return k + 1


result = [
    op.add(1, 2),
    op.mul(2, 3),
    op.itemgetter(1)([5, 6]),
    op.itemgetter("a", "b")({"a": 1, "b": 2}),
    op.attrgetter("inner.x")(N()),
    op.methodcaller("get", 3)(N()),
    op.neg(3),
    op.not_(0),
    op.contains([1], 1),
    op.eq(1, 1.0),
    op.truediv(1, 2),
    op.getitem([7], 0),
    op.index(3),
    op.concat([1], [2]),
]
# --- namedtuple
from collections import namedtuple
from typing import NamedTuple

P = namedtuple("P", "x y z", defaults=[0])


class Q(NamedTuple):
    a: int
    b: str = "q"

    def both(self):
        return (self.a, self.b)


p, q = P(1, y=2), Q(3)
x, y, z = p
result = [
    p.x,
    p[1],
    p[-1],
    len(p),
    list(p),
    p._asdict(),
    p == (1, 2, 0),
    tuple(p._replace(x=5)),
    isinstance(p, tuple),
    x + y + z,
    p + (4,),
    q.both(),
    str(q),
    repr(p),
    Q._fields,
    P._field_defaults,
    Q(b="r", a=1).b,
    P._make([7, 8, 9]).y,
    {p: 1}[P(1, 2)],
    p < P(2, 0),
    sorted([P(2, 1), P(1, 2)])[0].x,
    max(p),
    *p,
]
for make in (
    lambda: P(),
    lambda: P(1, 2, 3, 4),
    lambda: Q(),
    lambda: P(1, 2, w=3),
    lambda: namedtuple("R", "a a"),
):
    try:
        make()
    except Exception as error:
        result.append(type(error).__name__)
# --- copy
import copy


class Node:
    def __init__(self, v, children=()):
        self.v, self.children, self.me = v, list(children), self


class Custom:
    def __deepcopy__(self, memo):
        return "custom"


shared = [1]
n = Node(shared, [Node(2), shared])
m, k = copy.deepcopy(n), copy.copy(n)
m.v.append(2)
k.children.append(3)
result = [
    n.v,
    m.v,
    m.me is m,
    m.children[1] is m.v,
    len(n.children),
    len(m.children),
    k.v is n.v,
    copy.deepcopy([Custom()]),
    copy.copy({"a": [1]}),
    copy.deepcopy((1, [2])),
    copy.deepcopy(len) is len,
]
# --- dataclasses
from dataclasses import InitVar, asdict, astuple, dataclass, field, fields, is_dataclass, replace
from typing import ClassVar


@dataclass
class A:
    x: int
    y: int = 2
    z: list = field(default_factory=list)
    k: ClassVar[int] = 7

    def area(self):
        return self.x * self.y


@dataclass
class B(A):
    y: int = 4
    w: int = 5
    q: InitVar[int] = 0
    hidden: int = field(default=1, repr=False, compare=False)
    late: int = field(init=False)

    def __post_init__(self, q):
        self.late = q + self.w


@dataclass(frozen=True, order=True)
class F:
    a: int
    b: str = "x"


@dataclass(kw_only=True)
class G:
    a: int
    b: int = 3


a, b = A(3), B(1, q=4)
a.z.append(1)
result = [
    a.area(),
    a.z,
    A(3).z,
    a == A(3),
    a == A(3, z=[1]),
    repr(a),
    asdict(a),
    replace(a, x=9).x,
    A.k,
    A.y,
    b.late,
    b.y,
    repr(b),
    [f.name for f in fields(b)],
    astuple(F(1)),
    F(1) < F(2),
    F(1) == F(1),
    {F(1): 5}[F(1)],
    is_dataclass(a),
    is_dataclass(A),
    is_dataclass(3),
    repr(G(a=1)),
    F.__match_args__,
    [f.name for f in fields(A)],
    A.__name__,
    asdict(B(1))["w"],
]


def refused(make):
    try:
        make()
    except Exception as error:
        result.append(type(error).__name__)


def frozen():
    f = F(1)
    f.a = 3


def bad():
    @dataclass
    class Bad:
        x: int = 1
        y: int


def mutable():
    @dataclass
    class Bad:
        x: list = []


for make in (
    frozen,
    bad,
    mutable,
    lambda: A(),
    lambda: A(1, 2, 3, 4),
    lambda: A(1, v=3),
    lambda: G(1),
    lambda: fields(3),
):
    refused(make)
# --- enum
import enum
from enum import Enum, Flag, IntEnum, IntFlag, auto, unique


class Color(Enum):
    RED = 1
    GREEN = auto()
    ALIAS = 2

    def hot(self):
        return self is Color.RED


class Mode(str, Enum):
    A = "a"
    B = "b"


class N(IntEnum):
    ONE = 1
    TWO = 2


class Perm(Flag):
    R = auto()
    W = auto()
    X = auto()
    RW = R | W


class Bits(IntFlag):
    A = 1
    B = 2


class Planet(Enum):
    EARTH = (5.9, 6.3)
    MARS = (0.6, 3.4)

    def __init__(self, mass, radius):
        self.mass = mass
        self.radius = radius

    @property
    def ratio(self):
        return self.mass / self.radius


class S(enum.StrEnum):
    FOO = auto()


class Own(Enum):
    def _generate_next_value_(name, start, count, last_values):
        return name.lower()

    X = auto()

    @classmethod
    def _missing_(cls, value):
        return cls.X


D = Enum("D", "P Q")
result = [
    Color.RED.name,
    Color.GREEN.value,
    Color(1) is Color.RED,
    Color["ALIAS"] is Color.GREEN,
    len(Color),
    [c.name for c in Color],
    Color.RED.hot(),
    str(Color.RED),
    repr(Color.RED),
    Color.RED == Color.RED,
    Color.RED == 1,
    Color.RED in Color,
    isinstance(Color.RED, Color),
    list(Color.__members__),
    {Color.RED: 1}[Color.RED],
    Mode.A == "a",
    Mode("b").name,
    {"a": 1}[Mode.A],
    Mode.A.upper(),
    "a" == Mode.A,
    Mode.A in ("a", "b"),
    isinstance(Mode.A, str),
    str(Mode.A),
    N.ONE + 1,
    N.TWO > N.ONE,
    [10, 20, 30][N.TWO],
    int(N.TWO),
    str(N.ONE),
    max(N) is N.TWO,
    f"{N.ONE}",
    (Perm.R | Perm.W) is Perm.RW,
    Perm.R in Perm.RW,
    bool(Perm.R & Perm.W),
    Perm.X.value,
    len(Perm),
    Bits.A | Bits.B == 3,
    Planet.EARTH.mass,
    Planet.MARS.value,
    Planet.EARTH.ratio,
    S.FOO == "foo",
    str(S.FOO),
    Own.X.value,
    Own("nothing") is Own.X,
    D.P.value,
    D["Q"].value,
    Color.RED is not Color.GREEN,
    type(Color.RED) is Color,
    Color.RED.__class__.__name__,
]
for make in (lambda: Color(99), lambda: Color["NONE"], lambda: unique(Color)):
    try:
        make()
    except Exception as error:
        result.append((type(error).__name__, str(error)))
# --- typing
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    Dict,
    Generic,
    List,
    Literal,
    Optional,
    Protocol,
    Sequence,
    Tuple,
    TypedDict,
    TypeVar,
    Union,
    cast,
    overload,
)

T = TypeVar("T")
Shape = Union[int, Tuple[int, ...]]


class Box(Generic[T]):
    def __init__(self, v: T) -> None:
        self.v = v


class Proto(Protocol):
    def f(self) -> int: ...


class Impl(Proto):
    def f(self) -> int:
        return 1


class TD(TypedDict, total=False):
    a: int


@overload
def g(x: int) -> int: ...
@overload
def g(x: str) -> str: ...
def g(x):
    return x


result = [
    TYPE_CHECKING,
    Box[int](3).v,
    Box(4).v,
    cast(int, "x"),
    isinstance(3, Union[int, str]),
    isinstance([1], Sequence),
    isinstance("s", Callable),
    isinstance(len, Callable),
    Impl().f(),
    TD(a=1),
    g(2),
]
# --- collections.abc
from collections.abc import Hashable, Iterable, Iterator, Mapping, MutableMapping, Sequence, Sized


class It:
    def __iter__(self):
        return iter([1])


class M(Mapping):
    def __init__(self):
        self.d = {"a": 1}

    def __getitem__(self, key):
        return self.d[key]

    def __len__(self):
        return 1

    def __iter__(self):
        return iter(self.d)


m = M()
result = [
    isinstance([], Iterable),
    isinstance(It(), Iterable),
    isinstance(It(), Sized),
    isinstance(3, Iterable),
    isinstance((), Sequence),
    isinstance({}, Sequence),
    isinstance({}, MutableMapping),
    isinstance(iter([]), Iterator),
    isinstance([], Hashable),
    isinstance(m, Mapping),
    m.get("a"),
    m.get("q", 5),
    "a" in m,
    "z" in m,
    list(m.items()),
    list(m.keys()),
    dict(m),
    issubclass(dict, Mapping),
    issubclass(It, Iterable),
    isinstance(range(3), Sequence),
    isinstance("a", Sequence),
]
# --- contextlib
from contextlib import ExitStack, contextmanager, nullcontext, suppress

log = []


@contextmanager
def cm(x, swallow=False):
    log.append(("in", x))
    try:
        yield x
    except ValueError as error:
        log.append(("error", str(error)))
        if not swallow:
            raise
    finally:
        log.append(("out", x))


with cm(5) as v:
    log.append(v)
with cm(6, swallow=True):
    raise ValueError("a")
try:
    with cm(7):
        raise ValueError("b")
except ValueError:
    log.append("caught")
with suppress(KeyError, IndexError):
    {}["a"]
with nullcontext(3) as three:
    log.append(three)
with ExitStack() as stack:
    stack.enter_context(cm(8))
    stack.callback(log.append, "callback")


@cm(9)
def decorated():
    log.append("body")


decorated()
decorated()
result = log
# --- re
import re

m = re.match(r"layer(\d+)\.(?P<n>\w+)", "layer3.conv")
result = [
    m.group(1),
    m["n"],
    m.groups(),
    m.groupdict(),
    m.span(),
    m.start(1),
    m.end(),
    re.sub(r"\d", lambda k: str(int(k.group()) * 2), "a1b2"),
    re.sub(r"(a)(b)", r"\2\1", "ab"),
    re.findall("a|b", "cab"),
    re.findall(r"(\d)(\d)", "1234"),
    re.compile("x+").split("axxb"),
    re.match("z", "a"),
    bool(re.search("b", "abc")),
    re.split(r"[,;]", "a,b;c"),
    [k.group() for k in re.finditer(r"\w", "a b")],
    re.escape("a.b"),
    re.fullmatch("a+", "aaa").group(),
    re.sub("a", "b", "aaa", count=2),
    re.compile("A", re.I).search("xa").start(),
    re.subn("a", "", "aba"),
    re.compile(r"(?P<k>a)").pattern,
]
try:
    re.compile("(")
except re.error:
    result.append("re.error")
# --- paths
import os.path
from pathlib import PurePosixPath as Path

p = Path("a") / "b.tar.gz"
result = [
    os.path.join("a", "b", "/c", "d"),
    os.path.basename("x/y.py"),
    os.path.dirname("x/y.py"),
    os.path.splitext("m.pt"),
    os.path.split("a/b"),
    os.path.normpath("a/../b"),
    os.path.isabs("/a"),
    str(p),
    p.name,
    p.stem,
    p.suffix,
    p.suffixes,
    str(p.parent),
    p.parts,
    str(p.with_suffix(".x")),
    str(Path("a", "b").joinpath("c")),
    f"{p}",
    p == Path("a/b.tar.gz"),
    str("q" / Path("r")),
    os.fspath(p),
]
# --- json, string and types
import json, string, types

s = types.SimpleNamespace(a=1, b="x")
s.c = 3
result = [
    json.loads('{"a": [1, 2.5, null, true]}'),
    json.dumps({"a": 1}, indent=2, sort_keys=True),
    string.ascii_lowercase[:3],
    string.digits,
    s.a,
    repr(s),
    s == types.SimpleNamespace(a=1, b="x", c=3),
    isinstance(lambda: 1, types.FunctionType),
    isinstance(len, types.BuiltinFunctionType),
]
try:
    json.loads("{")
except json.JSONDecodeError as error:
    result.append(str(error))
# --- numbers, abc, logging and warnings
import abc, logging, numbers, warnings


class Base(abc.ABC):
    @property
    @abc.abstractmethod
    def size(self): ...


class Sub(Base):
    @property
    def size(self):
        return 3


log = logging.getLogger(__name__)
log.debug("nothing %s", 1)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    warnings.warn("quiet")
result = [
    Sub().size,
    isinstance(3, numbers.Integral),
    isinstance(2.5, numbers.Real),
    isinstance(2.5, numbers.Integral),
    isinstance("a", numbers.Number),
    isinstance(True, numbers.Number),
    logging.INFO,
    logging.getLogger("a") is logging.getLogger("a"),
]

# --- argparse without words gives every default
import argparse

parser = argparse.ArgumentParser(description="x")
parser.add_argument("--lr", "-l", type=float, default="0.5")
parser.add_argument("-n", type=int)
parser.add_argument("--batch-size", type=int, default=8, metavar="N")
parser.add_argument("-v", "--verbose", action="store_true")
parser.add_argument("--no-cuda", action="store_false", dest="cuda")
parser.add_argument("--hidden", default=argparse.SUPPRESS)
parser.add_argument("--const", action="store_const", const=3)
parser.add_argument("files", nargs="*")
parser.add_argument("one", nargs="?", default="a")
group = parser.add_argument_group("more")
group.add_argument("--widths", nargs="+", type=int, default=[1, 2])
parser.set_defaults(n=4, other="o")
args = parser.parse_args([])
known, rest = parser.parse_known_args(args=[])
result = sorted(vars(args).items(), key=str), rest, known == args, "n" in args, "hidden" in args

# --- argparse with words that are missing ends the program
import argparse
import contextlib
import io

parser = argparse.ArgumentParser()
parser.add_argument("name")
with contextlib.redirect_stderr(io.StringIO()):
    try:
        parser.parse_args([])
        result = "went on"
    except SystemExit:
        result = "ended"

# --- an argparse namespace of one's own
import argparse

args = argparse.Namespace(lr=1, depth=2)
args.more = args.lr + args.depth
result = vars(args), hasattr(args, "x"), args == argparse.Namespace(lr=1, depth=2, more=3)
# --- the values of a Literal
from typing import Literal, Optional, get_args, get_origin
A = Literal["a", "b"]
B = Literal[A, "c", 1, True, "a"]
def build(kind: Optional[Literal["a", "b"]] = "a"):
    return kind in get_args(A)
result = (get_args(A), get_args(B), B.__args__, get_origin(A) is Literal, build(), build("z"))
