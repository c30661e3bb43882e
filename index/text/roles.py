"""The words with which bylines say what somebody is: "Food and Farming Correspondent"."""

from __future__ import annotations

import re
from typing import Final

from index.text.normalise import word_set

__all__ = ["ROLES", "ROLE_WORDS", "is_role"]

ROLES: Final = word_set(
    "editor reporter correspondent writer journalist columnist contributor author producer"
    " photographer blogger redakteur redakteurin korrespondent korrespondentin autor autorin"
    " journaliste rédacteur rédactrice redactor redactora periodista envoyé envoyée correspondant"
    " correspondante enviado enviada corresponsal inviato inviata corrispondente"
)
ROLE_WORDS: Final = ROLES | word_set(
    "staff senior chief political politics business health science sports sport technology tech"
    " education economics foreign world national local news editor-in-chief deputy associate"
    " assistant managing executive special freelance guest contributing environment culture"
    " consumer transport defence security diplomatic home affairs investigations breaking and at in"
    " for of the data opinion city crime social lead junior"
)
_MOST_WORDS: Final = 5
# Not an article or a pronoun: "a reporter" is part of a sentence.
_SUBJECT: Final = re.compile(r"(?!(?:an?|the|one|his|her|their)\b)[^\W\d_][\w&’'-]*")


def is_role(text: str) -> bool:
    """Whether a text is what a byline says of its author: ends in a role, before which there is at
    most what that is for ("health writer", "our Skarrow correspondent")."""
    *subjects, role = text.casefold().split() or [""]
    is_short = len(subjects) < _MOST_WORDS
    return role in ROLES and is_short and all(map(_SUBJECT.fullmatch, subjects))
