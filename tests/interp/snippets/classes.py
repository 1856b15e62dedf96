# --- inheritance and super
class A:
    def __init__(self, x):
        self.x = x
    def show(self):
        return ["A", self.x]
class B(A):
    def __init__(self, x, y):
        super().__init__(x)
        self.y = y
    def show(self):
        return super().show() + ["B", self.y]
result = B(1, 2).show()
# --- diamond resolution order
class Root:
    def go(self):
        return ["Root"]
class L(Root):
    def go(self):
        return ["L"] + super().go()
class R(Root):
    def go(self):
        return ["R"] + super().go()
class D(L, R):
    def go(self):
        return ["D"] + super().go()
result = (D().go(), [c.__name__ for c in D.__mro__[:-1]])
# --- two-argument super
class P:
    def f(self):
        return 1
class Q(P):
    def f(self):
        return super(Q, self).f() + 1
result = Q().f()
# --- properties
class T:
    def __init__(self):
        self._v = 1
    @property
    def v(self):
        return self._v
    @v.setter
    def v(self, value):
        self._v = value * 10
t = T()
t.v = 4
try:
    T().w = 1
    ok = True
except AttributeError:
    ok = False
result = (t.v, ok)
# --- classmethod and staticmethod
class C:
    kind = "c"
    @classmethod
    def make(cls, *args):
        return cls.kind, args
    @staticmethod
    def add(a, b):
        return a + b
class E(C):
    kind = "e"
result = (E.make(1), E().make(2), C.add(1, 2), E().add(3, 4))
# --- class attributes and instance attributes
class S:
    shared = []
    n = 0
a, b = S(), S()
a.shared.append(1)
a.n += 1
result = (b.shared, S.n, a.n, b.n)
# --- special methods
class V:
    def __init__(self, *xs):
        self.xs = xs
    def __add__(self, o):
        return V(*[a + b for a, b in zip(self.xs, o.xs)])
    def __mul__(self, k):
        return V(*[a * k for a in self.xs])
    __rmul__ = __mul__
    def __eq__(self, o):
        return self.xs == o.xs
    def __len__(self):
        return len(self.xs)
    def __getitem__(self, i):
        return self.xs[i]
    def __contains__(self, x):
        return x in self.xs
    def __iter__(self):
        return iter(self.xs)
    def __bool__(self):
        return any(self.xs)
    def __neg__(self):
        return V(*[-a for a in self.xs])
    def __lt__(self, o):
        return self.xs < o.xs
v = V(1, 2)
result = ((v + v).xs, (3 * v).xs, (v * 2).xs, v == V(1, 2), v != V(1, 3), len(v), v[0], 2 in v, list(v), bool(V(0)), (-v).xs, v < V(2, 0), v > V(0, 0))
# --- __getattr__ is the last resort
class G:
    a = 1
    def __getattr__(self, name):
        return "dyn_" + name
result = (G().a, G().b, getattr(G(), "c", None))
# --- __setattr__ and object.__setattr__
class W:
    def __setattr__(self, name, value):
        object.__setattr__(self, name, value * 2)
w = W()
w.q = 4
result = w.q
# --- __new__
class N:
    made = 0
    def __new__(cls, *args):
        cls.made += 1
        return super().__new__(cls)
    def __init__(self, x):
        self.x = x
n = [N(1), N(2)]
result = (N.made, n[1].x)
# --- subclass of dict and list
class DD(dict):
    def __missing__(self, k):
        self[k] = k * 2
        return self[k]
class LL(list):
    def total(self):
        return sum(self)
d = DD(a="x")
l = LL([1, 2, 3])
l.append(4)
result = (d["a"], d["q"], len(d), l.total(), len(l), l[-1], sorted(d), isinstance(d, dict))
# --- dataclasses
from dataclasses import dataclass, field, replace
@dataclass
class Conf:
    width: int
    depth: int = 2
    names: list = field(default_factory=list)
    def __post_init__(self):
        self.area = self.width * self.depth
c1 = Conf(3)
c2 = replace(c1, width=5)
c1.names.append("q")
result = (c1.area, c2.area, c2.names is c1.names, Conf(1, 2) == Conf(1, 2), Conf(1).names)
# --- dataclass inheritance
from dataclasses import dataclass
@dataclass
class Base:
    a: int
    b: int = 1
@dataclass
class Child(Base):
    c: int = 5
result = (Child(1).c, Child(1, 2, 3).b, Child(a=4).a)
# --- enum
from enum import Enum, IntEnum, auto
class Color(Enum):
    RED = 1
    GREEN = 2
    @property
    def low(self):
        return self.name.lower()
class K(IntEnum):
    A = auto()
    B = auto()
result = (Color.RED.value, Color["GREEN"].name, Color(2) is Color.GREEN, [c.low for c in Color], K.B + 1, K.A < K.B, len(Color), Color.RED == Color.RED, Color.RED in (Color.GREEN,))
# --- namedtuple
from collections import namedtuple
from typing import NamedTuple
Pt = namedtuple("Pt", ["x", "y"])
class Q(NamedTuple):
    a: int
    b: int = 3
p = Pt(1, y=2)
x, y = p
result = (p.x, p[1], x + y, p._replace(x=9).x, Q(1).b, Q(1)[0], len(Q(1)))
# --- isinstance and issubclass
class A1: pass
class B1(A1): pass
result = (isinstance(B1(), A1), isinstance(1, (str, int)), issubclass(B1, A1), isinstance(True, int), isinstance("a", str), type(B1()) is B1, type(1) is int, isinstance([], list), isinstance((), (list, tuple)))
# --- metaclass with call
class Meta(type):
    def __call__(cls, *args):
        obj = super().__call__(*args)
        obj.tag = "meta"
        return obj
class UsesMeta(metaclass=Meta):
    def __init__(self, x):
        self.x = x
u = UsesMeta(3)
result = (u.x, u.tag)
# --- init_subclass
class Reg:
    known = []
    def __init_subclass__(cls, **kw):
        Reg.known.append(cls.__name__)
class R1(Reg): pass
class R2(Reg): pass
result = Reg.known
# --- abstract base classes
from abc import ABC, abstractmethod
class Shape(ABC):
    @abstractmethod
    def area(self): ...
class Sq(Shape):
    def area(self):
        return 4
result = Sq().area()
# --- nested classes and qualified access
class Outer:
    class Inner:
        v = 3
    def get(self):
        return self.Inner.v
result = (Outer().get(), Outer.Inner.v)
# --- copy
import copy
class M:
    def __init__(self):
        self.xs = [1, [2]]
m = M()
s, d = copy.copy(m), copy.deepcopy(m)
m.xs[1].append(3)
m.xs.append(4)
result = (s.xs, d.xs)
# --- cached_property
from functools import cached_property
class CP:
    n = 0
    @cached_property
    def v(self):
        self.n += 1
        return self.n
cp = CP()
result = (cp.v, cp.v, cp.n)
# --- the hook of a subclass goes on to that of the base
class Base:
    seen = []
    def __init_subclass__(cls, tag="none", **kwargs):
        super().__init_subclass__(**kwargs)
        Base.seen.append((cls.__name__, tag))
class Middle(Base, tag="m"):
    def __init_subclass__(cls, **kwargs):
        return super().__init_subclass__(tag="below", **kwargs)
class Leaf(Middle):
    pass
result = Base.seen
# --- what every class has from object
class Plain:
    pass
result = [callable(Plain.__init__), callable(Plain.__setattr__), callable(object.__new__)]
# --- super() in a method that a decorator wraps
import functools
def plain(function):
    @functools.wraps(function)
    def wrapper(self, *args, **kwargs):
        return function(self, *args, **kwargs)
    return wrapper
class Above:
    def __init__(self, n):
        self.n = n
class Below(Above):
    @plain
    def __init__(self, n):
        super().__init__(n + 1)
class Last(Below):
    @plain
    def __init__(self, n):
        super().__init__([super(Below, self).__init__(k) or k for k in (n,)][0] * 2)
result = [Below(1).n, Last(3).n]
# --- the methods of object, read from an instance
class A:
    def __init__(self):
        self.__setattr__("x", 3)
        for i in range(2):
            self.__setattr__(f"y{i}", i)
    def gone(self):
        self.__delattr__("y0")
        return hasattr(self, "y0")
class B(A):
    def __setattr__(self, name, value):
        super().__setattr__("_" + name, value)
    def __getattr__(self, name):
        return ("missing", name)
a, b = A(), B()
result = (a.x, a.y1, a.__getattribute__("x"), a.gone(), b._x, b.w, a.__eq__(a), a.__ne__(3) is NotImplemented, "x" in a.__dir__())
