"""Notebooks: their code cells as one program, the way back from its rows to cells, and edits of cells.

Law: a row and column of the program mean one place of one cell; what an edit does not touch keeps its bytes.
"""

from convlint.source.notebooks.editing import CellEdit, edited
from convlint.source.notebooks.reading import Cell, Notebook, NotebookFault, python_of, read_notebook

__all__ = ["Cell", "CellEdit", "Notebook", "NotebookFault", "edited", "python_of", "read_notebook"]
