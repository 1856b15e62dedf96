"""Functions: making them, binding arguments (reference/expressions.html#calls), running their bodies."""

from __future__ import annotations

import ast
from collections.abc import Container, Iterable
from functools import reduce
from typing import TYPE_CHECKING

from convlint.interp.frame import Code, Expression, Fit, Frame, Statement
from convlint.interp.scope import FunctionNode, function_scope
from convlint.values import Class, Function, Raised, Site, Super, Unknown, Value
from convlint.values.lazy import Lazy

if TYPE_CHECKING:
    from convlint.interp.expressions import Context
    from convlint.interp.machine import Machine


class Template:
    """A function definition: run on a frame it makes the function. Its body is looked at when it is first
    called.
    """

    def __init__(self, node: FunctionNode, context: Context, qualname: str) -> None:
        self.node = node
        self.name = getattr(node, "name", "<lambda>")
        self.qualname = qualname
        self.context = context
        args = node.args
        self.defaults = [_default(d, context) for d in args.defaults]
        self.kw_defaults = [
            (a.arg, _default(d, context))
            for a, d in zip(args.kwonlyargs, args.kw_defaults, strict=True)
            if d is not None
        ]
        self.code: Code | None = None

    def make(self, frame: Frame) -> Function:
        """The function object, its defaults evaluated now."""
        if self.code is None:
            args = self.node.args
            self.code = Code(
                node=self.node,
                filename=self.context.filename,
                parameters=tuple(a.arg for a in (*args.posonlyargs, *args.args)),
                nameless=frozenset(a.arg for a in args.posonlyargs),
                keyword_only=tuple(a.arg for a in args.kwonlyargs),
                star=args.vararg.arg if args.vararg else None,
                stars=args.kwarg.arg if args.kwarg else None,
                compile=self._compile,
            )
        return Function(
            name=self.name,
            qualname=self.qualname,
            code=self.code,
            _defaults=tuple([default(frame) for default in self.defaults]),
            _kw_defaults={name: default(frame) for name, default in self.kw_defaults},
            closure=frame,
        )

    def _compile(self, code: Code) -> Statement:
        from convlint.interp.expressions import expression
        from convlint.interp.generators import generator_body
        from convlint.interp.statements import block, returning

        context = self.context.inside(function_scope(self.node, code.own, self.context.scope))
        if isinstance(self.node, ast.Lambda):
            return returning(expression(self.node.body, context))
        if code.generator:
            return generator_body(self.node.body, context)
        return block(self.node.body, context)


def _default(node: ast.expr, context: Context) -> Expression:
    """A default as it is evaluated at the definition. What only reads an imported name, or attributes of one,
    waits until a call needs it, or until something changes that it may be read from (`Loader.settle`): no
    module is read for functions that are never called.
    """
    from convlint.interp.expressions import expression

    evaluated, attributes, base = expression(node, context), list[str](), node
    while isinstance(base, ast.Attribute):
        attributes.insert(0, base.attr)
        base = base.value
    if not isinstance(base, ast.Name):
        return evaluated
    name = base.id

    def run(frame: Frame) -> Value:
        imported = frame.variables.get(name) if name in frame.variables else frame.module.attrs.get(name)
        machine = frame.machine
        if not isinstance(imported, Lazy) or imported.resolved or machine.handlers:
            return evaluated(frame)
        waiting = Lazy(lambda: reduce(machine.present.getattr, attributes, imported.resolve()))
        machine.loader.waiting.append(waiting)
        return waiting

    return run


def lambda_expression(node: ast.Lambda, context: Context) -> Expression:
    """`lambda …: …`"""
    return Template(node, context, "<lambda>").make


def zero_argument_super(frame: Frame) -> Value:
    """`super()`: the class whose body defines the running method, and the method's first argument."""
    owner: Frame | None = frame
    while owner is not None:
        if owner.function_class is not None:
            return Super(owner.function_class, owner.receiver)
        if owner.parent is not None and owner.parent.defines is not None:
            return Super(owner.parent.defines, owner.receiver)
        owner = owner.parent
    raise frame.machine.error("RuntimeError", "super(): no arguments")


def _misfit(machine: Machine, function: Function, words: str) -> Raised:
    raised = machine.error("TypeError", f"{function.qualname}() {words}")
    raised.unbound = function
    return raised


def _too_many(function: Function, code: Code, given: int, kwargs: dict[str, Value]) -> str:
    """CPython's sentence (Python/ceval.c, too_many_positional)."""
    most, optional = len(code.parameters), len(function.defaults)
    takes = f"from {most - optional} to {most}" if optional else str(most)
    plural = "s" if optional or most != 1 else ""
    named = sum(name in code.keyword_only for name in kwargs)
    beside = ""
    if named:
        beside = f" positional argument{'s' if given != 1 else ''} (and {named} keyword-only argument"
        beside += f"{'s' if named != 1 else ''})"
    verb = "was" if given == 1 and not named else "were"
    return f"takes {takes} positional argument{plural} but {given}{beside} {verb} given"


def _missing(kind: str, names: list[str]) -> str:
    """CPython's sentence (Python/ceval.c, format_missing)."""
    quoted = [f"'{name}'" for name in names]
    listed = " and ".join(quoted) if len(quoted) < 3 else f"{', '.join(quoted[:-1])}, and {quoted[-1]}"
    return f"missing {len(names)} required {kind} argument{'s' if len(names) > 1 else ''}: {listed}"


def bind(
    machine: Machine, function: Function, args: tuple[Value, ...], kwargs: dict[str, Value]
) -> dict[str, Value]:
    """The function's variables at entry. Raises the program's TypeError with Python's words."""
    code = function.code
    assert isinstance(code, Code)
    shape = (len(args), *kwargs)
    fit = code.fits.get(shape)
    if fit is None:
        variables = _bind(machine, function, code, args, kwargs)
        if code.star is None and code.stars is None:
            code.fits[shape] = _fit(code, len(args), variables, kwargs)
        return variables
    variables = fit.variables.copy()
    for i, name in enumerate(fit.positional):
        variables[name] = args[i]
    if kwargs:
        variables.update(kwargs)
    try:
        if fit.defaults:
            defaults = function.defaults
            for name, position in fit.defaults:
                variables[name] = defaults[position]
        for name in fit.kw_defaults:
            variables[name] = function.kw_defaults[name]
    except LookupError:  # another function of the same code has fewer defaults
        return _bind(machine, function, code, args, kwargs)
    return variables


def _fit(code: Code, given: int, variables: Iterable[str], kwargs: Container[str]) -> Fit:
    """How arguments are bound that give these variables, the first so many by position."""
    names = code.parameters
    return Fit(
        dict.fromkeys(variables),
        names[:given],
        tuple((name, i - len(names)) for i, name in enumerate(names) if i >= given and name not in kwargs),
        tuple(name for name in code.keyword_only if name not in kwargs),
    )


def _bind(
    machine: Machine, function: Function, code: Code, args: tuple[Value, ...], kwargs: dict[str, Value]
) -> dict[str, Value]:
    """`bind`, argument by argument."""
    names = code.parameters
    variables: dict[str, Value] = dict(zip(names, args, strict=False))
    if len(args) > len(names):
        if code.star is None:
            raise _misfit(machine, function, _too_many(function, code, len(args), kwargs))
        variables[code.star] = tuple(args[len(names) :])
    elif code.star is not None:
        variables[code.star] = ()
    extra: dict[str, Value] = {}
    for name, value in kwargs.items():
        if name in code.nameless and code.stars is None:
            words = f"got some positional-only arguments passed as keyword arguments: '{name}'"
            raise _misfit(machine, function, words)
        if name not in code.nameless and (name in names or name in code.keyword_only):
            if name in variables:
                raise _misfit(machine, function, f"got multiple values for argument '{name}'")
            variables[name] = value
        elif code.stars is not None:
            extra[name] = value
        else:
            raise _misfit(machine, function, f"got an unexpected keyword argument '{name}'")
    if code.stars is not None:
        variables[code.stars] = extra
    missing = [name for name in names if name not in variables]
    if missing and function.defaults:
        defaults = dict(zip(reversed(names), reversed(function.defaults), strict=False))
        variables.update((name, defaults[name]) for name in missing if name in defaults)
        missing = [name for name in missing if name not in defaults]
    if missing:
        raise _misfit(machine, function, _missing("positional", missing))
    for name in code.keyword_only:
        if name not in variables and name in function.kw_defaults:
            variables[name] = function.kw_defaults[name]
    missing = [name for name in code.keyword_only if name not in variables]
    if missing:
        raise _misfit(machine, function, _missing("keyword-only", missing))
    return variables


def activation(
    machine: Machine, function: Function, args: tuple[Value, ...], kwargs: dict[str, Value], site: Site | None
) -> Frame:
    """The frame that runs a call of the function."""
    code = function.code
    assert isinstance(code, Code)
    parent = function.closure
    assert isinstance(parent, Frame)
    frame = Frame(machine, parent.module, bind(machine, function, args, kwargs), parent, site, code)
    frame.receiver = args[0] if args else None
    frame.function_class = function.owner
    if site is not None and site.parameters is None:
        site.function = function.qualname
        skip = 1 if function.owner is not None and code.parameters[:1] in (("self",), ("cls",)) else 0
        site.parameters = code.handed_on[skip:]
    return frame


def own_method(cls: Class, value: Value) -> None:
    """Tell a function in a class body which class `super()` means."""
    if isinstance(value, Function) and value.owner is None:
        value.owner = cls


__all__ = [
    "Template",
    "Unknown",
    "activation",
    "bind",
    "lambda_expression",
    "own_method",
    "zero_argument_super",
]
