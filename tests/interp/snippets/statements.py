# --- for, else, break, continue
out = []
for i in range(10):
    if i == 2:
        continue
    if i == 5:
        break
    out.append(i)
else:
    out.append("else")
for i in range(2):
    pass
else:
    out.append("done")
result = out
# --- while else
n, out = 5, []
while n:
    n -= 2
    if n < 0:
        break
    out.append(n)
else:
    out.append("x")
result = out
# --- unpacking
a, (b, *c), d = 1, [2, 3, 4], "z"
*e, f = range(4)
g, h = {"k": 1, "m": 2}.items()
result = (a, b, c, d, e, f, g, h)
# --- unpacking errors
errs = []
for v in [(1,), (1, 2, 3)]:
    try:
        x, y = v
    except ValueError as e:
        errs.append("not enough" in str(e))
result = errs
# --- augmented assignment
xs = ys = [1]
xs += [2]
d = {"a": 1}
d["a"] += 4
class O: n = 1
o = O()
o.n *= 7
s = {1}
s |= {2}
result = (ys, d, o.n, sorted(s))
# --- try, except, else, finally
log = []
def t(k):
    try:
        log.append("try")
        if k == 1:
            raise ValueError("v")
        if k == 2:
            return "ret"
        if k == 3:
            {}["missing"]
    except ValueError as e:
        log.append(str(e))
    except (KeyError, IndexError):
        log.append("key")
        return "k"
    else:
        log.append("else")
    finally:
        log.append("fin")
    return "end"
result = ([t(i) for i in range(4)], log)
# --- reraise and chaining
def r():
    try:
        try:
            raise KeyError("a")
        except KeyError as e:
            raise RuntimeError("b") from e
    except RuntimeError as e:
        return str(e)
result = r()
# --- bare raise
def br():
    try:
        try:
            raise IndexError("q")
        except IndexError:
            raise
    except LookupError as e:
        return type(e).__name__
result = br()
# --- custom exceptions
class MyError(ValueError):
    def __init__(self, n):
        super().__init__(f"n={n}")
        self.n = n
try:
    raise MyError(4)
except ValueError as e:
    result = (e.n, str(e), e.args)
# --- exceptions of builtin operations
kinds = []
for f in [lambda: 1 / 0, lambda: [][1], lambda: {}["a"], lambda: int("x"), lambda: None.foo, lambda: "a" + 1, lambda: undefined_name, lambda: next(iter([]))]:
    try:
        f()
    except Exception as e:
        kinds.append(type(e).__name__)
result = kinds
# --- with
log = []
class CM:
    def __init__(self, swallow):
        self.swallow = swallow
    def __enter__(self):
        log.append("in")
        return 5
    def __exit__(self, *exc):
        log.append(exc[0].__name__ if exc[0] else None)
        return self.swallow
with CM(False) as v, CM(False):
    log.append(v)
with CM(True):
    raise ValueError
result = log
# --- contextmanager
from contextlib import contextmanager
log = []
@contextmanager
def cm(x):
    log.append("enter")
    yield x * 2
    log.append("exit")
with cm(4) as y:
    log.append(y)
result = log
# --- match
def m(x):
    match x:
        case 0: return "zero"
        case int() if x > 10: return "big"
        case [a, *rest]: return ("seq", a, rest)
        case {"k": v, **other}: return ("map", v, other)
        case "a" | "b": return "ab"
        case str() as s: return s.upper()
        case None: return "none"
        case _: return "other"
result = [m(v) for v in (0, 50, [1, 2, 3], {"k": 1, "z": 2}, "b", "q", None, 3.5)]
# --- assert
def a(x):
    try:
        assert x > 0, f"bad {x}"
        return "ok"
    except AssertionError as e:
        return str(e)
result = (a(1), a(-1))
# --- del
d = {"a": 1, "b": 2}
xs = [1, 2, 3, 4]
del d["a"], xs[1:3]
result = (d, xs)
# --- chained comparison and boolean values
calls = []
def v(x):
    calls.append(x)
    return x
result = (1 < v(2) < 3, v(5) < v(4) < v(9), calls, 0 or "a", 1 and 2, not [], None or {} or 0)
# --- conditional expression and chained assignment
a = b = 3 if [] else 4
result = (a, b)
# --- global try import
try:
    import surely_no_such_module_anywhere as q
    found = True
except ImportError:
    found = False
result = found
