# --- locals at the top of a function are its arguments
def f(a, b=2, *rest, c=3, **kw):
    return dict(locals())


result = sorted(f(1, 5, 6, c=7, d=8).items())

# --- locals are what stands there at the time
def f(a):
    before = sorted(locals())
    b = a + 1
    return before, sorted(locals()), locals()["b"]


result = f(1)

# --- names of an enclosing function that are read are among them
def outer(x, y):
    def inner(z):
        return x + z, sorted(locals())

    return inner(3)


result = outer(1, 2)

# --- the class is among them where super is
class Base:
    def __init__(self, **given):
        self.given = given


class Child(Base):
    def __init__(self, width=3, depth=2):
        names = sorted(locals())
        given = {k: v for k, v in locals().items() if k not in ("self", "__class__", "names")}
        super().__init__(**given)
        self.names = names


child = Child(depth=5)
result = child.names, sorted(child.given.items())

# --- a change of the dictionary is no change of the names
def f(a):
    names = locals()
    names["a"] = 7
    return a


result = f(1)

# --- vars without an argument is locals
def f(a, b):
    return vars() == {"a": a, "b": b}


result = f(1, 2)

# --- in a class body they are the names of the class
class A:
    x = 1
    locals()["y"] = 2
    names = sorted(k for k in locals() if not k.startswith("__") and k != "k")


result = A.y, A.x

# --- a name of one's own is no builtin
def f(locals):
    return locals()


result = f(lambda: 5)

# --- globals give and take names
import math

answer = 41
globals()["other"] = globals()["answer"] + 1
result = other, globals()["math"].floor(2.5), "nothing" in globals(), "f" in globals()

# --- match in a generator
def kinds(values):
    for value in values:
        match value:
            case int(n) if n > 1:
                yield "many", n
            case 1:
                yield "one"
            case [first, *rest]:
                yield first
                yield from kinds(rest)
            case {"stop": True}:
                return
            case _:
                continue


result = list(kinds([3, 1, ["a", 1, 4], None, {"stop": True}, 5]))

# --- singledispatch takes the nearest class
from functools import singledispatch, singledispatchmethod


class A: ...


class B(A): ...


class C(B): ...


@singledispatch
def kind(x, *more):
    return "any", *more


@kind.register(A)
def _(x, *more):
    return "A", *more


@kind.register(B)
def of_b(x, *more):
    return "B", *more


kind.register(int, lambda x: "int")


class Holder:
    @singledispatchmethod
    def of(self, x):
        return "other"

    @of.register(str)
    def _(self, x):
        return x.upper()


result = kind(A()), kind(B(), 1), kind(C()), kind(True), kind("s"), of_b(1), Holder().of("a"), Holder().of(2)
