"""State machines: random histories of a venue, watched by a model in plain integers and by named promises.

`model` and `routing` say what has to happen, `subjects` and `stage` put real contracts on a chain,
`promises` are what must never break, `rules` holds the actions and the ladder that they make.
Only the files named test_* know pytest.
"""
