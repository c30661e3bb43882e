"""Bytes to text where the encoding is not said, or is said wrongly."""
