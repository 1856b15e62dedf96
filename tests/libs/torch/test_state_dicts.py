"""State dicts: which names they hold, in which order, and that what they hold is the module's own memory."""

from __future__ import annotations

import pytest

from convlint.values import Unknown
from tests.libs.torch.program import run

NET = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(3, 4)
        self.norm = nn.BatchNorm1d(4)
        self.again = self.a
        self.register_buffer("kept", torch.ones(3))
        self.register_buffer("left", torch.ones(3), persistent=False)
net = Net()
"""
COUNT = "n = sum(p.numel() for p in net.parameters())"
NAMES = [
    "kept",
    *("a.weight", "a.bias"),
    *("norm.weight", "norm.bias", "norm.running_mean", "norm.running_var", "norm.num_batches_tracked"),
    *("again.weight", "again.bias"),
]


def test_parameters_and_persistent_buffers_under_each_of_their_names() -> None:
    assert run(f"{NET}names = list(net.state_dict())").names["names"] == NAMES


@pytest.mark.parametrize("call", ["net.state_dict(prefix='p.')", "net.state_dict(None, 'p.')"])
def test_a_prefix_stands_before_every_name(call: str) -> None:
    assert run(f"{NET}names = list({call})").names["names"] == [f"p.{name}" for name in NAMES]


def test_a_destination_is_filled_and_given_back() -> None:
    ran = run(f"{NET}d = {{}}\nsame = net.state_dict(destination=d) is d\nn = len(d)")
    assert ran.names["same"] is True and ran.names["n"] == len(NAMES)


def test_values_share_memory_and_are_no_parameters_unless_kept() -> None:
    ran = run(
        f"{NET}net.state_dict()['kept'][...] = 2\nv = net.kept.tolist()\n"
        "p = isinstance(net.state_dict()['a.weight'], nn.Parameter)\n"
        "k = net.state_dict(keep_vars=True)['a.weight'] is net.a.weight"
    )
    assert ran.names["v"] != [1.0, 1.0, 1.0]  # what one of two views of a memory changes, the other shows
    assert ran.names["p"] is False and ran.names["k"] is True


def test_initialising_by_the_names_of_a_state_dict_keeps_the_count() -> None:
    ran = run(
        f"{NET}for key in net.state_dict():\n"
        "    if key.endswith('weight') and 'norm' not in key:\n"
        "        nn.init.kaiming_normal_(net.state_dict()[key])\n" + COUNT
    )
    assert ran.raised is None and ran.names["n"] == 3 * 4 + 4 + 8


def test_who_says_itself_what_it_holds_is_not_known() -> None:
    own = NET.replace(
        "net = Net()", "    def state_dict(self, *a, **k):\n        return {}\nnet = nn.Sequential(Net())"
    )
    assert isinstance(run(f"{own}d = net.state_dict()").names["d"], Unknown)
    hooked = f"{NET}net.register_state_dict_post_hook(print)\nd = net.state_dict()"
    assert isinstance(run(hooked).names["d"], Unknown)


def test_loading_says_which_keys_were_missing() -> None:
    ran = run(f"{NET}missing, unexpected = net.load_state_dict(net.state_dict(), strict=False)\n" + COUNT)
    assert ran.raised is None and isinstance(ran.names["missing"], Unknown)
    assert ran.names["n"] == 3 * 4 + 4 + 8


def test_what_is_shared_counts_under_each_name_where_duplicates_are_asked_for() -> None:
    ran = run(
        f"{NET}a = [n for n, _ in net.named_parameters(remove_duplicate=False)]\n"
        "b = [n for n, _ in net.named_modules(remove_duplicate=False)]\n"
        "c = [n for n, _ in net.named_modules()]"
    )
    assert [n for n in ran.names["a"] if n.startswith("again")] == ["again.weight", "again.bias"]  # type: ignore[attr-defined]
    assert ran.names["b"] == ["", "a", "norm", "again"] and ran.names["c"] == ["", "a", "norm"]
