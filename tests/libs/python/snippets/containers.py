# --- lists
a = [3, 1, 2]
a.append(4)
a.extend((5, 6))
a.insert(1, 9)
popped = [a.pop(), a.pop(0)]
a.remove(9)
b = a.copy()
b.reverse()
a.sort(reverse=True)
result = [
    a,
    b,
    popped,
    a.index(4),
    [1, 2, 1].count(1),
    [1, 2, 3].index(3, 1),
    [0] * 3,
    [[0] * 2 for _ in range(2)],
]
b.clear()
result.append(b)
# --- dicts
d = {"a": 1, "b": 2}
result = [
    d.get("a"),
    d.get("z"),
    d.get("z", 5),
    d.pop("a"),
    d.pop("q", None),
    d.setdefault("c", []),
    d.setdefault("b", 9),
    list(d.keys()),
    list(d.values()),
    list(d.items()),
    d.copy() is d,
    dict.fromkeys(["x", "y"], 0),
    {**d, "e": 5},
    d | {"f": 6},
    len(d),
    "b" in d,
    list(reversed(d)),
    d.items() == dict(d).items(),
    sorted(d.keys() | {"zz"}),
    d.keys() & {"b"},
]
d.update({"g": 7}, h=8)
d.update([("i", 9)])
result += [d, d.popitem(), list(d)]
d.clear()
result.append(d)
# --- keys of different types
d = {1: "int", "1": "text", (1, 2): "pair", None: "none", 1.5: "float"}
d[True] = "bool"
result = [d, d[1.0], d[(1, 2)], d[None], d.get((1, 3)), 1.5 in d]
# --- a dict changed while it is read
result = []
d = {"a": 1}
try:
    for key in d:
        d[key + "x"] = 1
except RuntimeError as error:
    result.append(str(error))
# --- sets
s = {1, 2, 3}
s.add(4)
s.discard(9)
s.remove(1)
t = frozenset([3, 4, 5])
result = [
    sorted(s),
    sorted(s | t),
    sorted(s & t),
    sorted(s - t),
    sorted(s ^ t),
    s <= {2, 3, 4, 5},
    s.isdisjoint({9}),
    sorted(s.union([7], (8,))),
    sorted(s.intersection([2])),
    {2}.issubset(s),
    s.issuperset([2, 3]),
    sorted({1, 2}.symmetric_difference([2, 3])),
    {5}.pop(),
    len({1, 1.0, True}),
    t.copy() is t or True,
]
s.update([10], [11])
s.difference_update([2])
s.intersection_update(range(5))
result.append(sorted(s))
# --- tuples and unpacking
t = (1, 2, 3)
first, *rest = t
(a, b), c = (1, 2), 3
result = [
    t.count(1),
    t.index(3),
    t + (4,),
    t * 2,
    first,
    rest,
    a,
    b,
    c,
    t[::-1],
    hash((1, 2)) == hash((1, 2)),
    tuple(x for x in t),
]


# --- objects as keys
class K:
    pass


class E:
    def __init__(self, v):
        self.v = v

    def __eq__(self, other):
        return isinstance(other, E) and self.v == other.v

    def __hash__(self):
        return hash(self.v)


k = K()
d = {k: 1, K: 2, len: 3, E(1): 4}
result = [d[k], d[K], d[len], K() in d, d[E(1)], E(2) in d, E(1) in [E(1)], [E(0), E(1)].index(E(1))]
# --- deque, Counter, OrderedDict, defaultdict
from collections import Counter, OrderedDict, defaultdict, deque

q = deque([1, 2, 3], maxlen=3)
q.append(4)
q.appendleft(0)
q.rotate(1)
c = Counter("abca")
c.update(["a"])
c.subtract({"b": 1})
o = OrderedDict(a=1, b=2)
o.move_to_end("a")
g = defaultdict(list)
g["x"].append(1)
g["y"]
n = defaultdict(int, {"k": 1})
n["k"] += 1
n["j"] += 1
result = [
    q,
    q.popleft(),
    q.pop(),
    list(q),
    q.maxlen,
    c,
    c["zz"],
    c.most_common(1),
    sorted(c.elements()),
    c.total(),
    o,
    list(o),
    o.popitem(last=False),
    o == {"b": 2},
    dict(g),
    dict(n),
    n.get("zz"),
    len(g),
    Counter(a=1) + Counter(a=2),
    g.default_factory is list,
]
