"""Small Keras programs as source text, drawn from a seed: branches that join, targets of reshapes, models cut
at a layer and called again.
"""

from __future__ import annotations

from random import Random

HEAD = "import numpy\nfrom keras import Input, Model, layers, ops\n\n"


class Drawer:
    """Writes a functional model line by line, keeping count of its map; what is drawn works."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.size = self.random.choice([8, 12, 16])
        self.channels = self.random.choice([2, 3, 4])
        self.shape = (self.size, self.size, self.channels)
        self.lines = [f"i = x = Input({self.shape})"]

    def draw(self) -> str:
        """The program: its model is built, and called on zeros."""
        for _ in range(self.random.randint(2, 4)):
            self.random.choice([self.conv, self.pool, self.added, self.joined, self.reshaped, self.widened])()
        self.end()
        self.lines.append("model = Model(i, x)")
        self.random.choice([self.plain, self.cut, self.nested])()
        return HEAD + "\n".join(self.lines) + "\n"

    def conv(self) -> None:
        self.channels = self.random.choice([4, 6, 8])
        self.lines.append(f"x = layers.Conv2D({self.channels}, 3, padding='same', activation='relu')(x)")

    def pool(self) -> None:
        if self.size % 2 == 0 and self.size > 2:
            kind = self.random.choice(["MaxPooling2D", "AveragePooling2D"])
            self.lines.append(f"x = layers.{kind}(2, strides=2)(x)")
            self.size //= 2

    def added(self) -> None:
        """Two branches of one stride, added."""
        stride = 2 if self.size % 2 == 0 and self.size > 2 else 1
        self.channels = self.random.choice([4, 6, 8])
        self.size //= stride
        first = f"layers.Conv2D({self.channels}, 3, strides={stride}, padding='same')(x)"
        second = f"layers.Conv2D({self.channels}, 1, strides={stride})(x)"
        ways = ("x = layers.Add()([a, b])", "x = a * b", "x = layers.multiply([a, b])")
        self.lines += [f"a = {first}", f"b = {second}", self.random.choice(ways)]

    def joined(self) -> None:
        """Branches of one size, concatenated."""
        left, right = self.random.choice([2, 3]), self.random.choice([4, 5])
        self.lines += [
            f"a = layers.Conv2D({left}, 3, padding='same')(x)",
            "b = layers.AveragePooling2D(3, strides=1, padding='same')(x)",
            f"c = layers.DepthwiseConv2D(3, padding='same', depth_multiplier={right})(x)",
            f"x = layers.Concatenate(axis={self.random.choice([3, -1])})([a, b, c])",
        ]
        self.channels = left + self.channels + self.channels * right

    def reshaped(self) -> None:
        """A map as a sequence and back."""
        places = self.size * self.size
        self.lines += [
            f"x = layers.Reshape(({places}, {self.channels}))(x)",
            f"x = layers.Dense({self.channels})(x)",
            f"x = layers.Reshape(target_shape=({self.size}, {self.size}, {self.channels}))(x)",
        ]

    def widened(self) -> None:
        """Down, up again, and beside what there was."""
        if self.size % 2 or self.size < 4:
            return
        self.lines += [
            f"d = layers.Conv2D({self.channels * 2}, 3, strides=2, padding='same')(x)",
            f"u = layers.Conv2DTranspose({self.channels}, 2, strides=2)(d)",
            "x = layers.concatenate([x, u], axis=3)",
        ]
        self.channels *= 2

    def end(self) -> None:
        if self.random.random() < 0.5:
            self.lines += ["x = layers.GlobalAveragePooling2D()(x)", "x = layers.Dense(10)(x)"]
        else:
            total = self.size * self.size * self.channels
            self.lines += [f"x = ops.reshape(x, (-1, {total}))", "x = layers.Dense(10)(x)"]

    def plain(self) -> None:
        self.lines.append(f"y = model(numpy.zeros({(2, *self.shape)}))")

    def cut(self) -> None:
        """A model of an inner layer's output, called on data."""
        self.lines += [
            "middle = Model(model.inputs, model.get_layer(index=1).output)",
            f"y = middle(numpy.zeros({(1, *self.shape)}))",
        ]

    def nested(self) -> None:
        """The model as a layer of another."""
        self.lines += [
            f"j = Input({self.shape})",
            "outer = Model(j, layers.Dense(3)(model(j)))",
            f"y = outer(numpy.zeros({(2, *self.shape)}))",
        ]


def program(seed: int) -> str:
    """The program of a seed."""
    return Drawer(seed).draw()
