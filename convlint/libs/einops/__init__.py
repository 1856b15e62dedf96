"""einops: rearranging by patterns of names, for tensors of PyTorch and Keras alike (einops.rocks).

Importing this package declares the functions; the layers of each framework are a part that is loaded at need.
"""

from importlib import import_module

for _module in ("errors", "arranging", "packing", "asking"):
    import_module(f"{__name__}.{_module}")
