"""What a sentence states that can be compared without understanding it: amounts, days, names and
whether it denies."""
