"""The version of convlint."""

__version__ = "0.1.0"
