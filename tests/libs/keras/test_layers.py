"""Layers that the differential test cannot reach, and the words that Keras has for what it refuses."""

from __future__ import annotations

import pytest

from tests.libs.keras.program import run


def test_lambda_runs_the_programs_function() -> None:
    found = run("y = layers.Lambda(lambda t: t[:, ::2, 1:])(Input((8, 5)))")
    assert found.shape("y") == (None, 4, 4)


def test_a_wrapper_of_another_framework_stays_open() -> None:
    found = run("y = layers.TFSMLayer('model')(Input((8,)))")
    assert found.is_open("y") and not found.words


@pytest.mark.parametrize(
    "source",
    [
        "layers.LeakyReLU(alpha=0.2)(Input((3,)))",
        "layers.LSTM(3, implementation=1)(Input((2, 3)))",
        "layers.Embedding(10, 3, input_length=4)(Input((4,)))",
        "layers.LayerNormalization(rms_scaling=True)(Input((3,)))",
        "layers.LSTM(3)(Input((2, 3)), mask=layers.Embedding(9, 3).compute_mask(Input((2,))))",
    ],
)
def test_what_keras_still_takes_is_no_error(source: str) -> None:
    found = run(f"y = {source}")
    assert not found.words and found.raised is None


def test_both_directions_have_their_own_weights() -> None:
    found = run(
        "b = layers.Bidirectional(layers.LSTM(8, return_sequences=True), merge_mode='ave')\n"
        "y = b(Input((None, 4)))"
    )
    assert found.shape("y") == (None, None, 8)
    assert found.counts("b") == (2 * 4 * (4 * 8 + 8 * 8 + 8), 0)


@pytest.mark.parametrize(
    ("after", "count"), [(True, 3 * (4 * 8 + 8 * 8 + 16)), (False, 3 * (4 * 8 + 8 * 8 + 8))]
)
def test_a_gru_that_resets_after_the_product_has_two_biases(after: bool, count: int) -> None:
    found = run(f"g = layers.GRU(8, reset_after={after})\ny = g(Input((5, 4)))")
    assert found.counts("g") == (count, 0)


def test_heads_project_in_and_out() -> None:
    found = run("m = layers.MultiHeadAttention(4, 16, value_dim=8)\nq = Input((10, 32))\ny = m(q, q)")
    assert found.shape("y") == (None, 10, 32)
    assert found.counts("m") == (2 * (32 * 64 + 64) + 32 * 32 + 32 + 32 * 32 + 32, 0)


def test_transposed_windows_in_three_dimensions_take_the_format_before_the_output_padding() -> None:
    found = run("y = layers.Conv3DTranspose(2, 3, 2, 'same', 'channels_first')(Input((1, 4, 4, 4)))")
    assert found.shape("y") == (None, 2, 8, 8, 8)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("layers.Conv2D(6, 3, groups=4)", "evenly divisible by the number of groups"),
        ("layers.Conv2D(4, (3, 3, 3))", "The `kernel_size` argument must be a tuple of 2 integers"),
        ("layers.Dense(4, activation='rellu')", "Could not interpret activation function identifier: rellu"),
        ("layers.MaxPooling2D(data_format='first')", "The `data_format` argument must be one of"),
        (
            "layers.GroupNormalization(3)(Input((8, 8, 4)))",
            "must be a multiple of the number of channels (4)",
        ),
        ("layers.LSTM(4)(Input((3,)))", "expected ndim=3, found ndim=2"),
        ("layers.Subtract()([Input((3,))])", "exactly 2 inputs"),
        ("layers.Bidirectional(layers.LSTM(3), merge_mode='add')", "Invalid merge mode. Received: add"),
        ("layers.Attention()(Input((3, 4)))", "must be called on a list of inputs"),
        (
            "layers.Concatenate(axis=1)([Input((2, 3)), Input((2, 4))])",
            "requires inputs with matching shapes",
        ),
    ],
)
def test_what_keras_refuses_is_refused_in_its_words(source: str, words: str) -> None:
    found = run(source)
    assert any(words in each for each in found.words), found.words


def test_a_setting_that_is_not_known_is_no_error() -> None:
    found = run(
        "import os\nn = int(os.environ['N'])\nlayer = layers.Conv2D(n, n)\ny = layer(Input((8, 8, 3)))"
    )
    assert not found.words and found.raised is None


@pytest.mark.parametrize(
    ("source", "shape"),
    [
        ("tf.concat(values=[x, x], axis=-1)", (None, 6, 4, 6)),
        ("tf.transpose(x, perm=[0, 3, 1, 2])", (None, 3, 6, 4)),
        ("tf.reduce_mean(input_tensor=x, axis=[1, 2], keepdims=True)", (None, 1, 1, 3)),
        ("tf.nn.conv2d(x, tf.zeros([3, 3, 3, 8]), strides=[1, 2, 2, 1], padding='SAME')", (None, 3, 2, 8)),
        ("tf.nn.space_to_depth(x, 2)", (None, 3, 2, 12)),
        ("tf.pad(x, [[0, 0], [1, 1], [2, 2], [0, 0]])", (None, 8, 8, 3)),
        ("tf.split(x, [1, 2], axis=3)[1]", (None, 6, 4, 2)),
        ("tf.range(start=0, limit=9, delta=2)", (5,)),
        ("tf.unstack(x, axis=2)[0]", (None, 6, 3)),
        ("tf.matmul(x, x, transpose_b=True)", (None, 6, 4, 4)),
        ("tf.argmax(x, axis=-1)", (None, 6, 4)),
        ("K.concatenate([x, x])", (None, 6, 4, 6)),
        ("K.argmax(x)", (None, 6, 4)),
        ("K.resize_images(x, 2, 3, data_format='channels_last')", (None, 12, 12, 3)),
    ],
)
def test_the_names_of_tensorflow_and_of_the_old_backend(source: str, shape: tuple[int | None, ...]) -> None:
    found = run(
        f"import tensorflow as tf\nfrom keras import backend as K\nx = Input((6, 4, 3))\ny = {source}"
    )
    assert found.raised is None and not found.words, (found.raised, found.words)
    assert found.shape("y") == shape


_CELL = """
class Cell(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = self.state_size = units
    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], self.units))
        self.again = self.add_weight(shape=(self.units, self.units))
    def call(self, x, states):
        h = ops.tanh(x @ self.kernel + states[0] @ self.again)
        return h, [h]
layer = layers.RNN(Cell(12), {})
"""


@pytest.mark.parametrize(
    ("options", "shape"), [("", (None, 12)), ("return_sequences=True", (None, None, 12))]
)
def test_a_cell_of_the_program_runs_over_the_steps(options: str, shape: tuple[int | None, ...]) -> None:
    found = run(_CELL.format(options) + "y = layer(Input((None, 5)))")
    assert found.raised is None and found.words == []
    assert found.shape("y") == shape
    assert found.counts("layer") == (5 * 12 + 12 * 12, 0)


def test_a_cell_of_the_program_gives_its_states() -> None:
    found = run(_CELL.format("return_state=True") + "y, state = layer(Input((7, 5)))")
    assert found.shape("state") == (None, 12)
