"""State machines: random histories of a venue, watched by a model in plain integers and by named promises.

`model` and `routing` say what has to happen, `subjects` and `stage` put real contracts on a chain,
`promises` are what must never break, `machine` and what is made of it, rung by rung, hold the actions.
Only the files named test_* know pytest.
"""
