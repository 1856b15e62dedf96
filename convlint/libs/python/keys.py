"""Keys of dicts and members of sets: found as Python finds them, without the host comparing what it must not.

Law: a lookup answers a key that is certainly equal, `MISSING` where certainly none is, and refuses in doubt.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from convlint.libs.protocol import MISSING
from convlint.libs.python.content import SCALARS, class_name, content, is_symbolic
from convlint.values import Caller, Class, Instance, NotModelled, Raised, Tensor, Unknown, Value

HASHED = frozenset({str, bytes, int, float, bool, type(None)})
"""Types whose equality and hash the host knows as the program does."""


def key_error(caller: Caller, key: Value) -> Raised:
    """The program's KeyError, which keeps the key itself."""
    raised = caller.error("KeyError", "")
    raised.value.attrs["args"] = (key,)
    return raised


def settled(value: Value) -> bool:
    """Whether the host's own equality and hash of the value are the program's: plain data, or identity."""
    value = value if value.__class__ is not Instance else content(value)
    if type(value) in SCALARS:
        return True
    if isinstance(value, tuple | frozenset):
        return all(settled(v) for v in value)
    if isinstance(value, Instance):
        method = value.cls.find("__eq__")
        owner = getattr(method, "owner", None)
        return method is None or (isinstance(owner, Class) and owner.qualname == "builtins.object")
    return not (isinstance(value, Unknown) or is_symbolic(value))


_UNHASHABLE = (list, dict, set, deque)


def check_hashable(caller: Caller, key: Value) -> None:
    """Raises the program's TypeError for a key that Python refuses."""
    if type(key) in SCALARS:
        if isinstance(key, bytearray):
            raise caller.error("TypeError", "unhashable type: 'bytearray'")
        return
    if isinstance(key, tuple):
        for part in key:
            check_hashable(caller, part)
        return
    if isinstance(content(key), _UNHASHABLE) and not _hashes(key):
        raise caller.error("TypeError", f"unhashable type: '{class_name(caller, key)}'")
    if isinstance(key, slice):
        raise NotModelled("a slice is a key from Python 3.12 on")


def _hashes(key: Value) -> bool:
    return isinstance(key, Instance) and key.cls.find("__hash__") is not None


def asked_for(item: Value) -> Value:
    """What a set is asked for: a set stands for the frozenset of its members
    (docs.python.org/3/library/stdtypes.html#set.discard).
    """
    return frozenset(item) if isinstance(item, set) else item


def find(caller: Caller, keys: Iterable[Value], key: Value) -> Value:
    """The key that a dict or set holds for `key`, MISSING where there is none. Raises NotModelled in doubt.

    Data the host may compare is looked up by it; the rest is compared one by one.
    """
    if isinstance(key, Tensor):
        key = content(key)
    check_hashable(caller, key)
    if isinstance(key, Unknown):
        raise NotModelled(key.reason)
    if key in keys:
        return key
    decisive = _by_hash(key)
    if decisive and SCALARS.issuperset(map(type, keys)):
        return MISSING
    if type(key) in (str, bytes, type(None)):
        return _by_payload(keys, key)
    for other in keys:
        if decisive and _by_hash(other):
            continue
        same = caller.binary("==", other, key)
        if isinstance(same, Unknown):
            raise NotModelled(same.reason)
        if caller.truth(same):
            return other
    return MISSING


def _by_hash(key: Value) -> bool:
    """Whether a host lookup settles whether another such key equals this one."""
    return type(key) in SCALARS or (settled(key) and content(key) is key)


def _by_payload(keys: Iterable[Value], key: Value) -> Value:
    """A text may also be held as an instance of a subclass of str, or stand against an unknown key."""
    for other in keys:
        if type(other) is str:
            continue
        if isinstance(other, Unknown):
            raise NotModelled(other.reason)
        if isinstance(other, Instance) and content(other) == key and type(content(other)) is type(key):
            return other
    return MISSING
