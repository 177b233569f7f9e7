"""The flows that are measured, in the order in which they are told."""
