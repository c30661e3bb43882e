from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.article import Article, Findings
from index.boilerplate.rules import sure
from index.errors import LoadError
from index.load import find_files, load_file, load_paths
from index.load.base import check_article
from tests.index.load.conftest import One

LIMIT = 10_000


def load(path: Path, content: str | bytes) -> list[Article | LoadError]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(load_file(path, LIMIT))


def one(path: Path, content: str | bytes) -> Article:
    (found,) = load(path, content)
    assert isinstance(found, Article), found
    return found


def refusal(path: Path, content: str | bytes) -> str:
    (found,) = load(path, content)
    assert isinstance(found, LoadError), found
    return found.reason


def test_markdown_with_front_matter(tmp_path: Path) -> None:
    found = one(
        tmp_path / "a.md",
        "---\ntitle: Chips\nid: chips\npublisher: The Wire\npublished_at: 2025-05-26\n---\n"
        "## Part *one*\n\nSome **bold** [link](http://x).\n\n- first\n- second\n",
    )
    assert found.text == "Part one\n\nSome bold link.\n\n- first\n\n- second"
    assert (found.id, found.title, found.publisher) == ("chips", "Chips", "The Wire")
    assert found.published_at == date(2025, 5, 26)


def test_rows_between_tabs_in_texts_and_records(tmp_path: Path) -> None:
    table = "Port\t2023\t2024\nOslo\t\t7.5\nKiel\t3\t"
    lines = "Port | 2023 | 2024\n\nOslo | 2024: 7.5\n\nKiel | 2023: 3"
    text = f"The ministry gave the figures.\n\n{table}\n\n\tThey are new."
    read = f"The ministry gave the figures.\n\n{lines}\n\n"
    assert one(tmp_path / "a.txt", text).text.startswith(read)
    assert one(tmp_path / "a.jsonl", json.dumps({"text": text})).text.startswith(read)


def test_rows_of_a_markdown_table(tmp_path: Path) -> None:
    table = "| Minister | Party | Since |\n|---|---|---|\n"
    table += "| *Ada* Brandt | Greens | |\n| Bo | | 2024 |\n"
    assert one(tmp_path / "a.md", f"Before.\n\n{table}\nAfter.").text.split("\n\n") == [
        "Before.",
        "Minister | Party | Since",
        "Ada Brandt | Party: Greens",
        "Bo | Since: 2024",
        "After.",
    ]


def test_a_first_heading_is_the_title(tmp_path: Path) -> None:
    found = one(tmp_path / "a.md", "# The *title*\n\nBody.")
    assert (found.title, found.text) == ("The title", "Body.")


def test_text_with_a_title_line(tmp_path: Path) -> None:
    found = one(tmp_path / "chip-news.txt", "Chips are scarce\n\nIt is so. Really.")
    assert (found.title, found.text) == ("Chips are scarce", "It is so. Really.")


def test_a_press_release_is_called_by_its_headline(tmp_path: Path) -> None:
    above = ("FOR IMMEDIATE RELEASE", "Embargo: 3 March, 6 am", "Press contact: Ada Roe, 555-0100")
    text = "The harbour opened a second dry dock on Tuesday.\n\n# # #\n"
    head = "\n\n".join([*above, "March 3, 2026", "Harbour Opens Second Dock"])
    assert one(tmp_path / "a.txt", f"{head}\n\n{text}").title == "Harbour Opens Second Dock"
    assert [sure(line, "head") for line in (*above, "# # #")] == ["release"] * 4
    headlines = ("Embargo: why steel is dear", "Immediate release of hostages demanded")
    assert [sure(line, "head") for line in headlines] == [None, None]


def test_text_without_a_title_is_called_after_its_file(tmp_path: Path) -> None:
    assert one(tmp_path / "chip-news.txt", "It is so. Really.").title == "chip news"


def test_line_ends_that_fit_a_page_are_no_part_of_a_record(tmp_path: Path) -> None:
    text = "The managers said that repairs would cost 14\\nmillion crowns."
    found = one(tmp_path / "a.jsonl", f'{{"text": "{text}"}}')
    assert found.text == text.replace("\\n", " ")


def test_jsonl(tmp_path: Path) -> None:
    line = '{"title": "T", "text": "A b c.", "date": "2025-05-26T07:00:00Z"}'
    found = one(tmp_path / "a.jsonl", line + "\n\n")
    assert (found.title, found.published_at) == ("T", date(2025, 5, 26))


def test_jsonl_knows_an_article_by_its_url(tmp_path: Path) -> None:
    first = one(tmp_path / "a.jsonl", '{"title": "T", "text": "Old.", "url": "http://x/1"}')
    again = one(tmp_path / "b.jsonl", '{"title": "T", "text": "New.", "url": "http://x/1"}')
    assert first.id == again.id


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"title": "x"}', "'text' is missing"),
        ('{"text": 3, "title": {}}', "'title'"),
        ("not json", "not JSON"),
        ("[1]", "not a JSON object"),
        ('{"text": "  "}', "text is empty"),
        ('{"text": "a", "published_at": "last week"}', "'published_at"),
        ('{"text": "' + "a" * (LIMIT + 1) + '"}', "over the limit"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_broken_line_costs_one_article(tmp_path: Path, line: str, reason: str) -> None:
    good = '{"title": "T", "text": "Good."}'
    before, broken, after = load(tmp_path / "a.jsonl", f"{good}\n{line}\n{good}\n")
    assert isinstance(before, Article)
    assert isinstance(broken, LoadError)
    assert broken.source.endswith("a.jsonl:2")
    assert reason in broken.reason
    assert isinstance(after, Article)


def test_a_line_of_fifty_megabytes_is_skipped(tmp_path: Path) -> None:
    good = b'{"title": "T", "text": "Good."}\n'
    big = b'{"text": "' + b"a" * 50_000_000 + b'"}\n'
    first, second, third = load(tmp_path / "a.jsonl", good + big + good)
    assert isinstance(second, LoadError)
    assert "over the limit" in second.reason
    assert isinstance(first, Article)
    assert isinstance(third, Article)


@pytest.mark.parametrize(
    ("told", "encoding"),
    [
        ("Le café à côté est fermé. L'été dernier, il était déjà fermé, hélas.", "latin-1"),
        ("“Smart quotes” – and a dash, he said… It’s fine.", "cp1252"),
        ("Zażółć gęślą jaźń. Wszyscy ludzie rodzą się wolni i równi.", "cp1250"),
        ("Москва столица России и крупнейший город страны.", "cp1251"),
        ("日本語の文章です。これはテストです。", "shift_jis"),
    ],
)
def test_other_encodings_are_told_and_decoded(tmp_path: Path, told: str, encoding: str) -> None:
    assert one(tmp_path / "a.txt", f"{told} " * 3).text.startswith(told)
    assert one(tmp_path / "b.txt", (f"{told} " * 3).encode(encoding)).text.startswith(told)


def test_utf16_is_decoded(tmp_path: Path) -> None:
    assert one(tmp_path / "a.txt", "Naïve text.".encode("utf-16")).text == "Naïve text."


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\n ", "empty"),
        ("a.pdf", b"", "the file is empty"),
        ("a.docx", b"", "the file is empty"),
        ("a.txt", b"\x00\x01\x02PNG", "binary"),
        ("a.txt", "é".encode() * 50 + b"\xff" + "é".encode() * 50, "1 invalid byte(s)"),
        ("a.txt", b"x" * (4 * LIMIT + 1), "over the limit"),
        ("a.txt", b"x" * (LIMIT + 1), "over the limit"),
        ("a.md", b"---\ntitle: [\n---\nBody", "front matter is not YAML"),
        ("a.md", b"---\npublished_at: soon\n---\nBody", "front matter: field 'published_at"),
        ("a.md", b"---\ntitle: T\n---\n", "no text"),
        ("a.pdf", b"%PDF", "damaged, or not a PDF"),
        ("a.xyz", b"?", ".xyz is no format that is read"),
    ],
)
def test_refusals(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    assert reason in refusal(tmp_path / name, content)


def test_a_missing_file_is_a_refusal(tmp_path: Path) -> None:
    (found,) = load_file(tmp_path / "none.txt", LIMIT)
    assert isinstance(found, LoadError)


def test_folders_are_searched_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", ".hidden/c.txt", "sub/d.jsonl", "e.png"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    names = [file.relative_to(tmp_path).as_posix() for file in find_files([tmp_path])]
    assert names == ["a.md", "b.txt", "sub/d.jsonl"]


def test_a_broken_file_does_not_stop_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\x00")
    (tmp_path / "b.txt").write_text("Fine text.")
    broken, fine = load_paths([tmp_path], LIMIT)
    assert isinstance(broken, LoadError)
    assert isinstance(fine, Article)


def test_a_file_under_two_names_is_there_once(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Closed.")
    (tmp_path / "a.txt").symlink_to(tmp_path / "b.txt")
    assert find_files([tmp_path]) == [tmp_path / "b.txt"]
    assert find_files([tmp_path / "a.txt"]) == [tmp_path / "a.txt"]


def test_links_that_lead_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "b.txt").write_text("Closed.")
    (tmp_path / "in" / "up").symlink_to(tmp_path)
    (tmp_path / "x.txt").symlink_to(tmp_path / "x.txt")
    (tmp_path / "y.txt").symlink_to(tmp_path / "z.txt")
    (tmp_path / "z.txt").symlink_to(tmp_path / "y.txt")
    assert find_files([tmp_path]) == [tmp_path / "in" / "b.txt"]
    (refused,) = load_paths([tmp_path / "x.txt"], LIMIT)
    assert isinstance(refused, LoadError)
    assert "symbolic links" in refused.reason


def test_files_of_one_name_in_two_folders_are_two_articles(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "story.txt").write_text(f"The quay of {folder} is closed.")
    first, second = load_paths([tmp_path], LIMIT)
    assert isinstance(first, Article)
    assert isinstance(second, Article)
    assert first.id != second.id
    assert (first.title, second.title) == ("story", "story")


@pytest.mark.parametrize("char", ["\x00", "\x01", "\x0e", "\x1f", "\x7f", "\ufffe", "\uffff"])
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", "It is {}closed."),
        ("a.md", "---\ntitle: Har{}bour\n---\nIt is {}closed."),
        ("a.jsonl", '{{"text": "It is {}closed."}}'),
        ("a.csv", "text\nIt is {}closed.\n"),
        ("a.eml", "Subject: x\n\nIt is {}closed.\n"),
    ],
)
def test_a_stray_control_character_costs_nothing(
    tmp_path: Path, name: str, content: str, char: str
) -> None:
    assert one(tmp_path / name, content.format(char, char)).text == "It is closed."


def test_what_is_full_of_zero_bytes_is_no_text(tmp_path: Path) -> None:
    assert "binary data" in refusal(tmp_path / "a.txt", b"\x89PNG\x00\x00\x00\rIHDR\x00\x00\x04")


def test_a_field_may_have_a_whole_byline(tmp_path: Path) -> None:
    line = {"text": "The pier is shut.", "byline": "By Ada Roe"}
    assert one(tmp_path / "a.jsonl", json.dumps(line)).author == "Ada Roe"


def test_accents_are_composed_wherever_an_article_comes_from() -> None:
    findings = Findings(rows=("Zoe\u0308: 7",))
    article = Article("a", "Cafe\u0301", "Zoe\u0308: 7", author="Zoe\u0308", findings=findings)
    result = check_article(article)
    assert isinstance(result, Article)
    assert (result.title, result.text, result.author) == ("Café", "Zoë: 7", "Zoë")
    assert result.findings.rows == ("Zoë: 7",)
    document = replace(article, metadata={})
    assert check_article(document) is document


def test_the_lines_of_a_quotation_in_a_text_are_joined(one: One) -> None:
    quotation = "> Are the pumps at Lem running, or has somebody stopped\n> them in the frost?"
    found = one("a.txt", f"The pumps\n\nA reader wrote:\n\n{quotation}\n\nThey run again.\n")
    joined = quotation.replace("\n>", "")
    assert found.text == f"A reader wrote:\n\n{joined}\n\nThey run again."


def test_a_line_of_outlet_and_day_is_no_part_of_the_title(one: One) -> None:
    assert one("a.txt", "The pumps\nHerald, 14 August 2025\n\nThey run.").title == "The pumps"


@pytest.mark.parametrize("rule", ["=" * 10, "~" * 10])
def test_ruled_headings_of_a_text(one: One, rule: str) -> None:
    body = "It burned.\n\nHeat now\n--------\nIt was hot.\n\na\n-----"
    found = one("a.txt", f"{rule}\nThe kiln\n{rule}\n\n{body}\n")
    assert found.title == "The kiln"
    assert found.text == "It burned.\n\nHeat now\n\nIt was hot.\n\na\n-----"
