"""Tell news agencies from people in bylines: what an agency wrote has no author by name."""

from __future__ import annotations

import re

from index.text.normalise import word_set
from index.text.patterns import lazy_regex

__all__ = ["agency_of", "is_agency"]

# Initials and single names that stand for agencies; nothing in the words themselves tells.
_AGENCIES = word_set(
    "reuters afp ap dpa efe ansa apa tass itar-tass xinhua kyodo jiji yonhap pti ani ians upi epa"
    " bloomberg tt ntb ritzau stt čtk ctk tasr pap mti belga anp sda ats keystone-sda kna epd sid"
    " interfax ukrinform unian aap aa lusa agerpres bta hina sta tanjug cp newswire prnewswire"
    " globenewswire businesswire afx dowjones getty antara bernama sana irna wam mena nan"
    " anadolu adnkronos askanews europapress ana-mpa απε απε-μπε"
    " рейтер тасс интерфакс укринформ укрінформ риа унн"
    " 新华社 新華社 中新社 共同通信 共同社 時事通信 연합뉴스 ロイター"
)
_WORDS = lazy_regex(
    r"(?i)\b(?:news agency|newswire|press agency|associated press|press association|pa media"
    r"|press trust|agence france[- ]presse|deutsche presse[- ]agentur|canadian press"
    r"|nachrichtenagentur|agence de presse|agencia de noticias|информагентство|риа новости"
    r"|dow jones newswires|business wire|pr newswire|europa press|новостное агентство"
    r"|agenzia (?:di )?stampa|agência de notícias|agencja prasowa|(?:tisková|tlačová) (?:kancelář"
    r"|agentúra)|haber ajansı|πρακτορείο ειδήσεων|nyhetsbyrån?|persbureau|ritzaus? bureau)\b"
)
# "Agency" and "editors" before or after a name in the languages of agencies.
_AGENCY_WORD = lazy_regex(
    r"(?i)^(?:agenzia|agencia|agência|agence|agentur|agencja|agentura|agentúra|агентство|агенція"
    r"|redazione|redacción|redação|rédaction|redaktion|редакция)\s+|\s+(?:agency|ajansı|ajans)$"
)
_MOST_INITIALS = 3
_PARTS = lazy_regex(r"\s*(?:[/,;&+·|]|\band\b|\bund\b|\bet\b|\bwith\b|\bmit\b)\s*")
# What agencies put behind their name: the desk that wrote it.
_DESK = lazy_regex(
    r"(?i)\s+(?:staff|news(?! agency)|writers?|reporters?|international|world|europe"
    r"|correspondents?|newsroom|service|redaktion|desk|finans)\b|\.com$"
)


def is_agency(name: str) -> bool:
    """Whether a name in a byline is that of one or several news agencies, and of no person. So are
    initials alone: of an agency, a desk or a person, they name nobody."""
    return bool(agency_of(name) or _are_initials(name.strip(" .()–—-")))


def _are_initials(name: str) -> bool:
    # Scripts without capitals have whole names of so many characters.
    return len(name) <= _MOST_INITIALS and name.isalpha() and (name.isupper() or name.islower())


def agency_of(name: str) -> str:
    """Return the first agency of a byline that names agencies alone (``dpa/AFP``); empty where it
    names anybody else, or nobody."""
    parts = [_bare(part) for part in _PARTS.split(name.strip(" .()–—-")) if part]
    is_agencies = all(_is_one(part) for part in parts)
    return parts[0] if parts and is_agencies else ""


def _is_one(part: str) -> bool:
    names = (part.casefold(), *part.casefold().split("-"))
    is_known = names[0] in _AGENCIES or all(name in _AGENCIES for name in names[1:])
    return is_known or bool(_WORDS.search(part))


def _bare(part: str) -> str:
    if not _WORDS.search(part):
        part = _AGENCY_WORD.sub("", part.strip())
    return _DESK.sub("", re.sub(r"(?i)^(?:by|von|par|por|the)\s+", "", part)).strip(" .") or part
