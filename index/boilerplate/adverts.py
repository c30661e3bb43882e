"""Detect lines that solicit the reader: newsletters, apps, offers, calls for tips."""

from __future__ import annotations

import re

from index.boilerplate.phrases import whole

__all__ = ["is_advert"]

_CTA = (
    r"(?:save your (?:spot|seat|place)|sign up(?: now| here| today| free| for free)?|learn more"
    r"|subscribe(?: now| today| here)?|buy now|get started(?: now| today)?|join (?:now|us|today"
    r"|free)|register(?: now| here| today)?|download(?: now| here| the app)?|click here|shop now"
    r"|read more|find out more|try (?:it )?(?:now|free|for free)|start (?:your )?free trial"
    r"|book now|apply now|claim your [a-z ]{1,20}|see (?:all|more)|view all|listen now|watch now"
    r"|donate(?: now)?)"
)
# Somebody speaks or is spoken of: never an advert by rule.
_REPORTED_SPEECH = re.compile(
    r"\b(?:said|says|told|tells|argued|added|wrote|announced|according to|reported)\b|[“”\"„«]",
    re.IGNORECASE,
)


_ADVERTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\W*(?:please )?(?:sign up|subscribe)\b.*\b(?:our|us|newsletters?|inbox|alerts?"
        r"|briefings?|channel|podcasts?)\b",
        r"\W*(?:please )?(?:sign up|subscribe|register)\b(?:(?: now| here| today| free| for free"
        r"| below)"
        r"+\W*\Z|.*\b(?:our newsletters?|unlimited|full access|(?:read|access) (?:more|this|our"
        r"|all))\b)",
        r"\W*(?:get|receive|have)\b.*\b(?:in|to|into) your (?:e-?mail )?inbox\b",
        r"\W*(?:get|receive)\b.*\b(?:news|updates?|alerts?|stories|headlines|newsletter"
        r"|briefing)\b.*\b(?:delivered|by e-?mail|on your (?:phone|mobile)|straight to"
        r"|every (?:day|morning|week)\W*\Z|on whatsapp|on telegram|with our)\b",
        r"\W*(?:download|get|install|try)(?: our| the)? [^,.]{0,50}\bapp\b(?:(?: (?:now|here|today"
        r"|free|for free|to (?:get|read|stay|receive|start)\b[^,.]{0,50}|for (?:the )?(?:latest"
        r"|breaking|more)\b[^,.]{0,40}))*[.!]?|.*\b(?:app store|google play|android|ios)\b.*)\Z",
        r"\W*(?:follow|join|like|find) (?:us (?:on|at|via)\b|(?:our"
        r"|[\w ]{2,30}’s)\b(?=.*\b(?:channels?"
        r"|pages?|groups?|communit(?:y|ies)|accounts?|feeds?|coverage)\b)).*\b(?:whatsapp|telegram"
        r"|facebook"
        r"|instagram|youtube|twitter|x|linkedin|tiktok|google news|bluesky|threads|discord)\b",
        r"(?:.{0,60}[,.!?:] |\W*)(?:please )?scan (?:to|the|this|here)\b.*\b(?:join|download|get|qr"
        r"|code|app|install)\b",
        r"\W*(?:get|join|start)\b.*\b\d[\d.,]*\s*[km]?\+ (?:\w+ )?(?:users|readers|members"
        r"|subscribers|investors|traders)\b",
        r"\W*(?:support(?! for\b)|donate to|become an? (?:member|subscriber|supporter) of)"
        r"(?: [\w’'-]+){0,3}? (?:us|journalism|our (?:work|newsroom|reporting|mission|site"
        r"|coverage))"
        r"\b[^,;]{0,80}\Z",
        r"\W*(?:donate|become an? (?:member|subscriber|supporter))(?: today| now| here)*\W*\Z",
        r"\W*(?:have|got|do you have)(?: you)?(?: got)? (?:an?|any) (?:news )?(?:tip|story"
        r"|question|views?|comment|correction)\b.*(?:\b(?:(?:contact|e-?mail|call|reach|tell) us"
        r"|send (?:us|it|your)|let us know|write to us|get in touch)\b"
        r"|[?.!] (?:e-?mail |contact )?(?:\w+ at )?\S+@\S+)",
        r"\W*(?:contact|e-?mail|write to|reach)(?: (?:us|me|him|her|them|the (?:authors?|writers?"
        r"|reporters?|newsroom|editors?)|(?-i:[A-ZÀ-Þ])\S+(?: (?-i:[A-ZÀ-Þ])\S+){1,2}))?(?: at|:)?"
        r" ?\S+@\S+\.\w+\W*\Z",
        r"\W*(?:listen to|subscribe to|catch|hear)(?: our|.{0,40}\bpodcast)\b.*\b(?:spotify"
        r"|apple podcasts|podcasts?|wherever you)\b.*",
        r"\W*jetzt\b.*\b(?:abonnieren|anmelden|herunterladen|registrieren|testen|bestellen)\W*\Z"
        r"|\W*jetzt\b.*\b(?:kostenlos|gratis)\b.*\b(?:testen|lesen|abonnieren|anmelden)\b",
        r"\W*(?:abonnieren sie|melden sie sich|abonnez-vous|inscrivez-vous|recevez"
        r"|suscríbete|suscríbase|reciba|iscriviti|ricevi|meld je aan)\b.*\b(?:newsletters?|app"
        r"|boletín|boletines|infolettre|kostenlos|gratuitement|gratis|whatsapp|inbox|correo)\b",
    )
)
_ENDS_IN_CALL = re.compile(
    rf".{{8,}}(?:[.?!:–—-]|\s[|»→>])\s*(?=(?-i:[A-Z])){_CTA}\W{{0,3}}\Z", re.IGNORECASE
)
_NEWSLETTER = whole(
    r"(?:enter )?your e-?mail(?: address)?|e-?mail address|thanks? (?:you )?for (?:signing up"
    r"|subscribing).{0,60}|(?:newsletter )?sign[- ]?up|newsletter"
    r"|you can unsubscribe at any ?time.{0,60}|unsubscribe(?: (?:here|now|(?:at )?any ?time|from"
    r" (?:this|these|our|all)\b.{0,30}))?(?: ?[|·/,-] .{0,40})?|no spam(?:[,.!;–—-] ?(?:ever|just"
    r"|we"
    r"|promise|unsubscribe)\b.{0,50})?"
    r"|for more information see our privacy policy.{0,160}|privacy notice:.{0,300}"
    r"|delivered (?:straight )?to your inbox.{0,40}|invalid e-?mail(?: address)?|support (?:our"
    r"|independent) journalism(?: (?:today|now|by|with|from)\b.{0,50})?"
)
# Above newsletters.
_IN_BROWSER = whole(
    r"(?:.{0,50}[?.!,] )?(?:please |click here to )?(?:view|read|open|see) (?:(?:it|this"
    r"|the)(?: \w+)? )?(?:online|(?:in|on) (?:your |a |the )?(?:web )?browser)"
    r"|(?:.{0,50}[?.!,] )?(?:e-?mail |newsletter )?(?:im|in (?:deinem|ihrem)) browser (?:ansehen"
    r"|anzeigen|öffnen|lesen)|(?:voir|afficher|lire|consulter) .{0,20}(?:dans|sur) (?:votre|le"
    r"|un) navigateur|ver .{0,20}en (?:el|tu|su) navegador|visualizza .{0,20}nel browser"
)


def is_advert(line: str) -> bool:
    """Whether the line is certainly an advert; never where somebody speaks or is spoken of."""
    if _NEWSLETTER.match(line) or _IN_BROWSER.match(line):
        return True
    if len(line) > 320:
        return False
    calls = _ENDS_IN_CALL.match(line) and re.search(r"\b(?:you|your|our|us|free|now)\b", line, re.I)
    offers = any(pattern.match(line) for pattern in _ADVERTS)
    return bool(calls or offers) and not _REPORTED_SPEECH.search(line)
