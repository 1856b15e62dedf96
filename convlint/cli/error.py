"""What the user can put right: told in one line, exit code 2."""


class UsageError(Exception):
    """A bad option, path or name; its text is what the user reads."""
