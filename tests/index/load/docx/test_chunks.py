from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pytest

from tests.index.load.conftest import One
from tests.index.load.web_archives import docx, paragraph, zipped

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
PAGE = "<html><body><p>It cost 31<sup>4</sup> million.</p></body></html>"


def chunks(files: Mapping[str, str | bytes]) -> bytes:
    """A Word document with files of other formats between two paragraphs."""
    relations = "".join(
        f'<Relationship Id="r{at}" Target="{name}" Type="{_OFFICE}/aFChunk"/>'
        for at, name in enumerate(files)
    )
    places = "".join(f'<w:altChunk xmlns:r="{_OFFICE}" r:id="r{at}"/>' for at in range(len(files)))
    style = f'<Relationship Id="s" Target="styles.xml" Type="{_OFFICE}/styles"/>'
    whole = docx(
        paragraph("First.") + places + paragraph("Last."),
        **{
            "word/_rels/document.xml.rels": (
                f'<Relationships xmlns="{_PACKAGE}">{style}{relations}</Relationships>'
            )
        },
    )
    with zipfile.ZipFile(io.BytesIO(whole)) as file:
        members: dict[str, str | bytes] = {name: file.read(name) for name in file.namelist()}
    return zipped({**members, **{f"word/{name}": content for name, content in files.items()}})


@pytest.mark.parametrize(
    ("target", "content"),
    [
        ("a.html", PAGE),
        ("a.mht", f"Content-Type: text/html; charset=utf-8\n\n{PAGE}"),
        ("a.txt", "It cost 31¹ million."),
        ("a.docx", docx(paragraph("It cost 31 million."))),
    ],
)
def test_a_file_in_a_document_is_read_in_its_place(
    one: One, target: str, content: str | bytes
) -> None:
    text = one("b.docx", chunks({target: content})).text
    assert text == "First.\n\nIt cost 31 million.\n\nLast."


def test_a_file_that_is_not_read_is_named(one: One) -> None:
    article = one("b.docx", chunks({"a.rtf": "{\\rtf1 It cost 31 million.}"}))
    assert article.text == "First.\n\nLast."
    assert article.findings.left_out[0][0] == "word/a.rtf"
