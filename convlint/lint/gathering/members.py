"""From the modules of a file's runs to the subjects of wiring: what is registered, used, hidden, built late.

Law: what any run of the file uses is used; what something unknown had is not spoken of.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from typing import overload

from msgspec import Struct, field

from convlint.lint.gathering.code import ClassCode, Codes, TreeIndex, Written, stands_in, unconditional
from convlint.lint.gathering.flow import Flow
from convlint.lint.sources import Sources
from convlint.lint.subjects.base import Subject
from convlint.lint.subjects.member import BuiltInCall, Shadowed, Unregistered, Unused
from convlint.model.members import (
    children_of,
    class_codes,
    entry_of,
    may_hold_weights,
    modules_of,
    parameters_in,
    reachable,
    shadowed,
    unregistered,
)
from convlint.model.roots import RootRun
from convlint.model.run import Outcome
from convlint.trace import Built, Instance, Site, Span, span_of

Found = tuple[Subject, object]
Key = tuple[int, str]
_LOSS = re.compile(r"torch\.nn\.\w+Loss(2d)?")
_CONTAINERS = (ast.List, ast.ListComp, ast.Tuple, ast.Dict, ast.DictComp)


class Members(Struct):
    """Collects what the modules of one file hold, run after run."""

    sources: Sources
    index: TreeIndex
    codes: Codes = field(default_factory=Codes)
    used: set[Key] = field(default_factory=set)
    idle: dict[Key, Unused] = field(default_factory=dict)

    def look(self, run: RootRun, outcome: Outcome, flow: Flow) -> Iterator[Found]:
        """The subjects of one path; layers that nothing used come at the end, from `unused`."""
        modules = modules_of(outcome)
        called = {id(call.module) for call in outcome.trace.calls}
        ended = outcome.clean
        for module in modules:
            if module.cls.node is None:
                continue
            if module.tainted is not None:
                self._spare(module)
                continue
            yield from self._unregistered(run, outcome, module, modules)
            yield from self._shadowed(run, module)
            self._children(run, outcome, module, called, flow, ended and id(module) in called)
        yield from self._built(run, outcome, modules)

    def written(self, module: Instance, name: str) -> tuple[Written, ClassCode] | None:
        """The first assignment of an attribute in the code of the module's class, in a linted file."""
        return self._first(self.codes.line_of(module.cls), name)

    def _first(self, codes: Sequence[ClassCode], name: str) -> tuple[Written, ClassCode] | None:
        for code in codes:
            if name in code.written:
                return (code.written[name][0], code) if self.sources.accepts(code.filename) else None
        return None

    # -- containers that register nothing --------------------------------------------------------------------

    def _unregistered(
        self, run: RootRun, outcome: Outcome, module: Instance, modules: Sequence[Instance]
    ) -> Iterator[Found]:
        loose = unregistered(outcome, module)
        registered = {id(c) for each in modules for c in children_of(each).values()} if loose else set()
        for name, held in loose.items():
            lost = [each for each in held if id(each) not in registered and _built_by(each, module)]
            found = self.written(module, name)
            if not lost or found is None:
                continue
            written, code = found
            parameters = [parameters_in(outcome, each) for each in lost]
            value = module.attrs[name]
            span = span_of(written.value, code.filename)
            items = written.value.elts if isinstance(written.value, (ast.List, ast.Tuple)) else []
            single = len(items) == 1 and not isinstance(items[0], ast.Starred)
            subject = Unregistered(
                sources=self.sources,
                root=run.name,
                owner=module.cls.name,
                attribute=name,
                container=type(value).__name__,
                modules=len(lost),
                params=_total(parameters),
                trainable=any(t.trainable is not False for each in parameters for t in each or ()),
                single=single,
                wrapper=_wrapper(value, written.value, module),
                span=span,
            )
            yield subject, span

    # -- names that a method has already ---------------------------------------------------------------------

    def _shadowed(self, run: RootRun, module: Instance) -> Iterator[Found]:
        for name in shadowed(module):
            subject = self.hidden(run, module, name, "", None)
            if subject is not None:
                yield subject, subject.span

    @overload
    def hidden(self, run: RootRun, module: Instance, name: str, words: str, otherwise: Span) -> Shadowed: ...
    @overload
    def hidden(
        self, run: RootRun, module: Instance, name: str, words: str, otherwise: None
    ) -> Shadowed | None: ...
    def hidden(
        self, run: RootRun, module: Instance, name: str, words: str, otherwise: Span | None
    ) -> Shadowed | None:
        """An attribute that a method hides, where it is assigned; else at the other span."""
        found = self.written(module, name)
        span = otherwise if found is None else span_of(found[0].target, found[1].filename)
        if span is None:
            return None
        owner = module.cls.name
        return Shadowed(
            sources=self.sources, root=run.name, owner=owner, attribute=name, words=words, span=span
        )

    # -- layers that nothing uses ----------------------------------------------------------------------------

    def _children(
        self, run: RootRun, outcome: Outcome, module: Instance, called: set[int], flow: Flow, ended: bool
    ) -> None:
        codes = self.codes.line_of(module.cls)
        for name, child in children_of(module).items():
            found = self._first(codes, name)
            key = None if found is None else (id(found[1].node), name)
            if found is None or key is None or key in self.used:
                continue
            read = child.tainted is not None or self._may_be_used(module, codes, name)
            used = id(child) in called or _parameters_used(outcome, child, flow)
            if read or used or not called.isdisjoint(reachable([child])):
                self.used.add(key)
            elif ended and (span := _built_at(child, name, found[1])) is not None:
                if not may_hold_weights(outcome, child) and _stood_in_for(child, outcome):
                    continue
                if any(_LOSS.fullmatch(cls.qualname) for cls in child.cls.mro):
                    continue  # whoever trains the model asks it for its loss
                params = _total([parameters_in(outcome, child)])
                self.idle[key] = Unused(
                    sources=self.sources,
                    root=run.name,
                    owner=module.cls.name,
                    attribute=name,
                    type=child.cls.name,
                    params=params,
                    span=span,
                )

    def _spare(self, module: Instance) -> None:
        """Something unknown had the module: it may have called whatever its class holds."""
        for code in self.codes.line_of(module.cls):
            self.used |= {(id(code.node), name) for name in code.written}

    def _may_be_used(self, module: Instance, codes: Sequence[ClassCode], name: str) -> bool:
        """Whether code that no run went through may read the attribute."""
        if module.cls.unknown_base is not None:
            return True
        if any(code.reflective or name in code.read for code in codes):
            return True
        return name in self.index.read

    def unused(self) -> Iterator[Found]:
        """The layers that no run used."""
        for key, subject in self.idle.items():
            if key not in self.used:
                yield subject, subject.span

    # -- layers built by a call ------------------------------------------------------------------------------

    def _built(self, run: RootRun, outcome: Outcome, modules: list[Instance]) -> Iterator[Found]:
        late = [each for each in outcome.trace.built if each.during is not None]
        if not late:
            return
        called = {id(call.module) for call in outcome.trace.calls if call.parent is not None}
        kept = reachable([each for each in modules if id(each) not in called])
        for built in late:
            found = self._late(run, outcome, built, kept)
            if found is not None:
                yield found, found.span

    def _late(self, run: RootRun, outcome: Outcome, built: Built, kept: set[int]) -> BuiltInCall | None:
        during, site = built.during, built.site
        if during is None or site is None or during.module.cls.node is None:
            return None
        entry = entry_of(during.module)
        direct = _made_directly(site, during.site)
        if entry is None or direct is None or not self.sources.accepts(direct.filename):
            return None
        if not parameters_in(outcome, built.layer):
            return None
        stored = id(built.layer) in kept or _put_under_key(site, during.module)
        constructs = built.site is direct or direct.function.endswith("__init__")
        if stored and not (constructs and unconditional(entry, direct.node)):
            return None
        return BuiltInCall(
            sources=self.sources,
            root=run.name,
            owner=during.module.cls.name,
            entry=entry.name,
            type=built.layer.cls.name,
            stored=stored,
            span=direct.span,
        )


def _built_at(child: Instance, name: str, code: ClassCode) -> Span | None:
    """The assigned value in whose course a layer was built; None where it came from elsewhere."""
    if child.site is None:
        return None
    for written in code.written[name]:
        if stands_in(child.site, written.value, code.filename):
            return span_of(written.value, code.filename)
    return None


def _made_directly(site: Site, call: Site | None) -> Site | None:
    """The call in the code that a module's call runs through which a layer was built."""
    chain = site.chain()
    if call is None:
        return chain[0]
    index = next((i for i, each in enumerate(chain) if each is call), None)
    return None if index is None or index + 1 >= len(chain) else chain[index + 1]


def _put_under_key(site: Site, owner: Instance) -> bool:
    """Whether a layer is kept as an item of an attribute: under a key that is not known, the run lost it."""
    return any(
        stands_in(site, node.value, filename)
        for code, filename in class_codes(owner.cls)
        for node in ast.walk(code)
        if isinstance(node, ast.Assign) and any(map(_is_item_of_attribute, node.targets))
    )


def _is_item_of_attribute(target: ast.expr) -> bool:
    return isinstance(target, ast.Subscript) and isinstance(target.value, ast.Attribute)


def _built_by(module: Instance, owner: Instance) -> bool:
    """Whether a module was built in the course of its owner's construction or methods."""
    if module.site is None:
        return False
    if owner.site is not None and any(each is owner.site for each in module.site.chain()):
        return True
    return any(stands_in(module.site, node, filename) for node, filename in class_codes(owner.cls))


def _stood_in_for(child: Instance, outcome: Outcome) -> bool:
    """Whether the run called another layer of the same class."""
    return any(call.module.cls is child.cls and call.module is not child for call in outcome.trace.calls)


def _parameters_used(outcome: Outcome, child: Instance, flow: Flow) -> bool:
    """Whether an operation read a parameter of the layer, or nobody can know."""
    parameters = parameters_in(outcome, child)
    return parameters is None or any(flow.users(tensor) for tensor in parameters)


def _total(parameters: Sequence[object]) -> int | None:
    total = 0
    for each in parameters:
        if not isinstance(each, list):
            return None
        for tensor in each:
            if not isinstance(tensor.elements, int):
                return None
            total += tensor.elements
    return total


def _wrapper(value: object, written: ast.expr, owner: Instance) -> str:
    """`nn.ModuleList`, in the words of the class's own base; empty where it would not hold the same."""
    node = owner.cls.node
    bases = [] if node is None else [ast.unparse(base) for base in node.bases]
    prefix = next((base.removesuffix("Module") for base in bases if base.endswith(".Module")), "")
    if not prefix or not isinstance(written, _CONTAINERS):
        return ""
    items = list(value.values()) if isinstance(value, dict) else value
    if not isinstance(items, (list, tuple)) or not all(isinstance(each, Instance) for each in items):
        return ""
    if not isinstance(value, dict):
        return f"{prefix}ModuleList"
    named = all(isinstance(key, str) and "." not in key and owner.cls.find(key) is None for key in value)
    return f"{prefix}ModuleDict" if named else ""
