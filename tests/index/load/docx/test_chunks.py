from __future__ import annotations

import pytest

from tests.index.load.conftest import One
from tests.index.load.web_archives import docx, paragraph, zipped

_RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r5" Target="{target}" Type="http://schemas.openxmlformats.org/'
    'officeDocument/2006/relationships/aFChunk"/></Relationships>'
)
_CHUNK = (
    '<w:altChunk xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' r:id="r5"/>'
)
PAGE = "<html><body><p>It cost 31<sup>4</sup> million.</p></body></html>"


def document(target: str, content: str | bytes) -> bytes:
    """A Word document with a file of another format between two paragraphs."""
    whole = docx(
        paragraph("First.") + _CHUNK + paragraph("Last."),
        **{"word/_rels/document.xml.rels": _RELATION.format(target=target)},
    )
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(whole)) as file:
        members: dict[str, str | bytes] = {name: file.read(name) for name in file.namelist()}
    return zipped({**members, f"word/{target}": content})


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
    text = one("b.docx", document(target, content)).text
    assert text == "First.\n\nIt cost 31 million.\n\nLast."


def test_a_file_that_is_not_read_is_named(one: One) -> None:
    article = one("b.docx", document("a.rtf", "{\\rtf1 It cost 31 million.}"))
    assert article.text == "First.\n\nLast."
    assert article.findings.left_out[0][0] == "word/a.rtf"
