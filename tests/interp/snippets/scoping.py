# --- closures see later bindings
def make():
    fs = [lambda: i for i in range(3)]
    return [f() for f in fs]
result = make()
# --- nonlocal
def counter():
    n = 0
    def step():
        nonlocal n
        n += 1
        return n
    return step
c = counter()
result = [c(), c(), c()]
# --- global statement
total = 0
def add(x):
    global total
    total += x
for v in range(5):
    add(v)
result = total
# --- class body does not leak into methods
x = 1
class A:
    x = 2
    y = [x for _ in range(2)]
    def get(self):
        return x
result = (A().get(), A.y)
# --- class body reads enclosing function
def f(n):
    class B:
        size = n * 2
        table = [n for n in range(size)]
    return B.size, B.table
result = f(2)
# --- comprehension target does not leak
i = 10
xs = [i for i in range(3)]
result = (i, xs)
# --- walrus in comprehension binds outside
def g():
    ys = [last := k * k for k in range(4)]
    return last, ys
result = g()
# --- default values are evaluated once
def h(x, acc=[]):
    acc.append(x)
    return acc
h(1)
result = h(2)
# --- private names are mangled
class P:
    def __init__(self):
        self.__hidden = 3
    def get(self):
        return self.__hidden
p = P()
result = (p.get(), p._P__hidden)
# --- unbound local
def u():
    try:
        z += 1
    except UnboundLocalError as e:
        return "unbound"
    z = 0
z = 5
result = u()
# --- nested functions three deep
def a1(x):
    def a2(y):
        def a3(z):
            return x * 100 + y * 10 + z
        return a3
    return a2
result = a1(1)(2)(3)
# --- name deleted
def d():
    q = 1
    del q
    try:
        return q
    except UnboundLocalError:
        return "gone"
result = d()
