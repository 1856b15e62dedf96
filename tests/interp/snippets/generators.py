# --- generators are lazy
log = []
def g():
    for i in range(3):
        log.append(i)
        yield i * i
it = g()
first = next(it)
result = (first, list(log), list(it), log)
# --- yield from and return
def inner():
    yield 1
    yield 2
def outer():
    yield 0
    yield from inner()
    yield from [3, 4]
result = list(outer())
# --- infinite generator
def count():
    n = 0
    while True:
        yield n
        n += 1
out = []
for x in count():
    if x > 4:
        break
    out.append(x)
result = out
# --- generator with try and finally
log = []
def t():
    try:
        yield 1
        raise ValueError
    except ValueError:
        yield 2
    finally:
        log.append("f")
result = (list(t()), log)
# --- generator expression is consumed once
ge = (x for x in range(3) if x)
result = (list(ge), list(ge))
# --- zip, enumerate, reversed
result = (list(zip("ab", range(5), [1.5, 2.5])), list(enumerate("xy", start=1)), list(reversed([1, 2])), dict(zip("ab", (1, 2))))
# --- itertools
from itertools import accumulate, chain, islice, product, repeat, count
result = (list(chain([1], [2, 3])), list(islice(count(2), 3)), list(product([1, 2], "a")), list(accumulate([1, 2, 3])), list(repeat(7, 2)), list(chain.from_iterable([[1], [2]])))
# --- methods that yield
class Tree:
    def __init__(self, *kids):
        self.kids = kids
    def walk(self, depth=0):
        yield depth
        for k in self.kids:
            yield from k.walk(depth + 1)
result = list(Tree(Tree(), Tree(Tree())).walk())
# --- iterator protocol
class Up:
    def __init__(self, n):
        self.n, self.i = n, 0
    def __iter__(self):
        return self
    def __next__(self):
        if self.i >= self.n:
            raise StopIteration
        self.i += 1
        return self.i
result = (list(Up(3)), sum(Up(4)))
