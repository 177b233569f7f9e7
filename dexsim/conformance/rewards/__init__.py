"""State machines for what pays rewards: the gauge with its token, and streamed rewards."""
