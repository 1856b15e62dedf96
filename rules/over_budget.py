"""A model takes more than the configuration allows it.

## What it does
Compares the parameters of a model, its multiply-accumulates and the memory of its parameters (4 bytes each)
with `max-params`, `max-macs` and `max-memory` of the model's table in the configuration. The model is named
by its class, its factory, or the name that the module binds it to. Multiply-accumulates are those of the
configured `input`, else of the one that the code shows; a free batch counts one sample. What is not known
for certain breaks no limit. A model of the configuration that its file nowhere speaks of is a warning: its
limits would be kept by nobody.

## Why it matters
A device, a download or a frame rate sets a limit, and a later change to one layer breaks it unseen.

## Example
    [tool.convlint.models."src/unet.py:UNet"]
    input = ["N", 3, 256, 256]
    max-params = "8M"
    max-macs = "60G"
    max-memory = "32MB"

## Use instead
    A narrower model, or another limit: the finding says by how much the model is over, and which layers hold
    most of it.

## When to ignore
Never: change the limit.
"""

from collections.abc import Iterator

from convlint.lint import Budgeted, Finding, MissingModel, Severity
from convlint.lint.rule import rule
from convlint.lint.wording import grouped, listed

_BYTES = 4


@rule("CL405", "over-budget", Severity.ERROR)
def over_budget(model: Budgeted | MissingModel) -> Iterator[Finding]:
    """One finding for each model that breaks a limit, with all that it breaks, or that does not exist."""
    if isinstance(model, MissingModel):
        names = [f"`{name}`{near}" for name, near in model.names]
        yield model.here().finding(
            f"the configuration speaks of {listed(names)}: this file has no model of that name",
            help="give the name of a class, of a function, or of what the module binds",
            severity=Severity.WARNING,
        )
        return
    limits, params = model.limits, model.params
    memory = None if params is None else params * _BYTES
    at = f" at {model.shapes}" if model.shapes else ""
    broken = [
        _over(params, limits.max_params, "parameters", "max-params"),
        _over(model.macs, limits.max_macs, f"multiply-accumulates{at}", "max-macs"),
        _over(memory, limits.max_memory, "bytes of parameters", "max-memory"),
    ]
    words = [each for each in broken if each]
    if not words:
        return
    by_params = broken[0] or broken[2]
    heaviest, total = (model.most_params, params) if by_params else (model.most_macs, model.macs)
    yield model.here().finding(
        f"`{model.name}` has {'; '.join(words)}",
        help=f"most are in {listed([_part(name, size, total) for name, size in heaviest])}"
        if heaviest
        else "",
    )


def _over(number: int | None, limit: float | None, what: str, key: str) -> str:
    """What breaks a limit, and by how much."""
    if number is None or limit is None or number <= limit:
        return ""
    over = number - limit
    share = f" ({100 * over / limit:.0f} %)" if limit else ""
    return f"{grouped(number)} {what}, {grouped(int(over))}{share} over {key} = {grouped(int(limit))}"


def _part(name: str, size: int, total: int | None) -> str:
    share = f" ({100 * size / total:.0f} %)" if total else ""
    return f"`{name or 'the model itself'}` {grouped(size)}{share}"
