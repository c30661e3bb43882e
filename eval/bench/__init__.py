"""Pullquote beside others: the same documents, questions and encoder, side by side."""
