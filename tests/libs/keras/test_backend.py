"""The old `keras.backend`: choices and loops, which take functions; what it keeps. Numbers: tf-keras 2.21."""

from __future__ import annotations

import pytest

from tests.libs.keras.program import run

K = "from keras import backend as K\n"


def test_a_recurrent_function_gives_its_last_output_all_of_them_and_its_states() -> None:
    found = run(
        K
        + """
w = layers.Dense(5)
def step(x, states):
    h = w(x) + states[0]
    return h, [h]
x = Input((7, 3))
last, every, states = K.rnn(step, x, [Input((5,))])
state = states[0]
"""
    )
    assert found.raised is None and found.words == []
    assert found.shape("last") == (None, 5)
    assert found.shape("every") == (None, 7, 5)
    assert found.shape("state") == (None, 5)


@pytest.mark.parametrize(
    ("source", "shape"),
    [
        ("y = K.map_fn(lambda row: K.sum(row, axis=0), K.zeros((6, 4, 3)))", (6, 3)),
        ("y = K.foldl(lambda a, b: a + b, K.zeros((6, 4, 3)))", (4, 3)),
        ("y = K.foldr(lambda a, b: K.maximum(a, b), K.zeros((6, 4)), K.zeros((4,)))", (4,)),
        ("y = K.in_train_phase(K.zeros((2, 3)), K.zeros((4,)))", (4,)),
        ("y = K.in_train_phase(lambda: K.zeros((2, 3)), K.zeros((4,)), training=True)", (2, 3)),
        ("y = K.in_test_phase(K.zeros((2, 3)), lambda: K.zeros((4,)))", (2, 3)),
        ("y = K.switch(K.zeros(()), lambda: K.zeros((2, 3)), lambda: K.ones((2, 3)))", (2, 3)),
        ("y = K.local_conv1d(K.zeros((2, 9, 3)), K.zeros((4, 9, 5)), (3,), (2,))", (2, 4, 5)),
        (
            "y = K.local_conv2d(K.zeros((2, 9, 9, 3)), K.zeros((16, 27, 5)), (3, 3), (2, 2), (4, 4))",
            (2, 4, 4, 5),
        ),
        ("y = K.update_add(K.variable([1.0, 2.0]), [1.0, 1.0])", (2,)),
        ("y = K.normalize_batch_in_training(K.zeros((8, 4)), 1, 0, [0])[1]", (4,)),
        ("y = K.zeros((K.count_params(K.zeros((2, 3))), K.learning_phase() + 1))", (6, 1)),
    ],
)
def test_a_function_that_takes_functions_or_keeps_something(source: str, shape: tuple[int, ...]) -> None:
    found = run(K + source)
    assert found.raised is None and found.words == []
    assert found.shape("y") == shape


def test_the_phase_of_learning_is_that_of_the_run() -> None:
    source = K + "y = K.in_train_phase(K.zeros((2, 3)), K.zeros((4,)))"
    assert run(source, training=True).shape("y") == (2, 3)
    assert run(source, training=False).shape("y") == (4,)


def test_a_shape_is_a_list_in_keras_2() -> None:
    found = run("x = Input((8, None, 3))\na, b = x.shape.as_list(), x.get_shape().as_list()")
    assert found["a"] == found["b"] == [None, 8, None, 3]


def test_a_condition_joins_what_it_chooses_from() -> None:
    found = run("y = ops.where(Input((4, 1)) > 0, Input((1, 3)), 0.0)")
    assert found.shape("y") == (None, 4, 3)


def test_patches_are_windows_as_channels() -> None:
    found = run(
        "import tensorflow as tf\ny = tf.image.extract_patches("
        "ops.zeros((2, 10, 9, 3)), [1, 4, 3, 1], [1, 4, 2, 1], [1, 1, 1, 1], 'VALID')"
    )
    assert found.shape("y") == (2, 2, 4, 36)
