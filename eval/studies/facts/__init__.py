"""Evaluate what :mod:`rag.facts` reads on sentences with known values."""
