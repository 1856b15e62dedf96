"""Layers as the code builds them: their arguments, and where those were written.

Law: a place to point at lies in a linted file; an argument counts as written there, through however many
constructors it came.
"""

from __future__ import annotations

import ast

from msgspec import field

from convlint.lint import edits as edits_of
from convlint.lint.finding import Applicability, Fix, Note
from convlint.lint.gathering.peers import Peers
from convlint.lint.gathering.windows import axes, family, is_dense, is_keras
from convlint.lint.subjects.base import Place, Subject
from convlint.trace import Instance, argument_node, call_in, span_of, written_at


class BuiltLayer(Subject, frozen=True, kw_only=True):
    """What a layer was built with; `name` is its dotted name in the model, or empty."""

    instance: Instance
    name: str = ""
    peers: Peers = field(default_factory=Peers)

    @property
    def type(self) -> str:
        """The class: `Conv2d`, or the program's own subclass."""
        return self.instance.cls.name

    @property
    def lineage(self) -> frozenset[str]:
        return self.instance.cls.lineage

    @property
    def shown(self) -> str:
        """The layer in a sentence: its name, else its type."""
        return f"`{self.name}`" if self.name else f"this {self.type}"

    def derives(self, *qualnames: str) -> bool:
        """Whether the layer is, or inherits from, one of those named: `torch.nn.Linear`."""
        return not self.lineage.isdisjoint(qualnames)

    @property
    def keras(self) -> bool:
        """Whether it is a layer of Keras: its arguments have Keras' names, its channels stand last."""
        return is_keras(self.instance)

    @property
    def dense(self) -> bool:
        """Whether it is a `Linear` or `Dense`."""
        return is_dense(self.instance)

    def argument(self, name: str) -> object:
        """What the constructor was given for a parameter, or its default; None for any other name."""
        return (self.instance.arguments or {}).get(name)

    def number(self, name: str) -> int | None:
        """An argument that is a known integer."""
        value = self.argument(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    @property
    def has_bias(self) -> bool:
        """Whether the layer was built with a bias."""
        return self.argument("use_bias" if self.keras else "bias") is True

    @property
    def groups(self) -> int | None:
        """The groups of a convolution; None where they are not known."""
        return self.number("groups") if self.argument("groups") is not None else 1

    @property
    def window(self) -> tuple[int, ...]:
        """The kernel's extents; empty for a layer without a window, and where they are not known."""
        kind = family(self.instance)
        found = [] if kind is None else axes(self.instance, kind)
        return tuple(axis.kernel for axis in found)

    def positional(self, name: str) -> str:
        """The expression that the layer's constructor call passes by position for a parameter; empty where
        it passes none so.
        """
        site = self.instance.site
        if site is None or not isinstance(site.node, ast.Call):
            return ""
        given, parameters = site.node.args, site.parameters or ()
        if name not in parameters[: len(given)] or any(isinstance(each, ast.Starred) for each in given):
            return ""
        return ast.unparse(given[parameters.index(name)])

    def literal(self, *names: str) -> bool:
        """Whether the layer's own constructor call, in a linted file, gives each argument as a literal or not
        at all.
        """
        site = self.instance.site
        if site is None or not self.sources.accepts(site.filename) or not isinstance(site.node, ast.Call):
            return False
        if any(isinstance(each, ast.Starred) for each in site.node.args):
            return False
        if any(keyword.arg is None for keyword in site.node.keywords):
            return False
        nodes = (argument_node(site, name) for name in names)
        return all(node is None or edits_of.is_literal(node) for node in nodes)

    def alike(self, *names: str) -> bool:
        """Whether every layer that the same call builds was given the same for each of the arguments."""
        own = [self.argument(name) for name in names]
        others = (peer.layer.arguments or {} for peer in self.peers.of(self.instance))
        return all([other.get(name) for name in names] == own for other in others)

    def at(self, *arguments: str, notes: tuple[Note, ...] = ()) -> Place:
        """The first of the arguments that was written, through any number of constructors; else the call."""
        site = self.instance.site
        assert site is not None
        written = (written_at(site, argument, self.sources.accepts) for argument in arguments)
        span = next((found for found in written if found is not None), None)
        span = span or call_in(site, self.sources.accepts)
        assert span is not None, "a layer is a subject only where a linted file builds it"
        return self.pointing(span, notes)

    def passed(self, name: str) -> Place:
        """The argument as the layer's own constructor call passes it; the call where it passes none here."""
        site = self.instance.site
        node = None if site is None else argument_node(site, name)
        if site is None or node is None or not self.sources.accepts(site.filename):
            return self.at()
        return self.pointing(span_of(node, site.filename))

    def apart_from(self, other: BuiltLayer) -> Place:
        """The call that builds this layer and not the other: the constructor, or the helper that is called
        once for each.
        """
        site = self.instance.site
        assert site is not None
        theirs = {id(each.node) for each in other.instance.site.chain()} if other.instance.site else set()
        own = (each for each in site.chain() if id(each.node) not in theirs)
        span = next((each.span for each in own if self.sources.accepts(each.filename)), None)
        return self.at() if span is None else self.pointing(span)

    def giving(self, applicability: Applicability, **arguments: str) -> Fix | None:
        """A fix that gives arguments of the constructor other values, each written as source; None where the
        source shows no place for one of them.
        """
        site = self.instance.site
        if site is None or "_old_words" in self.instance.attrs:  # written for Keras 1: other names
            return None
        edits = [edits_of.argument(self.sources, site, name, text) for name, text in arguments.items()]
        message = ", ".join(f"{name}={text}" for name, text in arguments.items())
        known = tuple(edit for edit in edits if edit is not None)
        return Fix(applicability, message, known) if len(known) == len(edits) else None
