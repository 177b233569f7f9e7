"""State machines: long sequences of drawn operations, with what must hold after each."""
