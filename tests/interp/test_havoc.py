"""What a loop over something unknown leaves as it was: objects whose methods only look."""

from __future__ import annotations

import pytest

from convlint import check_source

NET = """
import unheard
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.most = {{"training": 3, "testing": 2}}
        self.sizes = [8]
        self.conv = nn.Conv2d(3, 8, 3)

    def limit(self):
        if self.training:
            return self.most["training"]
        return self.most["testing"]

    def listed(self):
        return self.sizes

    @property
    def grown(self):
        self.sizes.append(1)
        return 1

    def looked(self):
        return self.grown

    def compared(self):
        return self.conv == self.sizes

    def count(self):
        self.conv = nn.Conv2d(4, 8, 3)
        return 1

    def emptied(self):
        self.sizes.clear()
        return 1

    def added(self):
        sizes = self.sizes
        sizes += [1]
        return 1

    def forward(self, x):  # convlint: input=(1, 4, 32, 32)
        for each in unheard.of():
            {loop}
        return self.conv(x)
"""


@pytest.mark.parametrize(
    ("loop", "known"),
    [
        ("each[: self.limit()]", True),
        ("kept = unheard.most(each, self.limit())", True),
        ("self.listed().append(4)", False),
        ("kept = self.listed()", False),
        ("each[: self.count()]", False),
        ("each[: self.emptied()]", False),
        ("each[: self.looked()]", False),
        ("each[: self.compared()]", False),
        ("Net.limit = Net.count; self.limit()", False),
        ("setattr(Net, each, Net.count); self.limit()", False),
        ("each[: self.added()]", False),
        ("each[: self.limit(*each)]", False),
        ("self.limit = each", False),
    ],
)
def test_a_method_that_only_looks_leaves_its_object_known(loop: str, known: bool) -> None:
    """The convolution takes 3 channels and gets 4: an error as long as it is what it was."""
    found = {finding.code for finding in check_source(NET.format(loop=loop))}
    assert ("CL102" in found) is known
