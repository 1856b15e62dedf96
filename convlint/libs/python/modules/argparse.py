"""The module `argparse`: what the command line says is the user's choice, so every argument is unknown.

Law (docs.python.org/3/library/argparse.html): where a program gives the words itself, and gives none, every
argument has its default, of which a text is converted by its type.
"""

from __future__ import annotations

from msgspec import Struct

from convlint.libs import registry
from convlint.libs.python.declare import constants, method
from convlint.values import Caller, Instance, NotModelled, Unknown, Value

CHOICE = "a command-line argument is the user's choice"
SUPPRESS = "==SUPPRESS=="
constants("argparse", {"SUPPRESS": SUPPRESS, "REMAINDER": "...", "OPTIONAL": "?", "ZERO_OR_MORE": "*"})

NAMESPACE = registry.klass("argparse.Namespace", "builtins.object")
PARSER = registry.klass("argparse.ArgumentParser", "builtins.object")
_GROUP = registry.klass("argparse._ArgumentGroup", "builtins.object")
_FLAGS = {"store_true": False, "store_false": True}
_WITHOUT = ("help", "version")


class _Argument(Struct):
    """An argument as it was declared; `dest` is the attribute that it becomes."""

    dest: str
    default: Value
    kind: Value
    required: bool


class _Arguments:
    """What a parser was told. `open` says why it is not known."""

    def __init__(self, default: Value) -> None:
        self.declared: list[_Argument] = []
        self.defaults: dict[str, Value] = {}
        self.default = default
        self.open = ""

    def add(self, names: tuple[Value, ...], given: dict[str, Value]) -> None:
        """`add_argument(*names, **given)`."""
        if not names or not all(isinstance(name, str) for name in names):
            self.open = self.open or "the name of a command-line argument is not known"
            return
        texts = [str(name) for name in names]
        action = given.get("action")
        if isinstance(action, Unknown) or isinstance(given.get("dest"), Unknown):
            self.open = self.open or "an argument of the command line is not known"
        if action in _WITHOUT:
            return
        optional = texts[0].startswith("-")
        dest = str(given.get("dest") or _attribute(texts))
        nargs = given.get("nargs")
        required = given.get("required") is True if optional else nargs not in ("?", "*", "...")
        default = given.get("default", self.defaults.get(dest, _default(action, self.default)))
        if not optional and nargs in ("*", "...") and default is None:
            default = []
        self.declared.append(_Argument(dest, default, given.get("type"), required))

    def values(self, caller: Caller) -> dict[str, Value]:
        """Every attribute where the command line is empty. Raises the program's SystemExit, `NotModelled`."""
        if self.open:
            raise NotModelled(self.open)
        if any(each.required for each in self.declared):
            raise caller.error("SystemExit", "2")
        found: dict[str, Value] = {}
        for each in self.declared:
            if each.dest not in found and each.default != SUPPRESS:
                text = isinstance(each.default, str) and each.kind is not None
                found[each.dest] = caller.call(each.kind, (each.default,)) if text else each.default
        return {**self.defaults, **found}


def _attribute(names: list[str]) -> str:
    """The attribute that options become: the first long one, else the first."""
    long = next((name for name in names if name.startswith("--")), names[0])
    return long.lstrip("-").replace("-", "_") if names[0].startswith("-") else names[0]


def _default(action: Value, otherwise: Value) -> Value:
    return _FLAGS.get(action, otherwise) if isinstance(action, str) else otherwise


def _of(receiver: Value) -> _Arguments:
    found = receiver.attrs.get("_arguments") if isinstance(receiver, Instance) else None
    if not isinstance(found, _Arguments) or (isinstance(receiver, Instance) and receiver.tainted is not None):
        raise NotModelled("what a parser was told is not known")
    return found


@method(PARSER, "__init__", absorbs=False)
def _init(caller: Caller, receiver: Value, /, *args: Value, **given: Value) -> Value:
    assert isinstance(receiver, Instance)
    found = receiver.attrs["_arguments"] = _Arguments(given.get("argument_default"))
    if given.get("parents") or given.get("fromfile_prefix_chars") or "prefix_chars" in given:
        found.open = "a parser with parents or characters of its own is not modelled"
    return None


@method(PARSER, "add_argument", absorbs=False)
@method(_GROUP, "add_argument", absorbs=False)
def _add_argument(caller: Caller, receiver: Value, /, *names: Value, **given: Value) -> Value:
    _of(receiver).add(names, given)
    return caller.unknown("what add_argument() gives is not modelled")


@method(PARSER, "add_argument_group", absorbs=False)
@method(PARSER, "add_mutually_exclusive_group", absorbs=False)
@method(_GROUP, "add_argument_group", absorbs=False)
@method(_GROUP, "add_mutually_exclusive_group", absorbs=False)
def _group(caller: Caller, receiver: Value, /, *args: Value, **given: Value) -> Value:
    """What is added to the group is added to the parser."""
    found = _of(receiver)
    if given.get("required") is True or "argument_default" in given:
        found.open = "a group that needs one of its arguments"
    made = Instance(_GROUP, caller.site)
    made.attrs["_arguments"] = found
    return made


@method(PARSER, "add_subparsers", absorbs=False)
def _subparsers(caller: Caller, receiver: Value, /, **given: Value) -> Value:
    _of(receiver).open = "commands below a command are not modelled"
    return caller.unknown("commands below a command are not modelled")


@method(PARSER, "set_defaults", absorbs=False)
@method(_GROUP, "set_defaults", absorbs=False)
def _set_defaults(caller: Caller, receiver: Value, /, **given: Value) -> Value:
    found = _of(receiver)
    found.defaults.update(given)
    for each in found.declared:
        each.default = given.get(each.dest, each.default)
    return None


def _parsed(caller: Caller, receiver: Value, args: Value, namespace: Value) -> Value:
    """The namespace, where the program itself says that there are no words."""
    if args is None or namespace is not None or not isinstance(args, list | tuple | str) or args:
        return caller.unknown(CHOICE)
    if caller.uncertainty(args) is not None:
        return caller.unknown(CHOICE)
    made = Instance(NAMESPACE, caller.site)
    made.attrs.update(_of(receiver).values(caller))
    return made


@method(PARSER, "parse_args", absorbs=False)
@method(PARSER, "parse_intermixed_args", absorbs=False)
def _parse(caller: Caller, receiver: Value, /, args: Value = None, namespace: Value = None) -> Value:
    return _parsed(caller, receiver, args, namespace)


@method(PARSER, "parse_known_args", absorbs=False)
def _parse_known(caller: Caller, receiver: Value, /, args: Value = None, namespace: Value = None) -> Value:
    found = _parsed(caller, receiver, args, namespace)
    return found if isinstance(found, Unknown) else (found, [])


@method(PARSER, "__getattr__", absorbs=False)
@method(_GROUP, "__getattr__", absorbs=False)
def _other(caller: Caller, receiver: Value, name: Value, /) -> Value:
    return caller.unknown(f"`{name}` of a parser is not modelled")


# -- the namespace -------------------------------------------------------------------------------------------


@method(NAMESPACE, "__init__", absorbs=False)
def _fill(caller: Caller, receiver: Value, /, **given: Value) -> Value:
    assert isinstance(receiver, Instance)
    receiver.attrs.update(given)
    return None


@method(NAMESPACE, "__contains__")
def _contains(caller: Caller, receiver: Value, name: Value, /) -> Value:
    assert isinstance(receiver, Instance)
    return name in receiver.attrs


@method(NAMESPACE, "__eq__", absorbs=False)
def _equal(caller: Caller, receiver: Value, other: Value, /) -> Value:
    assert isinstance(receiver, Instance)
    if not isinstance(other, Instance) or other.cls is not NAMESPACE:
        return False
    return caller.binary("==", receiver.attrs, other.attrs)
