"""Where libraries declare what their names mean, and the interpreter looks them up.

A declaration is a decorator with the qualified name and the signature as text. `torch.Tensor.view` and
its like
are methods: `function(..., method=True)` registers a function and the tensor method of the same body.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from importlib import import_module

from convlint.libs.op import Op
from convlint.libs.protocol import Language, ModelProtocol, TensorProtocol
from convlint.libs.signature import BindError, Signature
from convlint.values import Caller, Class, Instance, Native, NotModelled, Tensor, Unknown, Value

Body = Callable[[Op], Value]

_entries: dict[str, Value] = {}
_aliases: dict[str, str] = {}
_signatures: dict[str, Signature] = {}
_hosts: dict[type, Class] = {}
_protocols: dict[str, TensorProtocol] = {}
class_hooks: dict[str, Callable[[Caller, Class], Value]] = {}
"""What runs when a class that inherits from the named one is finished; it may give a replacement, or None."""
_shared: dict[int, Instance] = {}
_models: list[ModelProtocol] = []
_synonyms: dict[str, dict[str, str]] = {}
_loaded: set[str] = set()
_packages: dict[str, str] = {}
_parts: dict[str, dict[str, str]] = {}
_loading: list[str] = []
_sourced: list[str] = []
_known: dict[str, Value] = {}
"""What was looked up before, when nothing was being declared."""
_absent: dict[str, tuple[int, int, int]] = {}
"""What was looked up in vain, and how much was declared then."""
_MOST_ABSENT = 10_000
_free: set[str] = set()
"""Python modules that declare operations without multiply-accumulates."""


# -- looking up ----------------------------------------------------------------------------------------------


def provides(module: str, package: str) -> None:
    """Declare that top-level module `module` is described by the Python package `package` (imported at
    need).
    """
    _packages[module] = package


def provides_part(path: str, package: str) -> None:
    """Declare that what stands below the dotted `path` of a described module is declared by a Python module
    of its own, imported when a name there is asked for.
    """
    _parts.setdefault(path.partition(".")[0], {})[path] = package
    _entries.setdefault(f"{path}.__name__", path)


def sourced(path: str) -> None:
    """Declare that what stands at and below a dotted path of a library is evaluated from its own source."""
    _sourced.append(path)


def is_sourced(name: str) -> bool:
    """Whether the name belongs to a part of a library that is evaluated from source."""
    return any(name == path or name.startswith(path + ".") for path in _sourced)


def is_package(name: str) -> bool:
    """Whether the dotted name lies in a package of which something is described; loads nothing."""
    return name.partition(".")[0] in _packages


def is_library(name: str) -> bool:
    """Whether the dotted name belongs to a described library."""
    top = name.partition(".")[0]
    if top not in _packages:
        return False
    lookup(top)
    return not is_sourced(name)


def canonical(name: str) -> str:
    """A name with the aliases of its packages resolved."""
    for _ in range(8):
        head = name
        while head and head not in _aliases:
            head = head.rpartition(".")[0]
        if not head or is_sourced(name):
            break
        name = _aliases[head] + name[len(head) :]
    return name


def declare_entry(name: str, value: Value) -> None:
    """Declare what a qualified name means."""
    _entries[name] = value


def declare_signature(name: str, found: Signature) -> None:
    """Declare the signature of a layer's constructor."""
    _signatures[name] = found


def lookup(name: str) -> Value | None:
    """What a qualified name means; None where the library does not describe it."""
    found = _known.get(name)
    if found is not None:
        return found
    if _absent.get(name) == _declared():
        return None
    top = name.partition(".")[0]
    package = _packages.get(top)
    if package is not None:
        _load(package)
    for path, part in _parts.get(top, {}).items():
        if name.startswith(path):
            _load(part)
    found = _find(name, 0)
    if found is not None and not _loading:
        _known[name] = found
    if found is None:
        if len(_absent) >= _MOST_ABSENT:
            _absent.clear()
        _absent[name] = _declared()
    return found


def _declared() -> tuple[int, int, int]:
    """How much is declared: nothing is taken back, so equal counts mean the same declarations."""
    return len(_entries), len(_aliases), len(_packages)


def _load(package: str) -> None:
    if package in _loaded:
        return
    _loaded.add(package)
    _loading.append(package)
    try:
        import_module(package)
    finally:
        _loading.pop()


def _find(name: str, depth: int) -> Value | None:
    found = _entries.get(name)
    if found is not None or depth > 8:
        return found
    head = name
    while head:
        target = _aliases.get(head)
        if target is not None:
            return _find(target + name[len(head) :], depth + 1)
        head = head.rpartition(".")[0]
    return None


def is_module(name: str) -> bool:
    """Whether something is declared below the dotted name."""
    lookup(name)
    modules = _modules_of(len(_entries), len(_aliases))
    return name in modules or canonical(name) in modules


@lru_cache(maxsize=1)
def _modules_of(entries: int, aliases: int) -> frozenset[str]:
    """Every dotted name that has something below it; the counts tell when to look again."""
    found: set[str] = set()
    for entry in (*_entries, *_aliases):
        while (entry := entry.rpartition(".")[0]) and entry not in found:
            found.add(entry)
    return frozenset(found)


def signature(name: str) -> Signature | None:
    """The declared signature of a function or layer."""
    return _signatures.get(name)


def names(prefix: str) -> list[str]:
    """All declared names below a prefix, other names of entries among them, sorted."""
    lookup(prefix)
    other = canonical(prefix.removesuffix(".")) + "."
    found = {name for name in (*_entries, *_aliases) if name.startswith(prefix)}
    if other != prefix:
        below = (name for name in (*_entries, *_aliases) if name.startswith(other))
        found |= {prefix + name[len(other) :] for name in below}
    return sorted(found)


def host_class(host: type) -> Class | None:
    """The class that stands for a Python type whose instances are host data."""
    return _hosts.get(host)


def protocol_of(kind: str) -> TensorProtocol:
    """How tensors of this kind behave; loads the library that describes them. Raises KeyError where none
    does.
    """
    if kind not in _protocols:
        lookup(kind)
    return _protocols[kind]


@cache
def language() -> Language:
    """How host data and symbolic integers behave."""
    from convlint.libs.python.language import LANGUAGE

    return LANGUAGE


# -- declaring -----------------------------------------------------------------------------------------------


def constant(name: str, value: Value) -> Value:
    """Declare a value that every program shares: what cannot be followed does not change it."""
    _entries[name] = value
    return shared(value)


def shared(value: Value) -> Value:
    """Declare that no program changes an object of the library."""
    if isinstance(value, Instance):
        _shared[id(value)] = value
    return value


def is_shared(value: Instance) -> bool:
    """Whether the object belongs to a library and is the same for every program."""
    return id(value) in _shared


def alias(name: str, target: str) -> None:
    """Everything at and below `name` is found at `target`."""
    _aliases[name] = target


def native(name: str, text: str, body: Body) -> Native:
    """A native function that binds by signature; a form that is not modelled gives Unknown."""
    parameters = _signatures[name] = Signature(text)

    owner, _, short = name.rpartition(".")
    synonymous = _synonyms.setdefault(owner, {})
    of_tensor = owner == "torch.Tensor"  # compiled: its words do not count the receiver, nor name the class
    holder = owner.rpartition(".")[2]
    shown = f"{holder}.{short}" if holder[:1].isupper() and not of_tensor else short

    def run(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
        try:
            own = _own_names(kwargs, parameters, synonymous) if kwargs and synonymous else kwargs
            bound, given = parameters.bind(args, own, -of_tensor)
        except BindError as error:
            if any(isinstance(v, Unknown) for v in kwargs.values()):
                return caller.unknown(f"the arguments of {name} are not known")
            raise caller.error("TypeError", f"{shown}() {error}") from None
        site = caller.site
        if site is not None and site.parameters is None:
            site.parameters = parameters.positional[1:] if of_tensor else parameters.positional
        try:
            return body(Op(caller, name, bound, given))
        except NotModelled as why:
            return gap(caller, body, why)

    return Native(name, run)


def gap(caller: Caller, body: Body, why: NotModelled) -> Unknown:
    """What stands for the result of an operation that is not modelled."""
    return caller.lost(why.reason) if may_multiply(body) else caller.unknown(why.reason)


def without_products(*modules: str) -> None:
    """Declare that nothing in these Python modules multiplies and accumulates, nor calls what might: where a
    form of such an operation is not modelled, the total of multiply-accumulates stays known.
    """
    _free.update(modules)


def may_multiply(body: Body) -> bool:
    """Whether an operation may do multiply-accumulates: each may of which the contrary is not declared."""
    return body.__module__ not in _free


def synonyms(*prefixes: str, **names: str) -> None:
    """Declare other names that functions directly below the prefixes take for a parameter: `axis="dim"`."""
    for prefix in prefixes:
        _synonyms.setdefault(prefix, {}).update(names)


def _own_names(kwargs: dict[str, Value], parameters: Signature, names: dict[str, str]) -> dict[str, Value]:
    if names.keys().isdisjoint(kwargs):
        return kwargs
    own = {p.name for p in parameters.parameters}
    return {names[k] if k in names and k not in own and names[k] in own else k: v for k, v in kwargs.items()}


def function(*names: str, signature: str, method: bool | str = False) -> Callable[[Body], Body]:
    """Declare a function under one or more qualified names.

    `method=True` also makes it the `torch.Tensor` method of the last component of the first name; a string
    names other methods (comma-separated).
    """

    def declare(body: Body) -> Body:
        for name in names:
            _entries[name] = native(name, signature, body)
        if method:
            short = names[0].rpartition(".")[2]
            for each in [short] if method is True else method.split(","):
                name = f"torch.Tensor.{each.strip()}"
                _entries[name] = native(name, signature, body)
        return body

    return declare


def method(cls: str, name: str, signature: str) -> Callable[[Body], Body]:
    """Declare a method of a library class: the receiver is the first parameter, and `op.self` for
    instances.
    """

    def declare(body: Body) -> Body:
        def with_receiver(op: Op) -> Value:
            receiver = next(iter(op.args.values()))
            if receiver.__class__ is Instance:
                op.self = receiver
            elif objects and not of_class and not (isinstance(receiver, Tensor) and receiver.kind == cls):
                raise NotModelled(f"{cls}.{name} of an object that is not known")
            return body(op)

        with_receiver.__module__ = body.__module__
        of_class = signature.partition(",")[0].strip() == "cls"
        function_ = native(f"{cls}.{name}", signature, with_receiver)
        owner = _entries.get(cls)
        objects = isinstance(owner, Class) and owner.host is None
        if isinstance(owner, Class):
            function_.owner = owner
            owner.namespace[name] = function_
        _entries[f"{cls}.{name}"] = function_
        return body

    return declare


Run = Callable[[Caller, tuple[Value, ...], dict[str, Value]], Value]


def own_binding(cls: str, name: str) -> Callable[[Run], Run]:
    """Declare a method that takes its arguments as they come, receiver first: for the few that every
    construction and call of a layer goes through.
    """

    def declare(run: Run) -> Run:
        def modelled(caller: Caller, args: tuple[Value, ...], kwargs: dict[str, Value]) -> Value:
            try:
                return run(caller, args, kwargs)
            except NotModelled as why:
                return caller.lost(why.reason)

        owner = _entries[cls]
        assert isinstance(owner, Class)
        function_ = Native(f"{cls}.{name}", modelled, owner=owner)
        owner.namespace[name] = _entries[function_.name] = function_
        return run

    return declare


def klass(name: str, *bases: str, host: type | None = None, **namespace: Value) -> Class:
    """Declare a class of a library (bases by qualified name, declared before)."""
    found = [lookup(base) for base in bases]
    parents = tuple(base for base in found if isinstance(base, Class))
    assert len(parents) == len(bases), f"{name}: undeclared base among {bases}"
    cls = Class(name, parents, dict(namespace), host=host)
    _entries[name] = cls
    if host is not None:
        _hosts.setdefault(host, cls)
    return cls


def model_protocol(protocol: ModelProtocol) -> None:
    """Declare what a framework's models are."""
    _models.append(protocol)


def protocol_of_model(value: Value) -> ModelProtocol | None:
    """The framework that the value is a model of, None where it is none."""
    for protocol in _models:
        if protocol.is_model(value):
            return protocol
    return None


def represents(host: type, cls: Class) -> None:
    """Declare that host values of this type are instances of the class too."""
    _hosts[host] = cls


def tensor_protocol(kind: str, protocol: TensorProtocol) -> None:
    """Declare how tensors of this kind answer properties, operators and subscripts."""
    _protocols[kind] = protocol


def place(caller: Caller, signature: Signature, method: bool) -> None:
    """Tell the call's site which parameters its arguments are."""
    site = caller.site
    if site is not None and site.parameters is None:
        site.parameters = signature.positional[1:] if method else signature.positional


def super_of(cls: Class, receiver: Instance) -> Value:
    """`super(cls, receiver)`."""
    from convlint.values import Super

    return Super(cls, receiver)
