# --- positional, keyword, star
def f(a, b=2, *args, c, d=4, **kw):
    return a, b, args, c, d, sorted(kw.items())
result = [f(1, c=3), f(1, 5, 6, 7, c=8, e=9), f(*[1, 2], **{"c": 3, "z": 0}), f(1, *[2, 3], c=1, **{"d": 2})]
# --- positional only
def g(a, b, /, c):
    return a + b + c
result = g(1, 2, c=3)
# --- wrong calls raise TypeError with Python's words
def h(a, b):
    pass
errors = []
for args, kw in [((1,), {}), ((1, 2, 3), {}), ((1,), {"a": 2}), ((1, 2), {"x": 1}), ((), {})]:
    try:
        h(*args, **kw)
    except TypeError as e:
        errors.append(str(e))
result = errors
# --- functions are values
def twice(f):
    return lambda x: f(f(x))
result = twice(lambda x: x + 3)(1)
# --- decorators stack
from functools import wraps
def log(tag):
    def deco(fn):
        @wraps(fn)
        def wrapper(*args, **kwargs):
            return (tag, fn(*args, **kwargs))
        return wrapper
    return deco
@log("outer")
@log("inner")
def work(x, y=1):
    return x + y
result = (work(1), work(1, y=5), work.__name__)
# --- partial
from functools import partial
def conv(i, o, k=3, s=1):
    return i, o, k, s
p = partial(conv, 3, k=5)
q = partial(p, 8)
result = (p(4), q(), q(s=2), p.func is conv, p.keywords)
# --- kwargs are a copy
def take(**kw):
    kw["x"] = 1
    return kw
base = {"y": 2}
result = (take(**base), base)
# --- recursion
def fact(n):
    return 1 if n <= 1 else n * fact(n - 1)
result = fact(20)
# --- callable instances
class Add:
    def __init__(self, n):
        self.n = n
    def __call__(self, x, *, times=1):
        return x + self.n * times
result = (Add(3)(4), Add(3)(4, times=2), callable(Add(1)), callable(3))
# --- max, min, sorted with keys
words = ["bbb", "a", "cc"]
result = (max(words, key=len), min(words, key=lambda w: w[0]), sorted(words, key=lambda w: -len(w)), max([], default=0))
# --- map, filter, zip, reduce
from functools import reduce
result = (list(map(lambda a, b: a * b, [1, 2, 3], [4, 5, 6])), list(filter(None, [0, 1, 2])), reduce(lambda a, b: a + b, [1, 2, 3], 10))
# --- any and all are lazy
seen = []
def probe(x):
    seen.append(x)
    return x > 1
result = (any(probe(x) for x in [0, 1, 2, 3]), seen)
# --- lru_cache
from functools import lru_cache
@lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
result = fib(30)
# --- getattr, setattr, hasattr
class O:
    pass
o = O()
setattr(o, "a", 1)
result = (getattr(o, "a"), getattr(o, "b", 7), hasattr(o, "a"), hasattr(o, "b"), vars(o))
# --- a name that eval is given
class Box:
    value = 3

def pick(name, value=4):
    return eval(name)

result = pick("Box").value, pick("Box.value"), pick("value"), pick("len")([1, 2])
