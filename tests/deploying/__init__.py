"""Plans put on chains: as values, applied, interrupted, checked."""
