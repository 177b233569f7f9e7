"""Pools of somebody's own, and what speaks for them."""
