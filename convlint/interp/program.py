"""A file run as a program, as `python file.py` and `python -m` run it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from convlint.interp.compiled import Compiled
from convlint.interp.expressions import Context
from convlint.interp.frame import Frame
from convlint.interp.scope import Kind, Scope
from convlint.values import Namespace, Value

if TYPE_CHECKING:
    from convlint.interp.machine import Machine


def run_main(
    machine: Machine,
    filename: str,
    file: Compiled,
    name: str = "__main__",
    attrs: dict[str, Value] | None = None,
) -> Value:
    """Evaluate a file as a program: undecided branches are paths, an exception ends it.

    Under another `name` than "__main__" it is the module that others find under that name. `attrs` is filled
    with its names, also where the program does not come to its end.
    """
    attrs = {} if attrs is None else attrs
    attrs |= {
        "__name__": name,
        "__file__": filename,
        "__package__": _package_around(filename),
        "__doc__": None,
    }
    namespace = Namespace(name, attrs, filename)
    if name == "__main__":
        machine.main = namespace
    else:
        machine.loader.modules[name] = namespace
    context = Context(filename, Scope(Kind.MODULE, None))
    frame = Frame(machine, namespace, attrs)
    for index in range(len(file.tree.body)):
        file.statement(index, context)(frame)
    return namespace


def _package_around(filename: str) -> str | None:
    """The package that a file belongs to, which its relative imports count from; as `python -m` sees it."""
    folder = Path(filename).resolve().parent
    names: list[str] = []
    while folder.name and (folder / "__init__.py").is_file():
        names.insert(0, folder.name)
        folder = folder.parent
    return ".".join(names) or None
