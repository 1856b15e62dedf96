"""The module `warnings`: nothing it does changes what a program computes."""

from __future__ import annotations

from convlint.libs import registry
from convlint.libs.python.declare import function, method, native, no_operations
from convlint.values import Caller, Value

no_operations("warnings", "warn warn_explicit filterwarnings simplefilter resetwarnings showwarning")
CATCH = registry.klass("warnings.catch_warnings", "builtins.object")


@method(CATCH, "__init__")
def _init(caller: Caller, receiver: Value, /, **options: Value) -> Value:
    return None


@method(CATCH, "__enter__")
def _enter(caller: Caller, receiver: Value, /) -> Value:
    return caller.unknown("which warnings are caught is not known")


@method(CATCH, "__exit__")
def _exit(caller: Caller, receiver: Value, /, *error: Value) -> Value:
    return None


@function("warnings.deprecated", absorbs=False)
def deprecated(caller: Caller, /, *args: Value, **kwargs: Value) -> Value:
    return native("warnings.deprecated", lambda caller, value, /: value, absorbs=False)
