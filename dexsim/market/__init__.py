"""Handles on contracts, and worlds: what an exchange consists of, and how it gets on a chain."""
