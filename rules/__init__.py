"""The built-in rule plugins, one rule a file."""
