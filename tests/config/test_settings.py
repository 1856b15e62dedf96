"""Settings: declared once, overridden by flags, checked against the rules that exist."""

from pathlib import Path

import pytest

from convlint.config import (
    ConfigError,
    KnownRule,
    Refused,
    Settings,
    load,
    matches,
    options,
    unknown_selector,
    verify_models,
    verify_rules,
    with_flags,
)

RULES = (
    KnownRule("CL101", "linear-in-features"),
    KnownRule("CL301", "even-kernel"),
    KnownRule("CL401", "parameter-heavy-layer", {"max-params": "10M"}),
)


def test_every_field_but_the_source_is_an_option_with_words() -> None:
    fields = set(Settings.__struct_fields__) - {"source"}
    assert {option.field for option in options()} == fields
    assert all(option.doc and option.reader.expected for option in options())
    assert {option.key for option in options()} >= {"extend-select", "fail-on", "search-path"}


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(AttributeError, match="immutable"):
        Settings().fail_on = "error"  # type: ignore[misc]


def test_flags_replace_the_configuration() -> None:
    before = Settings(fail_on="error", search_path=(Path("/a"),))
    flags = {"fail_on": ["error", "advice"], "search_path": ["b", "/c"]}
    assert with_flags(before, flags, Path("/base")) == Settings(
        fail_on="advice", search_path=(Path("/base/b"), Path("/c"))
    )
    assert with_flags(before, {}, Path("/base")) == before


def test_ignore_and_extend_select_add_to_the_configuration() -> None:
    before = Settings(select=("CL1",), ignore=("CL103",), extend_select=("CL2",))
    flags = {"ignore": ["CL104, CL105", "CL106"], "extend_select": ["CL3"]}
    assert with_flags(before, flags, Path()) == Settings(
        select=("CL1",), ignore=("CL103", "CL104", "CL105", "CL106"), extend_select=("CL2", "CL3")
    )


def test_select_starts_afresh() -> None:
    before = Settings(select=("CL1",), ignore=("CL103",), extend_select=("CL2",))
    assert with_flags(before, {"select": ["CL1"]}, Path()) == Settings(select=("CL1",))
    assert with_flags(before, {"select": ["CL1"], "ignore": ["CL2"]}, Path()) == Settings(
        select=("CL1",), ignore=("CL2",)
    )


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        ({"fail_on": ["fatal"]}, '--fail-on expects "advice", "warning" or "error"'),
        ({"select": ["CL1,,CL2"]}, "--select expects a list of rule codes"),
        ({"select": [""]}, "--select expects a list of rule codes"),
    ],
)
def test_a_flag_that_makes_no_sense_is_refused(flags: dict[str, list[str]], message: str) -> None:
    with pytest.raises(Refused, match=message):
        with_flags(Settings(), flags, Path())


@pytest.mark.parametrize(
    ("selector", "meant"),
    [
        ("ALL", ["CL101", "CL301", "CL401"]),
        ("CL", ["CL101", "CL301", "CL401"]),
        ("CL3", ["CL301"]),
        ("CL30", ["CL301"]),
        ("CL301", ["CL301"]),
        ("even-kernel", ["CL301"]),
        ("even", []),
        ("cl301", []),
        ("", []),
        ("CL3011", []),
    ],
)
def test_what_a_selector_means(selector: str, meant: list[str]) -> None:
    assert [rule.code for rule in RULES if matches(selector, rule.code, rule.name)] == meant
    assert (unknown_selector(selector, RULES) is None) == bool(meant)


def test_an_unknown_selector_suggests_the_nearest() -> None:
    assert unknown_selector("cl301", RULES) == "no rule is called `cl301` (did you mean `CL301`?)"
    assert unknown_selector("even-kernels", RULES) == (
        "no rule is called `even-kernels` (did you mean `even-kernel`?)"
    )
    assert unknown_selector("quux", RULES) == "no rule is called `quux`"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("select = [\n  'CL1',\n  'CL9',\n]", "convlint.toml:3: `select`: no rule is called `CL9`"),
        ("ignore = ['odd-kernel']", "convlint.toml:1: `ignore`: no rule is called `odd-kernel`"),
        ("\nextend-select = ['CL2']", "convlint.toml:2: `extend-select`: no rule is called `CL2`"),
        (
            "[rules.parameter-heavy-layer]\nmax_params = 1",
            "convlint.toml:2: the rule parameter-heavy-layer has no option `max_params`"
            " (did you mean `max-params`?)",
        ),
        (
            "[rules.parameter-heavy]\nmax-params = 1",
            "convlint.toml:1: no rule is called `parameter-heavy` (did you mean `parameter-heavy-layer`?)",
        ),
    ],
)
def test_rules_that_do_not_exist_are_told_with_their_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "convlint.toml").write_text(text)
    settings = load([tmp_path])
    with pytest.raises(ConfigError) as caught:
        verify_rules(settings, RULES)
    assert str(caught.value).removeprefix(f"{tmp_path}/").startswith(message)


def test_a_model_in_a_file_that_does_not_exist_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text("")
    text = '[models."net.py:Net"]\nmax-params = 1\n[models."nett.py:Net"]\nmax-params = 1\n'
    (tmp_path / "convlint.toml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        verify_models(load([tmp_path]))
    assert str(caught.value).endswith('convlint.toml:3: `models."nett.py:Net"`: there is no file nett.py')
    (tmp_path / "nett.py").write_text("")
    verify_models(load([tmp_path]))


def test_rules_that_exist_pass() -> None:
    settings = Settings(
        select=("CL1", "even-kernel"),
        rules={"parameter-heavy-layer": {"max-params": "1M"}, "CL401": {"max-params": 1}},
    )
    verify_rules(settings, RULES)
