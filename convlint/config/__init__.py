"""One settings dataclass, from which keys, flags, documentation and schema derive."""
