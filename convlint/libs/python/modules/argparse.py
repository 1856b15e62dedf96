"""The module `argparse`: what the command line says is the user's choice, so every argument is unknown."""

from __future__ import annotations

from convlint.libs.python.declare import constants, outside

CHOICE = "a command-line argument is the user's choice"
outside("argparse", "ArgumentParser Namespace", CHOICE)
constants("argparse", {"SUPPRESS": "==SUPPRESS==", "REMAINDER": "...", "OPTIONAL": "?", "ZERO_OR_MORE": "*"})
