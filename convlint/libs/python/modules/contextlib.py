"""The module `contextlib`: managers made of generators, and the small ready-made ones."""

from __future__ import annotations

from collections.abc import Generator

from convlint.libs import registry
from convlint.libs.python.content import held
from convlint.libs.python.declare import function, method, native
from convlint.libs.python.functions import classes_in
from convlint.libs.python.methods.streams import advance
from convlint.values import Caller, Class, Instance, NotModelled, Raised, Stream, Value

MANAGER = registry.klass("contextlib.AbstractContextManager", "builtins.object")
registry.klass("contextlib.AbstractAsyncContextManager", "builtins.object")
DECORATOR = registry.klass("contextlib.ContextDecorator", "builtins.object")
GENERATOR = registry.klass("contextlib._GeneratorContextManager", "builtins.object")
SUPPRESS = registry.klass("contextlib.suppress", "builtins.object")
NULL = registry.klass("contextlib.nullcontext", "builtins.object")
CLOSING = registry.klass("contextlib.closing", "builtins.object")
STACK = registry.klass("contextlib.ExitStack", "builtins.object")
for _name in ("redirect_stdout", "redirect_stderr", "chdir"):
    registry.klass(f"contextlib.{_name}", "contextlib.nullcontext")


def _of(receiver: Value) -> Instance:
    assert isinstance(receiver, Instance)
    return receiver


@method(MANAGER, "__enter__")
def _enter(caller: Caller, receiver: Value, /) -> Value:
    return receiver


@method(MANAGER, "__exit__")
def _exit(caller: Caller, receiver: Value, /, *error: Value) -> Value:
    return None


@function("contextlib.contextmanager", absorbs=False)
def contextmanager(caller: Caller, func: Value, /) -> Value:
    def make(caller: Caller, /, *args: Value, **kwargs: Value) -> Value:
        made = Instance(GENERATOR, caller.site)
        made.attrs.update(gen=caller.call(func, args, kwargs), _again=(func, args, kwargs))
        return made

    made = native(getattr(func, "name", "contextmanager"), make, absorbs=False)
    made.attrs["__wrapped__"] = func
    return made


@method(GENERATOR, "__enter__")
def _enter_generator(caller: Caller, receiver: Value, /) -> Value:
    stream = held(receiver, "gen")
    return advance(caller, stream) if isinstance(stream, Stream) else caller.unknown("a manager not known")


@method(GENERATOR, "__exit__")
def _exit_generator(caller: Caller, receiver: Value, kind: Value, error: Value, traceback: Value, /) -> Value:
    """The generator goes on after its yield, with the exception raised there if there is one."""
    stream = held(receiver, "gen")
    if not isinstance(stream, Stream):
        return None
    if isinstance(error, Instance) and isinstance(stream.items, Generator):
        return _thrown(caller, stream.items, error)
    try:
        next(stream.items)
    except StopIteration:
        return None
    raise caller.error("RuntimeError", "generator didn't stop")


def _thrown(caller: Caller, generator: Generator[Value, None, None], error: Instance) -> Value:
    try:
        generator.throw(Raised(error, caller.site))
    except StopIteration:
        return True
    except Raised as raised:
        if raised.value is error:
            return False
        raise
    raise caller.error("RuntimeError", "generator didn't stop after throw()")


@method(GENERATOR, "__call__")
@method(DECORATOR, "__call__")
def _decorate(caller: Caller, receiver: Value, func: Value, /) -> Value:
    """As a decorator: every call of the function runs inside a manager of its own."""
    again = _of(receiver).attrs.get("_again")

    def run(caller: Caller, /, *args: Value, **kwargs: Value) -> Value:
        manager = receiver
        if isinstance(again, tuple):
            manager = caller.call(contextmanager(caller, again[0]), again[1], again[2])
        caller.call(caller.getattr(manager, "__enter__"))
        leave = caller.getattr(manager, "__exit__")
        guards = int(caller.may_swallow(manager))
        try:
            result = _guarded(caller, guards, func, args, kwargs)
        except Raised as raised:
            if caller.truth(caller.call(leave, (raised.value.cls, raised.value, None))):
                return None
            raise
        caller.call(leave, (None, None, None))
        return result

    made = native(getattr(func, "name", "function"), run, absorbs=False)
    made.attrs["__wrapped__"] = func
    return made


def _guarded(
    caller: Caller, guards: int, func: Value, args: tuple[Value, ...], kwargs: dict[str, Value]
) -> Value:
    """A call inside managers that may end its exception."""
    caller.guard(guards)
    try:
        return caller.call(func, args, kwargs)
    finally:
        caller.guard(-guards)


@method(SUPPRESS, "__init__")
def _init_suppress(caller: Caller, receiver: Value, /, *exceptions: Value) -> Value:
    _of(receiver).attrs["_exceptions"] = exceptions
    return None


@method(SUPPRESS, "__enter__")
def _enter_suppress(caller: Caller, receiver: Value, /) -> Value:
    return None


@method(SUPPRESS, "__exit__")
def _exit_suppress(caller: Caller, receiver: Value, kind: Value, error: Value, traceback: Value, /) -> Value:
    expected = classes_in(held(receiver, "_exceptions"))
    return isinstance(kind, Class) and any(cls in kind.mro for cls in expected)


@method(NULL, "__init__")
def _init_null(caller: Caller, receiver: Value, enter_result: Value = None, /) -> Value:
    _of(receiver).attrs["enter_result"] = enter_result
    return None


@method(NULL, "__enter__")
def _enter_null(caller: Caller, receiver: Value, /) -> Value:
    return held(receiver, "enter_result")


method(NULL, "__exit__")(_exit)


@method(CLOSING, "__init__")
def _init_closing(caller: Caller, receiver: Value, thing: Value, /) -> Value:
    _of(receiver).attrs["thing"] = thing
    return None


@method(CLOSING, "__enter__")
def _enter_closing(caller: Caller, receiver: Value, /) -> Value:
    return held(receiver, "thing")


@method(CLOSING, "__exit__")
def _exit_closing(caller: Caller, receiver: Value, /, *error: Value) -> Value:
    caller.call(caller.getattr(held(receiver, "thing"), "close"))
    return None


@method(STACK, "__init__")
def _init_stack(caller: Caller, receiver: Value, /) -> Value:
    _of(receiver).attrs |= {"_callbacks": [], _GUARDS: 0}
    return None


_GUARDS = "_guards"
"""How many of the managers that an ExitStack leaves may end an exception."""


def _guard(caller: Caller, stack: Value, manager: Value) -> None:
    if caller.may_swallow(manager):
        attrs = _of(stack).attrs
        attrs[_GUARDS] = _guards(stack) + 1
        caller.guard(1)


def _guards(stack: Value) -> int:
    found = _of(stack).attrs.get(_GUARDS)
    return found if isinstance(found, int) else 0


def _callbacks(receiver: Value) -> list[Value]:
    found = _of(receiver).attrs.get("_callbacks")
    if isinstance(found, list):
        return found
    raise NotModelled("what an ExitStack holds is not known")


@method(STACK, "enter_context")
def _enter_context(caller: Caller, receiver: Value, manager: Value, /) -> Value:
    entered = caller.call(caller.getattr(manager, "__enter__"))
    _guard(caller, receiver, manager)
    _callbacks(receiver).append(caller.getattr(manager, "__exit__"))
    return entered


@method(STACK, "push")
def _push(caller: Caller, receiver: Value, manager: Value, /) -> Value:
    leave = caller.lookup(manager, "__exit__", manager)
    _guard(caller, receiver, leave)
    _callbacks(receiver).append(leave)
    return manager


@method(STACK, "callback")
def _callback(caller: Caller, receiver: Value, func: Value, /, *args: Value, **kwargs: Value) -> Value:
    def run(caller: Caller, /, *error: Value) -> Value:
        caller.call(func, args, kwargs)
        return False

    _callbacks(receiver).append(native("callback", run, absorbs=False))
    return func


@method(STACK, "__enter__")
def _enter_stack(caller: Caller, receiver: Value, /) -> Value:
    return receiver


@method(STACK, "__exit__")
def _exit_stack(caller: Caller, receiver: Value, /, *error: Value) -> Value:
    """Last in, first out; a callback that returns true swallows the exception for those before it."""
    caller.guard(-_guards(receiver))
    _of(receiver).attrs[_GUARDS] = 0
    swallowed = False
    given = error or (None, None, None)
    callbacks = _callbacks(receiver)
    while callbacks:
        if caller.truth(caller.call(callbacks.pop(), given)):
            swallowed, given = True, (None, None, None)
    return swallowed


@method(STACK, "close")
def _close(caller: Caller, receiver: Value, /) -> Value:
    return _exit_stack(caller, receiver)


@method(STACK, "pop_all")
def _pop_all(caller: Caller, receiver: Value, /) -> Value:
    callbacks = _callbacks(receiver)
    made = Instance(_of(receiver).cls, caller.site)
    made.attrs |= {"_callbacks": callbacks.copy(), _GUARDS: _guards(receiver)}
    _of(receiver).attrs[_GUARDS] = 0
    callbacks.clear()
    return made
