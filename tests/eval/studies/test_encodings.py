from __future__ import annotations

from pathlib import Path

import pytest

from eval.studies.encodings import SAMPLES, WAYS, main, outcome_of, outcomes


@pytest.mark.parametrize("language", SAMPLES)
def test_every_text_comes_out_right(language: str) -> None:
    encodings, text = SAMPLES[language]
    outcomes_by_way = {way: set(outcomes(text, encodings.split(), way)) for way in WAYS}
    assert outcomes_by_way == {way: {"right"} for way in WAYS}


def test_what_is_not_told_is_named() -> None:
    # Two letters of a language's own are too few to tell the code page by.
    assert outcome_of("İş", "cp1254", "text") in ("refused", "garbled")
    assert outcome_of("é" * 20, "utf-8", "text") == "right"
    assert outcome_of("\x00\x01\x02PNG", "latin-1", "text") == "refused"


def test_the_table_is_written_to_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    languages = {language: SAMPLES[language] for language in ("Thai", "Czech")}
    monkeypatch.setattr("eval.studies.encodings.SAMPLES", languages)
    document = tmp_path / "doc.md"
    document.write_text("<!-- table encodings -->\n<!-- end encodings -->\n")
    main(["--into", str(document)])
    assert "| Thai | cp874 | 1 of 1 | 1 of 1 | 1 of 1 | 2 of 2 |" in document.read_text()
    assert len(document.read_text().splitlines()) == 7
