"""For every fault, the property that it breaks: what `dexsim check` has to tell of it."""

from __future__ import annotations

BREAKS: dict[str, str] = {}
