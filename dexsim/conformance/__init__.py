"""Verdicts on pools: named properties, histories that try to break them, and the script of one that did."""
