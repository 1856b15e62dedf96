"""Comprehensions and generator expressions: each runs in a frame of its own."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from convlint.interp.frame import Expression, Frame
from convlint.interp.scope import Kind, Scope
from convlint.libs import registry
from convlint.values import NotModelled, Stream, Value

if TYPE_CHECKING:
    from convlint.interp.expressions import Context

Loop = tuple[Expression, "Callable[[Frame, Value], None]", list[Expression]]


def _targets(node: ast.expr) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _compile(
    generators: list[ast.comprehension], results: list[ast.expr], context: Context
) -> Callable[[Frame], Iterator[tuple[Value, ...]]]:
    """Iterate over the tuples of result expressions, the first iterable evaluated in the enclosing frame."""
    from convlint.interp.expressions import expression
    from convlint.interp.targets import target

    scope = Scope(Kind.COMPREHENSION, context.scope, set().union(*(_targets(g.target) for g in generators)))
    inner = context.inside(scope)
    loops: list[Loop] = [
        (
            expression(g.iter, context if i == 0 else inner),
            target(g.target, inner),
            [expression(test, inner) for test in g.ifs],
        )
        for i, g in enumerate(generators)
    ]
    codes = [expression(result, inner) for result in results]

    def walk(frame: Frame, depth: int, iterable: Value) -> Iterator[tuple[Value, ...]]:
        _, assign, tests = loops[depth]
        machine = frame.machine
        for item in machine.iterate(iterable):
            machine.budget.step()
            assign(frame, item)
            if not all(machine.truth(test(frame)) for test in tests):
                continue
            if depth + 1 == len(loops):
                yield tuple([code(frame) for code in codes])
            else:
                yield from walk(frame, depth + 1, loops[depth + 1][0](frame))

    def run(frame: Frame) -> Iterator[tuple[Value, ...]]:
        inner_frame = Frame(frame.machine, frame.module, {}, frame, frame.site, frame.code)
        inner_frame.function_class, inner_frame.receiver = frame.function_class, frame.receiver
        return walk(inner_frame, 0, loops[0][0](frame))

    return run


def _eager(
    build: Callable[[Frame, Iterator[tuple[Value, ...]]], Value],
    results: list[ast.expr],
    node: ast.expr,
    context: Context,
) -> Expression:
    rows = _compile(node.generators, results, context)  # type: ignore[attr-defined]

    def run(frame: Frame) -> Value:
        try:
            return frame.machine.made(build(frame, rows(frame)))
        except NotModelled as why:
            return frame.machine.unknown(why.reason)

    return run


def list_comprehension(node: ast.ListComp, context: Context) -> Expression:
    """`[x for …]`"""
    return _eager(lambda _, rows: [row[0] for row in rows], [node.elt], node, context)


def set_comprehension(node: ast.SetComp, context: Context) -> Expression:
    """`{x for …}`"""
    return _eager(
        lambda f, rows: registry.language().set_of(f.machine, [row[0] for row in rows]),
        [node.elt],
        node,
        context,
    )


def dict_comprehension(node: ast.DictComp, context: Context) -> Expression:
    """`{k: v for …}`"""
    return _eager(
        lambda f, rows: {f.machine.hashable(k): v for k, v in rows}, [node.key, node.value], node, context
    )


def generator_expression(node: ast.GeneratorExp, context: Context) -> Expression:
    """`(x for …)`: lazy, as in Python."""
    rows = _compile(node.generators, [node.elt], context)
    return lambda frame: frame.machine.made(Stream(row[0] for row in rows(frame)))
