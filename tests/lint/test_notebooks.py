"""Notebooks through the engine and the command: places by cell, comments, trouble, edits, relevance."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from convlint.cli import main
from convlint.config import Settings
from convlint.lint.cells import with_edits
from convlint.lint.engine import Checked, check_paths, check_source

FIXTURES = Path(__file__).parents[2] / "fixtures" / "notebooks"
BAD = "import torch\ntorch.nn.Linear(9, 4)(torch.zeros(2, 8))"


def notebook(*sources: str | list[str]) -> str:
    cells = [{"cell_type": "code", "source": source, "outputs": []} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}, indent=1)


def places(checked: Checked) -> list[tuple[int | None, int, int, str]]:
    return [(f.cell, f.location.row, f.location.column, f.code) for f in checked.findings]


def check(*sources: str | list[str]) -> list[tuple[int | None, int, int, str]]:
    return places(check_source(notebook(*sources), "a.ipynb", Settings(extend_select=("CL002",))))


def test_places_count_in_cells() -> None:
    assert check("x = 1", BAD) == [(2, 2, 17, "CL101")]
    assert check("x = 1", "    " + BAD.replace("\n", "\n    ")) == [(2, 2, 21, "CL101")]


@pytest.mark.parametrize(
    "unknown", ["%unheard_of", "%run other.ipynb", "exec(code)", "%store -r", "(", "%%R"]
)
def test_what_other_code_may_have_bound_is_unknown(unknown: str) -> None:
    layer = "import torch\nwidth = 9\nlayer = torch.nn.Linear(9, 4)"
    assert check(layer, "torch.nn.Linear(width, 4)(torch.zeros(2, 8))") == [(2, 1, 17, "CL101")]
    found = check(layer, unknown, "torch.nn.Linear(width, 4)(torch.zeros(2, 8))\nlayer(torch.zeros(2, 8))")
    assert [each for each in found if each[0] != 2] == []


def test_names_of_the_shell_end_nothing() -> None:
    assert check("import torch", "display(_, Out[3])\nget_ipython().x()", BAD) == [(3, 2, 17, "CL101")]


def test_statements_across_cells_are_broken_cells() -> None:
    assert check("import torch\nx = (1,", "2)", BAD) == [
        (1, 2, 5, "CL002"),
        (2, 1, 2, "CL002"),
        (3, 2, 17, "CL101"),
    ]


def test_a_comment_silences_its_cell_and_a_file_comment_the_notebook() -> None:
    assert check(BAD + "  # convlint: ignore[CL101]", BAD) == [(2, 2, 17, "CL101")]
    assert check(BAD, "# convlint: file-ignore[CL101]") == []


def test_broken_json_is_one_finding_if_it_speaks_of_a_framework() -> None:
    settings = Settings(extend_select=("CL002",))
    found = check_source(notebook(BAD)[:-3], "a.ipynb", settings).findings
    assert [(f.code, f.cell) for f in found] == [("CL002", None)]
    assert "not valid JSON" in found[0].message
    assert not check_source('{"cells": [', "a.ipynb", settings).findings


def test_a_fix_is_written_back_into_its_cell(tmp_path: Path) -> None:
    text = notebook("x = 1", ["y = 2\n", "# convlint: ignore[CL101]\n", "z = 'é'"]) + "\n"
    text = text.replace("x = 1", "x = 1  # convlint: ignore[CL101]")
    found = check_source(text, "a.ipynb", Settings()).findings
    assert [f.cell for f in found] == [1, 2]
    edits = [edit for f in found if f.fix is not None for edit in f.fix.edits]
    assert [edit.cell for edit in edits] == [1, 2]
    fixed = with_edits(text, edits)
    assert json.loads(fixed)["cells"][0]["source"] == "x = 1"
    assert json.loads(fixed)["cells"][1]["source"] == ["y = 2\n", "z = 'é'"]
    assert not check_source(fixed, "a.ipynb", Settings()).findings


def test_the_last_line_of_a_cell_is_removed_within_the_cell() -> None:
    text = notebook(["y = 2\n", "# convlint: ignore[CL101]"], "z = 3")
    (found,) = check_source(text, "a.ipynb", Settings()).findings
    assert found.fix is not None
    assert with_edits(text, found.fix.edits) == notebook(["y = 2"], "z = 3")


def test_a_project_module_makes_a_notebook_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "layers.py").write_text("import torch\nLinear, zeros = torch.nn.Linear, torch.zeros\n")
    (tmp_path / "a.ipynb").write_text(notebook("from layers import *", "Linear(9, 4)(zeros(2, 8))"))
    (tmp_path / "b.ipynb").write_text(notebook("%run layers.py", "Linear(9, 4)(zeros(2, 8))"))
    assert places(check_paths([Path(".")], Settings())) == [(2, 1, 8, "CL101")] * 2


def test_the_command_shows_cells(capsys: pytest.CaptureFixture[str]) -> None:
    path = FIXTURES / "classifier.ipynb"
    assert main(["--isolated", "--output-format", "concise", str(path)]) == 1
    assert f"{path}:cell 4:6:32: CL102 error: " in capsys.readouterr().out
    assert main(["--isolated", "--output-format", "json", str(path)]) == 1
    first = json.loads(capsys.readouterr().out)[0]
    assert (first["cell"], first["location"]) == (4, {"row": 6, "column": 32})
    assert main(["--isolated", str(path)]) == 1
    assert "6 |         self.conv2 = nn.Conv2d(8, 16, 5" in capsys.readouterr().out


def test_the_command_fixes_the_sources_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = notebook(
        ["x = 1\n", "y = 2  # convlint: ignore[CL101]"], BAD + "  # convlint: ignore[CL101, CL301]"
    )
    Path("a.ipynb").write_text(text)
    assert main(["--isolated", "--no-cache", "--fix", "-q", "a.ipynb"]) in (0, 1)
    wanted = text.replace('y = 2  # convlint: ignore[CL101]"', 'y = 2"').replace("[CL101, CL301]", "[CL101]")
    assert Path("a.ipynb").read_text() == wanted


def test_the_command_adds_comments_in_cells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = notebook("import torch", ["torch.nn.Linear(9, 4)(torch.zeros(2, 8))\n", "y = 'é'"])
    Path("a.ipynb").write_text(text)
    main(["--isolated", "--no-cache", "--add-ignore", "-q", "a.ipynb"])
    wanted = text.replace("(2, 8))\\n", "(2, 8))  # convlint: ignore[CL101]\\n")
    assert Path("a.ipynb").read_text() == wanted
    assert main(["--isolated", "-q", "a.ipynb"]) == 0


def test_the_cache_and_processes_change_nothing(tmp_path: Path) -> None:
    settings = Settings(extend_select=("CL002",))
    plain = check_paths([FIXTURES], settings).findings
    for _ in range(2):
        checked = check_paths([FIXTURES], settings, jobs=2, cache=tmp_path)
        assert checked.findings == plain
