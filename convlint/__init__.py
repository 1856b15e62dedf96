"""Static shape inference and linting for convolutional networks, without running them."""

__version__ = "0.1.0"
