"""Modules that change others when they are imported: their evaluation cannot wait until they are read.

Law: a module of the project does if its own code, or that of a module it imports, sets attributes of what it
imports, hands that to a function at its top, or sets something for all modules. What a module holds is filled
only by those that come by it through their imports.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from convlint.interp.compiled import MAX_SOURCE, compiled, compiled_text
from convlint.libs import registry

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_HARMLESS = frozenset(("backends", "environ", "path", "rcParams"))
"""Attributes whose own are options of a process, which no shape rests on."""
_SETTING = ("register_module_", "set_default_", "set_image_data_format", "set_floatx")
_PLAIN = frozenset(("print", "update_wrapper", "warn", "wraps"))
"""Functions that change nothing of what they are given."""
_MOST = 100
"""How many modules are looked at for one import."""
_BLOCK = r"(?:if|elif|else|for|while|try|except|finally|with)"
_START = rf"(?:^[ \t]*|;[ \t]*|^[ \t]*{_BLOCK}\b[^\n]*:[ \t]+)"
"""Where a statement may begin."""
_NAMED = r"[A-Za-z_]\w*(?:\.\w+|\[[^\]\n]*\])*"
_OTHERS = rf"(?:{_NAMED}[ \t]*=[ \t]*){{0,4}}[\[(]?(?:\*?{_NAMED}[ \t]*,[ \t]*){{0,8}}\*?"
_FURTHER = rf"(?:,[ \t]*\*?{_NAMED}[ \t]*){{0,8}}[\])]?[ \t]*"
_SETS = rf"{_OTHERS}(?!self\b|cls\b){_NAMED}\.\w+[ \t]*{_FURTHER}(?:[-+*/%&|^@<>]*=(?!=)|:[^\n]*=(?!=))"
_DECORATES = r"@[\w.]+\((?:[^()]*,)?\s*[A-Za-z_][\w.]*\s*[,)]"
_CALLS = r"[A-Za-z_][\w.]*[ \t]*\("
_WITHIN = rf"{_BLOCK}\b(?! __name__|[ \t]+TYPE_CHECKING)[^\n]*\n(?:[ \t]+\S[^\n]*\n|[ \t]*\n)*?[ \t]+{_CALLS}"
_CHANGES = rf"(?:{_SETS}|del[ \t]+[^\n]*\w\.|{_DECORATES})"
# A search is fast where its pattern begins with a letter that is looked for: the line's end, a semicolon.
_SUSPECT_LINE = re.compile(
    rf"\n(?:[ \t]*(?:{_BLOCK}\b[^\n]*:[ \t]+)?{_CHANGES}"
    rf"|{_CALLS}|\S[^\n]*[;:][ \t]*{_CALLS}|{_WITHIN})"  # or something is called at the top
)
_SUSPECT_REST = re.compile(rf";[ \t]*{_CHANGES}")
_SUSPECT_CALL = re.compile(rf"\b(?:(?:set|del)attr\s*\(|{'|'.join(_SETTING)})")
_SUSPECT_WORDS = ("setattr", "delattr", *_SETTING)
_IMPORT = re.compile(
    rf"{_START}(?:from[ \t]*(\.*)[ \t]*([\w.]*)[ \t]+import"
    r"[ \t]*(\((?:[^)#]|#[^\n]*)*\)|(?:[^\n#;\\]|\\\n)+)|import[ \t]+((?:[^\n#;\\]|\\\n)+))",
    re.MULTILINE,
)
_INSTALLED = frozenset(("site-packages", "dist-packages"))


class Finder(Protocol):
    """What finds modules; `unsaved` are texts that stand in for files, by path."""

    unsaved: Mapping[str, str]

    def find(self, name: str) -> Path | None:
        """The file of a module."""

    def is_near(self, name: str) -> bool:
        """Whether a module belongs to the project of the file that is analysed."""


class Imported(Struct, frozen=True):
    """A module that is imported, with the names taken from it; `level` packages up where it is relative, and
    `whole` where the package at its top is bound.
    """

    module: str
    level: int = 0
    names: tuple[str, ...] = ()
    whole: bool = False


class Effects(Struct, frozen=True):
    """What importing a module does: whether its own code changes others, and what it imports."""

    changes: bool
    imports: tuple[Imported, ...]


_NOTHING = Effects(False, ())
_kept: dict[tuple[str, int, int], Effects] = {}
"""What the files of this process's projects do, by path, time and size."""


def acts(finder: Finder, name: str, known: dict[str, bool]) -> bool:
    """Whether importing the module changes others; `known` keeps what was found out."""
    if name not in known:
        known[name] = _acts(finder, name, known)
    return known[name]


def _acts(finder: Finder, name: str, known: dict[str, bool]) -> bool:
    waiting, seen = [name], {name}
    while waiting and len(seen) < _MOST:
        module = waiting.pop()
        own = not registry.is_package(module) and finder.is_near(module)
        path = finder.find(module) if own else None
        if path is None or path.is_dir() or not _INSTALLED.isdisjoint(path.parts):
            continue
        effects = _of(path, finder.unsaved.get(str(path)))
        if effects.changes:
            known[module] = True
            return True
        package = module if path.name == "__init__.py" else module.rpartition(".")[0]
        for each in effects.imports:
            for full in _modules(finder, each, package):
                if known.get(full):
                    return True
                if full not in seen and full not in known:
                    seen.add(full)
                    waiting.append(full)
    known |= dict.fromkeys(seen, False)  # what they all import was looked at
    return False


def leads_to(finder: Finder, name: str, target: str) -> bool:
    """Whether a module gets hold of another one, itself or through those whose names it binds."""
    waiting, seen = [name], {name}
    while waiting:
        module = waiting.pop()
        if module == target or len(seen) > _MOST:
            return True
        path = None if registry.is_package(module) else finder.find(module)
        if path is None or path.is_dir():
            continue
        package = module if path.name == "__init__.py" else module.rpartition(".")[0]
        effects = _of(path, finder.unsaved.get(str(path)))
        for full in (full for each in effects.imports for full in _bound(finder, each, package)):
            if full not in seen:
                seen.add(full)
                waiting.append(full)
    return False


def _modules(finder: Finder, imported: Imported, package: str) -> Iterator[str]:
    """The modules that an import statement may evaluate."""
    base = _base(imported, package)
    if not base or registry.is_package(base):
        return
    yield base
    path = finder.find(base) if imported.names else None
    if path is not None and (path.name == "__init__.py" or path.is_dir()):
        yield from (f"{base}.{name}" for name in imported.names)


def _bound(finder: Finder, imported: Imported, package: str) -> Iterator[str]:
    """The modules of which an import statement binds something: of a package, those that are named."""
    base = _base(imported, package)
    if not base or registry.is_package(base):
        return
    inner = [f"{base}.{name}" for name in imported.names]
    found = [name for name in inner if finder.find(name) is not None]
    yield from found
    if len(found) < len(inner) or not inner:
        yield base
    if imported.whole:
        yield base.partition(".")[0]


def _base(imported: Imported, package: str) -> str:
    """The full name of the module that an import statement names."""
    if not imported.level:
        return imported.module
    return ".".join([*_up(package, imported.level - 1), imported.module]).rstrip(".")


def _of(path: Path, text: str | None) -> Effects:
    try:
        if text is not None:
            return _of_text(text) or _effects(compiled_text(text, str(path)).tree)
        found = path.stat()
        key = (str(path), found.st_mtime_ns, found.st_size)
        if key not in _kept and found.st_size <= MAX_SOURCE:
            text = path.read_text(encoding="utf-8")
            _kept[key] = _of_text(text) or _effects(compiled(path).tree)
        return _kept.get(key, _NOTHING)
    except (OSError, ValueError, SyntaxError, RecursionError):
        return _NOTHING


def _of_text(text: str) -> Effects | None:
    """What a module does that cannot change others; None where its text alone does not say so."""
    if _is_suspect(text):
        return None
    imports: list[Imported] = []
    for dots, module, taken, whole in _IMPORT.findall(text):
        if whole:
            named = (part.split() for part in whole.replace("\\", " ").split(","))
            imports += [Imported(part[0], whole="as" not in part) for part in named if part]
        else:
            parts = (part.split() for part in re.sub(r"[()\\]|#.*", " ", taken).split(","))
            imports.append(Imported(module, len(dots), tuple(part[0] for part in parts if part)))
    return Effects(False, tuple(imports))


def _is_suspect(text: str) -> bool:
    """Whether a text has what may change other modules: only then is it parsed."""
    return (
        _SUSPECT_LINE.search(f"\n{text}") is not None
        or _SUSPECT_REST.search(text) is not None
        or (any(word in text for word in _SUSPECT_WORDS) and _SUSPECT_CALL.search(text) is not None)
    )


def _up(package: str, levels: int) -> list[str]:
    parts = package.split(".") if package else []
    return parts[: len(parts) - levels]


def _effects(tree: ast.Module) -> Effects:
    imports: list[Imported] = []
    names: set[str] = set()
    for node in _running(tree):
        if isinstance(node, ast.Import):
            names |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
            imports += [Imported(alias.name, whole=alias.asname is None) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name for alias in node.names}
            taken = tuple(alias.name for alias in node.names)
            imports.append(Imported(node.module or "", node.level, taken))
    own = {node.name for node in tree.body if isinstance(node, _FUNCTIONS[:2])}
    calling = any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in own
        for node in _running(tree)
    )
    nodes = ast.walk(tree) if calling else _running(tree)
    changes = any(_sets(node, names) for node in nodes) or any(_hands(n, names) for n in _running(tree))
    return Effects(changes, tuple(imports))


def _running(tree: ast.AST) -> Iterator[ast.AST]:
    """What runs when a module is imported: everything but the bodies of functions."""
    for node in ast.iter_child_nodes(tree):
        yield node
        if isinstance(node, _FUNCTIONS):
            for decorator in getattr(node, "decorator_list", ()):
                yield decorator
                yield from _running(decorator)
        else:
            yield from _running(node)


def _sets(node: ast.AST, names: set[str]) -> bool:
    """Whether an attribute of something imported is set, or something for all modules."""
    match node:
        case ast.Attribute(value=value, ctx=ast.Store() | ast.Del()):
            return _imported(value, names)
        case ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[owner, *_]):
            return _imported(owner, names)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name.startswith(_SETTING)
    return False


def _hands(node: ast.AST, names: set[str]) -> bool:
    """Whether something imported is given to a function whose result is not used, or to a decorator."""
    calls: list[ast.AST] = []
    match node:
        case ast.Expr(value=ast.Call() as call):
            calls = [call]
        case ast.FunctionDef(decorator_list=decorators):
            calls = [each for each in decorators if isinstance(each, ast.Call)]
    return any(
        isinstance(call, ast.Call) and _runs_elsewhere(call.func, names) and _imported(arg, names)
        for call in calls
        for arg in getattr(call, "args", ())
    )


def _runs_elsewhere(function: ast.expr, names: set[str]) -> bool:
    """Whether a call runs a function by its name, or one of what was imported: no method of the module's own
    objects.
    """
    if isinstance(function, ast.Name):
        return function.id not in _PLAIN
    return isinstance(function, ast.Attribute) and function.attr not in _PLAIN and _imported(function, names)


def _imported(node: ast.expr, names: set[str]) -> bool:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        if isinstance(node, ast.Attribute) and node.attr in _HARMLESS:
            return False
        node = node.value
    return isinstance(node, ast.Name) and node.id in names


__all__ = ["Finder", "acts", "leads_to"]
