"""`python -m dexsim` is `dexsim`."""

from __future__ import annotations

import sys

from dexsim.cli import main

if __name__ == "__main__":
    sys.exit(main())
