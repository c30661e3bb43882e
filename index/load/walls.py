"""Recognise pages that come instead of an article: bot checks, cookie walls, paywalls, and "page
not found" with a status of success."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from index.load.tags import said_of

__all__ = ["is_gated", "wall"]

# A page of more words says more than that there is nothing to read.
_MOST_WORDS, _FEW_WORDS = 150, 40
# The share of a page's words, alone and under a title of the kind, that make it one.
_MOST_SAYING, _SOME_SAYING = 0.35, 0.15
# Each from the beginning of a title.
_TITLES = (
    ("page not found", re.compile(
        r"(?i)\W*(?:(?:error|http|oops|whoops|uh[- ]oh|sorry|fehler|erreur)\W*)*"
        r"(?:(?:40[034]|41[09]|50[0234])\W*(?:\Z|[-|–—:(]|(?:error|not|page|seite|forbidden|bad"
        r"|backend|service|internal|gateway|access|gone|unauthori[sz]ed)\b)"
        r"|(?:(?:that|this|the) )?(?:page|article|story|seite|content|site)\b.{0,12}"
        r"\b(?:not found|nicht gefunden|unavailable"
        r"|no longer available|does(?:n.t| not) exist)\b|not found\W*\Z"
        r"|(?:oops|whoops|uh[- ]oh)\W*\Z"
        r"|page (?:introuvable|non trouvée)"
        r"|página no encontrada|pagina non trovata|pagina niet gevonden|we can.?.?t find"
        r"|access denied|forbidden\W*\Z|service unavailable|bad gateway|internal server error)")),
    ("a notice that there is nothing to read", re.compile(
        r"(?i)\W*(?:(?:content |video )?(?:unavailable|not available)\W*\Z"
        r"|(?:scheduled |under |site |down for )*maintenance\W*(?:\Z|[-|–])|wartungsarbeiten"
        r"|too many requests|429\b|(?:error\W*)?451\b|unavailable (?:for|due to) legal"
        r"|(?:this )?domain\b.{0,40}\bfor sale|.{1,60}\bdomain (?:is )?for sale"
        r"|welcome to (?:nginx|apache|centos|caddy)|apache2? .{0,20}default page|it works!\W*\Z"
        r"|thank you for (?:subscribing|signing up)|page expired|session expired"
        r"|(?:we.ll |we will )?be right back|coming soon\W*\Z"
        r"|(?:are you|you must be) (?:over|at least)"
        r"|age (?:check|verification|gate)\W*(?:\Z|[-|–]))")),
    ("a check for bots", re.compile(
        r"(?i)\W*(?:(?:just a moment|un instant|einen moment|un momento)\W*(?:\Z|[-|–])"
        r"|attention required|are you (?:a )?(?:robot|human)"
        r"|(?:security|robot|bot) (?:check|verification)|verify(?:ing)? (?:you are|that you)"
        r"|checking your browser|ddos[- ]protection|captcha\W*\Z|one more step|human verification"
        r"|please wait\W*\Z|pardon our interruption|sicherheits(?:über)?prüfung)")),
    ("a wall of cookies or terms", re.compile(
        r"(?i)\W*(?:before you continue|we value your privacy|your privacy|cookie (?:consent"
        r"|settings|notice|wall)|privacy (?:settings|choices)|consent|einwilligung"
        r"|datenschutzeinstellungen)\W*(?:\Z|[-|–])")),
    ("a login or a paywall", re.compile(
        r"(?i)\W*(?:log ?in|sign ?in|subscribe|subscription required|register|anmelden|login"
        r" required)\W*(?:\Z|[-|–]|to (?:continue|read))")),
)  # fmt: skip
_WORDINGS = (
    ("page not found", re.compile(
        r"(?i)\b(?:could not|couldn.t|can(?:no|.)t) find (?:what|the page|the story|anything)"
        r"|\b(?:page|article|story|content|url|link|address)\b[^.]{0,60}\b(?:could(?:n.t| not)"
        r" be found|can(?:no|.)t be found|(?:was|is|were) not found|does(?:n.t| not) exist"
        r"|no longer (?:exists|available|here)|(?:may |might |has |have )?(?:been|be) (?:moved"
        r"|removed|deleted|renamed))|we can.?.?t (?:find|seem to find)[^.]{0,40}\bpage|"
        r"\bseite\b[^.]{0,60}\b(?:nicht gefunden|existiert nicht|nicht mehr verfügbar)"
        r"|(?:page|article)[^.]{0,50}(?:introuvable|n.existe (?:pas|plus))"
        r"|página[^.]{0,50}no (?:existe|se ha encontrado|encontrada)")),
    ("a notice that there is nothing to read", re.compile(
        r"(?i)\b(?:not available in your (?:country|region|location)"
        r"|(?:cannot grant you|do not have) (?:access|permission)|backend fetch failed"
        r"|guru meditation"
        r"|\b(?:this|the|buy this) domain\b|domain is parked|inquire about (?:it|this)\b"
        r"|(?:web ?server|nginx|apache)\b[^.]{0,60}\b(?:success|working|installed|configur)"
        r"|further configuration is required|(?:session|page) (?:has |is )?expired"
        r"|refresh the page and try|thank you for (?:subscribing|signing up)"
        r"|confirm your (?:e-?mail|subscription)|check your (?:inbox|e-?mail)"
        r"|unavailable (?:for|due to) legal reasons"
        r"|(?:our|this|the) (?:web)?(?:site|page|service|server)\b[^.]{0,30}"
        r"\b(?:undergoing|down for)"
        r"|you(?:.ve| have) (?:made|sent) too many requests|slow down and try again"
        r"|please (?:check back|try again)|(?:diese|unsere) seite[^.]{0,40}wartung"
        r"|you must be[^.]{0,30}\b(?:legal (?:drinking )?age|over|at least)"
        r"|enter your (?:date of birth|age))")),
    ("a check for bots", re.compile(
        r"(?i)\b(?:enable|turn on|activate|aktivieren|activer|active|habilit\w+)[^.]{0,30}"
        r"\b(?:javascript|cookies)\b|(?:javascript|cookies)\b[^.]{0,30}\b(?:aktivieren|activer)\b"
        r"|(?:que vous êtes|dass sie ein|que (?:eres|es usted)) (?:un )?(?:humain|mensch|humano)"
        r"|checking (?:if|your browser|that)"
        r"|verify(?:ing)? (?:that )?you(?:.re| are) (?:a )?(?:human"
        r"|not a (?:ro)?bot)"
        r"|unusual (?:traffic|activity)|are you (?:a|not a) robot|(?:you.re|you are|i.m|i am)"
        r" not a robot|complete the (?:captcha"
        r"|security check)|performance (?:&|and) security by|ray id\b|access (?:to this page )?"
        r"(?:has been |is )?(?:denied|blocked)|have been blocked|automated (?:access|requests)"
        r"|press (?:&|and) hold|site connection is secure|bist kein roboter")),
    ("a wall of cookies or terms", re.compile(
        r"(?i)\b(?:we|our partners|wir|nous)\b[^.]{0,120}\bcookies?\b|\bcookies?\b[^.]{0,80}"
        r"\b(?:accept|consent|agree|allow|preferences|zustimm|akzeptier|accepter|aceptar)"
        r"|(?:accept|agree)[^.]{0,40}\b(?:all|cookies|terms)\b[^.]{0,30}\bcontinue|consent to"
        r" (?:the )?(?:use|processing)|(?:legitimate interest|manage (?:my )?(?:choices|options"
        r"|preferences)|zustimmung|einwilligung|(?:mit|ohne) werbung (?:weiter)?lesen"
        r"|mit werbung und tracking|avec publicité|privacy (?:policy|settings)"
        r"|store and/or access information)")),
    ("a login or a paywall", re.compile(
        r"(?i)\b(?:subscribe|subscription|sign in|log ?in|register|create (?:an|a free) account"
        r"|become a (?:member|subscriber)|free trial|abonnieren|anmelden|abonnez|suscríbete)\b"
        r"[^.]{0,80}\b(?:to (?:continue|keep|read|view|access|unlock|see)|read(?:ing)?|full"
        r"|unlimited|weiterlesen|weiter|lire|leer|seguir)"
        r"|to (?:continue|keep) reading\b[^.]{0,80}\b(?:subscribe|sign|log|register|join|become)"
        r"|(?:zum|um) weiter(?:zu)?lesen|(?:bereits|schon) (?:abonnent|kunde|registriert)"
        r"|hier anmelden|pour (?:lire la suite|continuer)|(?:déjà|ya) (?:abonné|suscriptor)"
        r"|\b(?:this|the (?:full|rest)|article|content|story)\b"
        r"[^.]{0,60}\b(?:for|to|only|exclusively|reserved)\b[^.]{0,20}\b(?:subscribers|members|paying)"
        r"|already (?:a |have a(?:n)? )?(?:subscriber|member|account|subscription)"
        r"|(?:you.ve|you have) (?:reached|read|used)[^.]{0,60}(?:limit|free articles?)"
        r"|nur für abonnenten|réservé aux abonnés|solo para suscriptores")),
)  # fmt: skip
_GATE = re.compile(
    r"pay-?wall|reg-?wall|meter-?wall|subscriber-only|premium-(?:wall|overlay)|piano"
)
_SENTENCE = re.compile(r"[^.!?。]+[.!?。]*")


def wall(title: str, text: str, has_gate: bool = False) -> str | None:
    """Name the kind of page that came instead of an article; ``None`` for one that may be an
    article.

    Such a page has few words, and a title or sentences of its kind. A report about captchas, or one
    that ends with a request to subscribe, has other sentences besides. ``has_gate``: the page
    states that its full text is not free.
    """
    words = len(text.split())
    if words > _MOST_WORDS:
        return None
    if has_gate:
        return "the beginning of one behind a login or a paywall"
    sentences = [sentence for sentence in _SENTENCE.findall(text) if len(sentence.split()) >= 2]
    for (kind, title_pattern), (_, wording) in zip(_TITLES, _WORDINGS, strict=True):
        saying = sum(len(sentence.split()) for sentence in sentences if wording.search(sentence))
        share = saying / words if words else 0.0
        if share >= _MOST_SAYING:
            return kind
        if title_pattern.match(title) and (share >= _SOME_SAYING or words <= _FEW_WORDS):
            return kind
    return None


def is_gated(tree: Any, json_ld: Mapping[str, Any]) -> bool:
    """Whether a page marks its text as not free. ``json_ld``: the article's JSON-LD."""
    for element in tree.iter("div", "section", "aside"):
        if _GATE.search(said_of(element)):
            text = " ".join("".join(element.itertext()).split())
            if len(text.split()) <= _MOST_WORDS and _WORDINGS[-1][1].search(text):
                return True
    free = json_ld.get("isAccessibleForFree")
    return (free is False or str(free).lower() == "false") and any(
        _WORDINGS[-1][1].search(node.text_content()) for node in tree.iter("p", "h2", "h3", "h4")
    )
