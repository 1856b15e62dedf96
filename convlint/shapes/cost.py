"""What layers cost: parameters and multiply-accumulates.

Law: a weight is one number a connection that is not shared; a multiply-accumulate is one weight used at one
place, bias excluded.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from convlint.dims import Dim, floordiv, product
from convlint.shapes.fault import Shape


def conv_parameters(
    kernel: Iterable[Dim], inputs: Dim, outputs: Dim, groups: Dim = 1, *, bias: bool = True
) -> Dim:
    """(Π k · Cin/g + bias) · Cout."""
    return (product(kernel) * floordiv(inputs, groups) + int(bias)) * outputs


def dense_parameters(inputs: Dim, outputs: Dim, *, bias: bool = True) -> Dim:
    """(n + bias) · m."""
    return (inputs + int(bias)) * outputs


def norm_parameters(features: Dim, *, scale: bool = True, shift: bool = True) -> Dim:
    """A scale and a shift for each normalised feature."""
    return features * (int(scale) + int(shift))


@lru_cache(maxsize=4096)
def weight_macs(weight: Shape, places: Shape) -> Dim:
    """Multiply-accumulates of a weight tensor that is used once at each place: Π weight · Π places.

    For a convolution Π k · Cin/g · Cout · h · w and the batch, for a dense layer n · m and the leading
    axes; a transposed convolution is counted at its input, so `places` are the input's.
    """
    return product(weight) * product(places)
