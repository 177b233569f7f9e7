"""Unit tests are deterministic: the same examples on every run."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile(
    "deterministic", derandomize=True, max_examples=300, deadline=None, database=None
)
settings.load_profile("deterministic")
