"""What an editor shows of a file beside its findings: shapes, layers, models and an outline.

Law: a sheet is plain data, made from one analysis and independent of it, so that it can be sent to another
process; a number in it holds on every path and for every object that it speaks of, or it is not there.
"""

from __future__ import annotations

import ast

from convlint.lint.sheet.data import Facts, LayerSeen, ModelSeen, Place, ShapeSeen, Sheet, Symbol
from convlint.lint.sources import Sources
from convlint.model.roots import Analysis


def sheet_of(analysis: Analysis, tree: ast.Module, sources: Sources) -> Sheet:
    """The sheet of an analysed file."""
    from convlint.lint.sheet.layers import layers_in
    from convlint.lint.sheet.models import models_in_file
    from convlint.lint.sheet.shapes import shapes_in
    from convlint.lint.sheet.symbols import symbols_in
    from convlint.lint.sheet.view import View

    view = View(analysis, sources)
    return Sheet(
        layers=layers_in(view),
        shapes=shapes_in(view, tree),
        models=models_in_file(view),
        symbols=symbols_in(view, tree),
    )


__all__ = ["Facts", "LayerSeen", "ModelSeen", "Place", "ShapeSeen", "Sheet", "Symbol", "sheet_of"]
