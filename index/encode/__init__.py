"""Encoders: text in, unit vectors out. One provider a module."""

from __future__ import annotations

from index.encode.base import EncoderId, PassageEncoder, QueryEncoder, TokenVectors

__all__ = ["EncoderId", "PassageEncoder", "QueryEncoder", "TokenVectors"]
