"""Syntax newer than the running Python is read all the same, into nodes of the same names and fields."""

import ast

import pytest

from convlint.syntax import parse, parse_fast


def shape(node: object) -> object:
    """Class names and fields, whatever module a class comes from and whatever fields this Python adds."""
    match node:
        case ast.AST():
            fields = {name: shape(getattr(node, name, None)) for name in node._fields if name not in IGNORED}
            return type(node).__name__, {
                name: value for name, value in fields.items() if value not in (None, [])
            }
        case list():
            return [shape(item) for item in node]
    return node


IGNORED = {"ctx", "kind", "type_comment", "is_async", "conversion", "level", "simple"}


def name(identifier: str) -> object:
    return "Name", {"id": identifier}


@pytest.mark.parametrize("read", [parse, parse_fast])
def test_type_alias(read: type[ast.AST]) -> None:
    (alias,) = read("type X[T: int, *Ts, **P] = list[T]\n").body  # type: ignore[attr-defined]
    assert shape(alias) == (
        "TypeAlias",
        {
            "name": name("X"),
            "type_params": [
                ("TypeVar", {"name": "T", "bound": name("int")}),
                ("TypeVarTuple", {"name": "Ts"}),
                ("ParamSpec", {"name": "P"}),
            ],
            "value": ("Subscript", {"value": name("list"), "slice": name("T")}),
        },
    )
    assert [(p.col_offset, p.end_col_offset) for p in alias.type_params] == [(7, 13), (15, 18), (20, 23)]


@pytest.mark.parametrize("text", ["def f[T](x): pass\n", "class A[T]: pass\n", "async def f[T](): pass\n"])
def test_type_parameters(text: str) -> None:
    (definition,) = parse(text).body
    assert shape(definition.type_params) == [("TypeVar", {"name": "T"})]  # type: ignore[attr-defined]


def test_defaults_of_type_parameters() -> None:
    (alias,) = parse("type X[T = int, *Ts = *tuple[int], **P = [int]] = T\n").body
    defaults = [parameter.default_value for parameter in alias.type_params]  # type: ignore[attr-defined]
    assert [type(default).__name__ for default in defaults] == ["Name", "Starred", "List"]


def test_quotes_of_an_f_string_inside_it() -> None:
    (statement,) = parse('f"{x["a"]}"\n').body
    subscript = next(node for node in ast.walk(statement) if isinstance(node, ast.Subscript))
    assert (subscript.col_offset, subscript.end_col_offset) == (3, 9)
    assert ast.unparse(subscript) == "x['a']"


def test_line_breaks_and_comments_in_an_f_string() -> None:
    (statement,) = parse('x = f"{a  # c\n + b}" f"{c!r:>{d}}"\n').body
    names = {node.id: node.lineno for node in ast.walk(statement) if isinstance(node, ast.Name)}
    assert names == {"x": 1, "a": 1, "b": 2, "c": 2, "d": 2}


def test_template_string() -> None:
    (statement,) = parse('t"a{ x !r:>{w}}b{y}"\n').body
    assert shape(statement) == (
        "Expr",
        {
            "value": (
                "TemplateStr",
                {
                    "values": [
                        ("Constant", {"value": "a"}),
                        (
                            "Interpolation",
                            {
                                "value": name("x"),
                                "str": "x",
                                "format_spec": (
                                    "JoinedStr",
                                    {
                                        "values": [
                                            ("Constant", {"value": ">"}),
                                            ("FormattedValue", {"value": name("w")}),
                                        ]
                                    },
                                ),
                            },
                        ),
                        ("Constant", {"value": "b"}),
                        ("Interpolation", {"value": name("y"), "str": "y"}),
                    ]
                },
            )
        },
    )


@pytest.mark.parametrize(
    ("text", "equivalent"),
    [
        ("try: a\nexcept A, B: b\n", "try: a\nexcept (A, B): b\n"),
        ("lazy import a.b as c\n", "import a.b as c\n"),
        ("lazy from ...a import b\n", "from ...a import b\n"),
    ],
)
def test_new_spellings_of_old_nodes(text: str, equivalent: str) -> None:
    assert shape(parse(text)) == shape(ast.parse(equivalent))


def test_unpacking_in_comprehensions() -> None:
    spread, merged = (statement.value for statement in parse("[*a for a in b]\n{**a for a in b}\n").body)  # type: ignore[attr-defined]
    assert isinstance(spread.elt, ast.Starred)
    assert type(merged).__name__ == "UnpackingDictComp"
    assert [node.id for node in ast.walk(merged) if isinstance(node, ast.Name)] == ["a", "a", "b"]


def test_what_a_self_documenting_expression_shows() -> None:
    """Comments are left out, but a `#` in a string is none (which Python 3.12.1 and 3.13.0 get wrong)."""
    (statement,) = parse("f'''{a['#'] = # b\n }'''\n").body
    shown = [node.value for node in ast.walk(statement) if isinstance(node, ast.Constant)]
    assert shown[0] == "a['#'] = \n "
