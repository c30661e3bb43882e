"""Phrases of boilerplate: patterns for whole lines, and the reason that each gives.

No pattern may match a sentence: "Published in 1925, the novel failed", "Cookies are small files,
she said" and "Share prices fell" are text. :mod:`index.boilerplate.rules` applies them.
"""

from __future__ import annotations

import re

from index.text.normalise import word_set

__all__ = [
    "ATTRIBUTION",
    "AT_THE_EDGE",
    "EVERYWHERE",
    "KOREAN_BYLINE",
    "NETWORKS",
    "PRESS_RELEASE",
    "SHARE_VERBS",
    "SHARE_WORDS",
    "whole",
]

# A share bar is made of these words and has one of the verbs.
SHARE_VERBS = word_set(
    "share tweet print copied teilen drucken partager imprimer compartir condividi delen"
)
SHARE_WORDS = SHARE_VERBS | word_set(
    "email e-mail save bookmark facebook twitter x linkedin whatsapp reddit telegram pinterest "
    "flipboard messenger threads bluesky mastodon line weibo wechat pocket tumblr sms instagram "
    "youtube tiktok copy link url like comment comments gift listen rss merken guardar stampa this "
    "article story post page on via to by with friends your a the or and more options"
)
NETWORKS = word_set(
    "facebook twitter x linkedin whatsapp reddit telegram pinterest email e-mail print instagram "
    "youtube tiktok rss flipboard comments comment bookmark save share listen"
)


# "홍길동 기자 hong@example.kr": a name, and what the writer is.
KOREAN_BYLINE = (
    r"(?P<korean>[가-힣]{2,4}(?:[·,]\s?[가-힣]{2,4}){0,3})\s?(?:[가-힣]{2,4}\s?)?"
    r"(?:기자|특파원|논설위원|편집위원)\s*(?:[(\[=]?\s*[\w.+-]{1,40}@[\w.-]{3,40}\s*[)\]]?)?\s*\Z"
)


def whole(pattern: str) -> re.Pattern[str]:
    """Compile a pattern that matches a line as a whole, in any case; punctuation may follow."""
    return re.compile(rf"(?:{pattern})\W*\Z", re.IGNORECASE)


_NETWORK = (
    r"(?:twitter|x|facebook|instagram|youtube|google news|linkedin|threads|bluesky|whatsapp"
    r"|telegram|tiktok|mastodon)"
)

EVERYWHERE: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "advert",
        whole(
            r"(?:anzeige|advertisement|publicité|pubblicità|publicidad)\s*[:–-]\s"
            r"(?=.*[^.]\Z|.*\b(?-i:Sie|Ihr\w*|Dein\w*|[Yy]ou\w*|[Vv]ous|[Vv]otre)\b).{10,200}"
            r"|you (?:get|receive|are (?:getting|receiving)) this (?:(?:e-?mail|mail|news-?letter"
            r"|message|alert|update|briefing) (?:because|as)\b.*"
            r"|because you (?:have )?(?:subscribed|signed|opted|registered)\b.*)"
        ),
    ),
    (
        "share",
        whole(
            rf"(?:follow|find|like|join|connect with|contact) us(?: (?:on|at|via)"
            rf"(?: (?:{_NETWORK}|@[\w.-]+|\S+[.@]\S+|,|&|and|our|social|media)){{1,10}})?"
            rf"|follow (?:@?\w+ ){{1,4}}on {_NETWORK}(?:(?:,? and| &|,) {_NETWORK}|:? @\w+){{0,4}}"
            r"|save (?:for later|article|this (?:article|story))|copy (?:link|url)|link kopieren"
            r"|copier le lien|(?:artikel|beitrag) (?:teilen|drucken|merken)"
            r"|partager (?:cet |l[’'])article|compartir (?:este |el )?artículo"
            r"|\d+ (?:people|persons?) found this (?:helpful|useful)"
        ),
    ),
    (
        "counter",
        whole(
            r"(?:\d[\d.,]*+\s*[km]?\s+(?:views?|reads?|shares?|comments?|likes?|reactions?|claps?"
            r"|retweets?|kommentare|commentaires|comentarios|visualizaciones|aufrufe)\W*+)++"
        ),
    ),
    (
        "counter",
        whole(
            r"\d{1,3} of \d{1,3}|(?:views?|reads?|shares?|comments?|likes?|post views|page views"
            r"|word count|hits)\s*[:(]\s*[\d.,]+\s*[km]?"
        ),
    ),
    (
        "counter",
        whole(
            r"(?:(?:est(?:imated|\.)? )?reading time\s?:?\s*)?\d+\s*-?\s*min(?:ute)?s?(?: read"
            r"| de lecture| lesezeit| de lectura)|(?:est(?:imated|\.)? )?(?:reading time|lesezeit"
            r"|read time|temps de lecture)\s?:?\s*\d+\s*min(?:ute)?[sn]?\.?"
        ),
    ),
    (
        "advert",
        whole(
            r"(?:[\W_]*+(?:advertisement|advertising|advert|sponsored(?: content| links| post)?|ad"
            r"|promoted(?: content)?|anzeige|werbung|publicité|publicidad|pubblicità|annonce"
            r"|ad feedback|paid content|scroll to continue|remove ads)\b)++"
        ),
    ),
    (
        "advert",
        whole(
            r"(?:story|article|content|text)? ?continues? (?:below|after)(?: (?:this"
            r"|the))?(?: (?:advertisement|ad|advert|promotion|newsletter promotion))?"
            r"|(?:story|article|post|text) continues after the jump"
            r"|la suite (?:de l[’']article )?(?:après (?:cette|la) (?:publicité|pub)|ci-dessous)"
            r"|after newsletter promotion|scroll (?:down )?(?:to continue|for more).{0,40}"
        ),
    ),
    (
        "navigation",
        whole(
            r"skip to (?:main )?(?:content|navigation|article|search|end)|jump to (?:content"
            r"|navigation|recipe|video|comments)|(?:print|pin) recipe"
            r"|page [a-z]?\d{1,3}(?: (?:of|/) \d{1,3})?"
            r"|(?:(?:story|article) )?continue[sd]?(?: reading)? (?:on|to) (?:the )?next page"
            r"|next page|back to (?:top|home|homepage)|go to homepage|toggle (?:navigation|menu)"
            r"|open menu|close menu|main menu|log ?in here|my account|log ?in ?[/|] ?(?:register"
            r"|sign up)|next article|previous article|previous post|next post"
            r"|load(?:ing)?(?: more)?(?: (?:stories|articles|comments|posts))?|show (?:more|less)"
            r"|see more|view more|read more|continue reading|read (?:the )?full (?:article|story)"
            r"|expand|collapse|view (?:all|gallery|comments)|all rights reserved|weiterlesen"
            r"|lire la suite|print this (?:page|article)|hide caption|toggle caption"
            r"|enlarge this image|image source|image caption|media caption|caption options|to top"
            r"|nach oben"
        ),
    ),
    (
        "player",
        whole(
            r"(?:(?:artikel|beitrag|text) (?:an|vor)hören|diese (?:audio|vorlese)version wurde"
            r" (?:künstlich|automatisch) (?:generiert|erzeugt|erstellt)"
            r"|écouter (?:cet |l[’'])article|escuchar (?:este |el )?artículo"
            r"|listen to (?:this )?(?:article|story)(?:\W+(?:here|now|\d.{0,20}))?"
            r"|play (?:video|audio|episode)|watch video|watch live|video player is loading"
            r"|this is a modal window|mute|unmute"
            r"|(?:current time |duration )?\d{1,2}:\d\d\s*/\s*\d{1,2}:\d\d"
            r"|your browser does not support .{0,60}|video unavailable|now playing|autoplay"
            r"|this audio (?:was|is) (?:generated|read) by .{0,60}"
            r"|this (?:article|story) (?:was|is) read by an? (?:automated|artificial|synthetic|ai"
            r"|computer)\b.{0,40})"
        ),
    ),
    (
        "cookies",
        re.compile(
            r"(?:we|this (?:web)?site|our (?:web)?site|we and our (?:\d+ )?(?:partners|vendors))"
            r"(?: and our (?:\d+ )?partners)? (?:may )?(?:uses?|stores?|sets?)"
            r" (?:(?!no\b)\w+ ){0,3}cookies\b"
            r"(?:\W*\Z|[.;:(]| (?:to|for|and|on|that|in order|so)\b)",
            re.IGNORECASE,
        ),
    ),
    (
        "cookies",
        re.compile(
            r"by (?:continuing|clicking|using|browsing|accepting|signing up"
            r"|subscribing)\b.{0,120}\b(?:you (?:agree|accept|consent)\b.{0,80}\b(?:terms|cookies"
            r"|privacy|polic(?:y|ies)|conditions|agreement|e-?mails?|newsletters?)"
            r"|our (?:use of )?cookies|our (?:terms|privacy))\b",
            re.IGNORECASE,
        ),
    ),
    (
        "cookies",
        whole(
            r"(?:(?:accept|reject|allow|manage|customi[sz]e|decline) (?:all|cookies?|all cookies"
            r"|preferences|options|settings|choices|consent)\W*+)++|cookie (?:settings|policy"
            r"|preferences|notice|consent)|(?:alle )?(?:cookies )?(?:akzeptieren|ablehnen)"
            r"|tout accepter|aceptar (?:todo|cookies)|your privacy (?:choices|matters"
            r"|is important to us)|do not sell (?:or share )?my (?:personal )?(?:info(?:rmation)?"
            r"|data)"
        ),
    ),
    # Buttons; with a full stop people say so.
    ("cookies", re.compile(r"(?:i (?:accept|agree)|got it)[^\w.]*\Z", re.IGNORECASE)),
    (
        "cookies",
        re.compile(
            r"(?:wir verwenden cookies|nous utilisons des cookies|utilizamos cookies"
            r"|usiamo (?:i )?cookie|questo sito (?:usa|utilizza) (?:i )?cookie)\b",
            re.IGNORECASE,
        ),
    ),
    (
        "legal",
        re.compile(
            r"(?:©|(?:copyright|\(c\))\s*(?:©|(?:19|20)\d\d\b(?! (?!by |the |all )(?-i:[a-z]))))"
            r".{0,140}\Z",
            re.IGNORECASE,
        ),
    ),
    ("legal", whole(r".{0,80}\ball rights reserved(?:\s*[.;|–-].{0,120})?")),
    # Who may print it, and who wrote it, at the foot of Korean articles.
    ("byline", re.compile(KOREAN_BYLINE)),
    ("legal", re.compile(r"(?:ⓒ|[<(\[]?저작권자|.{0,60}무단\s?전재).{0,80}\Z")),
    (
        "legal",
        whole(
            r"(?:(?:terms(?: (?:of (?:use|service)|and conditions|& conditions))?"
            r"|privacy(?: (?:policy|notice))?|cookie policy|contact(?: us)?|about(?: us)?"
            r"|advertise(?: with us)?|careers|imprint|impressum|datenschutz"
            r"|accessibility(?: statement)?|help|faqs?|site ?map|corrections(?: policy)?"
            r"|mentions légales|aviso legal|agb|kontakt|editorial (?:policy|standards|guidelines)"
            r"|ethics(?: policy)?|code of conduct)\W*+){2,}+"
        ),
    ),
    (
        "legal",
        whole(
            r"(?:this material|material from this (?:site|publication)) may not be (?:published"
            r"|reproduced|copied).{0,160}|(?:the )?(?:views|opinions) expressed (?:in this article "
            r")?(?:are|here).{0,20}(?:author|writer).{0,160}|this site is protected by "
            r"recaptcha.{0,120}|(?:quotes|prices|market data)(?: are| may be)? delayed (?:by )?"
            r"(?:at least )?\d+ min.{0,40}"
        ),
    ),
    (
        "paywall",
        whole(
            r"already (?:a )?(?:subscriber|subscribed|member|have an account|registered)"
            r"(?:\s*[?!.:|].{0,50}|,? (?:log|sign) in.{0,30})?"
            r"|(?:this (?:article|story|content) is|available) (?:exclusively )?(?:for|to"
            r"|only for) (?:\w+ )?(?:subscribers|members)(?: only)?(?:[.!] .{0,60})?"
            r"|you have (?:\w+ )?(?:free )?articles? (?:left|remaining).{0,60}|you(?:’"
            r"|')ve (?:reached|read) your (?:[\w-]+ ){0,3}(?:article|story|articles|stories|monthly"
            r"|weekly|free|reading)(?: [\w-]+){0,2} limit.{0,60}|to (?:continue|keep) reading"
            r"(?: (?:this|our|the full) (?:article|story|stories))?[,:.–—-]? (?:please |simply "
            r"|just |you (?:must|need to|have to) )?(?:subscri|log in|sign|register).{0,60}"
            r"|subscriber[- ]only(?: content)?|subscribe (?:now )?to (?:continue"
            r"|keep) reading.{0,60}|unlock this article.{0,60}"
        ),
    ),
    (
        "comments",
        whole(
            r"(?:leave|post|add|write) a (?:comment|reply)(?: (?:below|here|cancel reply).{0,20})?"
            r"|(?:log|sign) in to (?:comment|reply|join the conversation|leave a comment).{0,40}"
            r"|join the (?:conversation"
            r"|discussion)(?: (?:below|here|in the comments)\b.{0,30}|[.:!–-].{0,40})?"
            r"|be the first to comment.{0,20}|(?:view|show|see|read"
            r"|hide) (?:all )?(?:\d+ )?comments|comments? (?:are|is) (?:now )?closed"
            r"(?: (?:on|for) this .{0,20}| at this time)?"
            r"|your email address will not be published.{0,60}|comments \(\d+\)|kommentar schreiben"
            r"|laisser un commentaire|what do you think\? .{0,40}comments?.{0,30}"
        ),
    ),
    (
        "legal",
        whole(
            r"opinions expressed by .{1,60} are their own|this article is more than \d+ (?:months?"
            r"|years?) old|(?:when|if) you (?:purchase|buy) (?:.{0,40} )?"
            r"(?:through|via|using|from|on) (?:[\w-]+ ){0,5}links?\b.{0,160}"
            r"|this (?:post|article|story) (?:may )?contains? (?:\w+ ){0,2}affiliate.{0,120}"
            r"|we may (?:earn|receive) (?:an? |some )?(?:(?:small|affiliate|referral) )?"
            r"(?:affiliate|commissions?\b).{0,120}"
            r"|if you (?:see|spot|notice|find) an? (?:typo|error|mistake)(?: in (?:this"
            r"|our) \w+)?(?:,? (?:please|let us know|tell us|contact us"
            r"|e-?mail us|write to us|highlight|select)\b.{0,80})|by submitting your (?:information"
            r"|details)\b.{0,80}\byou (?:agree|consent|accept)\b.{0,160}|media contacts?: .{0,160}"
            r"|news provided by(?:\W+(?:(?-i:[A-ZÀ-Þ&])[\w.&’'-]*|of|and|for|the)){0,8}"
            r"|(?-i:SOURCE) \w.{0,60}|swipe to scroll.{0,20}|contact me with news and offers.{0,80}"
            r"|receive e-?mails? from us on behalf.{0,80}"
        ),
    ),
    (
        "advert",
        whole(
            r".{1,60} is a reader-supported publication(?:\. .{0,200})?"
            r"|thanks for reading .{1,80}\bsubscribe\b.{0,120}|(?:free )?(?:daily|weekly"
            r"|morning) newsletter|create a free account.{0,60}"
        ),
    ),
    (
        "counter",
        whole(
            r"(?:\d[\d.,]*+[km]?\s+(?:likes?|restacks?|replies|claps|saves)\W*+)++"
            r"|(?:comments?|replies|likes) \d[\d.,]*[km]?"
        ),
    ),
    (
        "related",
        re.compile(
            r"(?-i:MORE|READ MORE|RELATED|READ|WATCH|ALSO|RELATED ARTICLE|SEE ALSO|PHOTOS"
            r"|VIDEO)\s*[:|]\s*\S.{0,200}\Z|(?-i:RELATED ARTICLE)\s+\S.{0,200}\Z",
            re.IGNORECASE,
        ),
    ),
    (
        "advert",
        re.compile(
            r"(?=.*\bnews-?letters?\b)(?=(?:.*(?:[.!?:,;–—|-] ?|"
            r"\b(?:to|please|and|can) ))?(?:sign up|subscribe|register|join)\b|.*\b(?:abonn\w+"
            r"|anmeld\w+|melden sie sich|inscri\w+|suscr[ií]\w+|ap[úu]nt\w+|iscriv\w+"
            r"|inschrijv\w+)\b)(?=.*\b(?:our|unser\w*|notre|nos|nuestr[ao]s?|nostr[aei]|onze"
            r"|here|hier|ici|aquí|qui|below)\b)(?!.*[“„«\"]).{1,240}\Z",
            re.IGNORECASE,
        ),
    ),
    (
        "legal",
        whole(
            r"(?:the )?[\w.’' -]{1,40} is not responsible for (?:the )?content of external"
            r" (?:web)?sites.{0,80}"
        ),
    ),
    (
        "more",
        re.compile(
            r".{0,400}(?:…|\.\.\.)\s*(?:\[\+?\]|\+)?\s*(?:\[|\()?(?:read |see |show )?more(?:\]"
            r"|\))?\s*\Z",
            re.IGNORECASE,
        ),
    ),
    (
        "related",
        re.compile(
            r"(?:related(?: (?:stories|story|articles?|news|content|coverage|posts?|topics?"
            r"|reading|video))?|(?:also|must|further) read|read (?:more|also|next|the latest)"
            r"|(?:see|watch|listen) also|recommended(?: reading| for you)?|more stories|watch"
            r"|don(?:’|')t miss|editor(?:’|')?s(?:’|')? picks?|you (?:may|might) (?:also )?(?:like"
            r"|be interested in)|up next|more from .{1,40}|more on .{1,40}|lesen sie auch"
            r"|mehr zum thema|lire aussi|à lire aussi|lea también|te puede interesar|leggi anche"
            r"|lees ook|siehe auch)\s*[:|»›→>]\s*(?!\s*\Z).{0,220}\Z",
            re.IGNORECASE,
        ),
    ),
    (
        "related",
        re.compile(
            r"(?!.*[«.!?]\Z)(?!.*«)(?:>>|» |→|►|▶|➡️?)\s*\S.{0,180}\Z|(?!.*«).{1,160}\s"
            r"(?:>>|»|→|►|▶)\Z"
        ),
    ),
)

# Whoever has said a line, at its end or behind its first words: it is no page's own then.
ATTRIBUTION = re.compile(
    r",[”\"’']? (?:[\w’'-]+ ){1,6}?(?:(?:said|says|told|added|argued|warned|urged|ruled|admitted"
    r"|promised|announced|reported|wrote|sagte|sagt|erklärte|déclaré|dijo|detto|zei)\b"
    r"|(?:found|held|asked|shouted)\b(?=[.,]| \w+ \w+,))",
    re.IGNORECASE,
)

# Lines of press releases: what it is, until when nobody may print it, whom to call, its end.
PRESS_RELEASE = whole(
    r"(?:for )?immediate release(?: ?[:,–—-] ?.{0,30})?|(?:press|news|media) (?:release"
    r"|statement)(?: (?:no\.?|nr\.?|#) ?[\w/-]{1,12})?|(?:embargoed (?:until|till|for)|sperrfrist"
    r"|sous embargo)\b.{0,60}|embargo: .{0,20}\d.{0,40}|(?:presse"
    r"|medien)mitteilung(?: nr\.? ?[\w/-]{1,12})?|communiqué de presse|comunicado de prensa"
    r"|comunicato stampa|persbericht|(?:(?:press|media|news) )?contacts?: .{0,100}|(?:presse"
    r"|medien)kontakt: .{0,100}|[-–—# ]{0,4}(?:30|ends?|ende|fin)[-–—# ]{1,4}|(?:# ?){3}"
)

AT_THE_EDGE: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "tags",
        re.compile(
            r"(?:tags?|topics?|filed under|categor(?:y|ies)|keywords|posted in|mots[- ]clés"
            r"|schlagwörter|themen|etiquetas|temas)\s*:\s*\S.{0,200}\Z",
            re.IGNORECASE,
        ),
    ),
    ("tags", re.compile(r"(?:#\w+[\s,]*)+\Z")),
    ("counter", whole(r"[\d.,]+\s*[km]?|\d{1,3} min(?:ute[sn]?)?")),
    ("related", whole(r"follow [\w’' ]{2,30}[’']s? (?:\w+ )?coverage (?:of|on) .{3,120}")),
    ("site", whole(r"(?:from|aus|un article de|de|da|uit|z) wiki\w+ ?[,—–-] \w.{5,40}")),
    (
        "byline",
        whole(
            r"(?:senior |staff |guest |chief |special )?(?:contributor|reporter|writer|editor"
            r"|correspondent|columnist|staff|redaktion|rédaction|redacción)|by staff|follow author"
            r"|(?:par|von|por|di|door) (?-i:[A-ZÀ-Þ][\w.’'-]+)(?: (?-i:[A-ZÀ-Þ][\w.’'-]+)){1,3}"
            r"|par la rédaction|von unserer redaktion"
        ),
    ),
    ("navigation", re.compile(r"home\s*[/|›»>].{0,200}\Z", re.IGNORECASE)),
    (
        "navigation",
        whole(
            r"home(?:page)?|menu|search|log ?in|sign in|subscribe|register|sign up|newsletters?"
            r"|podcasts?|e-?paper|weather|live tv|close|all sections|sections|breaking news"
            r"|breaking|live|exclusive|latest news|top news|news|updated?"
            r"|you are here(?:: ?.{0,100})?"
        ),
    ),
)
