"""Models: graphs, Sequential, sharing, nesting, names, what training changes. Numbers from Keras 3.15.1."""

from __future__ import annotations

import pytest

from convlint.values import Instance, NotModelled
from tests.libs.keras.program import run


@pytest.mark.parametrize(
    "source",
    [
        "from tensorflow.keras.layers import Conv2D as C",
        "from keras.layers import Convolution2D as C",
        "from keras.layers.convolutional import Conv2D as C",
        "from keras.src.layers import Conv2D as C",
        "import tensorflow as tf\nC = tf.keras.layers.Conv2D",
    ],
)
def test_one_layer_has_many_names(source: str) -> None:
    found = run(f"{source}\nlayer = C(4, 3)\ny = layer(Input((8, 8, 3)))\nsame = C is layers.Conv2D")
    assert found["same"] is True
    assert found.shape("y") == (None, 6, 6, 4)
    assert found.counts("layer") == (3 * 3 * 3 * 4 + 4, 0)


def test_layers_stand_in_the_order_of_their_depth() -> None:
    """Keras orders by depth, then by the walk from the outputs, not by construction."""
    found = run(
        """
x = Input((8,), name="x")
long = layers.Dense(4, name="b1")(x)
long = layers.Dense(4, name="b2")(long)
short = layers.Dense(4, name="a1")(x)
m = Model(x, layers.Add(name="sum")([short, long]))
order = [layer.name for layer in m.layers]
"""
    )
    assert found["order"] == ["x", "b1", "a1", "b2", "sum"]


def test_names_count_up() -> None:
    found = run(
        "a, b, c = layers.Dense(1), layers.Dense(1), layers.Conv2D(1, 1)\nn = [a.name, b.name, c.name]"
    )
    assert found["n"] == ["dense", "dense_1", "conv2d"]


def test_sequential_builds_when_it_is_first_called() -> None:
    found = run("m = Sequential([layers.Dense(4), layers.Dense(2)])\ny = m(Input((3,)))")
    assert found.shape("y") == (None, 2)
    assert found.counts("m") == (3 * 4 + 4 + 4 * 2 + 2, 0)


def test_sequential_adds_and_pops() -> None:
    found = run(
        """
m = Sequential()
m.add(Input((8, 8, 1)))
m.add(layers.Conv2D(4, 3))
m.add(layers.Flatten())
m.pop()
m.add(layers.GlobalAveragePooling2D())
shape = m.output_shape
n = len(m.layers)
"""
    )
    assert found["shape"] == (None, 4)
    assert found["n"] == 2


def test_older_code_gives_the_first_layer_its_input() -> None:
    found = run("m = Sequential([layers.Dense(4, input_shape=(3,)), layers.Dense(2)])\ns = m.output_shape")
    assert found["s"] == (None, 2)
    assert found.counts("m") == (26, 0)


def test_an_input_layer_takes_the_older_keyword() -> None:
    found = run(
        "m = Sequential([layers.InputLayer(input_shape=(8, 8, 3)), layers.Conv2D(4, 3)])\ny = m.output"
    )
    assert found.shape("y") == (None, 6, 6, 4)


def test_a_shared_layer_counts_once() -> None:
    found = run(
        """
d = layers.Dense(4)
a, b = Input((3,)), Input((3,))
m = Model([a, b], layers.Concatenate()([d(a), d(b)]))
s = m.output_shape
"""
    )
    assert found["s"] == (None, 8)
    assert found.counts("m") == (16, 0)


def test_a_shared_layer_refuses_other_features() -> None:
    found = run("d = layers.Dense(4)\nd(Input((3,)))\ny = d(Input((5,)))")
    assert any("expected axis -1 of input shape to have value 3" in words for words in found.words)


def test_a_model_is_a_layer_of_another() -> None:
    found = run(
        """
x = Input((8, 8, 3))
inner = Model(x, layers.BatchNormalization()(layers.Conv2D(4, 3)(x)))
z = Input((8, 8, 3))
m = Model(z, layers.Dense(2)(layers.GlobalMaxPooling2D()(inner(z))))
s = m.output_shape
"""
    )
    assert found["s"] == (None, 2)
    assert found.counts("m") == (3 * 3 * 3 * 4 + 4 + 8 + 10, 8)


def test_a_model_is_cut_at_a_layer() -> None:
    found = run(
        """
x = Input((8,))
m = Model(x, layers.Dense(2, name="head")(layers.Dense(4, name="body")(x)))
feature = Model(m.input, m.layers[-2].output)
named = Model(m.input, m.get_layer("body").output)
shapes = [feature.output_shape, named.output_shape]
"""
    )
    assert found["shapes"] == [(None, 4), (None, 4)]
    assert found.counts("feature") == (36, 0)


def test_a_layer_that_is_not_there_is_refused() -> None:
    found = run("m = Sequential([Input((3,)), layers.Dense(2, name='a')])\nm.get_layer('b')")
    assert found.raised is not None and "No such layer: b. Existing layers are: ['a']." in found.raised


def test_frozen_layers_count_apart() -> None:
    found = run(
        """
m = Sequential([Input((3,)), layers.Dense(4), layers.BatchNormalization(), layers.Dense(2)])
m.layers[0].trainable = False
"""
    )
    assert found.counts("m") == (8 + 10, 16 + 8)


CUSTOM = """
class Scale(layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1], self.units), initializer="ones", trainable=True)
        self.n = self.add_weight(shape=(), trainable=False)

    def call(self, inputs):
        return ops.matmul(inputs, self.w)

layer = Scale(5)
y = layer(Input((3,)))
"""


def test_a_layer_of_the_program_makes_its_weights_when_called() -> None:
    found = run(CUSTOM)
    assert found.shape("y") == (None, 5)
    assert found.counts("layer") == (15, 1)


MODE = """
class Twice(layers.Layer):
    def __init__(self):
        super().__init__()
        self.a, self.b = layers.Dense(4), layers.Dense(7)

    def call(self, inputs, training=None):
        return self.a(inputs) if training else self.b(inputs)

y = Twice()(Input((3,)))
"""


def test_the_mode_reaches_a_call_that_takes_it() -> None:
    assert run(MODE, training=True).shape("y") == (None, 4)
    assert run(MODE, training=False).shape("y") == (None, 7)


def test_functions_are_nodes_of_the_graph() -> None:
    found = run(
        """
x = Input((4, 4, 2))
m = Model(x, ops.reshape(ops.mean(x, axis=-1), (-1, 16)))
y = m(Input((4, 4, 2)))
"""
    )
    assert found.shape("y") == (None, 16)


def test_a_model_one_of_whose_outputs_is_not_known_has_no_totals() -> None:
    found = run("x = Input((4,))\nm = Model([x], [layers.Dense(2)(x), input()])")
    model = found["m"]
    assert isinstance(model, Instance) and model.tainted is not None
    assert not found.words


def test_a_model_says_the_shape_that_it_would_give() -> None:
    found = run(
        """
x = Input((8, 8, 3))
m = Model(x, layers.Conv2D(5, 3)(x))
shape = m.compute_output_shape(input_shape=(1, 8, 8, 3))
free = m.compute_output_shape((None, 8, 8, 3))
"""
    )
    assert found["shape"] == (1, 6, 6, 5)
    assert found["free"] == (None, 6, 6, 5)
    assert found.counts("m") == (140, 0)


def test_a_convolution_without_filters_may_be_the_base_of_another() -> None:
    found = run(
        """
class Own(layers.Conv2D):
    def __init__(self):
        super().__init__(filters=None, kernel_size=3)

    def build(self, shape):
        self.w = self.add_weight(shape=(3, 3, shape[-1], 1))

    def call(self, x):
        return x

y = Own()(Input((8, 8, 3)))
"""
    )
    assert found.shape("y") == (None, 8, 8, 3) and not found.words
    assert run("layers.Conv2D(None, 3)(Input((8, 8, 3)))").words


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("Model(x, a(a_again(x)))", ['ValueError: The name "a" is used 2 times in the model.']),
        ("Sequential([a, a_again])", ["ValueError: All layers added to a Sequential model should have"]),
        ("Model(x, a(layers.Dense(4)(x)))", []),
    ],
)
def test_names_that_the_program_gives_are_unique(source: str, words: list[str]) -> None:
    found = run(
        f"x, a, a_again = Input((4,)), layers.Dense(4, name='a'), layers.Dense(4, name='a')\nm = {source}"
    )
    assert [said[: len(word)] for said, word in zip(found.words, words, strict=True)] == words


_SPECIFIED = """
class Only(layers.Layer):
    def __init__(self, **spec):
        super().__init__()
        self.input_spec = keras.InputSpec(**spec)
    def call(self, x):
        return x
"""


@pytest.mark.parametrize(
    ("spec", "shape", "words"),
    [
        ("ndim=4", (8, 8, 3), ""),
        ("ndim=4", (8, 3), "incompatible with the layer: expected ndim=4, found ndim=3"),
        ("min_ndim=3", (8,), "incompatible with the layer: expected min_ndim=3, found ndim=2"),
        ("max_ndim=3", (8, 8, 3), "incompatible with the layer: expected max_ndim=3, found ndim=4"),
        ("axes={-1: 3}", (8, 3), ""),
        ("axes={-1: 3}", (8, 4), "expected axis -1 of input shape to have value 3"),
        ("axes={1: 8, -1: None}", (None, 3), ""),
        ("shape=(None, 8, 3)", (8, 4), "expected shape=(None, 8, 3), found shape=(None, 8, 4)"),
        ("shape=(None, None, 3)", (8, 3), ""),
    ],
)
def test_a_layer_takes_what_its_specification_says(spec: str, shape: tuple[int, ...], words: str) -> None:
    found = run(f"{_SPECIFIED}\ny = Only({spec})(Input({shape}))")
    assert [sentence for sentence in found.words if words not in sentence] == []
    assert bool(found.words) == bool(words)


def test_a_specification_set_while_building_holds_at_once() -> None:
    found = run(
        """
from tensorflow.keras.layers import InputSpec
class Only(layers.Layer):
    def build(self, input_shape):
        self.kernel = self.add_weight("kernel", shape=(input_shape[-1], 2))
        self.input_spec = InputSpec(ndim=3, axes={-1: input_shape[-1]})
    def call(self, x):
        return x @ self.kernel
layer = Only()
y = layer(Input((5, 3)))
z = layer(Input((5, 4)))
"""
    )
    assert found.shape("y") == (None, 5, 2)
    assert found.counts("layer") == (6, 0)
    assert ["expected axis -1 of input shape to have value 3" in words for words in found.words] == [True]


def test_a_variable_of_tensorflow_leaves_the_count_open() -> None:
    """It is a weight in Keras 2 and none in Keras 3."""
    found = run(
        """
import tensorflow as tf
class Shift(layers.Layer):
    def __init__(self):
        super().__init__()
        self.by = tf.Variable(tf.zeros((3,)), trainable=False)
    def call(self, x):
        return x + self.by
layer = Shift()
y = layer(Input((5, 1)))
"""
    )
    assert found.shape("y") == (None, 5, 3)
    with pytest.raises(NotModelled, match=r"a tf\.Variable"):
        found.counts("layer")


def test_operations_take_names_among_those_of_layers() -> None:
    """As Keras 3.15.1 names them; what a layer computes inside its call takes none."""
    found = run(
        """
class Twice(layers.Layer):
    def call(self, x):
        return x + x
a = Input((4, 4))
b = 1 - (a + 1.0)
c = ops.subtract(Twice()(b), a[:, 0:1])
d = keras.activations.relu(ops.abs(c) / 2)
e = layers.Add()([layers.Subtract()([d, a]), layers.ReLU()(a)])
m = Model(a, e)
order = [layer.name for layer in m.layers][1:]
"""
    )
    assert found["order"] == ["twice", "subtract_2", "re_lu_1", "add_1"]


def test_layers_inside_an_attention_take_names() -> None:
    """From Keras 3.15.1."""
    found = run(
        """
x = Input((5, 8))
y = layers.MultiHeadAttention(2, 4)(x, x)
y = layers.GroupedQueryAttention(4, 2, 2)(y, y)
names = [layers.Dropout(0.1).name, layers.Softmax().name]
"""
    )
    assert found["names"] == ["dropout_2", "softmax_2"]


def test_a_chain_takes_a_name_for_the_model_that_it_makes_of_itself() -> None:
    """From Keras 3.15.1: at every `add` and `pop` where the input is known, once for a list."""
    found = run(
        """
def name():
    i = Input((24,))
    return Model(i, layers.Dense(1)(i)).name
names = [name()]
m = Sequential([Input((24,)), layers.Dense(3), layers.Dense(2)])
names.append(name())
m = Sequential()
m.add(Input((24,)))
m.add(layers.Dense(6))
m.add(layers.Dense(6))
m.pop()
names.append(name())
m = Sequential([layers.Dense(3), layers.Dense(2)])
names.append(name())
m(Input((24,)))
names.append(name())
m = Sequential()
m.add(layers.Dense(3, input_shape=(24,)))
m.add(layers.Dense(3))
names.append(name())
"""
    )
    expected = ["functional", "functional_2", "functional_6", "functional_7", "functional_9", "functional_12"]
    assert found["names"] == expected
