"""What a module's text says of importing it, found with as little parsing as may be.

Law: its text alone is looked at, where that cannot change others; else its tree is. An import counts wherever
it stands: a function may be called as its module is imported.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from convlint.interp.compiled import Compiled

Parsed = Callable[[], Compiled]
"""Gives the tree of a text, where that has to be looked at."""
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_HARMLESS = frozenset(("backends", "environ", "path", "rcParams"))
"""Attributes whose own are options of a process, which no shape rests on."""
_SETTING = ("register_module_", "set_default_", "set_image_data_format", "set_floatx")
_PLAIN = frozenset(("print", "update_wrapper", "warn", "wraps"))
"""Functions that change nothing of what they are given."""
_ASKING = frozenset(("isinstance", "issubclass", "callable", "hasattr", "len", "repr", "str"))
"""Functions that change nothing of what they are given, and do not give it back."""
_PUTTING = frozenset(("get", "setdefault", "append", "add"))
"""Methods of containers that do no more than keep what they are given."""
_UNCLEAR = (
    *(ast.AugAssign, ast.For, ast.AsyncFor, ast.With, ast.AsyncWith, ast.Match),
    *(ast.Global, ast.Nonlocal, ast.Import, ast.ImportFrom),
)
"""What a function that only keeps has no need of."""
_BLOCK = r"(?:if|elif|else|for|while|try|except|finally|with)"
_START = rf"(?:^[ \t]*|;[ \t]*|^[ \t]*(?:{_BLOCK}|(?:async[ \t]+)?def|class)\b[^\n]*:[ \t]+)"
"""Where a statement may begin."""
_GAP = r"(?:[ \t]|\\\n)"
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
_DYNAMIC = re.compile(
    r"\b(?:import_module|__import__|modules(?!\(\))|builtins|exec|eval|globals)\b|^def[ \t]+__getattr__",
    re.MULTILINE,
)
_IMPORT = re.compile(
    rf"{_START}(?:from{_GAP}*(\.*){_GAP}*([\w.]*){_GAP}+import"
    rf"{_GAP}*(\((?:[^)#]|#[^\n]*)*\)|(?:[^\n#;\\]|\\\n)+)|import{_GAP}+((?:[^\n#;\\]|\\\n)+))",
    re.MULTILINE,
)


class Imported(Struct, frozen=True):
    """A module that is imported, with the names taken from it; `level` packages up where it is relative, and
    `whole` where the package at its top is bound.
    """

    module: str
    level: int = 0
    names: tuple[str, ...] = ()
    whole: bool = False


class Changes(Struct, frozen=True):
    """Whether a module's own code changes others when it is imported, and to which functions of others it
    gives what it imported: by the import that binds each of them, and its name there.
    """

    certain: bool = False
    handed: tuple[tuple[Imported, str], ...] = ()


def changes(text: str, parsed: Parsed) -> Changes:
    """What a module's own code does to others when it is imported."""
    return _changes(parsed().tree) if _is_suspect(text) else Changes()


def imports_of(text: str) -> tuple[Imported, ...]:
    """What a module imports, at once or in its functions, which may be called at once."""
    imports: list[Imported] = []
    for dots, module, taken, whole in _IMPORT.findall(text):
        if whole:
            named = (part.split() for part in whole.replace("\\", " ").split(","))
            imports += [Imported(part[0], whole="as" not in part) for part in named if part]
        else:
            parts = (part.split() for part in re.sub(r"[()\\]|#.*", " ", taken).split(","))
            imports.append(Imported(module, len(dots), tuple(part[0] for part in parts if part)))
    return tuple(imports)


def comes_by_others(text: str) -> bool:
    """Whether a module may come by others in ways that its imports do not show."""
    return _DYNAMIC.search(text) is not None


def _is_suspect(text: str) -> bool:
    """Whether a text has what may change other modules: only then is it parsed."""
    return (
        _SUSPECT_LINE.search(f"\n{text}") is not None
        or _SUSPECT_REST.search(text) is not None
        or (any(word in text for word in _SUSPECT_WORDS) and _SUSPECT_CALL.search(text) is not None)
    )


def _changes(tree: ast.Module) -> Changes:
    running = list(_running(tree))
    names = {bound for node in running for bound in _names(node)}
    own = {node.name for node in tree.body if isinstance(node, _FUNCTIONS[:2])}
    calling = any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in own
        for node in running
    )
    nodes = ast.walk(tree) if calling else running
    taken = {name: origin for node in running for name, origin in _taken(node)}
    receivers = {ast.unparse(call.func) for node in running for call in _handings(node, names)}
    certain = any(_sets(node, names) for node in nodes) or not receivers <= taken.keys()
    return Changes(certain, () if certain else tuple(taken[name] for name in sorted(receivers)))


def _taken(node: ast.AST) -> Iterator[tuple[str, tuple[Imported, str]]]:
    """The names that `from module import name` binds, with the module and the name there."""
    if isinstance(node, ast.ImportFrom):
        for alias in node.names:
            imported = Imported(node.module or "", node.level, (alias.name,))
            yield alias.asname or alias.name, (imported, alias.name)


def _names(node: ast.AST) -> Iterator[str]:
    """The names that an import statement binds."""
    if isinstance(node, ast.Import):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from (alias.asname or alias.name for alias in node.names)


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


def _handings(node: ast.AST, names: set[str]) -> Iterator[ast.Call]:
    """Where something imported is given to a function whose result is not used, or to a decorator."""
    calls: Sequence[ast.expr] = ()
    match node:
        case ast.Expr(value=ast.Call() as called):
            calls = [called]
        case ast.FunctionDef(decorator_list=decorators):
            calls = decorators
    for call in calls:
        runs = isinstance(call, ast.Call) and _runs_elsewhere(call.func, names)
        if isinstance(call, ast.Call) and runs and any(_imported(arg, names) for arg in call.args):
            yield call


def only_keeps(tree: ast.Module, name: str) -> bool:
    """Whether a function at the top of a module changes nothing that it is given: it compares that, and puts
    it into containers.
    """
    found = [node for node in tree.body if getattr(node, "name", "") == name]
    function = found[0] if len(found) == 1 else None
    if not isinstance(function, ast.FunctionDef) or function.decorator_list:
        return False
    arguments = function.args
    given = {arg.arg for arg in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    if arguments.vararg or arguments.kwarg:
        return False
    boxes = {each for node in tree.body for each in _boxes(node)}
    nodes = [node for statement in function.body for node in ast.walk(statement)]
    reaching = _reaching(nodes, given | boxes)
    return all(_keeps(node, given, reaching, boxes) for node in nodes)


def _reaching(nodes: list[ast.AST], names: set[str]) -> set[str]:
    """The names, with all that may be bound to what they hold."""
    bindings = [binding for node in nodes for binding in _bindings(node)]
    while (
        more := {name for target, value in bindings if _named_in(value, names) for name in _all_names(target)}
        - names
    ):
        names = names | more
    return names


def _bindings(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """What a part of code binds, with what it is taken from."""
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from ((target, value) for target in targets if not isinstance(target, ast.Subscript))
        case ast.AnnAssign(target=ast.Name() as target, value=ast.expr() as value):
            yield target, value
        case ast.NamedExpr(target=target, value=value):
            yield target, value
        case ast.comprehension(target=target, iter=value):
            yield target, value
        case ast.arguments():
            defaults = [*node.defaults, *(each for each in node.kw_defaults if each is not None)]
            yield from ((node, value) for value in defaults)


def _all_names(node: ast.AST) -> set[str]:
    """The variables and parameters that stand in a part of code."""
    every = list(ast.walk(node))
    variables = {each.id for each in every if isinstance(each, ast.Name)}
    return variables | {each.arg for each in every if isinstance(each, ast.arg)}


def _boxes(node: ast.stmt) -> Iterator[str]:
    """The names that a statement binds to a container of the language."""
    match node:
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=value)
            | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value)
        ):
            if isinstance(value, (ast.Dict, ast.List, ast.Set)):
                yield name


def _keeps(node: ast.AST, given: set[str], reaching: set[str], boxes: set[str]) -> bool:
    """Whether a part of a function does no more with what is given than to compare and keep it."""
    match node:
        case ast.Attribute(ctx=ast.Store() | ast.Del()):
            return False
        case ast.Subscript(value=value, ctx=ast.Store() | ast.Del()):
            return not _named_in(value, given)
        case ast.Call(func=func, args=args, keywords=keywords):
            values = (*args, *(keyword.value for keyword in keywords))
            handed = [func, *(value for value in values if not isinstance(value, ast.JoinedStr))]
            return _only_asks(func, boxes) or not any(_named_in(value, reaching) for value in handed)
    return not isinstance(node, _UNCLEAR)


def _only_asks(function: ast.expr, boxes: set[str]) -> bool:
    match function:
        case ast.Name(id=name):
            return name in _ASKING
        case ast.Attribute(value=ast.Name(id=owner), attr=name):
            return name in _PUTTING and owner in boxes
    return False


def _named_in(node: ast.AST, names: set[str]) -> bool:
    return any(isinstance(each, ast.Name) and each.id in names for each in ast.walk(node))


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


__all__ = ["Changes", "Imported", "Parsed", "changes", "comes_by_others", "imports_of", "only_keeps"]
