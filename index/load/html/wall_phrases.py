"""What pages say that come instead of an article, in the words of many languages.

Kinds are in the order in which they are tried. Wordings are looked for in a sentence, titles from
the beginning of a title. Which share of a page they have to be is decided in
:mod:`index.load.html.walls`.
"""

from __future__ import annotations

import re

__all__ = ["TITLES", "asks_to_pay", "reports", "says"]

# Each from the beginning of a title.
TITLES = {
    "page not found": re.compile(
        r"(?i)\W*(?:(?:error|http|oops|whoops|uh[- ]oh|sorry|fehler|erreur)\W*)*"
        r"(?:(?:40[034]|41[09]|50[0234])\W*(?:\Z|[-|–—:(]|(?:error|not|page|seite|forbidden|bad"
        r"|backend|service|internal|gateway|access|gone|unauthori[sz]ed)\b)"
        r"|(?:(?:that|this|the) )?(?:page|article|story|seite|content|site)\b.{0,12}"
        r"\b(?:not found|nicht gefunden|unavailable"
        r"|no longer available|does(?:n.t| not) exist)\b|not found\W*\Z"
        r"|(?:oops|whoops|uh[- ]oh)\W*\Z"
        r"|page (?:introuvable|non trouvée)"
        r"|página no encontrada|pagina non trovata|pagina niet gevonden|we can.?.?t find"
        r"|access denied|forbidden\W*\Z|service unavailable|bad gateway|internal server error)"),
    "a notice that there is nothing to read": re.compile(
        r"(?i)\W*(?:(?:content |video )?(?:unavailable|not available)\W*\Z"
        r"|(?:scheduled |under |site |down for )*maintenance\W*(?:\Z|[-|–])|wartungsarbeiten"
        r"|too many requests|429\b|(?:error\W*)?451\b|unavailable (?:for|due to) legal"
        r"|(?:this )?domain\b.{0,40}\bfor sale|.{1,60}\bdomain (?:is )?for sale"
        r"|welcome to (?:nginx|apache|centos|caddy)|apache2? .{0,20}default page|it works!\W*\Z"
        r"|thank you for (?:subscribing|signing up)|page expired|session expired"
        r"|(?:we.ll |we will )?be right back|coming soon\W*\Z"
        r"|(?:are you|you must be) (?:over|at least)"
        r"|age (?:check|verification|gate)\W*(?:\Z|[-|–]))"),
    "a check for bots": re.compile(
        r"(?i)\W*(?:(?:just a moment|un instant|einen moment|un momento)\W*(?:\Z|[-|–])"
        r"|attention required|are you (?:a )?(?:robot|human)"
        r"|(?:security|robot|bot) (?:check|verification)|verify(?:ing)? (?:you are|that you)"
        r"|checking your browser|ddos[- ]protection|captcha\W*\Z|one more step|human verification"
        r"|please wait\W*\Z|pardon our interruption|sicherheits(?:über)?prüfung)"),
    "a wall of cookies or terms": re.compile(
        r"(?i)\W*(?:before you continue|we value your privacy|your privacy|cookie (?:consent"
        r"|settings|notice|wall)|privacy (?:settings|choices)|consent|einwilligung"
        r"|datenschutzeinstellungen)\W*(?:\Z|[-|–])"),
    "a login or a paywall": re.compile(
        r"(?i)\W*(?:log ?in|sign ?in|subscribe|subscription required|register|anmelden|login"
        r" required)\W*(?:\Z|[-|–]|to (?:continue|read))"),
}  # fmt: skip
_WORDINGS = {
    "page not found": re.compile(
        r"(?i)\b(?:could not|couldn.t|can(?:no|.)t) find (?:what|the page|the story|anything)"
        r"|nothing (?:was |could be )?found (?:at|under) this (?:location|address|url)"
        r"|^\W*(?:maybe |perhaps |please )?try (?:one of the links|(?:a|another) search|searching)"
        r"|\b(?:page|article|story|content|url|link|address)\b[^.]{0,60}\b(?:could(?:n.t| not)"
        r" be found|can(?:no|.)t be found|(?:was|is|were) not found|does(?:n.t| not) exist"
        r"|no longer (?:exists|available|here)|(?:may |might |has |have )?(?:been|be) (?:moved"
        r"|removed|deleted|renamed|taken (?:down|offline))|is no longer online)"
        r"|we can.?.?t (?:find|seem to find)[^.]{0,40}\bpage|"
        r"\bseite\b[^.]{0,60}\b(?:nicht gefunden|existiert nicht|nicht mehr verfügbar)"
        r"|(?:page|article)[^.]{0,50}(?:introuvable|n.existe (?:pas|plus))"
        r"|página[^.]{0,50}no (?:existe|se ha encontrado|encontrada)"),
    "a notice that there is nothing to read": re.compile(
        r"(?i)\b(?:not available in your (?:country|region|location)"
        r"|(?:cannot grant you|do not have) (?:access|permission)|backend fetch failed"
        r"|guru meditation"
        r"|\b(?:this|the|buy this) domain\b[^.]{0,30}\b(?:is|may be|has|sale)\b"
        r"|domain is parked|inquire about (?:it|this)\b"
        r"|(?:web ?server|nginx|apache)\b[^.]{0,60}\b(?:success|working|installed|configur)"
        r"|further configuration is required|(?:session|page) (?:has |is )?expired"
        r"|refresh the page and try|thank you for (?:subscribing|signing up)"
        r"|confirm your (?:e-?mail|subscription)|check your (?:inbox|e-?mail)"
        r"|unavailable (?:for|due to) legal reasons"
        r"|(?:our|this|the) (?:web)?(?:site|page|service|server)\b[^.]{0,30}"
        r"\b(?:undergoing|down for)"
        r"|you(?:.ve| have) (?:made|sent) too many requests|slow down and try again"
        r"|(?:performing|undergoing|carrying out)\b[^.]{0,30}\bmaintenance"
        r"|(?:sorry|apologi[sz]e) for (?:the|any) inconvenience"
        r"|\b(?:page|site|service)\b[^.]{0,40}\btemporarily (?:unavailable|offline)"
        r"|(?:using|detected) an ad-?\s?blocker"
        r"|disable (?:it|your ad-?\s?blocker)\b.{0,60}\bcontinue"
        r"|from a country belonging to the european economic area|access cannot be granted"
        r"|\b(?:be |are )?back (?:online|soon|shortly)\b"
        r"|please (?:check back|try again)|(?:diese|unsere) seite[^.]{0,40}wartung"
        r"|(?:did not|didn.t|does not) match any|\bno results\b"
        r"|you must be[^.]{0,30}\b(?:legal (?:drinking )?age|over|at least)"
        r"|enter your (?:date of birth|age))"),
    "a check for bots": re.compile(
        r"(?i)\b(?:enable|turn on|activate|aktivieren|activer|active|habilit\w+)[^.]{0,30}"
        r"\b(?:javascript|cookies)\b|(?:javascript|cookies)\b[^.]{0,30}\b(?:aktivieren|activer)\b"
        r"|(?:que vous êtes|dass sie ein|que (?:eres|es usted)) (?:un )?(?:humain|mensch|humano)"
        r"|checking (?:if|your browser|that)"
        r"|verify(?:ing)? (?:that )?you(?:.re| are) (?:a )?(?:human"
        r"|not a (?:ro)?bot)"
        r"|(?:you (?:were|are|might be|may be)|you.re) a (?:ro)?bot\b"
        r"|unusual (?:traffic|activity)|are you (?:a|not a) robot|(?:you.re|you are|i.m|i am)"
        r" not a robot|complete the (?:captcha"
        r"|security check)|performance (?:&|and) security by|ray id\b|access (?:to this page )?"
        r"(?:has been |is )?(?:denied|blocked)|have been blocked|automated (?:access|requests)"
        r"|using automation tools to browse|press (?:&|and) hold"
        r"|site connection is secure|bist kein roboter"),
    "a wall of cookies or terms": re.compile(
        r"(?i)\b(?:we|our partners|wir|nous)\b[^.]{0,120}\bcookies?\b|\bcookies?\b[^.]{0,80}"
        r"\b(?:accept|consent|agree|allow|preferences|zustimm|akzeptier|accepter|aceptar)"
        r"|(?:accept|agree)[^.]{0,40}\b(?:all|cookies|terms)\b[^.]{0,30}\bcontinue|consent to"
        r" (?:the )?(?:use|processing)|(?:legitimate interest|manage (?:my )?(?:choices|options"
        r"|preferences)|zustimmung|einwilligung|(?:mit|ohne) werbung (?:weiter)?lesen"
        r"|mit werbung und tracking|avec publicité|privacy (?:policy|settings)"
        r"|store and/or access information)"),
    "a login or a paywall": re.compile(
        r"(?i)\b(?:subscribe|subscription|sign in|log ?in|register|create (?:an|a free) account"
        r"|become a (?:member|subscriber)|free trial|abonnieren|anmelden|abonnez|suscríbete)\b"
        r"[^.]{0,80}\b(?:to (?:continue|keep|read|view|access|unlock|see)|read(?:ing)?|full"
        r"|unlimited|weiterlesen|weiter|lire|leer|seguir)"
        r"|\b(?:enter|forgot)\b[^.]{0,50}\bpassword\b|\bto read the (?:full|whole|rest)\b[^.]{0,40}"
        r"\b(?:plan|offer|choose|buy|pay)"
        r"|to (?:continue|keep) reading\b[^.]{0,80}\b(?:subscribe|sign|log|register|join|become"
        r"|choose|select|pick|buy|pay|start)\b|^\W*(?:choose|select|pick) (?:a|your) plan\W*\Z"
        r"|(?:zum|um) weiter(?:zu)?lesen|(?:bereits|schon) (?:abonnent|kunde|registriert)"
        r"|hier anmelden|pour (?:lire la suite|continuer)|(?:déjà|ya) (?:abonné|suscriptor)"
        r"|\b(?:this|the (?:full|rest)|article|content|story)\b"
        r"[^.]{0,60}\b(?:for|to|only|exclusively|reserved)\b[^.]{0,20}\b(?:subscribers"
        r"|members|paying)"
        r"|already (?:a |have a(?:n)? )?(?:subscriber|member|account|subscription)"
        r"|(?:you.ve|you have) (?:reached|read|used)[^.]{0,60}(?:limit|free (?:article|stor)\w*)"
        r"|^\W*(?:see|view|compare) (?:our |all |the |your )?(?:offers?|plans|subscriptions)\W*\Z"
        r"|nur für abonnenten|réservé aux abonnés|solo para suscriptores"),
}  # fmt: skip

# In other languages: stems that make a sentence of a kind where they stand together, in any order.
_PAGE = (
    r"\b(?:pages?|resource|article|story|content|url|link|address|seite|artikel|beitrag"
    r"|adresse|inhalt"
    r"|p[áa]gina|art[íi]culo|articolo|artigo|conten[ui]\w*|conteúdo|stron[aęy]|artykuł|stránk[au]"
    r"|článek|článok|oldal|cikk|pagin[ăa]|articol\w*|sid(?:a|e|an|en)|sivu\w*|artikkeli\w*"
    r"|sayfa\w*|haber"
    r"|страниц[аыу]|стать[яи]|материал|сторінк[аиу]|статт[яі]|halaman|trang|pagin[ae])\b"
    r"|σελίδα|άρθρο|صفحة|المقال|صفحه|הדף|העמוד|הכתבה|पृष्ठ|पेज|หน้า|ページ|記事|页面|頁面|网页|文章"
    r"|페이지|기사"
)
_GONE = (
    r"not found|no longer (?:available|here|exists)|isn.t here|does(?:n.t| not) exist"
    r"|nicht (?:mehr )?(?:gefunden|verfügbar|auffindbar|vorhanden|erreichbar)"
    r"|nicht gefunden werden"
    r"|existiert (?:leider )?nicht|gelöscht|verschoben|introuvable|n.existe|plus disponible"
    r"|(?:été|est) (?:supprimé|déplacé)|no existe|no (?:se )?(?:ha |pudo "
    r"|hemos )?(?:encontr|podido)"
    r"|eliminad[ao]|(?:cambiado|movid[ao])|non esiste|non (?:è stata )?trovat[ao]|spostat[ao]"
    r"|rimoss[ao]|não (?:existe|foi encontrad|encontrad)|removid[ao]|(?:kan )?niet (?:worden )?"
    r"(?:gevonden|beschikbaar)|bestaat (?:niet|helaas)|verplaatst|verwijderd|nie istnieje"
    r"|nie (?:została )?znalezion|nie można odnaleźć|przeniesion|usunięt|neexist|nenalezen"
    r"|nenašl[ai]|přesunut|odstraněn|nem (?:található|létezik)|törölt|nu (?:există|a fost găsit"
    r"|mai este)|finns (?:inte|ej)|inte (?:hittas|hitta)|flyttats|tagits bort|ikke finde"
    r"|findes (?:ikke|desværre)"
    r"|finnes ikke|(?:blev )?ikke (?:fundet|funnet)|slettet|flyttet|ei (?:löy|ole olemassa)"
    r"|poistettu"
    r"|bulunamad|bulunmuyor|mevcut değil|kaldırıl|silinmiş|не (?:найден|существует|знайден|існує)"
    r"|удал[её]н|перемещ|видален|δεν (?:βρέθηκε|υπάρχει)|διαγραφ|غير موجود|لم يتم العثور|تم حذف"
    r"|لا يمكن العثور|לא נמצא|אינו קיים|לא קיים|הוסר|یافت نشد|وجود ندارد|नहीं मिला|मौजूद नहीं"
    r"|tidak (?:ditemukan|tersedia)|dihapus|không (?:tồn tại|tìm thấy)|ไม่พบ|ไม่มีอยู่|ถูกลบ"
    r"|見つかりません|存在しません|削除された|不存在|已被?删除|未找到|找不到|已被?刪除|찾을 수 없"
    r"|존재하지 않|삭제되"
)
_ENABLE = (
    r"\b(?:enabl|turn on|activ|aktiv|habilit|abilit|ativ|(?:in)?schakel|włącz|povol|zapn"
    r"|engedélyez|etkin|включ|увімкн|ενεργοποι)|käyttöön|تفعيل|הפעל|有効|启用|啟用|開啟|사용|활성"
)
_VERIFY = (
    r"\b(?:verif|prove|proving|confirm|überprüf|prüfen|bestätig|vérif|comprob|comprueb|controll"
    r"|weryfik|potwierd|ověř|bekräft|bekræft|bekreft|doğrula|провер|подтверд|перевір)|確認|验证|驗證"
    r"|확인|التحقق"
)
_HUMAN = (
    r"\b(?:human|mensch|humain|humano|umano|robot|człowiek|člověk|människa|menneske|ihmi|insan"
    r"|человек|людин)|人間|人类|真人|사람|إنسان"
)
_ACCEPT = (
    r"\b(?:accept|agree|consent|akzept|zustimm|stimmen sie|einwillig|accept|consent|acept"
    r"|rechaz|accett"
    r"|rifiut|aceit|akkoord|accepteer|toestemming|zgadzam|zgod[aęy]|akceptuj|souhlas|přijm"
    r"|elfogad"
    r"|samtyck|godkänn|accepter|samtykk|hyväksy|kabul|соглас|принима|συμφων|συναιν)|同意|موافق|동의"
)
_WE = (
    r"\b(?:we|our|us|wir|unser\w*|nous|nos|nosotros|nuestros|usamos|utilizamos|noi|nostri"
    r"|utilizziamo|nossos|wij|onze|nasi|my|naszy\w*|naši|používáme|mi|vi|våra|vores|våre|me|biz"
    r"|мы|наши|ми|εμείς)\b|当社|我们|我們|당사|نحن"
)
_PARTNERS = r"\b(?:partner\w*|partenaires|socios|parceiros|партн[её]р\w*|kumppani\w*|ortaklarımız)"
_DATA = (
    r"\b(?:cookies?|tracking|куки|daten|data|données|datos|dati|dados|gegevens|danych|dane"
    r"|informa"
    r"|informacje|údaj\w*|uppgifter|oplysninger|данны\w*)|クッキー|쿠키"
)
_SUBSCRIBER = (
    r"\b(?:subscri\w*|abonn\w*|(?:digital|plus|probe|jahres|monats)?-?abo\b|suscri\w*|abbon\w*|assin(?:e|ant)\w*|předplat\w*|prenumer\w*"
    r"|előfizet\w*|tilaa\w*|member(?:s|ship)?|premium|plus|подпис\w*|підпис\w*|συνδρομ\w*)"
    r"|اشتراك|מנוי|会員|订阅|訂閱|구독"
)
_TO_READ = (
    r"\b(?:continu\w*|unlock|vollständig\w*|ganzen artikel"
    r"|reserv\w*|réserv\w*|riserv\w*|exclusi\w*|esclusiv\w*|freischalt\w*"
    r"|weiter(?:zu)?lesen|seguir leyendo|la suite|à lire|leggere|ler|lees verder|lezen|exclusief"
    r"|(?:solo|sólo) para|lee sin|leer sin|tutti i contenuti|todos los contenidos"
    r"|todo el contenido|tous (?:les|nos) (?:articles|contenus)|l[’']intégralité|alle artikel"
    r"|alleen voor|bara för|kun for|nur für|nur mit|only|already|déjà|ya eres|sei già|já é"
    r"|bereits|schon|już|więcej"
    r"|dočíst|tylko dla|dostępn\w*|läs(?:a)?|läs mer|læs|les mer|lukea|только|дочитат\w*"
    r"|доступ\w*"
    r"|devamını|czytaj dalej|leggi tutto|lisez la suite)|続き|继续|繼續|계속"
)
_GO_HOME = (
    r"\b(?:back|go|return|zurück|retour\w*|volver|vuelva|vuelve|torna|ritorna|volte|voltar"
    r"|terug|wróć"
    r"|vraťte|zpět|tillbaka|till|til|takaisin|вернуться|вернитесь|перейдите|dönün"
    r"|geht es)\b.{0,30}"
    r"\b(?:home ?page|front page|startseite|accueil|portada|inicio|página inicial|stronę główną"
    r"|hlavní stránku|startsidan|forsiden|etusivulle|главную|ana sayfa\w*)"
    r"|トップページ|返回首页|返回首頁|الصفحة الرئيسية|לדף הבית"
)
_SERVERS = (
    r"\b(?:server is (?:temporarily |currently )?unable|security (?:service to|solution\b)"
    r"|(?:action|command) you just performed|security of your connection|application error"
    r"|client-side exception|browser console|database connection"
    r"|site administrator|hosting provider|account has been suspended|github pages"
    r"|origin web server|error code \d{3}|(?:web ?)?page can ?not be displayed"
    r"|connection timed out"
    r"|you are being redirected|if nothing happens|object moved|moved (?:to )?here"
    r"|your browser is (?:not supported|out of date|outdated)|upgrade (?:to a modern"
    r"|your) browser"
    r"|(?:is|are)n.t available in your (?:region|country|location|area))"
)
_OFFERS = (
    r"\b(?:have|with) an account\W*\Z|unlimited (?:digital )?access|^\W*(?:log|sign) ?in\b"
    r"|\bmit (?:einem |dem )?[\w-]{0,20}-abo\b|\d (?:wochen|monate|weeks|months) f[üo]r"
    r"|\bcancel (?:at )?any ?time|free articles? (?:remaining|left)|already registered|unlock (?:it"
    r"|this|the)"
    r"|a premium article|(?:turn off|disable) your ad ?blocker|ad ?blocker deaktivieren"
    r"|jetzt (?:kostenlos )?testen|weiterlesen mit|hier (?:einloggen|anmelden)|pur-abo"
    r"|il vous reste|se connecter\W*\Z|inicia(?:r)? sesión\W*\Z|^\W*accedi\W*\Z"
    r"|disdici quando|jederzeit kündbar|monatlich kündbar|sans engagement|cancela cuando"
    r"|resili(?:ez|able) à tout|scegli l[’']offerta|choisissez (?:votre|une) offre|elige tu plan"
    r"|^\W*zaloguj|^\W*logga in|^\W*log ind?\b|^\W*войти\W*\Z"
)
# A short line with a price.
_PRICE = (
    r"\A(?=\W*(?:\S++\s++){0,8}\S*+\Z).*\b(?:pour|por|desde|dès|à partir de|a soli?|ab|für|voor"
    r"|from|for|only|vanaf|a) (?:nur |solo |seulement )?\d+(?:[.,]\d+)?\s?(?:€|euros?\b|£|\$)"
)
# How much of an article is left, and the question whether one wants to read it.
_REMAINDER = (
    r"\b(?:pozostało|il (?:vous )?reste|still|noch|rimane|resta|quedan?|faltam?|blijft|zbývá)\b"
    r".{0,10}\b\d{1,2}\s?%"
)
_WANT = (
    r"\b(?:vuoi|want to|möchten sie|wollen sie|voulez-vous|vous voulez|quieres|quer|wil je|chcesz"
    r"|хотите)\b.{0,30}\b(?:leggere|read|lesen|weiterlesen|lire|leer|ler|lezen|czytać|читать)\b.*\?"
)
_REST = r"\b(?:il resto|the rest|le reste|der rest|el resto|o resto)\b"
_UNLIMITED = (
    r"\b(?:sin límites?|acceso ilimitado|accesso illimitato|senza limiti|accès illimité"
    r"|en illimité|sans limite|unbegrenzt\w*|unlimited|acesso ilimitado|onbeperkt)\b"
)
_LINE = r"\A(?=\W*(?:\S++\s++){0,8}\S*+\Z)"
_COOKIES = r"\bcookies?\b|クッキー|쿠키"
_PRIVACY = r"tracking technolog|\bvie privée|\bprivacidad\b|privacy"
_CHECK = r"security check|captcha"
_TOGETHER = {
    "page not found": ((_PAGE, _GONE), (_GO_HOME,)),
    "a notice that there is nothing to read": ((_SERVERS,),),
    "a check for bots": (
        (_CHECK, r"\bcomplet"), (_ENABLE, rf"javascript|{_COOKIES}"), (_VERIFY, _HUMAN),
    ),
    "a wall of cookies or terms": (
        (_WE, _PARTNERS, _DATA), (_PRIVACY,), (_WE, _COOKIES), (_ACCEPT, _DATA),
    ),
    "a login or a paywall": (
        (_SUBSCRIBER, _TO_READ), (_OFFERS,), (_SUBSCRIBER, _PRICE), (_LINE, _UNLIMITED),
        (_REMAINDER,), (_LINE, _WANT), (_REST, _SUBSCRIBER),
    ),
}  # fmt: skip
_TOGETHER_PATTERNS = {
    kind: [[re.compile(part, re.IGNORECASE) for part in parts] for parts in sets]
    for kind, sets in _TOGETHER.items()
}

# Who spoke, and on which day of the week: news says so, and what stands in its place does not.
_REPORT = re.compile(
    r"(?i)\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|said|told|ruled|announced|warned|wrote"
    r"|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|sagten?|teilten?|erklärten?|warnten?"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|a (?:dit|déclaré|annoncé)"
    r"|lunes|martes|miércoles|jueves|viernes|sábado|domingo|dijo|dijeron|anunció"
    r"|luned[iì]|marted[iì]|mercoled[iì]|gioved[iì]|venerd[iì]|ha (?:detto|dichiarato)"
    r"|segunda-feira|terça-feira|disse|maandag|dinsdag|woensdag|donderdag|vrijdag|zei"
    r"|powiedział\w*|řekl\w*|sade|sagde|sa|сказал\w*|заявил\w*|сообщил\w*)\b"
)

# What stands where an article ends for those who have not paid, and nowhere else.
_GATES = re.compile(
    r"(?i)^\W*(?:(?:keep|continue) reading (?:this \w+ )?with (?:an?|your) (?:[\w-]+ )?"
    r"(?:subscription|trial|account|membership)"
    r"|(?:this|the (?:rest of (?:this|the)|full|whole)) (?:article|story|post|content|report|piece)"
    r" is (?:\w+ )?(?:available )?(?:exclusive(?:ly)? |only |reserved )?(?:to|for) (?:our )?"
    r"(?:(?:paid|paying|digital|premium) )?(?:subscribers|members)"
    r"|(?:subscribe|sign (?:in|up)|log in|register|become a (?:member|subscriber))"
    r"(?: now| today| for free)?"
    r" to (?:read on|(?:continue|keep) reading|unlock|read the (?:rest|full|whole))"
    r"|to (?:continue|keep) reading\b[^.]{0,40}\b(?:subscribe|sign|log|register|join|become|choose"
    r"|select|pick|buy|pay)"
    r"|unlock th(?:is|e full|e rest of this) (?:article|story|post|report)"
    r"|(?:jetzt )?weiterlesen mit \S+\W*\Z|(?:dieser|der ganze|der vollständige)"
    r" (?:artikel|beitrag|text) ist (?:\w+ )?(?:nur )?für (?:unsere )?(?:abonnent|mitglied)\w*"
    r"|(?:cet article|la suite) est réservée? (?:aux|à nos) abonnés"
    r"|il vous reste \d+ ?% de cet article"
    r"|este (?:artículo|contenido) es (?:exclusivo|solo) para suscriptores)"
)


def asks_to_pay(sentence: str) -> bool:
    """Whether a line says that what follows is for those who pay or are registered."""
    return bool(_GATES.search(sentence))


def reports(sentence: str) -> bool:
    """Whether a sentence tells what somebody said or what happened on a day."""
    return bool(_REPORT.search(sentence))


def says(kind: str, sentence: str) -> bool:
    """Whether a sentence has the words of pages of a kind, which is a key of ``TITLES``."""
    if _WORDINGS[kind].search(sentence):
        return True
    return any(
        all(part.search(sentence) for part in parts) for parts in _TOGETHER_PATTERNS.get(kind, ())
    )
