"""The module `random`: numbers that no analysis knows; a shuffled list is in an unknown order."""

from __future__ import annotations

from convlint.libs.python.declare import function, no_operations, outside
from convlint.values import Caller, Value

CHANCE = "a random number is not known"
no_operations("random", "seed setstate")
outside(
    "random",
    "random randint randrange uniform choice choices sample gauss normalvariate lognormvariate "
    "expovariate betavariate gammavariate triangular vonmisesvariate paretovariate weibullvariate "
    "getrandbits randbytes getstate Random SystemRandom binomialvariate",
    CHANCE,
)


@function("random.shuffle", absorbs=False)
def shuffle(caller: Caller, x: Value, /) -> Value:
    caller.taint(x, caller.unknown(CHANCE))
    return None
