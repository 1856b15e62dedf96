"""What a program asks TensorFlow of its machine is answered for a plain CPU."""

from __future__ import annotations

import pytest

from convlint.values import Unknown
from tests.libs.keras.program import run


@pytest.mark.parametrize("place", ["tf.config", "tf.config.experimental"])
def test_there_is_no_accelerator(place: str) -> None:
    found = run(
        "import tensorflow as tf\n"
        f"gpus = {place}.list_physical_devices('GPU')\nfor gpu in gpus:\n"
        "    tf.config.experimental.set_memory_growth(gpu, True)\n"
        f"width = 8 if len({place}.list_logical_devices('TPU')) else 4\n"
        "there = tf.test.is_gpu_available()\n"
        f"every = {place}.list_physical_devices()\n"
    )
    assert found.names["gpus"] == [] and found.names["width"] == 4 and found.names["there"] is False
    assert isinstance(found.names["every"], Unknown)
