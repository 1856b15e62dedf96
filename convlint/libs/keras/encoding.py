"""Categories and text as numbers (keras.io/api/layers/preprocessing_layers).

Law: the mode "int" keeps the shape; "one_hot" adds an axis of the vocabulary (in place of a last axis of 1);
"multi_hot" and "count" put it in place of the last axis.
"""

from __future__ import annotations

from convlint.dims import Dim
from convlint.libs.keras.declare import layer, tensor
from convlint.libs.keras.setting import check_among, held
from convlint.libs.op import Op
from convlint.shapes.fault import Shape
from convlint.values import NotModelled, Unknown, Value

HOT = ("one_hot", "multi_hot", "count")
_OLD = {"binary": "multi_hot", "tf-idf": "tf_idf"}


def _mode(op: Op) -> str:
    found = op.text("output_mode")
    return _OLD.get(found, found)


def _check_sparse(op: Op) -> None:
    if held(op, "sparse") is True and held(op, "output_mode") == "int":
        words = (
            "`sparse` may only be true if `output_mode` is `'one_hot'`, `'multi_hot'`, or `'count'`. "
            "Received: "
            "sparse=True and output_mode=int"
        )
        op.refuse("ValueError", words, "sparse")


def hot(shape: Shape, mode: str, depth: Dim) -> Shape:
    """The shape of encoded categories."""
    if mode == "int":
        return shape
    if mode == "one_hot" and not (len(shape) > 1 and shape[-1] == 1):
        return (*shape, depth)
    return (*shape[:-1], depth)


# -- categories ----------------------------------------------------------------------------------------------


def _check_categories(op: Op) -> None:
    check_among(op, "output_mode", (*HOT, "binary"), "Unknown arg for output_mode: {value}")
    tokens = held(op, "num_tokens")
    if tokens is None:
        words = (
            "num_tokens must be set to use this layer. If the number of tokens is not known beforehand, "
            "use the "
            "IntegerLookup layer instead."
        )
        op.refuse("ValueError", words, "num_tokens")
    if isinstance(tokens, (int, float)) and tokens < 1:
        op.refuse("ValueError", f"`num_tokens` must be >= 1. Received: num_tokens={tokens}.", "num_tokens")


@layer(
    "CategoryEncoding",
    signature="num_tokens=None, output_mode='multi_hot', sparse=False",
    check=_check_categories,
    call="inputs, count_weights=None",
)
def categories(op: Op) -> Value:
    """Numbers as rows of zeros and ones, or of counts."""
    x = tensor(op)
    return op.result(x, hot(x.shape or (), _mode(op), op.dim("num_tokens")), dtype="float32")


_TEXT_MODES = (
    "Unknown value for `output_mode` argument. Allowed values are: {known}. Received: output_mode={value}"
)


def _check_bins(op: Op) -> None:
    _check_sparse(op)
    check_among(op, "output_mode", ("int", *HOT), _TEXT_MODES)
    bins, bounds = held(op, "num_bins"), held(op, "bin_boundaries")
    if isinstance(bins, (int, float)) and bins < 0:
        words = f"`num_bins` must be greater than or equal to 0. Received: `num_bins={bins}`"
        op.refuse("ValueError", words, "num_bins")
    if bins is not None and bounds is not None:
        words = (
            "Both `num_bins` and `bin_boundaries` should not be set. Received: "
            f"`num_bins={bins}` and `bin_boundaries={bounds}`"
        )
        op.refuse("ValueError", words, "num_bins", "bin_boundaries")
    if bins is None and bounds is None:
        op.refuse("ValueError", "You need to set either `num_bins` or `bin_boundaries`.", "bin_boundaries")


@layer(
    "Discretization",
    signature="bin_boundaries=None, num_bins=None, epsilon=0.01, output_mode='int', sparse=False",
    check=_check_bins,
)
def discretization(op: Op) -> Value:
    """Numbers as the bins that they fall into."""
    x = tensor(op)
    xs = x.shape or ()
    mode, bounds = _mode(op), held(op, "bin_boundaries")
    if mode == "int":
        return op.result(x, xs, dtype="int32")
    if isinstance(bounds, (list, tuple)):
        depth: Dim = len(bounds) + 1
    elif bounds is None:
        depth = op.dim("num_bins")
    else:
        raise NotModelled("the boundaries of the bins are not known")
    if mode != "one_hot":
        if len(xs) != 2:
            raise NotModelled("bins of more axes than two are not modelled")
        return op.result(x, (xs[0], depth), dtype="float32")
    return op.result(x, hot(xs, mode, depth), dtype="float32")


def _check_hashing(op: Op) -> None:
    bins, salt = held(op, "num_bins"), held(op, "salt")
    if bins is None or (isinstance(bins, (int, float)) and bins <= 0):
        words = (
            "The `num_bins` for `Hashing` cannot be `None` or non-positive values. Received: "
            f"num_bins={bins}."
        )
        op.refuse("ValueError", words, "num_bins")
    words = "Invalid value for argument `output_mode`. Expected one of {known}. Received: output_mode={value}"
    check_among(op, "output_mode", ("int", *HOT), words)
    _check_sparse(op)
    pair = isinstance(salt, (list, tuple)) and len(salt) == 2
    if not (salt is None or pair or isinstance(salt, (int, Unknown))):
        words = (
            "The `salt` argument for `Hashing` can only be a tuple of size 2 integers, or a single integer. "
            f"Received: salt={salt}."
        )
        op.refuse("ValueError", words, "salt")


@layer(
    "Hashing",
    signature="num_bins, mask_value=None, salt=None, output_mode='int', sparse=False",
    check=_check_hashing,
)
def hashing(op: Op) -> Value:
    """Categories as the bins that their hashes fall into."""
    x = tensor(op)
    xs = x.shape or ()
    if _mode(op) == "int":
        return op.result(x, xs, dtype="int64")
    return op.result(x, (*xs[:-1], op.dim("num_bins")), dtype="float32")


def _check_crossing(op: Op) -> None:
    check_among(op, "output_mode", ("int", "one_hot"), _TEXT_MODES)


@layer("HashedCrossing", signature="num_bins, output_mode='int', sparse=False", check=_check_crossing)
def crossing(op: Op) -> Value:
    """Two categories as the bin of their pair."""
    given = op["inputs"]
    if isinstance(given, Unknown):
        raise NotModelled(given.reason)
    if not isinstance(given, (list, tuple)):
        raise NotModelled("the crossed features are not known")
    found = [t.shape for t in op.operands() if t.shape is not None]
    if len(found) != 2 or len(given) != 2:
        op.refuse("ValueError", f"Expected as input a list/tuple of 2 tensors. Received {len(given)}")
    left, right = found
    if not left or not right or left[-1] != right[-1]:
        raise NotModelled("crossed features of unlike shapes")
    x = op.operands()[0]
    if _mode(op) == "int":
        return op.result(x, left, dtype="int64")
    shape = (*left[:-1], op.dim("num_bins")) if left[-1] == 1 else (*left, op.dim("num_bins"))
    return op.result(x, shape, dtype="float32")


# -- vocabularies --------------------------------------------------------------------------------------------

_LOOKUP_MODES = ("int", *HOT, "tf_idf", *_OLD)


def _check_lookup(op: Op) -> None:
    most, strange = held(op, "max_tokens"), held(op, "num_oov_indices")
    if isinstance(most, (int, float)) and most <= 1:
        words = f"If set, `max_tokens` must be greater than 1. Received: max_tokens={most}"
        op.refuse("ValueError", words, "max_tokens")
    if isinstance(strange, (int, float)) and strange < 0:
        words = f"`num_oov_indices` must be greater than or equal to 0. Received: num_oov_indices={strange}"
        op.refuse("ValueError", words, "num_oov_indices")
    if held(op, "pad_to_max_tokens") is True and most is None:
        words = "If pad_to_max_tokens is True, must set `max_tokens`. Received: max_tokens=None"
        op.refuse("ValueError", words, "max_tokens")
    check_among(op, "output_mode", _LOOKUP_MODES, _TEXT_MODES)
    if held(op, "invert") is True and held(op, "output_mode") != "int":
        mode = held(op, "output_mode")
        words = f"`output_mode` must be `'int'` when `invert` is true. Received: output_mode={mode}"
        op.refuse("ValueError", words, "output_mode")
    _check_sparse(op)


def _depth(op: Op) -> Dim:
    """The length of the vocabulary, with what stands for words outside it."""
    if op.flag("pad_to_max_tokens"):
        return op.dim("max_tokens")
    words = held(op, "vocabulary")
    if not isinstance(words, (list, tuple)) or op.caller.taint_of(words) is not None:
        raise NotModelled("the vocabulary of a lookup is not known")
    special = {held(op, "mask_token"), held(op, "oov_token")} - {None}
    if len(set(words)) != len(words) or special & set(words):
        raise NotModelled("a vocabulary that holds special words is not modelled")
    return len(words) + op.dim("num_oov_indices")


def _looked_up(op: Op) -> Value:
    x = tensor(op)
    xs = x.shape or ()
    mode = _mode(op)
    if mode == "int":
        return op.result(x, xs, dtype="int64")
    return op.result(x, hot(xs, mode, _depth(op)), dtype="float32")


layer(
    "StringLookup",
    signature="max_tokens=None, num_oov_indices=1, mask_token=None, oov_token='[UNK]', vocabulary=None, "
    "idf_weights=None, invert=False, output_mode='int', pad_to_max_tokens=False, sparse=False, "
    "encoding='utf-8', salt=None",
    check=_check_lookup,
)(_looked_up)
layer(
    "IntegerLookup",
    signature="max_tokens=None, num_oov_indices=1, mask_token=None, oov_token=-1, vocabulary=None, "
    "vocabulary_dtype='int64', idf_weights=None, invert=False, output_mode='int', sparse=False, "
    "pad_to_max_tokens=False, oov_method='floormod', salt=None",
    check=_check_lookup,
)(_looked_up)


def _check_text(op: Op) -> None:
    length, mode = held(op, "output_sequence_length"), held(op, "output_mode")
    check_among(op, "output_mode", _LOOKUP_MODES, _TEXT_MODES)
    if mode == "int" and isinstance(length, (float, str)):
        words = (
            "`output_sequence_length` must be either None or an integer when `output_mode` is 'int'. "
            "Received: "
            f"output_sequence_length={length}"
        )
        op.refuse("ValueError", words, "output_sequence_length")
    if mode != "int" and length is not None and not isinstance(mode, Unknown):
        words = (
            "`output_sequence_length` must not be set if `output_mode` is not 'int'. Received "
            f"output_sequence_length={length}."
        )
        op.refuse("ValueError", words, "output_sequence_length")
    words = (
        "Unknown value for `{name}` argument of TextVectorization. Allowed values are: {known}. "
        "Received: {name}={value}"
    )
    for name, known in (
        ("standardize", ("lower_and_strip_punctuation", "lower", "strip_punctuation")),
        ("split", ("whitespace", "character")),
    ):
        if isinstance(held(op, name), str):
            check_among(op, name, known, words)


@layer(
    "TextVectorization",
    signature="max_tokens=None, standardize='lower_and_strip_punctuation', split='whitespace', ngrams=None, "
    "output_mode='int', output_sequence_length=None, pad_to_max_tokens=False, vocabulary=None, "
    "idf_weights=None, sparse=False, ragged=False, encoding='utf-8'",
    check=_check_text,
)
def text(op: Op) -> Value:
    """A sequence of numbers for each text, or one row of counts."""
    x = tensor(op)
    xs = x.shape or ()
    mode = _mode(op)
    if mode == "int":
        length = held(op, "output_sequence_length")
        longest = op.unknown("the longest text decides").dim if length is None else op.as_dim(length)
        return op.result(x, (xs[0], longest), dtype="int64")
    if mode == "one_hot" or len(xs) > 2:
        raise NotModelled("this form of a text's encoding is not modelled")
    assert op.self is not None
    op.self.attrs.setdefault("num_oov_indices", 1)
    op.self.attrs.setdefault("mask_token", "")
    op.self.attrs.setdefault("oov_token", "[UNK]")
    if held(op, "split") is None or len(xs) != 1:
        raise NotModelled("texts that are not split are not modelled")
    return op.result(x, (xs[0], _depth(op)), dtype="float32")
