"""What an editor offers, as pure functions over findings and a sheet; no protocol here.

Law: places are rows and columns of code points from 1 in the text that was analysed; who shows them in a
later text moves them with `Moved`.
"""

from convlint.lint.editor.actions import Action, fixes, ignores
from convlint.lint.editor.hints import Hint, hints
from convlint.lint.editor.hover import Hover, hover
from convlint.lint.editor.lenses import Lens, lenses
from convlint.lint.editor.moved import Moved
from convlint.lint.editor.patch import patch

__all__ = [
    "Action",
    "Hint",
    "Hover",
    "Lens",
    "Moved",
    "fixes",
    "hints",
    "hover",
    "ignores",
    "lenses",
    "patch",
]
