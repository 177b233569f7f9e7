"""Working what was deployed: plans of single actions as values, carried out on a node, told from receipts."""
