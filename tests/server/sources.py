"""Sources that several tests of the server open."""

WRONG = """\
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 64, 3)
        self.second = nn.Conv2d(32, 64, 1)

    def forward(self, x):
        return self.second(self.first(x))


Net()(torch.randn(1, 3, 32, 32))
"""
RIGHT = WRONG.replace("Conv2d(32", "Conv2d(64")
GOOD = """\
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.head = nn.Linear(8, 10)

    def forward(self, x):
        x = self.body(x)
        y = x.mean((2, 3))
        return self.head(y)
"""
