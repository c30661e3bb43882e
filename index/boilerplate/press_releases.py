"""The lines of a press release that are none of its text."""

from __future__ import annotations

from index.boilerplate.phrases import whole

__all__ = ["PRESS_RELEASE"]

# What it is, until when nobody may print it, whom to call, its end.
PRESS_RELEASE = whole(
    r"(?:for )?immediate release(?: ?[:,–—-] ?.{0,30})?"
    r"|(?:press|news|media) (?:release|statement)(?: (?:no\.?|nr\.?|#) ?[\w/-]{1,12})?"
    r"|(?:embargoed (?:until|till|for)|sperrfrist|sous embargo)\b.{0,60}"
    r"|embargo: .{0,20}\d.{0,40}"
    r"|(?:presse|medien)mitteilung(?: nr\.? ?[\w/-]{1,12})?|communiqué de presse"
    r"|comunicado de prensa|comunicato stampa|persbericht"
    r"|(?:(?:press|media|news) )?contacts?: .{0,100}|(?:presse|medien)kontakt: .{0,100}"
    r"|[-–—# ]{0,4}(?:30|ends?|ende|fin)[-–—# ]{1,4}|(?:# ?){3}"
)
