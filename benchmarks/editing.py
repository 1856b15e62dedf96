"""From an edit to its diagnostics, as an editor waits for them, against LibCST's parsing of the same text.

Wall time, for that is what a person waits; both are taken in turn, so that other work slows both.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import libcst
from lsprotocol import types
from pygls.lsp.client import LanguageClient

_STAGE = '''
class Stage{i}(nn.Module):
    """Two convolutions with a shortcut, {a} to {b} channels."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.first = nn.Conv2d({a}, {b}, 3, padding=1, bias=False)
        self.first_norm = nn.BatchNorm2d({b})
        self.second = nn.Conv2d({b}, {b}, 3, padding=1, bias=False)
        self.second_norm = nn.BatchNorm2d({b})
        self.shortcut = nn.Conv2d({a}, {b}, 1)
        self.dropout = nn.Dropout2d(dropout)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = torch.relu(self.first_norm(self.first(x)))
        y = self.second_norm(self.second(self.dropout(y)))
        return torch.relu(y + self.shortcut(x))

'''
_NET = '''
class Net(nn.Module):
    """A classifier of {stages} stages."""

    def __init__(self, classes: int = 10) -> None:
        super().__init__()
{built}
        self.pool = nn.MaxPool2d(2)
        self.head = nn.Linear({last}, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
{called}
        return self.head(x.mean((2, 3)))


net = Net()
net(torch.randn(1, 3, 64, 64))
'''
EDIT = "# edit "


@dataclass(frozen=True, slots=True)
class Waited:
    """Seconds of each edit, and of parsing the same text."""

    name: str
    lines: int
    edits: tuple[float, ...]
    parses: tuple[float, ...]

    def row(self) -> str:
        """A row of the table: medians and 95th percentiles in milliseconds, and their ratio."""
        ours, theirs = _p95(self.edits), _p95(self.parses)
        return (
            f"| {self.name}, {self.lines} lines | {1000 * median(self.edits):.0f} | {1000 * ours:.0f} "
            f"| {1000 * median(self.parses):.0f} | {1000 * theirs:.0f} "
            f"| {median(self.edits) / median(self.parses):.1f} | {ours / theirs:.1f} |"
        )


def _p95(values: tuple[float, ...]) -> float:
    return quantiles(values, n=20, method="inclusive")[-1]


def model(stages: int = 13) -> str:
    """A model of about 300 lines, every stage a class of its own."""
    widths = [3, *(8 * (1 + i // 2) for i in range(stages))]
    body = "".join(_STAGE.format(i=i, a=widths[i], b=widths[i + 1]) for i in range(stages))
    built = "\n".join(f"        self.stage{i} = Stage{i}()" for i in range(stages))
    called = "\n".join(
        f"        x = self.stage{i}(x)" + ("\n        x = self.pool(x)" if i % 4 == 3 else "")
        for i in range(stages)
    )
    net = _NET.format(stages=stages, built=built, called=called, last=widths[-1])
    return f"import torch\nfrom torch import nn\n\n{body}{net}"


def importing(library: Path) -> str:
    """torchvision's GoogLeNet as a file of one's own, which imports the rest of torchvision."""
    text = (library / "torchvision" / "models" / "googlenet.py").read_text(encoding="utf-8")
    return text.replace("from ..", "from torchvision.").replace("from ._", "from torchvision.models._")


def waited(library: Path, edits: int = 60) -> Iterator[Waited]:
    """Edits of a model, and of one that imports torchvision."""
    for name, text in (("a model", model()), ("one that imports torchvision", importing(library))):
        yield asyncio.run(_wait(name, text, library, edits))


async def _wait(name: str, text: str, library: Path, edits: int) -> Waited:
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as room:
        client, pushed = await _connect(Path(room), library)
        uri = (Path(room) / "net.py").as_uri()
        item = types.TextDocumentItem(uri, "python", 0, text)
        client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        await pushed.get()
        for version in range(1, edits + 1):
            edited = f"{text}{EDIT}{version}\n"
            started = perf_counter()
            document = types.VersionedTextDocumentIdentifier(version, uri)
            change = types.TextDocumentContentChangeWholeDocument(edited)
            client.text_document_did_change(types.DidChangeTextDocumentParams(document, [change]))
            while (await pushed.get()) != version:
                pass
            ours.append(perf_counter() - started)
            started = perf_counter()
            libcst.parse_module(edited)
            theirs.append(perf_counter() - started)
        await client.shutdown_async(None)
        client.exit(None)
        await client.stop()
    return Waited(name, text.count("\n"), tuple(ours[5:]), tuple(theirs[5:]))


async def _connect(folder: Path, library: Path) -> tuple[LanguageClient, asyncio.Queue[int | None]]:
    """A client of a fresh server without a pause after edits, and the versions that it is told of."""
    client, pushed = LanguageClient("benchmark", "1"), asyncio.Queue[int | None]()

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def _(params: types.PublishDiagnosticsParams) -> None:
        pushed.put_nowait(params.version)

    await client.start_io(sys.executable, "-m", "convlint", "server", env=dict(os.environ))
    await client.initialize_async(
        types.InitializeParams(
            types.ClientCapabilities(),
            workspace_folders=[types.WorkspaceFolder(folder.as_uri(), "room")],
            initialization_options={"debounce": 0, "searchPath": [str(library)]},
        )
    )
    client.initialized(types.InitializedParams())
    return client, pushed
