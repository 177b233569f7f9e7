"""What a run leaves behind: tables, digest, accounts, measures, and the proof that it was so."""
