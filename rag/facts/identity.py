"""Whether two phrases of an article name the same person or body: by name, surname or role.

A role belongs to a name that it stands beside in one clause: "Mayor Carla Weir", "the mayor of
Weiden, Carla Weir", "Weir, the mayor". Verbs that tell of it ("who heads the firm") do not count.
English only.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, Literal

from index.text.patterns import lazy_regex
from rag.facts.names import KnownWords, Name, article_names, names
from rag.facts.saying import verb_stems
from rag.text.english import is_function_word, stem, words

__all__ = ["Identity", "compare_identity", "is_mentioned", "is_person_like"]

# "unknown": the article does not say what the role of the one or the name of the other is.
Identity = Literal["same", "other", "unknown"]

_BEFORE_PREPOSITION: Final = lazy_regex(
    r"\s+(?:of|for|at|from|in|with|to|on|who|which|whose|and)\b.*", re.DOTALL
)
# "The mayor of Talvik, Ingrid Dahl", "project manager Simone Ruiz".
_ROLE_FIRST: Final = lazy_regex(
    r"(?P<role>[^\W\d_]+)(?:\s+(?:of|for|at|in)\s+[^,]{1,40},|,)?\s+(?P<given>(?:[A-ZÀ-Þ][\w'’.-]*\s+){0,2})$"
)
# "Dahl, the mayor", "Dahl, who is mayor", "Holm of the chamber", "Beck, president of the union".
_NAME_FIRST: Final = lazy_regex(
    r"(?:,\s+(?:the|an?|its|his|her|their|who (?:is|was)(?: the| an?)?|of the|from the)"
    r"|\s+(?:of|from|for) the|,(?=\s+[a-z]+ (?:of|at|for|in)\b))\s+(?P<phrase>[^,]+)"
)
# A name ends with its "'s".
_OWNER: Final = lazy_regex(r"(?<=['’]s)\s+[a-z]|(?<=s['’])\s+[a-z]|['’]s?\s+[a-z]")
_SPOKESPERSON: Final = lazy_regex(r"(?:\w+ )?spokes\w+ (?:for|of)\b", re.IGNORECASE)
_CLAUSE_END: Final = lazy_regex(r'[\n.!?;:"“”]')
_TITLE_LIST: Final = (
    "mr mrs ms miss dr prof professor judge justice president minister secretary captain sir dame "
    "lord lady councillor inspector detective sergeant constable officer general colonel major "
    "king queen prince princess senator governor mayor bishop father sister coach chancellor"
)
_TITLES: Final = frozenset(_TITLE_LIST.split())
# Characters on each side of a name within which its role is looked for.
_REACH: Final = 300


def compare_identity(speaker: str, phrase: str, text: str) -> Identity:
    """Compare who is asked for with who speaks.

    speaker: as the question names them: a name, or a role ("the mayor of Weiden").
    phrase: as a sentence of the article names who speaks.
    text: the article's.
    """
    head = _head(speaker)
    target = [name for name in _names_of(head) if name.end == len(f"- {head}")]
    present = _names_of(phrase)
    if target:
        if any(_is_name(target[-1], name, phrase, text) for name in present):
            return "same"
        if present:
            return "other"
        role, own_roles = _role(phrase), _roles_of(target[-1], text)
        if role and role in own_roles:
            return "same"
        # "The club said": of a name without a known role anything may be said.
        return "other" if own_roles and role else "unknown"
    role = _role(speaker)
    # "The arena" is Halle Arena.
    surnames = [stem(name.words[-1]) for name in present]
    # Nor is in "Sentencing him, Judge Miriam Oduya" all of the name a name.
    titles = [stem(name.words[0]) for name in present if len(name.words) > 1]
    if role and role in (
        *surnames,
        *titles,
        _role(phrase),
        *(r for name in present for r in _roles_of(name, text)),
    ):
        return "same"
    if role and role in map(stem, words(phrase)):
        # "A spokesman for the ministry", but also "the lawyer of the mayor".
        return "same" if _SPOKESPERSON.match(phrase) else "unknown"
    return "other" if role and _is_linked(role, text) else "unknown"


def is_mentioned(speaker: str, sentence: str, text: str) -> bool:
    """Whether a sentence of an article names ``speaker``, or has their role."""
    has_role = _role(speaker) in map(stem, words(sentence))
    return has_role or compare_identity(speaker, sentence, text) == "same"


def is_person_like(name: Name, text: str) -> bool:
    """Whether an article uses a name as that of a person: in full and by its last word alone, or
    beside a role."""
    all_names = _all_names(text)
    last = (name.words[-1],)
    is_full = len(name.words) > 1 and last in all_names
    is_last = len(name.words) == 1 and any(n[-1:] == last and len(n) > 1 for n in all_names)
    return is_full or is_last or bool(_roles_of(name, text))


def _names_of(phrase: str) -> list[Name]:
    """Return the names of a phrase, without those whose it only is: "Weir's lawyer"."""
    text = f"- {phrase}"
    return [name for name in names(text) if not _OWNER.match(text, name.end)]


def _is_name(target: Name, present: Name, phrase: str, text: str) -> bool:
    """Whether a name in a phrase is the one asked for, in full or by its surname alone."""
    target_words, present_words = set(target.words), set(present.words)
    if not KnownWords([phrase]).missing(target):
        return True
    whole = [name for name in _all_names(text) if len(name) > 1 and name[-1] == present.words[-1]]
    if target.words[-1] == present.words[-1] and len(present.words) > 1:
        # "Skipper Rafn" is Magnus Rafn, also where he is "Skipper Magnus Rafn" elsewhere, if the
        # article names no other Rafn with that word; Erik Rafn is somebody else.
        whole_names = [set(name) for name in whole]
        rest = present_words - target_words
        is_title = all(word in _TITLES or stem(word) in _roles_of(target, text) for word in rest)
        is_role = is_title and not any(
            rest & full_name
            for full_name in whole_names
            if full_name != present_words and not target_words <= full_name
        )
        return is_role and any(target_words <= full_name for full_name in whole_names)
    if not (target_words <= present_words or present_words <= target_words):
        return False
    # A surname is that of whoever the article names in full.
    return (
        not whole
        or len(target_words) == 1
        or any(target_words & set(name) - present_words for name in whole)
    )


def _head(phrase: str) -> str:
    """Cut a phrase down to its head: "the mayor of Weiden" is a mayor."""
    return _BEFORE_PREPOSITION.sub("", phrase.strip()).partition(",")[0]


def _role(phrase: str) -> str:
    """Return the stem of the last plain word that names a role; empty where there is none."""
    plain = [word for word in words(_head(phrase)) if word.islower() and not is_function_word(word)]
    return stem(plain[-1]) if plain else ""


@lru_cache(maxsize=64)
def _all_names(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys(name.words for name in article_names(text)))


@lru_cache(maxsize=256)
def _is_linked(role: str, text: str) -> bool:
    """Whether an article says whose role it is, or has it as that of a body."""
    return any(role in _roles(name, text) for name in _all_names(text)) or any(
        stem(word) == role for word in words(text)
    )


def _roles_of(name: Name, text: str) -> frozenset[str]:
    return _roles(name.words, text)


@lru_cache(maxsize=1024)
def _roles(name: tuple[str, ...], text: str) -> frozenset[str]:
    """Return the stems of the roles that stand beside a name, by its last word."""
    roles: set[str] = set()
    for match in re.finditer(rf"\b{re.escape(name[-1])}\b", text, re.IGNORECASE):
        if not match.group()[0].isupper():
            continue
        before = text[max(match.start() - _REACH, 0) : match.start()]
        prefix = _CLAUSE_END.split(before)[-1].lstrip()
        if role := _ROLE_FIRST.search(prefix):
            # A capital is that of a given name, but at the head of a clause.
            is_head = not role.start() and _is_common(role["role"], role["given"], text)
            roles |= {stem(role["role"])} if role["role"].islower() or is_head else set()
        behind = text[match.end() : match.end() + _REACH]
        suffix = _CLAUSE_END.split(behind, maxsplit=1)[0]
        if apposition := _NAME_FIRST.match(suffix):
            roles.add(_role(apposition["phrase"]))
    return frozenset(role for role in roles if role and not is_function_word(role)) - verb_stems()


def _is_common(word: str, given_name: str, text: str) -> bool:
    """Whether a first word is a plain one: a name in full follows it, or it has a small letter
    elsewhere."""
    return (
        bool(given_name.strip()) or re.search(rf"\b{re.escape(word.lower())}\b", text) is not None
    )
