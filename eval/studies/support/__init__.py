"""Evaluate the support check against people's judgements and on sentences with an exchanged
fact."""
