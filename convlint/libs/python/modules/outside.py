"""Modules that reach outside the program: processes, networks, files, clocks. They are never touched.

Nothing is declared for most of them, so their names are unknown; functions that people hand their own
objects to are declared, so that those objects stay known.
"""

from __future__ import annotations

from convlint.libs.python.declare import no_operations, outside

REASON = "what lies outside the program is not known"
no_operations("pickle", "dump")
outside("pickle", "dumps load loads", REASON)
no_operations("pprint", "pprint pp")
no_operations("gc", "collect enable disable freeze")
no_operations("atexit", "register unregister")
no_operations("traceback", "print_exc print_stack print_exception")
outside("traceback", "format_exc format_stack", REASON)
outside("subprocess", "run call check_call check_output Popen getoutput", REASON)
outside("importlib", "import_module reload", "a module imported by name at run time is not followed")
outside("importlib.metadata", "version metadata distribution entry_points", REASON)
outside("importlib.util", "find_spec spec_from_file_location module_from_spec", REASON)
outside("platform", "system machine python_version node processor platform release version", REASON)
outside("glob", "glob iglob", REASON)
outside(
    "datetime", "datetime.now datetime.today date.today datetime.utcnow", "what a clock says is not known"
)
