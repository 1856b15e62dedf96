"""A layer's constructor, or its first call, refuses an argument.

## What it does
Checks arguments as the framework does: channels that are floats (from `/`), a kernel or stride of 0,
`padding='same'` with a stride, `output_padding` not below stride and dilation, pool padding over half the
kernel, unknown keywords, missing arguments. So is what a call is given beside its input where its sizes do
not fit: states of recurrent layers, weights of classes, lengths, regions. And what the program's own code
asks for and is not there: an index beyond an axis, a shape or a list of layers, another number of values
than names to unpack them into, arguments that the program's constructor or `forward` does not take, a layer
by a misspelt name. Arguments that only another major version of Keras takes (`lr`, `border_mode`) are a
warning that names it. Where the project gives the version, in the option `keras-version`, a lock file,
`requirements.txt`, `pyproject.toml` or `setup.cfg`, they are nothing or an error.

## Why it matters
The constructor, or the first call, fails.

## Example
    nn.Conv2d(64, 64 / 2, 3)

## Use instead
    nn.Conv2d(64, 64 // 2, 3)

## When to ignore
Where you use a version of the framework that accepts it.
"""

import re
from collections.abc import Iterator

from convlint.lint import Finding, Options, Severity, ShapeFault
from convlint.lint.rule import rule
from convlint.lint.wording import number
from convlint.shapes.fault import Kind

_REMEDIES = (
    ("found element of type float", "use // instead of /: channels are integers"),
    ("must be tuple of ints,but got float", "use // instead of /: channels are integers"),
    ("not float", "use // instead of /, or int(…)"),
    ("padding='same' is not supported", "give the padding as a number: d·(k − 1) // 2"),
    ("output padding must be smaller", "an output_padding below the stride"),
    ("half of", "a padding of at most half the kernel"),
)
_TODAY = {
    "lr": "learning_rate",
    "kernel_initializer": "depthwise_initializer",
    "kernel_regularizer": "depthwise_regularizer",
    "kernel_constraint": "depthwise_constraint",
    "batch_input_shape": "keras.Input(batch_shape=…)",
    "batch_size": "keras.Input(batch_size=…)",
    "input": "inputs",
    "nb_filter": "filters",
    "nb_row": "kernel_size",
    "nb_col": "kernel_size",
    "filter_length": "kernel_size",
    "border_mode": "padding",
    "subsample": "strides",
    "subsample_length": "strides",
    "stride": "strides",
    "pool_length": "pool_size",
    "atrous_rate": "dilation_rate",
    "dim_ordering": "data_format",
    "p": "rate",
    "output_dim": "units",
    "bias": "use_bias",
    "init": "kernel_initializer",
    "inner_init": "recurrent_initializer",
    "inner_activation": "recurrent_activation",
    "W_regularizer": "kernel_regularizer",
    "b_regularizer": "bias_regularizer",
    "U_regularizer": "recurrent_regularizer",
    "W_constraint": "kernel_constraint",
    "b_constraint": "bias_constraint",
    "U_constraint": "recurrent_constraint",
    "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout",
    "consume_less": "implementation",
}
_FLOAT = re.compile(r"(?:filters|units|kernel_size|strides|pool_size|rate)=\d+\.\d+|<class 'float'>")


@rule("CL111", "bad-layer-argument", Severity.ERROR, options={"keras-version": 0})
def bad_layer_argument(fault: ShapeFault, options: Options) -> Iterator[Finding]:
    """One finding for each argument that is refused."""
    data = fault.fault
    sized = fault.kind is Kind.OTHER and data.expected is not None
    if fault.kind not in (Kind.ARGUMENT, Kind.PROGRAM) and not sized:
        return
    if data.version:
        given = int(options.number("keras-version"))
        yield from _of_other_version(fault, frozenset({given}) if given else fault.keras_majors)
        return
    if fault.kind is Kind.PROGRAM:
        message = f"{fault.what} fails: {data.detail}"
    elif data.detail and not sized:
        message = f"{fault.what} refuses: {data.detail}"
    elif len(data.arguments) > 1 and not sized:
        blamed, other = data.arguments[:2]
        message = f"{fault.what} refuses {blamed} {number(data.got)} with {other} {number(data.expected)}"
    else:
        message = f"{fault.what} refuses: {fault.words.partition(': ')[2] or fault.words}"
    remedy = next((words for sign, words in _REMEDIES if sign in fault.words), "")
    if _FLOAT.search(fault.words):
        remedy = "use // instead of /, or int(…)"
    yield fault.here().finding(message, help=remedy)


def _of_other_version(fault: ShapeFault, majors: frozenset[int]) -> Iterator[Finding]:
    """What only older versions take: by what the project runs with nothing, a warning or an error."""
    data = fault.fault
    newest = int(data.version.rpartition(" ")[2])
    if max(majors) <= newest:
        return
    old = data.arguments[0]
    new = _TODAY.get(old)
    yield fault.here().finding(
        f"{fault.what} is given `{old}`, which only {data.version} takes",
        severity=Severity.ERROR if majors == {3} else Severity.WARNING,
        help=f"`{new}` in Keras 3" if new else "Keras 3 has no such argument",
        together=f"the file's code for {data.version}",
    )
