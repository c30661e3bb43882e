from __future__ import annotations

import subprocess
import sys

import pytest

from index.filters import Filters
from index.library import Library
from index.text.language import encoder_reads, language_of, unread
from tests.fakes import article

GERMAN = (
    "Der Hafen von Marseille hat am Montag ein zweites Becken eröffnet. Die Kosten lagen nach "
    "Angaben der Behörde bei 380 Millionen Euro, und die Fischer hatten lange darauf gewartet."
)
TEXTS = {
    "en": "The port of Marseille opened a second basin on Monday, and it cost 380 million euros.",
    "de": GERMAN,
    "fr": "Le port de Marseille a ouvert lundi un deuxième bassin, qui a coûté 380 millions.",
    "es": "El puerto de Marsella abrió el lunes una segunda dársena que costó 380 millones.",
    "ru": "Порт Марселя открыл в понедельник второй бассейн.",
    "ja": "マルセイユ港は月曜日に二つ目のドックを開設しました。",
    "ar": "افتتح ميناء مرسيليا يوم الاثنين حوضا ثانيا بتكلفة كبيرة.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_words_tell_the_language(language: str) -> None:
    assert language_of(TEXTS[language]) == language


def test_what_is_stated_wins() -> None:
    assert language_of(GERMAN, "en_GB") == "en-gb"


@pytest.mark.parametrize(
    ("stated", "language"),
    [("eng", "en"), ("GER", "de"), ("deu-AT", "de-at"), ("cmn_Hans", "zh-hans"), ("gsw", "gsw")],
)
def test_three_letters_are_two(stated: str, language: str) -> None:
    assert language_of(GERMAN, stated) == language


@pytest.mark.parametrize("stated", ["", "und", "German (Germany)", "  "])
def test_what_is_no_language_is_found_out(stated: str) -> None:
    assert language_of(GERMAN, stated) == "de"


@pytest.mark.parametrize("text", ["", "12.5 13.5 99%", "hola", "Nvidia (NVDA) EPS $1.20"])
def test_too_little_text_tells_nothing(text: str) -> None:
    assert language_of(text) == "en"


def test_articles_are_kept_and_filtered_by_language(library: Library) -> None:
    library.add([article("hafen", GERMAN), article("uk", "Short.", language="en-GB")])
    assert library.languages() == {"de": 1, "en-gb": 1}
    with library.view() as view:
        assert view.article("hafen").language == "de"
        for asked, count in (("DE", 1), ("en", 1), ("en-gb", 1), ("en_GB", 1), ("en-us", 0)):
            chosen = view.select(Filters(language=(asked,))).articles
            assert chosen is not None
            assert len(chosen) == count, asked


def test_the_same_again_is_the_same(library: Library) -> None:
    library.add([article("hafen", GERMAN)])
    assert library.add([article("hafen", GERMAN)]).unchanged == 1


@pytest.mark.parametrize(
    ("encoder", "reads"),
    [
        ("all-MiniLM-L6-v2", False),
        ("sentence-transformers/all-mpnet-base-v2", False),
        ("BAAI/bge-small-en-v1.5", False),
        ("paraphrase-multilingual-MiniLM-L12-v2", True),
        ("intfloat/multilingual-e5-small", True),
        ("BAAI/bge-m3", True),
        ("/models/our-own", True),
    ],
)
def test_english_encoders_are_known_by_name(encoder: str, reads: bool) -> None:
    assert encoder_reads(encoder, "de") is reads
    assert encoder_reads(encoder, "en-gb")


def test_the_warning_counts_and_says_what_to_do() -> None:
    warning = unread({"en": 40, "de": 2, "fr": 3}, "all-MiniLM-L6-v2")
    assert warning is not None
    assert "3 in fr, 2 in de" in warning
    assert "PULLQUOTE_ENCODER" in warning
    assert unread({"en": 40}, "all-MiniLM-L6-v2") is None
    assert unread({"de": 40}, "intfloat/multilingual-e5-small") is None


def test_reading_loads_neither_the_detector_nor_datasketch() -> None:
    code = (
        "import sys, rag.pullquote, api.cli; "
        "print([name for name in ('py3langid', 'datasketch', 'scipy', 'watchfiles') "
        "if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


GERMAN = (
    "Die Reederei teilte am Montag mit, dass ihre Schiffe ab Mai nicht mehr in Wexmouth anlegen "
    "werden. Weniger als vierzig Menschen am Tag nahmen im letzten Winter das Boot."
)


def test_a_page_is_in_the_language_of_its_text_and_not_of_its_template() -> None:
    assert language_of(GERMAN, "en-US", by_template=True) == "de"
    assert language_of(GERMAN, "de-at", by_template=True) == "de-at"


def test_two_sentences_are_enough_to_contradict_a_template() -> None:
    german = "Die Reederei legt ab Mai nicht mehr in Wexmouth an. Das teilte sie am Montag in einem"
    assert language_of(f"{german} Brief an den Ort mit.", "en", by_template=True) == "de"


def test_what_is_stated_stays_where_the_text_cannot_tell_or_somebody_said_so() -> None:
    assert language_of("Hafen zu.", "en", by_template=True) == "en"
    assert language_of(GERMAN, "en") == "en"


def test_languages_that_are_taken_for_each_other() -> None:
    norwegian = (
        "Rederiet sa mandag at båtene ikke lenger skal legge til kai i Wexmouth fra mai. Færre enn "
        "førti mennesker om dagen tok båten i fjor vinter, halvparten så mange som før."
    )
    assert language_of(norwegian, "nb", by_template=True) == "nb"
