"""`torch.utils._pytree`: nested containers taken apart into their leaves, and put together again.

Law: lists, tuples and dicts are nodes, a dict's values in the order of insertion; all else, None too, is a
leaf.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator

from convlint.libs.op import Op
from convlint.libs.registry import function, klass, lookup
from convlint.values import Class, Instance, NotModelled, Unknown, Value

_PLACE = "torch.utils._pytree"
SPEC = klass(f"{_PLACE}.TreeSpec", "builtins.object")
klass(f"{_PLACE}.LeafSpec", f"{_PLACE}.TreeSpec")
_DEEPEST = 32
_NODES = (list, tuple, dict, OrderedDict)


def _mapped(op: Op, tree: Value, leaf: Callable[[Value], Value], depth: int = 0) -> Value:
    """The same containers with each leaf replaced, from left to right."""
    if isinstance(tree, Unknown):
        raise NotModelled(tree.reason)
    if (why := op.caller.uncertainty(tree)) is not None:
        raise NotModelled(why.reason)
    if (isinstance(tree, (list, tuple, dict)) and type(tree) not in _NODES) or depth > _DEEPEST:
        raise NotModelled("this container is not followed as a tree")
    match tree:
        case list():
            return [_mapped(op, each, leaf, depth + 1) for each in tree]
        case tuple():
            return tuple(_mapped(op, each, leaf, depth + 1) for each in tree)
        case dict():
            made = type(tree)()
            made.update({key: _mapped(op, each, leaf, depth + 1) for key, each in tree.items()})
            return made
        case Instance(payload=payload) if payload is not None:
            raise NotModelled("whether this object is a node of a tree is not known")
    return leaf(tree)


def _leaves(op: Op, tree: Value) -> list[Value]:
    found: list[Value] = []
    _mapped(op, tree, found.append)
    return found


def _refuse_own(op: Op) -> None:
    """What counts as a leaf is the framework's to say."""
    if op["is_leaf"] is not None:
        raise NotModelled("leaves that a function chooses are not followed")


@function(f"{_PLACE}.tree_flatten", signature="tree, is_leaf=None")
def tree_flatten(op: Op) -> Value:
    """The leaves, and what puts them together again."""
    _refuse_own(op)
    leaves, spec = _leaves(op, op["tree"]), Instance(SPEC, op.caller.site)
    spec.attrs |= {"_tree": _mapped(op, op["tree"], lambda _: None), "num_leaves": len(leaves)}
    return leaves, spec


@function(f"{_PLACE}.tree_leaves", signature="tree, is_leaf=None")
def tree_leaves(op: Op) -> Value:
    """The leaves."""
    _refuse_own(op)
    return _leaves(op, op["tree"])


@function(f"{_PLACE}.tree_structure", signature="tree, is_leaf=None")
def tree_structure(op: Op) -> Value:
    """What puts the leaves together again."""
    flat = tree_flatten(op)
    assert isinstance(flat, tuple)
    return flat[1]


@function(f"{_PLACE}.tree_unflatten", signature="leaves, treespec")
def tree_unflatten(op: Op) -> Value:
    """The leaves in the containers that `treespec` remembers."""
    spec = op.known("treespec")
    leaves: list[Value] = list(op.caller.iterate(op.known("leaves")))
    if not isinstance(spec, Instance) or "_tree" not in spec.attrs:
        raise NotModelled("how a tree is put together is not known")
    count = spec.attrs["num_leaves"]
    if len(leaves) != count:
        words = (
            f"tree_unflatten(leaves, treespec): `leaves` has length {len(leaves)} but the spec refers to a "
            f"pytree that holds {count} items"
        )
        raise op.caller.error("ValueError", words)
    following: Iterator[Value] = iter(leaves)
    return _mapped(op, spec.attrs["_tree"], lambda _: next(following))


@function(f"{_PLACE}.tree_map", signature="func, tree, *rests, is_leaf=None")
def tree_map(op: Op) -> Value:
    """The function's results in the containers of the first tree."""
    _refuse_own(op)
    rests = op["rests"]
    assert isinstance(rests, tuple)
    others = [iter(_leaves(op, rest)) for rest in rests]
    if any(len(_leaves(op, rest)) != len(_leaves(op, op["tree"])) for rest in rests):
        raise NotModelled("trees of other forms than the first")
    return _mapped(op, op["tree"], lambda leaf: op.call(op["func"], leaf, *(next(rest) for rest in others)))


@function(f"{_PLACE}.tree_map_only", signature="type_or_types_or_pred, func, tree, is_leaf=None")
def tree_map_only(op: Op) -> Value:
    """The function's results for leaves of some types, the others as they are."""
    _refuse_own(op)

    wanted = op["type_or_types_or_pred"]
    asked = isinstance(wanted, (Class, tuple))

    def mapped(leaf: Value) -> Value:
        chosen = op.call(lookup("builtins.isinstance"), leaf, wanted) if asked else op.call(wanted, leaf)
        if not isinstance(chosen, bool):
            raise NotModelled("whether a leaf is of a type is not known")
        return op.call(op["func"], leaf) if chosen else leaf

    return _mapped(op, op["tree"], mapped)
