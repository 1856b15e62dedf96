# --- conversions
result = [
    int("12"),
    int("ff", 16),
    int(3.9),
    int(-3.9),
    int(True),
    float("1.5"),
    float(2),
    bool([]),
    bool("x"),
    str(12),
    str(None),
    str([1, "a"]),
    list("ab"),
    tuple([1]),
    sorted(set([1, 1])),
    dict([("a", 1)], b=2),
    bytes(3),
    bytes("é", "utf-8"),
    bytearray(b"ab"),
    complex(1, 2),
    frozenset([3]),
]
# --- errors of conversions
result = []
for make in (
    lambda: int("x"),
    lambda: int([]),
    lambda: float("y"),
    lambda: list(3),
    lambda: dict([1]),
    lambda: dict([(1, 2, 3)]),
    lambda: range(1.5),
    lambda: int("2", 1),
    lambda: chr(-1),
    lambda: tuple(None),
):
    try:
        result.append(make())
    except (TypeError, ValueError) as error:
        result.append((type(error).__name__, str(error)))
# --- numbers
result = [
    abs(-3),
    abs(-2.5),
    round(2.5),
    round(3.5),
    round(-0.5),
    round(1.2345, 2),
    round(1234, -2),
    divmod(-7, 2),
    divmod(7.5, 2),
    pow(2, 10),
    pow(2, -1),
    pow(3, 4, 5),
    sum([1, 2.5]),
    sum([[1], [2]], []),
    max(1, 3, 2),
    min("b", "a"),
    max([], default=4),
    bin(5),
    hex(255),
    oct(8),
    ord("a"),
    chr(97),
    hash(1) == hash(1.0),
]
# --- min and max
result = [
    max([1, -5, 3], key=abs),
    min([1, -5, 3], key=lambda x: -x),
    max("a", "b", key=ord),
    max((1, 2), (1, 3)),
]
for make in (lambda: max(1, "a"), lambda: sum(["a"])):
    try:
        make()
    except (TypeError, ValueError) as error:
        result.append((type(error).__name__, str(error)))
# --- lazy iterators
it = iter([1, 2, 3])
result = [
    next(it),
    list(it),
    next(iter([]), "none"),
    list(map(lambda a, b: a * b, [1, 2], [3, 4, 5])),
    list(filter(None, [0, 1, "", "a"])),
    list(filter(lambda x: x > 1, range(4))),
    list(zip("ab", [1, 2, 3])),
    list(enumerate("ab", 1)),
    list(reversed([1, 2])),
    list(reversed(range(3))),
    list(reversed("ab")),
    list(zip()),
    all([]),
    any([0, 1]),
    list(iter(lambda c=[0]: c.append(0) or len(c), 4)),
]
# --- exhausted iterators
result = []
try:
    next(iter([]))
except StopIteration as error:
    result.append(error.args)
try:
    list(zip([1], [1, 2], strict=True))
except ValueError as error:
    result.append(str(error))
try:
    list(zip([1, 2], [1], strict=True))
except ValueError as error:
    result.append(str(error))


# --- sorting
class Key:
    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        return self.value < other.value


words = ["b", "A", "c"]
words.sort(key=str.lower, reverse=True)
result = [
    sorted([3, 1, 2]),
    sorted("bca"),
    sorted({"b": 1, "a": 2}),
    words,
    sorted([(1, "b"), (0, "a")]),
    [k.value for k in sorted([Key(2), Key(1)])],
    sorted([1, 2, 3, 4], key=lambda x: x % 2),
]


# --- isinstance and type
class A:
    pass


class B(A):
    pass


result = [
    isinstance(B(), A),
    isinstance(1, (str, int)),
    isinstance(True, int),
    isinstance(1, bool),
    isinstance(1, int | None),
    isinstance(None, int | None),
    issubclass(B, A),
    issubclass(bool, int),
    issubclass(int, (str, float)),
    type(1) is int,
    type("") is str,
    type(B()) is B,
    type(A).__name__,
    type([]).__name__,
    callable(A),
    callable(A()),
    callable(len),
    isinstance([], object),
    isinstance(A, type),
    type(None).__name__,
]


# --- attributes
class A:
    x = 1


a = A()
setattr(a, "y", 2)
result = [
    getattr(a, "y"),
    getattr(a, "z", 3),
    hasattr(a, "x"),
    hasattr(a, "z"),
    vars(a),
    sorted(n for n in dir(a) if n[0] != "_"),
]
delattr(a, "y")
result.append(hasattr(a, "y"))
try:
    a.y
except AttributeError as error:
    result.append(str(error))
# --- classes made by type
Point = type("Point", (), {"x": 1, "double": lambda self: self.x * 2})
result = [Point().double(), Point.__name__, type("Q", (Point,), {})().x]


# --- subclasses of builtins
class D(dict):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.seen = []

    def __getitem__(self, key):
        self.seen.append(key)
        return super().__getitem__(key)

    def __setitem__(self, key, value):
        super().__setitem__(key, value * 2)

    def __missing__(self, key):
        return "missing"


class L(list):
    def total(self):
        return sum(self)


class S(str):
    def shout(self):
        return self.upper() + "!"


class I(int):
    def __new__(cls, value):
        return super().__new__(cls, value + 1)


class T(tuple):
    pass


d = D(a=1)
d["b"] = 2
l = L([1, 2])
l.append(3)
result = [
    d["a"],
    d["b"],
    d["zz"],
    d.seen,
    len(d),
    list(d),
    "a" in d,
    sorted(d.items()),
    d.get("q"),
    l.total(),
    len(l),
    l[1:],
    l == [1, 2, 3],
    S("ab").shout(),
    S("ab") == "ab",
    S("ab") + "c",
    f"{S('ab')}",
    I(3) + 1,
    I(3) == 4,
    T([1, 2])[0],
    T([1, 2]) == (1, 2),
    isinstance(d, dict),
    {**d},
    [*l],
]


# --- exceptions
class Mine(ValueError):
    pass


result = []
for make in (
    lambda: list()[1],
    lambda: {}["k"],
    lambda: {}[1],
    lambda: 1 / 0,
    lambda: 1 % 0,
    lambda: "a" + 1,
    lambda: 1 + "a",
    lambda: [] < 1,
    lambda: None.x,
    lambda: (1, 2)[5],
    lambda: str("abc")["x"],
    lambda: [1].index(2),
    lambda: {1}.remove(3),
    lambda: [].pop(),
    lambda: {}.popitem(),
    lambda: len(3),
    lambda: int(3)[0],
    lambda: [1, 2] * "a",
    lambda: -"a",
    lambda: {[]: 1},
    lambda: "abc".index("z"),
    lambda: int.nothing,
    lambda: "%d" % "x",
    lambda: 2 ** "a",
):
    try:
        make()
    except Exception as error:
        result.append((type(error).__name__, str(error)))
try:
    raise Mine("a", 1)
except ValueError as error:
    result.append((repr(error), str(error), error.args))
result += [
    repr(KeyError("k")),
    str(KeyError("k")),
    str(ValueError()),
    issubclass(FileNotFoundError, OSError),
    IOError is OSError,
]
# --- equality of containers
nan = float("nan")
result = [
    [1, 2] == [1, 2.0],
    (1, 2) == [1, 2],
    {"a": [1]} == {"a": [1]},
    {1, 2} == {2, 1},
    [nan] == [nan],
    nan == nan,
    nan in [nan],
    1 == True,
    "a" == b"a",
    None == 0,
    [1, 2] < [1, 3],
    (1,) < (1, 0),
    {1} < {1, 2},
    [1] != [2],
    range(3) == range(0, 3, 1),
    1 in {1: 2},
    1.0 in {1},
    "b" in "abc",
    (1, 2) in [(1, 2)],
    3 in range(5),
    3.5 in range(5),
    b"a" in b"ab",
]
# --- assignment by index and slice
a = [1, 2, 3, 4]
a[0] = 9
a[1:3] = [7]
a[-1:] = (5, 6)
del a[0]
d = {"x": 1}
d["y"] = 2
del d["x"]
b = [1, 2, 3, 4]
b[::2] = [0, 0]
result = [a, d, b, b[::-1], b[1:], "hello"[1:4], (1, 2, 3)[-2:], range(10)[2:5], range(10)[-1]]
# --- in-place operators
a = b = [1]
a += (2, 3)
a *= 2
s = t = {1, 2}
s |= {3}
s -= {1}
s &= {2, 3, 4}
d = e = {"a": 1}
d |= {"b": 2}
n = 5
n //= 2
n **= 3
result = [a, b, sorted(s), sorted(t), e, n]
