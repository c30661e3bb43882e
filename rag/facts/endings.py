"""Tell whether a sentence says that somebody no longer is what they were.

"Voss has resigned", "Weir is no longer in charge", "the former chair Lind".

Who somebody else dismissed, or that somebody refused to go, is no such thing. English only; the
sentences that it is held to are in the tests.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["says_ended"]

_GOES: Final = (
    r"(?:(?:has|have|had|will|is to|plans? to|wants? to) (?:also |now |already )?)?"
    r"(?:resign(?:s|ed)?|step(?:s|ped)? (?:down|aside|back)|quits?|retire[sd]?|die[sd]?|"
    r"(?:gives?|gave|given) up (?:his|her|their|the) (?:post|office|job|seat|position)|"
    r"(?:leaves?|left) (?:his|her|their|the) (?:post|office|job|company|firm|party|board|bank|club)"
    r")\b"
)
_SENT: Final = (
    r"(?:dismissed|sacked|fired|ousted|replaced|removed|suspended|succeeded|voted out|relieved|"
    r"arrested|forced out)"
)
_SENDS: Final = (
    r"(?:dismiss|sack|fire|oust|replace|remove|suspend|succeed|relieve)(?:e?d|e?s)?|parts?|parted"
)
# "Weir, who led it for years, has resigned": what may stand between the name and the verb.
_BETWEEN: Final = r"(?:, [^,.;]{1,80},)?(?: [a-z]+ly)?"
_DENIED: Final = re.compile(
    r"\b(?:not|never|nobody|no one|without|refus\w+|reject\w+|den(?:y|ie[sd])|"
    r"rul(?:e[sd]?|ing) out|calls?|call(?:ed|ing)|demand\w*|whether|if|should|would|could|might|"
    r"may)\b|n['’]t\b",
    re.IGNORECASE,
)


def says_ended(sentence: str, name: str) -> bool:
    """Whether a sentence says that somebody no longer holds what they held.

    name: as it is known; the sentence may have its last word alone.
    """
    last = re.escape(name.split()[-1])
    somebody = rf"(?:[A-Z][\w’'-]*\s+)*{last}(?!['’]s)"
    patterns = (
        rf"\b{somebody}{_BETWEEN} {_GOES}",
        rf"\b{somebody}{_BETWEEN} (?:was|were|is|has been|had been|will be|is being) {_SENT}\b",
        rf"\b{somebody}{_BETWEEN} (?:is|was|are) no longer\b",
        rf"\b(?:{_SENDS}) (?:with |company with |its |the )?(?:[a-z]+ ){{0,3}}{somebody}\b",
        rf"\b(?i:former|ex-)\W?(?:[a-z]+ ){{0,3}}{somebody}\b",
        rf"\b{somebody}, (?:the |its |a )?(?:former|ex-)",
    )
    for pattern in patterns:
        match = re.search(pattern, sentence)
        # "Weir will not resign" has the denial within, "denied that Weir resigned" before.
        if match and not _DENIED.search(sentence[: match.end()]):
            return True
    return False
