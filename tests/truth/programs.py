"""Small networks as source text, drawn from a seed: about half of them fail in the framework, each in its
own way.
"""

from __future__ import annotations

from random import Random

TEMPLATE = """import torch
from torch import nn
from torch.nn import functional as F


class Net(nn.Module):
    def __init__(self):
        super().__init__()
{layers}
    def forward(self, x):
{steps}
        return x
"""
CALL = """

net = Net()
net.eval()
out = net(torch.zeros{shape})
"""


class Drawer:
    """Writes a network line by line, keeping count of channels; sizes are left to whoever runs it."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.layers: list[str] = []
        self.steps: list[str] = []
        self.saved: list[tuple[str, int]] = []
        self.channels = self.random.choice([1, 3])
        size = self.random.choice([8, 16, 28, 32, 33, 64])
        self.shape = (self.random.choice([1, 2, 4]), self.channels, size, size)

    def draw(self) -> tuple[str, str]:
        """The definition of the network, and the lines that build and call it."""
        kinds = (
            self.conv,
            self.conv,
            self.pool,
            self.norm,
            self.resize,
            self.transposed,
            self.save,
            self.join,
        )
        for _ in range(self.random.randint(2, 8)):
            self.random.choice(kinds)()
        self.end()
        layers = "".join(f"        {line}\n" for line in self.layers)
        steps = "".join(f"        {line}\n" for line in self.steps).rstrip("\n")
        return TEMPLATE.format(layers=layers, steps=steps), CALL.format(shape=self.shape)

    def pick(self, *choices: object) -> object:
        return self.random.choice(choices)

    def off(self) -> int:
        """Now and then a number that is wrong by so much."""
        return self.random.choice([-1, 1, 3]) if self.random.random() < 0.06 else 0

    def layer(self, constructor: str) -> None:
        name = f"l{len(self.layers)}"
        self.layers.append(f"self.{name} = nn.{constructor}")
        self.steps.append(f"x = self.{name}(x)")

    def conv(self) -> None:
        stride = self.pick(1, 1, 2, 3)
        padding = self.pick(0, 0, 1, 2, "'same'") if stride == 1 else self.pick(0, 1, 2)
        kernel, dilation = self.pick(1, 2, 3, 3, 5, 7, (3, 1), (1, 5)), self.pick(1, 1, 1, 2, 3)
        inputs, outputs = max(self.channels + self.off(), 1), self.random.choice([4, 6, 8, 16])
        groups = self.random.choice([1, 1, 1, 2, 3, 4]) if self.random.random() < 0.3 else 1
        self.layer(
            f"Conv2d({inputs}, {outputs}, {kernel}, stride={stride}, padding={padding}, dilation={dilation}, "
            f"groups={groups})"
        )
        self.channels = outputs

    def pool(self) -> None:
        if self.random.random() < 0.2:
            self.layer(f"AdaptiveAvgPool2d({self.pick(1, 2, 4, 7)})")
            return
        ceil = self.pick(True, False)
        self.layer(
            f"{self.pick('MaxPool2d', 'AvgPool2d')}({self.pick(2, 2, 3, 7)}, stride={self.pick(None, 1, 2)}, "
            f"padding={self.pick(0, 0, 1)}, ceil_mode={ceil})"
        )

    def norm(self) -> None:
        features = self.channels + abs(self.off())
        group = f"GroupNorm({self.pick(1, 2, 4)}, {features})"
        self.layer(str(self.pick(f"BatchNorm2d({features})", group)))

    def resize(self) -> None:
        size = self.random.randint(1, 12), self.random.randint(1, 12)
        how = self.pick(f"size={size}", *(f"scale_factor={factor}" for factor in (2, 3, 0.5, 1.5)))
        self.steps.append(str(self.pick(f"x = F.interpolate(x, {how})", "x = x.permute(0, 1, 3, 2)")))

    def transposed(self) -> None:
        outputs = self.random.choice([4, 8])
        self.layer(
            f"ConvTranspose2d({self.channels + abs(self.off())}, {outputs}, {self.pick(2, 3, 4)}, "
            f"stride={self.pick(1, 2, 3)}, padding={self.pick(0, 1)}, output_padding={self.pick(0, 0, 1)})"
        )
        self.channels = outputs

    def save(self) -> None:
        name = f"s{len(self.saved)}"
        self.saved.append((name, self.channels))
        self.steps.append(f"{name} = x")

    def join(self) -> None:
        if not self.saved:
            return
        name, channels = self.random.choice(self.saved)
        if self.random.random() < 0.5:
            self.steps.append(f"x = x {self.pick('+', '*')} {name}")
        else:
            self.steps.append(f"x = torch.cat([x, {name}], {self.pick(1, 1, 1, 0, 2)})")
            self.channels += channels

    def end(self) -> None:
        match self.random.randrange(3):
            case 0:
                ways = ("torch.flatten(x, 1)", "x.view(x.size(0), -1)", "x.reshape(x.shape[0], -1)")
                self.steps.append(f"x = {self.random.choice(ways)}")
                self.layer(f"Linear({self.channels * self.random.choice([1, 4, 16, 49, 64])}, 10)")
            case 1:
                self.steps.append("x = x.mean((2, 3))")
                self.layer(f"Linear({self.channels + self.off()}, 10)")


def program(seed: int) -> tuple[str, str]:
    """The network of a seed: its definition, and the lines that build and call it."""
    return Drawer(seed).draw()
