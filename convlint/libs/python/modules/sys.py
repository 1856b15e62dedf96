"""The module `sys`: a Python 3.12 on Linux; what the command line or the machine decides is not known."""

from __future__ import annotations

from convlint.libs.python.declare import constants, no_operations, outside
from convlint.libs.python.named import named_tuple
from convlint.values import Instance

VERSION = (3, 12, 0, "final", 0)
_INFO = named_tuple("version_info", ["major", "minor", "micro", "releaselevel", "serial"], {})
constants(
    "sys",
    {
        "version_info": Instance(_INFO, payload=VERSION),
        "version": "3.12.0 (main)",
        "hexversion": 0x030C00F0,
        "maxsize": 2**63 - 1,
        "maxunicode": 0x10FFFF,
        "byteorder": "little",
        "platform": "linux",
        "dont_write_bytecode": False,
        "float_info": Instance(
            named_tuple("float_info", ["max", "min", "epsilon"], {}),
            payload=(1.7976931348623157e308, 2.2250738585072014e-308, 2.220446049250313e-16),
        ),
    },
)
no_operations("sys", "setrecursionlimit settrace setprofile")
outside(
    "sys",
    "getsizeof getrefcount exc_info _getframe getrecursionlimit gettrace",
    "what the interpreter says is not known",
)
