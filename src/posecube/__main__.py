"""``python -m posecube``: the command line where its script is not on the path."""

import sys

from posecube.cli import main

if __name__ == "__main__":
    sys.exit(main())
