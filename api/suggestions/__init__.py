"""Questions that the articles answer, suggested."""
