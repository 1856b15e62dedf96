"""The module `unittest.mock`: `patch` in all its forms
(docs.python.org/3/library/unittest.mock.html#the-patchers).

Law: an attribute is another one from entering or `start()` until leaving or `stop()`; a mock is not known.
"""

from __future__ import annotations

from convlint.libs import registry
from convlint.libs.protocol import MISSING
from convlint.libs.python.declare import function, method, native
from convlint.values import Caller, Class, Instance, Namespace, Native, NotModelled, Value

PATCH = registry.klass("unittest.mock._patch", "builtins.object")
DEFAULT = registry.klass("unittest.mock._Default", "builtins.object")
registry.constant("unittest.mock.DEFAULT", Instance(DEFAULT))
_MADE = "a mock's attributes and results are not modelled"


def _patcher(caller: Caller, owner: Value, values: dict[str, Value], makes: bool) -> Instance:
    """`owner` is an object, or the text that names it; `makes` says whether a mock is handed on."""
    made = Instance(PATCH, caller.site)
    made.attrs |= {"target": owner, "values": values, "makes": makes, "before": []}
    return made


def _value(caller: Caller, new: Value) -> Value:
    made = new is MISSING or (isinstance(new, Instance) and new.cls is DEFAULT)
    return caller.unknown(_MADE) if made else new


def _patch(caller: Caller, target: Value, new: Value = MISSING, /, *args: Value, **kwargs: Value) -> Value:
    new = kwargs.get("new", new)
    if not isinstance(target, str) or "." not in target:
        raise NotModelled("what is patched is not known")
    owner, _, name = target.rpartition(".")
    return _patcher(caller, owner, {name: _value(caller, new)}, new is MISSING)


def _object(
    caller: Caller, target: Value, attribute: Value, new: Value = MISSING, /, *args: Value, **kwargs: Value
) -> Value:
    new = kwargs.get("new", new)
    if not isinstance(attribute, str):
        caller.taint(target, caller.unknown("the name of what is patched is not known"))
        raise NotModelled("what is patched is not known")
    return _patcher(caller, target, {attribute: _value(caller, new)}, new is MISSING)


_OPTIONS = ("spec", "create", "spec_set", "autospec", "new_callable")


def _multiple(caller: Caller, target: Value, /, **kwargs: Value) -> Value:
    values = {name: _value(caller, new) for name, new in kwargs.items() if name not in _OPTIONS}
    return _patcher(caller, target, values, False)


def _dict(
    caller: Caller, in_dict: Value, values: Value = (), clear: Value = False, /, **kwargs: Value
) -> Value:
    """A mapping that holds other entries for a while: it is not followed which."""
    held = _owner(caller, in_dict)
    caller.taint(held, caller.unknown("what a patched dictionary holds is not modelled"))
    return _patcher(caller, held, {}, False)


def _owner(caller: Caller, target: Value) -> Value:
    """The object that a dotted text names, or the object itself."""
    if not isinstance(target, str):
        return target
    head, *rest = target.split(".")
    found = caller.import_module(head)
    for index, part in enumerate(rest, 2):
        inner = caller.lookup(found, part, MISSING)
        found = caller.import_module(".".join(target.split(".")[:index])) if inner is MISSING else inner
    return found


def _parts(receiver: Value) -> tuple[dict[str, Value], list[tuple[Value, str, Value]]]:
    assert isinstance(receiver, Instance)
    values, before = receiver.attrs.get("values"), receiver.attrs.get("before")
    if isinstance(values, dict) and isinstance(before, list):
        return values, before
    raise NotModelled("what is patched is not known")


@method(PATCH, "__enter__", "start")
def _enter(caller: Caller, receiver: Value, /) -> Value:
    """Gives what is put in the attribute's place."""
    values, before = _parts(receiver)
    assert isinstance(receiver, Instance)
    owner = _owner(caller, receiver.attrs["target"])
    for name, value in values.items():
        before.append((owner, name, _own(caller, owner, name)))
        caller.setattr(owner, name, value)
    return next(iter(values.values()), None)


def _own(caller: Caller, owner: Value, name: str) -> Value:
    """What the object itself has under the name, unbound; `MISSING` where it inherits it, or has nothing."""
    match owner:
        case Class(namespace=names) | Instance(attrs=names):
            return names.get(name, MISSING)
        case Namespace():
            return caller.lookup(owner, name, MISSING)
    return MISSING


@method(PATCH, "__exit__", "stop")
def _leave(caller: Caller, receiver: Value, /, *error: Value) -> Value:
    _, before = _parts(receiver)
    for owner, name, value in reversed(before):
        if value is MISSING:
            caller.delattr(owner, name)
        else:
            caller.setattr(owner, name, value)
    before.clear()
    return None


@method(PATCH, "__call__")
def _decorate(caller: Caller, receiver: Value, func: Value, /) -> Value:
    """Every call of the function runs patched, with the mock as one more argument where one is made."""
    assert isinstance(receiver, Instance)
    if isinstance(func, Class):
        return func

    def run(caller: Caller, /, *args: Value, **kwargs: Value) -> Value:
        entered = _enter(caller, receiver)
        assert isinstance(receiver, Instance)
        try:
            return caller.call(func, (*args, entered) if receiver.attrs["makes"] else args, kwargs)
        finally:
            _leave(caller, receiver)

    made = native(getattr(func, "name", "function"), run, absorbs=False)
    made.attrs["__wrapped__"] = func
    return made


function("unittest.mock.patch", absorbs=False)(_patch)
_FORMS = registry.lookup("unittest.mock.patch")
assert isinstance(_FORMS, Native)
for _name, _body in (("object", _object), ("multiple", _multiple), ("dict", _dict)):
    _FORMS.attrs[_name] = native(f"unittest.mock.patch.{_name}", _body, absorbs=False)
_FORMS.attrs["stopall"] = native("stopall", lambda caller, /: None)
