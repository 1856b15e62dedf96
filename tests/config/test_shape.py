"""Input shapes as users type them."""

import pytest

from convlint.config import InputShape, Refused, shape_from_text


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("1,3,224,224", InputShape((1, 3, 224, 224))),
        ("N, 3, H, W", InputShape(("N", 3, "H", "W"))),
        ("(N, 3, 64, 64)", InputShape(("N", 3, 64, 64))),
        ("(5,)", InputShape((5,))),
        ("left=1,3,64,64", InputShape((1, 3, 64, 64), "left")),
        (" right = (N, 10) ", InputShape(("N", 10), "right")),
    ],
)
def test_shapes_that_make_sense(text: str, shape: InputShape) -> None:
    assert shape_from_text(text) == shape


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", '"" is neither'),
        ("1,,2", '"" is neither'),
        ("1,3,0", '"0" is neither'),
        ("1,-3", '"-3" is neither'),
        ("1,3.5", '"3.5" is neither'),
        ("1x3x224x224", '"1x3x224x224" is neither'),
        ("3d=1,2", "`3d` is not the name of an input"),
        ("=1,2", "`` is not the name of an input"),
        ("99999999999999999999", "is neither"),
    ],
)
def test_shapes_that_do_not(text: str, message: str) -> None:
    with pytest.raises(Refused, match=message):
        shape_from_text(text)
