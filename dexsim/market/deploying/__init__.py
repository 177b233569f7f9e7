"""Plans: contracts for somebody's own chain, previewed, sent, checked, and written down."""
