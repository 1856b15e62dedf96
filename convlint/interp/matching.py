"""`match` statements (reference/compound_stmts.html#the-match-statement)."""

from __future__ import annotations

import ast
from collections.abc import Callable

from msgspec import Struct

from convlint.interp.expressions import Context, expression
from convlint.interp.frame import Frame, Signal, Statement
from convlint.interp.names import store_name
from convlint.values import Class, NotModelled, Unknown, Value

Matcher = Callable[[Frame, Value], bool]


class Choice(Struct, frozen=True):
    """Which case of a `match` holds, None for none; or why that cannot be known."""

    case: int | None = None
    unknown: Unknown | None = None


def choosing(node: ast.Match, context: Context) -> Callable[[Frame], Choice]:
    """Finds the first case whose pattern and guard hold."""
    subject = expression(node.subject, context)
    cases = [
        (_pattern(case.pattern, context), None if case.guard is None else expression(case.guard, context))
        for case in node.cases
    ]

    def run(frame: Frame) -> Choice:
        machine = frame.machine
        value = subject(frame)
        if isinstance(value, Unknown):
            return Choice(unknown=value)
        for number, (matches, guard) in enumerate(cases):
            if matches(frame, value) and (guard is None or machine.truth(guard(frame))):
                return Choice(number)
        return Choice()

    return run


def match_statement(node: ast.Match, context: Context) -> Statement:
    """The first case whose pattern and guard hold."""
    from convlint.interp.havoc import Havoc
    from convlint.interp.statements import block

    choose = choosing(node, context)
    bodies = [block(case.body, context) for case in node.cases]
    havoc = Havoc([node], context)

    def run(frame: Frame) -> Signal | None:
        chosen = choose(frame)
        if chosen.unknown is not None:
            havoc.apply(frame, chosen.unknown)
            return None
        return None if chosen.case is None else bodies[chosen.case](frame)

    return run


def _pattern(node: ast.pattern, context: Context) -> Matcher:
    match node:
        case ast.MatchValue(value=value):
            code = expression(value, context)
            return lambda frame, subject: frame.machine.truth(
                frame.machine.binary("==", subject, code(frame))
            )
        case ast.MatchSingleton(value=value):
            return lambda frame, subject: subject is value
        case ast.MatchAs(pattern=inner, name=name):
            return _capture(None if inner is None else _pattern(inner, context), name, context)
        case ast.MatchOr(patterns=patterns):
            parts = [_pattern(p, context) for p in patterns]
            return lambda frame, subject: any(part(frame, subject) for part in parts)
        case ast.MatchSequence(patterns=patterns):
            return _sequence(patterns, context)
        case ast.MatchMapping(keys=keys, patterns=patterns, rest=rest):
            return _mapping(keys, patterns, rest, context)
        case ast.MatchClass():
            return _class(node, context)
    return _not_modelled


def _not_modelled(frame: Frame, subject: Value) -> bool:
    raise NotModelled("this pattern is not modelled")


def _capture(inner: Matcher | None, name: str | None, context: Context) -> Matcher:
    depth = context.scope.depth_of(name) if name else None

    def matches(frame: Frame, subject: Value) -> bool:
        if inner is not None and not inner(frame, subject):
            return False
        if name is not None:
            store_name(frame, name, depth, subject)
        return True

    return matches


def _sequence(patterns: list[ast.pattern], context: Context) -> Matcher:
    star = next((i for i, p in enumerate(patterns) if isinstance(p, ast.MatchStar)), None)
    parts = [
        _capture(None, p.name, context) if isinstance(p, ast.MatchStar) else _pattern(p, context)
        for p in patterns
    ]

    def matches(frame: Frame, subject: Value) -> bool:
        if not isinstance(subject, (list, tuple)):
            return False
        values: list[Value] = list(subject)
        if star is not None and len(values) >= len(parts) - 1:
            end = len(values) - (len(parts) - star - 1)
            values = [*values[:star], values[star:end], *values[end:]]
        return len(values) == len(parts) and all(p(frame, v) for p, v in zip(parts, values, strict=True))

    return matches


def _mapping(
    keys: list[ast.expr], patterns: list[ast.pattern], rest: str | None, context: Context
) -> Matcher:
    pairs = [(expression(k, context), _pattern(p, context)) for k, p in zip(keys, patterns, strict=True)]
    capture = _capture(None, rest, context)

    def matches(frame: Frame, subject: Value) -> bool:
        mapping = frame.machine.plain(subject)
        if not isinstance(mapping, dict):
            return False
        seen = []
        for key_code, part in pairs:
            key = key_code(frame)
            if key not in mapping or not part(frame, mapping[key]):
                return False
            seen.append(key)
        return rest is None or capture(frame, {k: v for k, v in mapping.items() if k not in seen})

    return matches


def _class(node: ast.MatchClass, context: Context) -> Matcher:
    cls_code = expression(node.cls, context)
    positional = [_pattern(p, context) for p in node.patterns]
    keywords = [(n, _pattern(p, context)) for n, p in zip(node.kwd_attrs, node.kwd_patterns, strict=True)]

    def matches(frame: Frame, subject: Value) -> bool:
        machine = frame.machine
        cls = cls_code(frame)
        if not machine.truth(machine.is_instance(subject, cls)):
            return False
        names: list[Value] = []
        if positional:
            if isinstance(cls, Class) and cls.host is not None:
                return positional[0](frame, subject)
            names = list(machine.iterate(machine.getattr(cls, "__match_args__")))
        pairs = [*zip(map(str, names), positional, strict=False), *keywords]
        return all(part(frame, machine.getattr(subject, name)) for name, part in pairs)

    return matches
