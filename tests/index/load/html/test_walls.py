from __future__ import annotations

import pytest

from index.errors import LoadError
from index.load.html.walls import wall
from tests.index.load.webpages import P, article, paragraphs, read


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("404", "Nothing here."),
        ("Ferry to stop", "The ferry to the islands stops on the last day of May.\nKeep reading "
                          "with a subscription\nSee offers"),
        ("Ferry to stop", "The ferry to the islands stops on the last day of May.\nThis article is "
                          "exclusive to members. Support our journalism and become one today."),
        ("Fähre", "Die Fähre zu den Inseln fährt im Mai zum letzten Mal.\nWeiterlesen mit FP+"),
        ("Herald", "Our site is down for planned work. We apologise for any inconvenience."),
        ("Herald", "It looks like you are using an ad blocker. Please disable it to continue."),
        ("410", "This story has been taken down by the editors and is no longer online."),
        ("Page not found | Herald", "The page you asked for does not exist. Try the search."),
        ("Oops! We can’t find that page", "Sorry about that."),
        ("Seite nicht gefunden", "Die Seite wurde leider nicht gefunden. Nutzen Sie die Suche."),
        ("Just a moment...", "Checking if the site connection is secure."),
        ("Attention Required! | Shield", "Sorry, you have been blocked. You cannot open it."),
        ("Herald", "We and our 842 partners store information on a device, such as cookies. Accept "
                   "all cookies or manage your choices at any time."),
        ("Ferry to stop", "The ferry stops in May. Subscribe to continue reading. Already a "
                          "subscriber? Log in."),
        ("Oops!", "We could not find what you were looking for here. Try a search of the site."),
        ("Herald", "It looks like nothing was found at this location. Maybe try a search?"),
        ("Age check", "You must be of legal drinking age. Please enter your date of birth."),
        ("Unavailable", "This is not available in your country due to legal reasons."),
        ("Maintenance", "Our site is undergoing scheduled maintenance. Please check back soon."),
        ("429", "You have made too many requests. Please slow down and try again later on."),
        ("Access denied", "You do not have permission to view this page."),
        ("Error 503", "Error 503 Backend fetch failed. Guru Meditation: XID: 3492."),
        ("419 Page Expired", "The session has expired. Please refresh the page and try again."),
        ("451", "We cannot grant you access at this time from the country that you are in."),
        ("Un instant…", "Vérification que vous êtes humain. Veuillez activer JavaScript."),
        ("Herald", "Mit Werbung weiterlesen: Besuchen Sie uns mit Werbung und Tracking."),
        ("Herald", "The domain herald.example may be for sale. Click here to inquire about it."),
        ("Welcome to nginx!", "If you see this page, the nginx web server is working."),
        ("Herald", "Thank you for subscribing! Please check your inbox to confirm your email."),
        ("Ferry to stop", "The ferry stops in May. To continue reading this article, subscribe "
                          "today for one crown. Already a subscriber? Log in."),
    ],
)  # fmt: skip
def test_pages_in_place_of_an_article(title: str, text: str) -> None:
    assert wall(title, text)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Why sites show captchas", " ".join(P[:4]) + " Verify that you are human, they say."),
        ("Firm fined over cookies", f"{P[0]} {P[1]} “We use cookies as we may,” the firm said."),
        ("Missing boy not found", f"Police said on Monday that the search would go on. {P[2]}"),
        ("Moment of truth for Wexmouth", P[0]),
        (
            "Captcha firms under fire",
            "Firms that make people prove they are not a robot came under "
            "fire, as a court ruled that it keeps blind people out.",
        ),
        ("404 jobs lost in Leeham", "The port cuts 404 jobs, it said on Tuesday in Leeham."),
        ("Maintenance of bridges lags", "The bridge is undergoing maintenance until May, it said."),
        ("Voters over 18", "Voters must be over 18 to take part in the vote on the ferry in May."),
        ("", P[1]),
        ("Subscribers leave the Herald", f"{P[0]} {P[1]} {P[2]} Subscribe to read more."),
    ],
)
def test_reports_about_such_pages(title: str, text: str) -> None:
    assert wall(title, text) is None


def test_the_beginning_of_an_article_behind_a_paywall() -> None:
    gate = (
        "<div class=paywall><p>Subscribe to continue reading. Already a member? Log in.</p></div>"
    )
    with pytest.raises(LoadError, match="behind a login or a paywall"):
        read(article(paragraphs(0, 2) + gate))


def test_a_whole_article_with_a_paywall_below_it() -> None:
    gate = "<div class=paywall><p>Subscribe to continue reading.</p></div>"
    assert P[-1] in read(article(paragraphs() + paragraphs() + gate)).text


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Sidan kunde inte hittas", "Sidan du söker finns inte längre eller har flyttats."),
        ("Страница не найдена", "Запрашиваемая страница не существует или была удалена."),
        ("ページが見つかりません", "お探しのページは見つかりませんでした。"),
        ("404", "عذرا، الصفحة التي تبحث عنها غير موجودة أو تم حذفها."),
        ("De Haven", "Wij en onze partners gebruiken cookies. Klik op akkoord om door te gaan."),
        ("Port", "My i nasi partnerzy przechowujemy informacje, takie jak pliki cookie."),
        ("Hamnen stänger", "Hamnen stänger i maj. Den här artikeln är bara för prenumeranter. "
                           "Redan prenumerant? Logga in."),
        ("Il porto", "Il porto chiuderà. Questo contenuto è riservato agli abbonati. Accedi"),
        ("Só um momento", "Verificando se você é humano. Ative o JavaScript e os cookies."),
        ("Error", "This account has been suspended. Contact your hosting provider about it."),
    ],
)  # fmt: skip
def test_such_pages_in_other_languages(title: str, text: str) -> None:
    assert wall(title, text)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Cookie walls are illegal", "A court ruled on Tuesday that websites may not force readers "
         "to accept cookies. The judges said that consent must be given freely."),
        ("404 page art", "A museum shows fifty pages that say a page could not be found, from "
         "Tuesday on. The oldest is from 1994, and was made by a student in Oslo."),
        ("Access denied: journalists kept out", "Journalists were kept out of the trial of a mayor "
         "on Tuesday. Their union has complained to the ministry of justice about it."),
        ("クッキー規制", "国会は火曜日、クッキーの利用に本人の同意を求める法を可決した。"
         "企業は四十万社が対象となり、違反した場合は罰金が科される。"),
    ],
)  # fmt: skip
def test_reports_on_walls_of_many_kinds(title: str, text: str) -> None:
    assert wall(title, text) is None


@pytest.mark.parametrize(
    "text",
    [
        "The council met behind closed doors.\n\nTo keep reading, choose a plan\n\n€2 a month.",
        "Le conseil a voté mardi la fermeture du port.\n\nLa suite est réservée à nos abonnés"
        "\n\nJe m’abonne pour 1 €",
        "Der Rat hat am Dienstag für die Schließung gestimmt.\n\nDen vollständigen Artikel lesen"
        " Sie mit einem Digitalabo.\n\nJetzt Angebot wählen",
        "El pleno votó el martes cerrar el puerto.\n\nSuscríbete para seguir leyendo\n\nLee sin"
        " límites por 1 € al mes",
        "Il consiglio ha votato la chiusura.\n\nVuoi leggere tutto l’articolo?\n\nScegli"
        " l’offerta che fa per te.",
        "Il consiglio ha votato la chiusura.\n\nIl resto dell’articolo è per chi è abbonato.\n\n"
        "Prova gratis, poi disdici quando vuoi.",
        "Rada zamknęła port.\n\nPozostało 82% tekstu.\n\nCzytaj dalej z prenumeratą cyfrową.",
        "Il consiglio ha votato martedì la chiusura.\n\nArticolo riservato agli abbonati\n\n"
        "Sblocca l’accesso illimitato a tutti i contenuti",
    ],
)
def test_the_first_sentence_before_a_paywall(text: str) -> None:
    assert wall("The port", text)


@pytest.mark.parametrize(
    "text",
    [
        "Die Zeitung hat 12.000 Abonnenten gewonnen, sagte der Verlag am Dienstag. Ein Drittel der"
        " Artikel ist nur für Abonnenten. Der Preis sinkt auf acht Euro.",
        "L’entrée coûte 9 €, à partir de 5 € pour les enfants. Le musée a ouvert mardi. La mairie a"
        " payé les travaux.",
        "I traghetti restano fermi lunedì, ha detto il sindacato. Gli abbonati useranno i bus.",
        "Il reste 82 % des travaux à faire, a dit la mairie mardi. Le port ouvre en mai.",
        "Il biglietto costa da 3 a 5 euro. Il museo ha aperto martedì. Il Comune ha pagato tutto.",
    ],
)
def test_reports_on_prices_and_subscribers(text: str) -> None:
    assert wall("Die Zeitung", text) is None


@pytest.mark.parametrize(
    ("body", "names"),
    [("body", "error404 logged-out"), ("section", "error-404 not-found"), ("div", "page-404")],
)
def test_the_page_says_in_its_classes_that_it_is_none(body: str, names: str) -> None:
    text = "<p>Hier ist nichts. Vielleicht hilft eine Suche weiter, oder einer der Links.</p>"
    head = f"<title>Herald</title></head><body class='{names}'>" if body == "body" else ""
    with pytest.raises(LoadError, match="page not found"):
        read(f"<{body} class='{names}'><h1>Nichts</h1>{text}</{body}>", head)


@pytest.mark.parametrize("names", ["post-404 type-post", "hiker-not-found", "page-id-404"])
def test_articles_whose_classes_have_such_words(names: str) -> None:
    assert P[1] in read(f"<div class='{names}'>{article(paragraphs(0, 3))}</div>").text


def test_an_article_beside_a_hidden_notice() -> None:
    notice = "<section class='error-404'><p>Nothing was found at this location.</p></section>"
    assert P[1] in read(article(paragraphs(0, 3)) + notice).text
