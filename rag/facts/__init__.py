"""Extract facts from a sentence that can be compared without a model: amounts, days, names,
negation."""
