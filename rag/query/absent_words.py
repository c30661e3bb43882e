"""Find the words of a question that the articles about its subject do not have, in any form.

"Why did Weir resign?", of articles that name Weir and never say "resign". Verbs with irregular
forms are passed over, since "lost" and "lose" have no stem in common, and so are names, numbers and
words of grammar. English only.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Final

from index.text.patterns import lazy_regex
from rag.facts.names import KnownWords, names, without_owner
from rag.query.asked_state import without_state_words
from rag.text.english import is_function_word, stem, words

__all__ = ["absent_words", "texts_about"]

_IRREGULAR_LIST: Final = (
    "arise arose bear bore born beat become became begin began begun bend bent bet bid bind "
    "bound bite bit bleed bled blow blew blown break broke broken breed bred bring brought "
    "build built burn burnt burst buy bought catch caught choose chose chosen cling clung "
    "come came cost creep crept cut deal dealt die dying dig dug do did done draw drew drawn "
    "dream dreamt drink drank drive drove driven eat ate eaten fall fell fallen feed fed feel "
    "felt fight fought find found flee fled fly flew flown forbid forbade forbidden forget "
    "forgot forgive forgave freeze froze frozen get got give gave given go went gone grow "
    "grew grown hang hung have hear heard hide hid hidden hit hold held hurt keep kept kneel "
    "knelt know knew known lay laid lead led lean leap leapt learn learnt leave left lend "
    "lent let lie lain light lit lose lost make made mean meant meet met pay paid prove "
    "proven put quit read ride rode ridden ring rang rung rise rose risen run ran say said "
    "see saw seen seek sought sell sold send sent set shake shook shaken shine shone shoot "
    "shot show shown shrink shrank shut sing sang sung sink sank sunk sit sat sleep slept "
    "slide slid speak spoke spoken spend spent spill spilt spin spun split spread spring "
    "sprang stand stood steal stole stolen stick stuck sting stung strike struck strive "
    "strove swear swore sworn sweep swept swell swim swam swing swung take took taken teach "
    "taught tear tore torn tell told think thought throw threw thrown understand understood "
    "upset wake woke wear wore worn weave wove weep wept win won wind wound withdraw withdrew "
    "write wrote written "
)
# What is asked for, and not taken for granted: "how many people", "how strong", "which route".
_ASKED_KIND: Final = lazy_regex(
    r"\b(?:how(?: (?:many|much))?|which|what(?: kinds? of)?)\s+(?=[a-z])\S+", re.IGNORECASE
)
_MOST_WORDS: Final = 2
# Whoever asks says so, and no article need do.
_OF_ASKING_LIST: Final = (
    "anybody anyone anything somebody someone something everybody everyone everything nobody "
    "nothing else still earth really actually true exactly happen happened mean"
)
_OF_ASKING: Final = frozenset(_OF_ASKING_LIST.split())


def texts_about(question: str, texts: Sequence[str]) -> tuple[str, list[str]]:
    """Select the texts that have a name of the question: that name as the question has it, and the
    texts; an empty name where none is in any."""
    known_words = [KnownWords([text]) for text in texts]
    for name in names(question):
        pairs = zip(texts, known_words, strict=True)
        about = [text for text, known in pairs if not known.missing(name)]
        if about and not name.first:
            return without_owner(question[name.start : name.end]), about
    return "", []


def absent_words(question: str, texts: Sequence[str]) -> list[str]:
    """Return the words of a question, as it has them, that no text has in any form: the first
    two."""
    stems = {stem(word) for text in texts for word in words(text)} | _irregular_stems()
    capitals = {word for name in names(question) for word in name.words}
    absent = [
        word
        for word in words(_ASKED_KIND.sub(" ", without_state_words(question, ())))
        if not is_function_word(word)
        and word.lower() not in capitals
        and not word[0].isdigit()
        and word.lower() not in _OF_ASKING
        and stem(word) not in stems
    ]
    return list(dict.fromkeys(absent))[:_MOST_WORDS]


@cache
def _irregular_stems() -> frozenset[str]:
    return frozenset(map(stem, _IRREGULAR_LIST.split()))
