"""A sheet of an analysed file."""

from __future__ import annotations

import ast

from convlint.lint.sheet.data import Sheet
from convlint.lint.sheet.layers import layers_in
from convlint.lint.sheet.models import models_in_file
from convlint.lint.sheet.shapes import shapes_in
from convlint.lint.sheet.symbols import symbols_in
from convlint.lint.sheet.view import View
from convlint.lint.sources import Sources
from convlint.model.roots import Analysis


def sheet_of(analysis: Analysis, tree: ast.Module, sources: Sources) -> Sheet:
    """Everything that an editor shows of the file."""
    view = View(analysis, sources)
    return Sheet(
        layers=layers_in(view),
        shapes=shapes_in(view, tree),
        models=models_in_file(view),
        symbols=symbols_in(view, tree),
    )
