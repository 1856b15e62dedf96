"""Every condition of every rule matters: where one is broken, a fixture of that rule no longer says the same.

Each test of a branch or filter in a rule's file, and each operand in it, is inverted in turn (functions that
only put words together aside), and the broken rule looks again at all that there is to see in its fixtures.
"""

from __future__ import annotations

import ast
import copy
import sys
import types
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import convlint_rules
import pytest

from convlint.lint import plugins
from convlint.lint.engine import check_source
from convlint.lint.finding import Finding, Severity
from convlint.lint.rule import Rule
from convlint.lint.subjects.base import Subject
from tests.test_fixtures import FILES, settings_for

FOLDER = Path(next(iter(convlint_rules.__path__)))
NAMES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")


@cache
def subjects(path: Path) -> tuple[Subject, ...]:
    """Everything that rules look at in a fixture."""
    seen: list[Subject] = []

    def note(subject: Subject) -> Iterator[Finding]:
        seen.append(subject)
        return iter(())

    noting = Rule("CL000", "note", Severity.ADVICE, True, "", (Subject,), {}, note)
    whole = plugins.load
    plugins.load = lambda named=(): (noting, *whole(named))  # type: ignore[assignment]
    try:
        check_source(path.read_text(), str(path), settings_for(path))
    finally:
        plugins.load = whole
    return tuple(seen)


def rules_of(source: str | ast.Module, name: str) -> list[Rule]:
    """The rules that a text defines, as a module of its own."""
    module = types.ModuleType(f"{convlint_rules.__name__}.{name}_broken")
    sys.modules[module.__name__] = module
    exec(compile(source, f"{name}.py", "exec"), vars(module))
    return [value for value in vars(module).values() if isinstance(value, Rule)]


def said(rules: list[Rule], files: list[Path]) -> object:
    """What the rules find in the files; an error of a broken rule shows, too."""
    try:
        return [
            (path.name, finding)
            for path in files
            for subject in subjects(path)
            for rule in rules
            if isinstance(subject, rule.subjects)
            for finding in rule.check(subject, settings_for(path).rules.get(rule.name))
        ]
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def conditions(tree: ast.Module) -> list[ast.expr]:
    """The tests of branches and filters, and the operands that they are made of, but for wording."""
    found: list[ast.expr] = []
    for node in _deciding(tree):
        match node:
            case ast.If(test=test) | ast.IfExp(test=test):
                found += _operands(test)
            case ast.comprehension(ifs=tests):
                found += [operand for test in tests for operand in _operands(test)]
    return found


def _deciding(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a file outside of functions that only put words together: those that give a text."""
    if isinstance(node, ast.FunctionDef) and isinstance(node.returns, ast.Name) and node.returns.id == "str":
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _deciding(child)


def _operands(test: ast.expr) -> list[ast.expr]:
    inner = [each for node in ast.walk(test) if isinstance(node, ast.BoolOp) for each in node.values]
    return [each for each in (test, *inner) if not isinstance(each, (ast.Constant, ast.List, ast.Tuple))]


def broken(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """The file with one condition inverted."""
    for index, condition in enumerate(conditions(tree)):
        changed = copy.deepcopy(tree)
        target = conditions(changed)[index]
        new = ast.UnaryOp(ast.Not(), target)
        for parent in ast.walk(changed):
            for name, value in ast.iter_fields(parent):
                if value is target and parent is not new:
                    setattr(parent, name, new)
                elif isinstance(value, list) and any(each is target for each in value):
                    setattr(parent, name, [new if each is target else each for each in value])
        ast.fix_missing_locations(changed)
        yield f"{condition.lineno}: {ast.unparse(condition)}", changed


@pytest.mark.long
@pytest.mark.parametrize("name", NAMES)
def test_every_condition_matters(name: str) -> None:
    source = (FOLDER / f"{name}.py").read_text()
    own = rules_of(source, name)
    codes = {rule.code for rule in own}
    files = [path for path in FILES if path.parent.name.partition("-")[0] in codes]
    right = said(own, files)
    assert right, "its fixtures show nothing of it"
    lived = [what for what, tree in broken(ast.parse(source)) if said(rules_of(tree, name), files) == right]
    assert not lived, "\n".join(["broken without a fixture's noticing:", *lived])
