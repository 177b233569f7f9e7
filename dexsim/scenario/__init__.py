"""Scenarios and experiments: read, written, changed, and run."""
