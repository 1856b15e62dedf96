"""The old `keras.backend`: choices and loops, which take functions; what it keeps. Numbers: tf-keras 2.21."""

from __future__ import annotations

import pytest

from convlint.libs import registry
from tests.libs.keras.program import run

K = "from keras import backend as K\n"
NAMES = """
abs all any arange argmax argmin backend batch_dot batch_flatten batch_get_value batch_normalization
batch_set_value bias_add binary_crossentropy binary_focal_crossentropy cast cast_to_floatx
categorical_crossentropy categorical_focal_crossentropy clear_session clip concatenate constant
conv1d conv2d conv2d_transpose conv3d cos count_params ctc_batch_cost ctc_decode
ctc_label_dense_to_sparse cumprod cumsum depthwise_conv2d dot dropout dtype elu epsilon equal eval
exp expand_dims eye flatten floatx foldl foldr function gather get_session get_uid get_value
gradients greater greater_equal hard_sigmoid image_data_format in_test_phase in_top_k in_train_phase
int_shape is_keras_tensor is_sparse l2_normalize learning_phase learning_phase_scope less less_equal
local_conv1d local_conv2d log manual_variable_initialization map_fn max maximum mean min minimum
moving_average_update name_scope ndim normalize_batch_in_training not_equal one_hot ones ones_like
permute_dimensions placeholder pool2d pool3d pow print_tensor prod random_bernoulli random_binomial
random_normal random_normal_variable random_uniform random_uniform_variable relu repeat
repeat_elements reset_uids reshape resize_images resize_volumes reverse rnn round separable_conv2d
set_epsilon set_floatx set_image_data_format set_learning_phase set_session set_value shape sigmoid
sign sin softmax softplus softsign sparse_categorical_crossentropy spatial_2d_padding
spatial_3d_padding sqrt square squeeze stack std stop_gradient sum switch tanh temporal_padding tile
to_dense transpose truncated_normal update update_add update_sub var variable zeros zeros_like
"""
"""Every public function of `tf.keras.backend` of tf-keras 2.21, and of its first version's sessions."""


@pytest.mark.parametrize("name", NAMES.split())
def test_every_function_of_the_old_backend_is_known(name: str) -> None:
    assert registry.lookup(f"tensorflow.keras.backend.{name}") is not None


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
