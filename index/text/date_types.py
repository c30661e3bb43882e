"""How days may be written, and how the day of an article was found.

Apart from :mod:`index.text.dates`, whose patterns take a tenth of a second to make, and which no
question needs.
"""

from __future__ import annotations

from typing import Literal

__all__ = ["DateOrder", "DateSource"]

DateOrder = Literal["dmy", "mdy"]
DateSource = Literal["given", "metadata", "url", "text", "guessed"]
