"""The support check against people's judgements and against facts exchanged on purpose."""
