"""Tables and JSON: an article a row or record."""
