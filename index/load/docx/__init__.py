"""Word documents, read from the file's own XML."""
