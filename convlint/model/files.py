"""Analysing one linted file: parse it, read what its comments declare, run its roots."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from pathlib import Path

from convlint.interp.budget import Limits
from convlint.interp.loader import Loader
from convlint.interp.parsing import SyntaxFault, parse
from convlint.model.declared import Declared, declarations
from convlint.model.roots import Analysis, analyse
from convlint.model.summarizing import module_name
from convlint.source.comments import InputComment
from convlint.values import forget_opaque


def parse_text(text: str, filename: str) -> ast.Module:
    """The tree of a linted file. Raises SyntaxFault."""
    return parse(text, filename)


def analyse_tree(
    tree: ast.Module,
    filename: str,
    folders: Sequence[str] = (),
    *,
    inputs: Sequence[InputComment] = (),
    configured: Mapping[str, Declared] | None = None,
    limits: Limits | None = None,
    unsaved: Mapping[str, str] | None = None,
) -> Analysis:
    """Everything that the roots of a file leave behind.

    `folders` is where imported modules are looked for; `filename` names the file in every site; `inputs`
    are what its comments declare, `configured` what the configuration does for classes and factories, by
    name; `unsaved` are texts that stand in for files on disk, by absolute path.
    """
    forget_opaque()
    name = module_name(Path(filename)) if filename.endswith(".py") else "__main__"
    loader = Loader(tuple(folders), script=Path(filename), unsaved=unsaved)
    if filename.endswith(".ipynb"):  # its shell has names of its own, and magics bind more
        loader.open.add(filename)
    analysis = analyse(loader, filename, name, tree, limits, declarations(inputs, tree), configured)
    analysis.read, analysis.absent = tuple(sorted(loader.known)), tuple(sorted(loader.absent))
    return analysis


__all__ = ["Declared", "SyntaxFault", "analyse_tree", "parse_text"]
