"""Cases with one thing spoiled, for every generator alike: what a caller gets wrong by a slip.

Spoiling changes a call in one place: an argument too many or one missing, a keyword nobody knows, an axis too
long, too few or too many axes, a number of the wrong sign or size, a float for an integer. Whether the result
is refused is for the framework to say; it refuses about half of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random

from tests.truth.case import Case, T

Arguments = tuple[tuple[object, ...], dict[str, object]]
Way = Callable[[Random, Arguments], Arguments]


def spoiled(rng: Random, case: Case) -> Case:
    """The case with one thing changed, in its call or, at times, in its constructor's call."""
    built = bool(case.init or case.init_kwargs)
    if built and rng.random() < 0.4:
        init, init_kwargs = _spoil(rng, (case.init, case.init_kwargs))
        return replace(case, init=init, init_kwargs=init_kwargs)
    args, kwargs = _spoil(rng, (case.args, case.kwargs))
    return replace(case, args=args, kwargs=kwargs)


def _spoil(rng: Random, arguments: Arguments) -> Arguments:
    return rng.choice(_WAYS)(rng, arguments)


def _unknown_keyword(rng: Random, arguments: Arguments) -> Arguments:
    args, kwargs = arguments
    return args, {**kwargs, rng.choice(["colour", "axes", "kernel", "x"]): 1}


def _one_too_many(rng: Random, arguments: Arguments) -> Arguments:
    args, kwargs = arguments
    return (*args, *[1] * rng.choice([1, 12])), kwargs


def _one_missing(rng: Random, arguments: Arguments) -> Arguments:
    args, kwargs = arguments
    if len(args) > 1:
        return args[:-1], kwargs
    return args, dict(list(kwargs.items())[1:])


def _changed(rng: Random, arguments: Arguments) -> Arguments:
    """One argument that is a tensor or a number, changed."""
    args, kwargs = arguments
    places: list[int | str] = [i for i, value in enumerate(args) if _changeable(value)]
    places += [name for name, value in kwargs.items() if _changeable(value)]
    if not places:
        return _unknown_keyword(rng, arguments)
    place = rng.choice(places)
    if isinstance(place, int):
        return (*args[:place], _change(rng, args[place]), *args[place + 1 :]), kwargs
    return args, {**kwargs, place: _change(rng, kwargs[place])}


_WAYS: tuple[Way, ...] = (
    _unknown_keyword,
    _one_too_many,
    _one_missing,
    _changed,
    _changed,
    _changed,
    _changed,
)


def _changeable(value: object) -> bool:
    if isinstance(value, (list, tuple)):
        return any(_changeable(each) for each in value)
    return isinstance(value, (T, int, float)) and not isinstance(value, bool)


def _change(rng: Random, value: object) -> object:
    match value:
        case T():
            return _other_tensor(rng, value)
        case list() | tuple():
            places = [i for i, each in enumerate(value) if _changeable(each)]
            place = rng.choice(places)
            changed = [*value[:place], _change(rng, value[place]), *value[place + 1 :]]
            return changed if isinstance(value, list) else tuple(changed)
        case int() if not isinstance(value, bool):
            return rng.choice([-value - 1, value + 1, 97, -97, float(value)])
    return -1.5


def _other_tensor(rng: Random, tensor: T) -> object:
    shape = tensor.shape
    axis = rng.randrange(len(shape)) if shape else 0
    ways: list[object] = [
        replace(tensor, shape=(2, *shape)),
        replace(tensor, shape=(*shape, 2)),
        replace(tensor, shape=(2, 3, *shape)),
        3,
    ]
    if shape:
        ways += [
            replace(tensor, shape=shape[1:]),
            replace(tensor, shape=shape[:-1]),
            replace(tensor, shape=(*shape[:axis], shape[axis] + 1, *shape[axis + 1 :])),
            replace(tensor, shape=(*shape[:axis], shape[axis] + 1, *shape[axis + 1 :])),
            replace(tensor, shape=(*shape[:axis], shape[axis] + 3, *shape[axis + 1 :])),
        ]
    return rng.choice(ways)
