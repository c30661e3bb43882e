from __future__ import annotations

import pytest

from tests.index.load.webpages import P, article, paragraphs, read


def sentence(words: str, lang: str = "en") -> str:
    """What becomes of words in the middle of a sentence of a page."""
    inside = f"<p>{P[0]}</p><p>The clerk wrote on Monday that {words} were seen there.</p>"
    (line,) = (
        line for line in read(article(inside), lang=lang).text.split("\n") if "clerk" in line
    )
    return line.removeprefix("The clerk wrote on Monday that ").removesuffix(" were seen there.")


@pytest.mark.parametrize(
    ("words", "read_as"),
    [
        ("31<sup>4</sup> million francs", "31 million francs"),
        ('boats of 1998<sup><a href="#n7">7</a></sup>', "boats of 1998"),
        ("boats<sup>[2]</sup>", "boats"),
        ("boats<sup>2,5</sup>", "boats"),
        ("boats of 1998<sup>b</sup>", "boats of 1998"),
        ('10<sup class="reference">4</sup> boats', "10 boats"),
        ("10<sup>9</sup> grains", "10^9 grains"),
        ("10<sup>-2</sup> grains", "10^-2 grains"),
        ("2<sup>32</sup> grains", "2^32 grains"),
        ("2<sup>7</sup> million boats", "2 million boats"),
        ("40 km<sup>2</sup>", "40 km^2"),
        ("200 m<sup>3</sup>/s of water", "200 m^3/s of water"),
        ("CO<sub>2</sub> clouds", "CO2 clouds"),
        ("the 22<sup>nd</sup> lot", "the 22nd lot"),
        ("2<sup>3</sup>/<sub>4</sub> tons", "2 3/4 tons"),
        ("goods at €7<sup>95</sup>", "goods at €7.95"),
        ("goods at $10<sup>95</sup>", "goods at $10.95"),
        ("Acme<sup>TM</sup> pumps", "Acme™ pumps"),
        ('31<span style="vertical-align: super">4</span> million', "31 million"),
        ('boats of 1998<span class="superscript">4</span>', "boats of 1998"),
        ('10<span class="sup">6</span> grains', "10^6 grains"),
        ('31<a role="doc-noteref" href="notes#n4">4</a> million', "31 million"),
        ('boats of 1998<a class="footnote-ref" href="#n4">4</a>', "boats of 1998"),
        ('the <a class="note" href="/n">note of 1998</a>', "the note of 1998"),
        ('31<a class="footnote" href="#n3">3</a> million', "31 million"),
        ('31<a href="#_ftn3" name="_ftnref3">3</a> million', "31 million"),
        ('31<a href="#n3">[3]</a> million', "31 million"),
        ('31 <a href="#n3">[3]</a> million', "31 million"),
        ('31 <a href="#n3">[3]</a>, or 40%&nbsp;<a href="#n4">[4]</a>,', "31, or 40%,"),
        ('boats as in <a href="#n3">[3]</a>', "boats as in [3]"),
        ('31<cite class="ref">3</cite> million', "31 million"),
        ('31<span class="footnote">3</span> million', "31 million"),
        ('paragraphs <a href="#p31">31</a> to 40', "paragraphs 31 to 40"),
        ("dates by <sup>14</sup>C", "dates by 14C"),
        ("a<sup>n+1</sup> grains", "a^(n+1) grains"),
        ("“<q>inner words</q>”", "“inner words”"),
    ],
)
def test_raised_and_lowered(words: str, read_as: str) -> None:
    assert sentence(words) == read_as


def test_an_ordinal_of_another_language() -> None:
    assert sentence("le 3<sup>e</sup> rang", "fr") == "le 3e rang"


@pytest.mark.parametrize(
    "words",
    [
        "<del>five</del><ins>six</ins> boats",
        "<s>five</s>six boats",
        "<strike>five</strike>six boats",
        '<span style="text-decoration: line-through">five</span>six boats',
        '<span class="text strikethrough">five</span>six boats',
        "<span hidden>five</span>six boats",
        '<span style="Display : none">five</span>six boats',
        '<span class="visually-hidden">opens a window</span>six boats',
        "<template>five</template>six boats",
        '<i aria-hidden="true">★</i>six boats',
        '<span style="font-size:0">five</span>six boats',
        '<button aria-expanded="false">i</button>six boats',
        '<span style="position:absolute; left:-9999px">five</span>six boats',
        '<span style="clip: rect(0 0 0 0)">five</span>six boats',
        '<span class="hidden">five</span>six boats',
        '<b class="u-hidden">five</b>six boats',
    ],
)
def test_what_does_not_stand(words: str) -> None:
    assert sentence(words) == "six boats"


@pytest.mark.parametrize(
    "tag",
    ["time", "button", "label", "output", "meter", "data", "kbd", "var", "mark", "bdi", "ins",
     "custom-element"],
)  # fmt: skip
def test_words_in_elements_of_all_kinds(tag: str) -> None:
    assert sentence(f"on <{tag}>9 May</{tag}> six boats") == "on 9 May six boats"


@pytest.mark.parametrize(
    ("words", "read_as"),
    [
        ("<q>no</q> and more", "“no” and more"),
        ("<q>never <q>ever</q> again</q> and more", "“never ‘ever’ again” and more"),
        ("<q>«no»</q> and more", "«no» and more"),
        ("<math><mfrac><mn>1</mn><mi>x</mi></mfrac></math> and more", "1/x and more"),
        ("<math><msup><mi>x</mi><mn>2</mn></msup><mo>=</mo><mn>4</mn></math> and", "x^2 = 4 and"),
    ],
)
def test_quotations_and_formulas(words: str, read_as: str) -> None:
    assert sentence(words) == read_as


@pytest.mark.parametrize(
    "voice", ["<footer>— Lena Voss, mayor</footer>", "— Lena Voss, mayor", "<p>— Lena Voss, mayor"]
)
def test_who_is_quoted_stays_after_the_quotation(voice: str) -> None:
    quote = f"<blockquote><p>We will never sell the cranes of it.</p>{voice}</blockquote>"
    text = read(article(f"<p>{P[0]}</p>{quote}<p>{P[1]}</p>")).text
    assert "We will never sell the cranes of it.\n\n— Lena Voss, mayor" in text


def test_an_open_footer_of_a_quotation_keeps_paragraphs_apart() -> None:
    rows = "<table><tr><td>Kiel</td><td>1</td></tr><tr><td>Riga</td><td>2</td></tr></table>"
    quote = f"<blockquote><p>We stay.</p><footer>— Lena Voss<p>{P[1]}</p>{rows}<p>{P[2]}</p>"
    lines = read(article(f"<p>{P[0]}</p>{quote}")).text.split("\n\n")
    assert lines[-4:] == [P[1], "Kiel | 1", "Riga | 2", P[2]]


def test_a_quotation_in_a_figure_is_text() -> None:
    quote = (
        "<figure><blockquote>We will never sell the cranes of it.</blockquote>"
        "<figcaption>— Lena Voss, mayor</figcaption></figure>"
    )
    text = read(article(f"<p>{P[0]}</p>{quote}<p>{P[1]}</p>")).text
    assert "We will never sell the cranes of it.\n\n— Lena Voss, mayor" in text


@pytest.mark.parametrize(
    "box",
    [
        '<span class="tooltip">Voss<span class="tooltip-text">Mayor since 2014.</span></span>',
        '<a href="/v">Voss</a><span role="tooltip" class="tooltip">Mayor since 2014</span>',
        '<span class="hovercard"><a href="/v">Voss</a><span class="hovercard-body"><b>Lena Voss</b>'
        '<a href="/1">Voss sells cranes | Harbour</a></span></span>',
        'Voss<span class="popup">She has been mayor of the town since 2014.</span>',
        'Voss<aside class="read-more"><a href="/1">Also read: Voss sells cranes</a></aside>',
        'Voss<span class="related"><a href="/1">More on Voss</a></span>',
        '<span class="who">Voss<div class="hover-box"><a href="/1">One</a></div></span>',
        'Voss<dialog open>Accept all?</dialog>',
        '<dfn class="has-tip">Voss<small class="tip-content">the mayor of it</small></dfn>',
        'Voss (<a class="related-link" href="/1">read more: Voss sells cranes</a>)',
        'Voss <span class="stock-widget"><b>VSS</b> <i>+4%</i></span>',
        'Voss <a class="comment-count" href="#c">31</a>',
        'Voss<span class="mw-editsection">[<a href="/e">edit</a>]</span>',
        'Voss<a class="headerlink" href="#v">¶</a>',
    ],
)  # fmt: skip
def test_what_opens_over_a_sentence_or_interrupts_it(box: str) -> None:
    assert sentence(f"{box}, the mayor,") == "Voss, the mayor,"


def test_links_that_open_a_box_are_words_of_the_sentence() -> None:
    words = "the long report of the county on all of its boats"
    link = f'<a class="lightbox popup-link" href="/r">{words}</a>'
    assert sentence(f"{link} and maps") == f"{words} and maps"


def test_a_word_that_only_looks_like_a_box_stays() -> None:
    assert sentence('<span class="tooltip" data-text="?">GDP</span> figures') == "GDP figures"


def test_a_page_that_a_script_shows_keeps_its_hidden_text() -> None:
    body = "".join(f"<p>{line}</p>" for line in P)
    assert P[3] in read(f'<div style="display:none" class="x"><article>{body}</article></div>').text


def test_a_part_of_a_headline_joins_no_word_of_it() -> None:
    inside = f'<p>{P[0]}</p><h2>Boats<span class="kicker">Harbour</span></h2><p>{P[1]}</p>'
    assert "Boats Harbour" in read(article(inside)).text.split("\n")


def test_lines_that_are_set_as_they_are_written_stay_lines() -> None:
    inside = f"<p>{P[0]}</p><pre>Boats of Leeham\nBoats of Kiel</pre><p>{P[1]}</p>"
    assert "\n\nBoats of Leeham\nBoats of Kiel\n\n" in read(article(inside)).text


def test_code_in_a_sentence_is_part_of_it_however_its_mark_up_is_broken() -> None:
    inside = (
        f'<p>{P[0]} <code>It\nwas a <em>folly</em>, wrote <a href="/x">one</a>, </code>alas.</p>'
    )
    text = read(article(f"{inside}<p>{P[1]}</p>")).text
    assert text.split("\n\n")[0] == f"{P[0]} It was a folly, wrote one, alas."
    assert text.count("alas") == 1


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("<span>Length</span><span>85 cm</span>", "Length 85 cm"),
        ("<strong>Price:</strong><span>£59</span>", "Price: £59"),
        ("<span class='row-label'>Open</span><span class='row-value'>late</span>", "Open late"),
        ("<span>8/10</span><span>Very good</span>", "8/10 Very good"),
        ("<span>W</span><span>indy</span>", "Windy"),
        ("<span>Wind</span><span>y</span>", "Windy"),
        ("<span>3.</span><span>49</span><span>km</span>", "3.49km"),
    ],
)
def test_a_label_is_apart_from_its_value_and_a_word_is_whole(line: str, words: str) -> None:
    text = read(article(f"{P[0]}<div class=row>{line}</div>{paragraphs(1, 3)}")).text
    assert words in text.split("\n\n")


def test_the_question_of_an_accordion_stands_above_what_it_opens() -> None:
    button = '<h3 class="accordion-header"><button type="button">Who pays?</button></h3>'
    inside = f"{paragraphs(0, 2)}<div>{button}<div><div>{P[2]}</div></div></div>"
    assert read(article(inside)).text.split("\n\n")[2:] == ["Who pays?", P[2]]


def test_a_definition_without_its_counterpart_stays() -> None:
    inside = f"<p>{P[0]}</p><dl><dt>Boat</dt><dt>Ship</dt><dd>Floats.</dd><dt>Who pays?</dt>"
    inside += f"<dd>The county.</dd><dt>Alone</dt></dl><p>{P[1]}</p>"
    lines = read(article(inside)).text.split("\n")
    assert {"Boat, Ship: Floats.", "Who pays? The county.", "Alone"} <= set(lines)


def test_what_stands_in_a_cell_is_apart_and_in_order() -> None:
    items = "<ul><li>12 in May</li><li>13 in June</li></ul>"
    cells = "<b>one <i>two</i></b> three", items, "7.5<br>8.5", '<img alt="yes">'
    row = "".join(f"<td>{cell}</td>" for cell in cells)
    table = f"<table><tr><td>a</td><td>b</td><td>c</td><td>d</td></tr><tr>{row}</tr></table>"
    text = read(article(f"<p>{P[0]}</p>{table}<p>{P[1]}</p>")).text
    assert "one two three | b: 12 in May; 13 in June | c: 7.5; 8.5 | d: yes" in text.split("\n")


@pytest.mark.parametrize(
    ("words", "read_as"),
    [
        ('sad <img class="emoji" alt="😢" src="a.svg"> faces', "sad 😢 faces"),
        ('loads of <img class="latex" alt="m=48t" src="a.png">', "loads of m=48t"),
        ("loads of <math><mn>4</mn><mo>\u2062</mo><mi>m</mi></math>", "loads of 4m"),
    ],
)
def test_pictures_of_characters(words: str, read_as: str) -> None:
    assert sentence(words) == read_as


@pytest.mark.parametrize(
    ("end", "text"),
    [
        ('came. <a href="/b">[ Read more ]</a>', "came."),
        ('came. [<a href="/b">Read more</a>]', "came."),
        ('came … <a href="/b">Weiterlesen »</a>', "came …"),
        ('came. You may <a href="/b">read more</a>', "came. You may read more"),
    ],
)
def test_what_leads_on_from_a_paragraph_is_no_word_of_it(end: str, text: str) -> None:
    inside = f"<p>{P[0]}</p><p>The clerk {end}</p><p>{P[1]}</p><p>The ferry {end}</p>"
    assert read(article(inside)).text == f"{P[0]}\n\nThe clerk {text}\n\n{P[1]}\n\nThe ferry {text}"


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("<div><strong>12</strong><span>silos</span></div>", "12 silos"),
        ("<div><strong>48 m</strong><span>high</span></div>", "48 m high"),
        ("<p><b>Ardby</b><b>3</b><b>-</b><b>1</b><b>Weir</b></p>", "Ardby 3-1 Weir"),
        ("<div>Nora Feld<span>Harbour pilot, Weir</span></div>", "Nora Feld Harbour pilot, Weir"),
        ("<div><b>2</b><b>1</b><b>st</b></div>", "21st"),
        ("<div><b>T</b><i>he pier</i></div>", "The pier"),
    ],
)  # fmt: skip
def test_parts_of_a_line_that_styles_set_apart(line: str, text: str) -> None:
    inside = f"<p>{P[0]}</p>{line}<p>{P[1]}</p>"
    assert read(article(inside)).text.split("\n\n")[1] == text
