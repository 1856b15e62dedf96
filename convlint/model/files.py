"""Analysing one linted file: parse it, find its imports where they lie, run its roots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from convlint.interp.budget import Limits
from convlint.interp.loader import Loader
from convlint.interp.parsing import SyntaxFault, parse
from convlint.model.declared import Declared, declarations
from convlint.model.environment import search_path
from convlint.model.roots import Analysis, analyse
from convlint.model.summarize import module_name
from convlint.values import forget_opaque


def analyse_text(
    text: str,
    filename: str,
    folders: Sequence[str] = (),
    *,
    configured: Mapping[str, Declared] | None = None,
    limits: Limits | None = None,
) -> Analysis:
    """Everything that the roots of a source text leave behind. Raises SyntaxFault.

    `folders` is where imported modules are looked for; `filename` names the file in every site.
    """
    tree = parse(text, filename)
    forget_opaque()
    name = module_name(Path(filename)) if filename.endswith(".py") else "__main__"
    declared = declarations(text, tree, filename)
    loader = Loader(tuple(folders))
    loader.sources[filename] = text
    return analyse(loader, filename, name, tree, limits, declared, configured)


def folders_for(
    file: Path, extra: Sequence[str] = (), configured: str | None = None, beside: Path | None = None
) -> tuple[str, ...]:
    """Where the imports of a file are looked for: the folder of its outermost package, its own, the usual path."""
    folder = file.resolve().parent
    own = folder
    while (folder / "__init__.py").is_file() and folder != folder.parent:
        folder = folder.parent
    found = [str(folder), str(own), *search_path(tuple(extra), configured, beside)]
    return tuple(dict.fromkeys(found))


__all__ = ["Declared", "SyntaxFault", "analyse_text", "folders_for"]
