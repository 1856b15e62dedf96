"""What libraries mean, a declaration a function, method or layer: `torch/`, `keras/`, `einops/`, `python/`.

`registry` finds a declaration by qualified name and loads a library's folder at its first use.
"""

from convlint.libs import registry

registry.provides("torch", "convlint.libs.torch")
for _tool in ("torchsummary", "torchinfo", "ptflops", "thop", "fvcore", "torchstat"):
    registry.provides(_tool, "convlint.libs.torch.showing")
for _keras in ("keras", "tensorflow", "tf_keras"):
    registry.provides(_keras, "convlint.libs.keras")
registry.provides("einops", "convlint.libs.einops")
registry.provides_part("einops.layers.torch", "convlint.libs.einops.torch_layers")
for _part in ("einops.layers.keras", "einops.layers.tensorflow"):
    registry.provides_part(_part, "convlint.libs.einops.keras_layers")
registry.provides("builtins", "convlint.libs.python.builtins")

MODULES = (
    "abc argparse collections contextlib copy dataclasses distutils enum fnmatch functools inspect "
    "itertools json logging math numbers numpy operator os packaging pathlib random re string sys time "
    "tqdm types typing unittest warnings"
)
"""Modules described in a file each, below `python/modules`."""

OUTSIDE = (
    "ast asyncio atexit base64 bisect codecs concurrent configparser contextvars csv ctypes datetime decimal "
    "difflib doctest email errno fractions gc getpass glob gzip hashlib heapq hmac http importlib io "
    "locale multiprocessing pdb pickle pkgutil platform pprint secrets shelve shutil signal socket sqlite3 "
    "ssl statistics struct subprocess tarfile tempfile textwrap threading timeit traceback tracemalloc "
    "urllib uuid weakref xml zipfile zlib"
)
"""Modules that are there and never touched: most of their names are unknown."""

for _module in MODULES.split():
    registry.provides(_module, f"convlint.libs.python.modules.{_module}")
for _module in OUTSIDE.split():
    registry.provides(_module, "convlint.libs.python.modules.outside")
registry.provides("typing_extensions", "convlint.libs.python.modules.typing")

__all__ = ["registry"]
