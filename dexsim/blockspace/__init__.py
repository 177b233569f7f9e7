"""Orders, the mempool, bundles, mechanisms and the builder: how wishes become a block."""
