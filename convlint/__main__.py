"""`python -m convlint` is `convlint`."""

import sys

from convlint.cli import main

if __name__ == "__main__":
    sys.exit(main())
