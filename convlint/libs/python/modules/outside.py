"""Modules that reach outside the program: processes, networks, files, clocks. They are never touched.

Nothing is declared for most of them, so their names are unknown; functions that people hand their own
objects to are declared, so that those objects stay known.
"""

from __future__ import annotations

from convlint.libs import registry
from convlint.libs.python.declare import constants, function, method, no_operations, outside
from convlint.values import Caller, Instance, Namespace, NotModelled, Value

REASON = "what lies outside the program is not known"
no_operations("pickle", "dump")
outside("pickle", "dumps load loads", REASON)
no_operations("pprint", "pprint pp")
no_operations("gc", "collect enable disable freeze")
no_operations("atexit", "register unregister")
no_operations("traceback", "print_exc print_stack print_exception")
outside("traceback", "format_exc format_stack", REASON)
outside("subprocess", "run call check_call check_output Popen getoutput", REASON)
outside("importlib.metadata", "version metadata distribution entry_points", REASON)
outside("importlib.util", "find_spec spec_from_file_location module_from_spec", REASON)


@function("importlib.reload", absorbs=False)
def _reload(caller: Caller, module: Value) -> Value:
    """The code of a module once more, on the same names; a library's is as it was."""
    if not isinstance(module, Namespace):
        raise NotModelled("which module is imported again is not known")
    if not module.library:
        caller.reload_module(module)
    return module


@function("importlib.import_module")
def _import_module(caller: Caller, name: Value, package: Value = None) -> Value:
    """A module named by a text, relative to a package where dots lead it: read, as any import is."""
    if not isinstance(name, str):
        raise NotModelled("the name of a module that is imported is not known")
    ups = len(name) - len(name.lstrip("."))
    if not ups:
        return caller.import_module(name)
    if not isinstance(package, str):
        raise NotModelled("the package that an import is relative to is not known")
    parts = package.split(".")
    return caller.import_module(
        ".".join([*parts[: len(parts) - ups + 1], *([name[ups:]] if name[ups:] else [])])
    )


# A library asks in this way for its own compiled part, which an environment that has the library has too.
FINDER = registry.klass("importlib.machinery.FileFinder", "builtins.object")
SPEC = registry.klass("importlib.machinery.ModuleSpec", "builtins.object")
constants("importlib.machinery", {"EXTENSION_SUFFIXES": [".so"], "SOURCE_SUFFIXES": [".py"]})
registry.klass("importlib.machinery.ExtensionFileLoader", "builtins.object")


@method(FINDER, "__init__")
def _finder(caller: Caller, receiver: Value, path: Value, /, *loader_details: Value) -> Value:
    return None


@method(FINDER, "find_spec")
def _find_spec(caller: Caller, receiver: Value, fullname: Value, target: Value = None) -> Value:
    spec = Instance(SPEC, caller.site)
    spec.attrs |= {"name": fullname, "origin": caller.unknown(REASON), "loader": None}
    return spec


outside("platform", "system machine python_version node processor platform release version", REASON)
outside("glob", "glob iglob", REASON)
outside(
    "datetime", "datetime.now datetime.today date.today datetime.utcnow", "what a clock says is not known"
)
