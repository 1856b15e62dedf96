# --- list methods and slices
xs = [3, 1, 2]
xs.sort(reverse=True)
ys = xs[::-1] + xs[:1] * 2
ys[1:2] = [9, 9]
ys.insert(0, 7)
result = (xs, ys, ys.index(9), ys.count(9), ys.pop(), xs.copy() == xs, [1, 2] < [1, 3])
# --- dict methods
d = {"a": 1}
d.update(b=2, c=3)
d.setdefault("z", []).append(1)
result = (d.pop("a"), d.get("q", 0), list(d.items()), {**d, "k": 0}, d | {"m": 1}, sorted(d.keys()), list(d.values()), "b" in d)
# --- dict views are live
d = {"a": 1}
k = d.keys()
d["b"] = 2
result = (list(k), len(k), "b" in k)
# --- sets
a, b = {1, 2, 3}, {2, 3, 4}
result = (sorted(a & b), sorted(a | b), sorted(a - b), sorted(a ^ b), a <= b, 2 in a, sorted({x % 3 for x in range(10)}), frozenset([1]) == {1})
# --- strings
s = "Conv2d-Block_1"
result = (s.lower().split("_"), s.replace("-", "."), "%s=%03d %.2f" % ("a", 5, 1.25), "{:>5}|{x!r}".format("q", x="w"), f"{3.14159:.2f} {s!r:>20} {1_000_000:,}", ",".join(str(i) for i in range(3)), s.startswith(("A", "C")), s[1:4], s.partition("-"), "a" * 3, s.isidentifier(), "x".zfill(3), " y ".strip())
# --- numbers
result = (7 // 2, -7 // 2, 7 % -3, 2 ** 10, 2 ** -1, 7 / 2, divmod(17, 5), round(2.5), round(3.14159, 2), abs(-3), int(3.9), int("12"), float("1.5"), 1e3, 10 == 10.0, 5 & 3, 5 | 3, 5 ^ 3, ~5, 1 << 4, pow(3, 4, 5), max(1, 2.5), sum([1, 2], 3), bool(0), 0.1 + 0.2)
# --- math
import math
result = (math.ceil(2.1), math.floor(-2.1), math.sqrt(16), math.log2(8), math.prod([2, 3, 4]), math.gcd(12, 18), math.isclose(0.1 + 0.2, 0.3), math.pi, math.inf > 5, math.isqrt(17), math.log(100, 10))
# --- collections
from collections import OrderedDict, defaultdict, Counter, deque
o = OrderedDict([("b", 1), ("a", 2)])
dd = defaultdict(list)
dd["x"].append(1)
c = Counter("abca")
q = deque([1, 2], maxlen=2)
q.append(3)
result = (list(o), dict(dd), c["a"], c.most_common(1), list(q), o.popitem(last=False))
# --- star in displays
a = [1, 2]
result = ([*a, 3, *a], (*a,), {*a, 5} == {1, 2, 5}, {**{"q": 1}, **{"r": 2}})
# --- slices with names
s = slice(1, None, 2)
result = (list(range(10))[s], "abcdef"[s], (1, 2, 3)[-2:], s.indices(6))
# --- nested comprehension
result = ([[i * j for j in range(3) if j != 1] for i in range(3) if i], {k: [v for v in range(k)] for k in range(3)}, [x for row in [[1, 2], [3]] for x in row])
# --- identity and equality
a = [1]
b = a
result = (a is b, a == [1], a is not [1], None is None, (1, 2) == (1, 2), "a" in ("a",), [1] in [[1]], 1 in {1: 2})
# --- string of containers
result = (str([1, "a", None]), repr("x"), str({"a": (1,)}), f"{[1, 2]}", str(1.0), str(True))
# --- operator module and sorting by keys
from operator import itemgetter, attrgetter, mul
rows = [("b", 2), ("a", 2), ("c", 1)]
result = (sorted(rows, key=itemgetter(1)), sorted(rows, key=lambda r: (-r[1], r[0])), mul(3, 4))
# --- typing does nothing at run time
from typing import Any, Callable, Dict, List, Optional, Tuple, TypeVar, Union, cast, TYPE_CHECKING
T = TypeVar("T")
Alias = Dict[str, Optional[List[Tuple[int, ...]]]]
def f(x: Union[int, str], g: Callable[..., Any] = None) -> "List[T]":
    return cast(int, x)
if TYPE_CHECKING:
    import nowhere
result = f(3)
# --- pathlib and os.path on strings
import os
result = (os.path.join("a", "b.py"), os.path.basename("/x/y.z"), os.path.splitext("m.tar")[1], os.sep)
# --- re
import re
m = re.match(r"layer(\d+)\.(\w+)", "layer12.conv")
result = (m.group(1), m.groups(), re.sub(r"\d", "#", "a1b2"), re.findall(r"[a-z]+", "ab 12 cd"), re.match("x", "y") is None)
# --- literals that look like names are one object
def kind_of(kind, proj='proj', normal='normal'):
    if kind is proj:
        return 1
    return 2 if kind is normal else 3
one = 1
result = [kind_of('proj'), kind_of('normal'), kind_of('down'), None is None, True is one]
