"""dexsim: simulate automated-market-maker exchanges on real bytecode, exact to the wei."""

from __future__ import annotations

__version__ = "0.1.0"
