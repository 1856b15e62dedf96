"""Trees of containers: apart, together again, and mapped."""

from __future__ import annotations

from convlint.values import Unknown
from tests.libs.torch.program import run

IMPORT = (
    "from torch.utils._pytree import tree_flatten, tree_leaves, tree_map, tree_map_only, tree_unflatten\n"
)
TREE = 'tree = {"a": [1, (2, None)], "b": 3}\n'


def test_leaves_come_in_order_and_go_back_to_their_places() -> None:
    ran = run(f"{IMPORT}{TREE}leaves, spec = tree_flatten(tree)\nback = tree_unflatten([7, 8, 9, 0], spec)")
    assert ran.names["leaves"] == [1, 2, None, 3]
    assert ran.names["back"] == {"a": [7, (8, 9)], "b": 0}


def test_a_tensor_alone_is_a_leaf() -> None:
    ran = run(
        f"{IMPORT}(x, *rest), spec = tree_flatten(torch.zeros(2, 3))\n"
        "y = tree_unflatten((x.flatten(), *rest), spec)"
    )
    assert ran.shape("y") == (6,)


def test_too_few_leaves_are_refused() -> None:
    ran = run(f"{IMPORT}{TREE}_, spec = tree_flatten(tree)\ntree_unflatten([1], spec)")
    assert ran.raised is not None and "holds 4 items" in ran.raised


def test_maps_take_further_trees_of_the_same_form() -> None:
    ran = run(
        f"{IMPORT}r = tree_map(lambda a, b: a + b, [1, (2,)], [10, (20,)])\nn = len(tree_leaves([[], ()]))"
    )
    assert ran.names["r"] == [11, (22,)] and ran.names["n"] == 0


def test_only_leaves_of_a_type_are_mapped() -> None:
    ran = run(f"{IMPORT}x = torch.zeros(2, 3)\nr, n = tree_map_only(torch.Tensor, lambda t: t.shape, (x, 5))")
    assert ran.names["r"] == (2, 3) and ran.names["n"] == 5


def test_an_unknown_tree_is_not_known() -> None:
    ran = run(f"{IMPORT}r = tree_map(lambda a: a, [u])", u=Unknown("a test"))
    assert isinstance(ran.names["r"], Unknown)
