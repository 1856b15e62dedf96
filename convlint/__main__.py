"""`python -m convlint` is `convlint`: what lies in the current folder is not on its path either."""

import sys

if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]  # the current folder, put there by `-m`: its files are read, never imported
    from convlint.cli import command

    command()
