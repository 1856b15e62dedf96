"""What is found is pushed to the editor: where, as what, and with what belongs to it."""

from __future__ import annotations

from lsprotocol import types

from tests.server.conftest import Client, codes
from tests.server.sources import RIGHT, WRONG


async def test_an_error_is_told_and_goes_with_its_repair(pushing: Client) -> None:
    uri = pushing.open("net.py", WRONG)
    error = next(each for each in await pushing.pushed_for(uri) if each.code == "CL102")
    assert error.severity is types.DiagnosticSeverity.Error
    assert error.range.start == types.Position(8, WRONG.splitlines()[8].index("32"))
    assert error.source == "convlint"
    assert "64 arrive" in error.message
    version = pushing.edit(uri, RIGHT)
    assert "CL102" not in codes(await pushing.pushed_for(uri, version))
    pushing.close(uri)


async def test_the_way_to_an_error_is_related_information(pushing: Client) -> None:
    text = WRONG.replace("Net()(torch", "'🔥'; Net()(torch")
    error = next(each for each in await pushing.looks("way.py", text) if each.code == "CL102")
    related = [(each.message, each.location.range.start) for each in error.related_information or ()]
    rows = text.splitlines()
    assert related == [
        ("called here", types.Position(14, len("'🔥'; ") + 1)),
        ("fails here, in Net.forward", types.Position(11, rows[11].index("self.second"))),
    ]
    assert {each.location.uri for each in error.related_information or ()} == {
        (pushing.folder / "way.py").as_uri()
    }
    assert "called here" not in error.message


async def test_an_edit_of_a_few_characters_is_applied_where_it_is(pushing: Client) -> None:
    text = RIGHT.replace("import torch\n", "import torch  # 🔥é\n", 1)
    uri = pushing.open("few.py", text)
    assert "CL102" not in codes(await pushing.pushed_for(uri))
    row, column = 8, text.splitlines()[8].index("64")
    at = types.Range(types.Position(row, column), types.Position(row, column + 2))
    end = types.Position(0, len("import torch  # 🔥é") + 1)
    version = pushing.edit(
        uri,
        types.TextDocumentContentChangePartial(types.Range(end, end), " é"),
        types.TextDocumentContentChangePartial(at, "16"),
    )
    error = next(each for each in await pushing.pushed_for(uri, version) if each.code == "CL102")
    assert "expects 16" in error.message
    pushing.close(uri)


async def test_columns_after_an_emoji_count_utf16_units(pushing: Client) -> None:
    text = WRONG.replace("self.second = nn.Conv2d(32", "_ = '🔥🔥'; self.second = nn.Conv2d(32")
    error = next(each for each in await pushing.looks("emoji.py", text) if each.code == "CL102")
    line = text.splitlines()[8]
    assert error.range.start.character == line.index("32") + 2
    assert error.range.end.character == line.index("32") + 4


async def test_an_idle_suppression_is_unnecessary(pushing: Client) -> None:
    text = RIGHT.replace("64, 3)", "64, 3)  # convlint: ignore[CL301]")
    found = [each for each in await pushing.looks("idle.py", text) if each.code == "CL001"]
    assert [list(each.tags or ()) for each in found] == [[types.DiagnosticTag.Unnecessary]]


async def test_a_closed_document_has_no_diagnostics(pushing: Client) -> None:
    uri = pushing.open("closed.py", WRONG)
    assert codes(await pushing.pushed_for(uri))
    pushing.close(uri)

    assert await pushing.pushed_for(uri, None) == []


async def test_a_text_mid_edit_says_so_and_keeps_what_was_found(pushing: Client) -> None:
    uri = pushing.open("middle.py", WRONG)
    await pushing.pushed_for(uri)
    version = pushing.edit(uri, WRONG.replace("import torch\n", "import torch\nimport (\n", 1))
    found = await pushing.pushed_for(uri, version)
    assert [each.range.start.line for each in found if each.code == "CL002"] == [1]
    assert [each.range.start.line for each in found if each.code == "CL102"] == [9]
    pushing.close(uri)


async def test_a_file_that_libcst_cannot_parse(pushing: Client) -> None:
    deep = "import torch\nx = " + "(" * 3000 + ")" * 3000 + "\n"
    assert codes(await pushing.looks("deep.py", deep)) == ["CL002"]
    assert codes(await pushing.looks("null.py", "import torch\nx = $\n")) == ["CL002"]


async def test_what_imports_an_edited_document_is_looked_at_again(pushing: Client) -> None:
    part = "from torch import nn\n\nWIDTH = 64\n\n\ndef head():\n    return nn.Conv2d(WIDTH, 8, 1)\n"
    whole = WRONG.replace("from torch import nn\n", "from torch import nn\nfrom part import WIDTH\n")
    whole = whole.replace("Conv2d(32", "Conv2d(WIDTH")
    inner = pushing.open("part.py", part, save=True)
    await pushing.pushed_for(inner)
    outer = pushing.open("whole.py", whole)
    assert "CL102" not in codes(await pushing.pushed_for(outer))
    pushing.edit(inner, part.replace("64", "16"))
    assert "CL102" in codes(await pushing.pushed_for(outer, 1))
    pushing.close(outer)
    pushing.close(inner)


async def test_a_changed_configuration_counts_at_once(pushing: Client) -> None:
    uri = pushing.open("configured.py", WRONG)
    assert "CL102" in codes(await pushing.pushed_for(uri))
    file = pushing.folder / "convlint.toml"

    def changed(kind: types.FileChangeType) -> None:
        event = types.FileEvent(file.as_uri(), kind)
        pushing.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))

    file.write_text('ignore = ["CL102"]\n')
    changed(types.FileChangeType.Created)
    assert "CL102" not in codes(await pushing.pushed_for(uri))
    file.write_text("ignore = [102]\n")
    changed(types.FileChangeType.Changed)
    assert "CL102" in codes(await pushing.pushed_for(uri))
    assert [each for each in pushing.messages if "convlint.toml:1" in each.message], pushing.messages
    file.unlink()
    changed(types.FileChangeType.Deleted)
    await pushing.pushed_for(uri)
    pushing.workspace_did_change_configuration(
        types.DidChangeConfigurationParams({"convlint": {"ignore": ["CL102"], "debounce": 0}})
    )
    assert "CL102" not in codes(await pushing.pushed_for(uri))
    pushing.workspace_did_change_configuration(types.DidChangeConfigurationParams({"debounce": 0}))
    assert "CL102" in codes(await pushing.pushed_for(uri))
    pushing.close(uri)


async def test_nothing_of_the_workspace_is_imported(pushing: Client) -> None:
    mark = pushing.folder / "ran"
    for name in ("libcst.py", "convlint_rules.py", "torch.py", "trap.py"):
        (pushing.folder / name).write_text(f"open({str(mark)!r}, 'w')\n")
    await pushing.looks(
        "trapped.py", "import trap\nimport torch\nfrom torch import nn\n\nnn.Conv2d(3, 8, 3)\n"
    )
    for name in ("libcst.py", "convlint_rules.py", "torch.py", "trap.py"):
        (pushing.folder / name).unlink()
    assert not mark.exists()


async def test_a_workspace_that_is_not_trusted_names_no_environment_and_no_plugin(pushing: Client) -> None:
    packages = pushing.folder / "env" / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    (packages.parents[2] / "pyvenv.cfg").write_text("home = /usr\n")
    (packages / "installed_part.py").write_text("WIDTH = 32\n")
    text = WRONG.replace("import torch\n", "import torch\nfrom installed_part import WIDTH\n", 1)
    text = text.replace("Conv2d(32", "Conv2d(WIDTH")
    file = pushing.folder / "convlint.toml"
    file.write_text('python = "env"\n')
    uri = pushing.open("environment.py", text)
    await pushing.pushed_for(uri)

    async def set_to(**section: object) -> list[str]:
        pushing.workspace_did_change_configuration(
            types.DidChangeConfigurationParams({"convlint": {"debounce": 0, **section}})
        )
        return codes(await pushing.pushed_for(uri))

    assert "CL102" in await set_to(trusted=True)
    assert "CL102" not in await set_to(trusted=False)
    assert "CL102" not in await set_to(), "a section that does not speak of trust gives none"
    file.write_text('plugins = ["nowhere"]\n')
    pushing.messages.clear()
    await set_to(trusted=False)
    assert pushing.messages == []
    await set_to(trusted=True)
    assert [each for each in pushing.messages if "nowhere" in each.message], pushing.messages
    file.unlink()
    assert "CL102" not in await set_to(trusted=True)
    pushing.close(uri)
