"""One body for an operation that several modules name, with parameters of their own names and defaults."""

from __future__ import annotations

from collections.abc import Mapping

from convlint.libs.keras.declare import Body, function
from convlint.libs.op import Op
from convlint.values import Value


def also(names: list[str], signature: str, body: Body, renamed: str = "", **fixed: Value) -> None:
    """Declare `body` under other names: `renamed` reads "values=xs axis=axis", `fixed` adds arguments."""
    table: Mapping[str, str] = dict(pair.split("=", 1) for pair in renamed.split())

    def run(op: Op) -> Value:
        op.args = {**fixed, **{table.get(name, name): value for name, value in op.args.items()}}
        return body(op)

    run.__module__ = body.__module__
    function(*names, signature=signature)(run)
