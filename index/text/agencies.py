"""Tell news agencies from people in bylines: what an agency wrote has no author by name."""

from __future__ import annotations

import re

from index.text.normalise import word_set

__all__ = ["agency_of", "is_agency"]

# Initials and single names that stand for agencies; nothing in the words themselves tells.
_AGENCIES = word_set(
    "reuters afp ap dpa efe ansa apa tass itar-tass xinhua kyodo jiji yonhap pti ani ians upi epa"
    " bloomberg tt ntb ritzau stt čtk ctk tasr pap mti belga anp sda ats keystone-sda kna epd sid"
    " interfax ukrinform unian aap aa lusa agerpres bta hina sta tanjug cp newswire prnewswire"
    " globenewswire businesswire afx dowjones getty antara bernama sana irna wam mena nan"
    " рейтер тасс интерфакс укринформ риа 新华社 新華社 中新社 共同通信 時事通信 연합뉴스 ロイター"
)
_WORDS = re.compile(
    r"(?i)\b(?:news agency|newswire|press agency|associated press|press association|pa media"
    r"|press trust|agence france[- ]presse|deutsche presse[- ]agentur|canadian press"
    r"|nachrichtenagentur|agence de presse|agencia de noticias|информагентство|риа новости"
    r"|dow jones newswires|business wire|pr newswire)\b"
)
_PARTS = re.compile(r"\s*(?:[/,;&+·|]|\band\b|\bund\b|\bet\b|\bwith\b|\bmit\b)\s*")
# What agencies put behind their name: the desk that wrote it.
_DESK = re.compile(
    r"(?i)\s+(?:staff|news(?! agency)|writers?|reporters?|international|world|europe"
    r"|correspondents?|newsroom|service|redaktion|desk)\b"
)


def is_agency(name: str) -> bool:
    """Whether a name in a byline is that of one or several news agencies, and of no person."""
    return bool(agency_of(name))


def agency_of(name: str) -> str:
    """Return the first agency of a byline that names agencies alone (``dpa/AFP``); empty where it
    names anybody else, or nobody."""
    parts = [_bare(part) for part in _PARTS.split(name.strip(" .()–—-")) if part]
    is_agencies = all(part.casefold() in _AGENCIES or _WORDS.search(part) for part in parts)
    return parts[0] if parts and is_agencies else ""


def _bare(part: str) -> str:
    return _DESK.sub("", re.sub(r"(?i)^(?:by|von|par|por|the)\s+", "", part)).strip(" .") or part
