from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api.http.conftest import TEXTS, Serve

NUMBATS = {"id": "numbats", "title": "Numbats", "text": "Numbats eat termites and nothing else."}


def listed(client: TestClient, **query: Any) -> list[str]:
    return [each["id"] for each in client.get("/articles", params=query).json()["articles"]]


def test_pages(client: TestClient) -> None:
    whole = listed(client)
    assert sorted(whole) == sorted(TEXTS)
    page = client.get("/articles", params={"limit": 2, "offset": 1}).json()
    assert page["total"] == 3
    assert [each["id"] for each in page["articles"]] == whole[1:3]


def test_filters(client: TestClient) -> None:
    assert listed(client, publisher="THE EMUS POST") == ["emus"]
    assert listed(client, q="koalas p") == ["koalas"]
    assert listed(client, q="100%") == []
    assert listed(client, published_from="2020-01-01") == []
    assert client.get("/articles", params={"limit": 0}).status_code == 422
    assert client.get("/articles", params={"colour": "green"}).status_code == 422


def test_publishers_are_counted_as_the_filter_compares_them(client: TestClient) -> None:
    for id, publisher in (("a", "the EMUS post"), ("b", "Ärzteblatt"), ("c", None)):
        sent = {"id": id, "text": f"About {id}.", "publisher": publisher}
        assert client.post("/articles", json=sent).status_code == 201
    known = client.get("/publishers").json()["publishers"]
    assert [(each["publisher"], each["articles"]) for each in known] == [
        ("The Emus Post", 2),
        ("The Koalas Post", 1),
        ("The Wombats Post", 1),
        ("Ärzteblatt", 1),
    ]
    for each in known:
        assert len(listed(client, publisher=each["publisher"])) == each["articles"]


def test_versions_tell_what_changed(client: TestClient) -> None:
    client.put("/articles/numbats", json=NUMBATS)
    later = {**NUMBATS, "text": "Numbats eat termites and sleep.\n\nCorrection: they sleep too."}
    client.put("/articles/numbats", json=later)
    now, before = client.get("/articles/numbats/versions").json()["versions"]
    assert (now["version"], now["replaced_at"], before["text"]) == (2, None, NUMBATS["text"])
    assert now["corrections"] == ["Correction: they sleep too."]
    assert now["changes"][0]["before"] == [NUMBATS["text"]]
    assert client.get("/articles/nobody/versions").status_code == 404


def test_an_article_has_its_text_and_sentences(client: TestClient) -> None:
    article = client.get("/articles/emus").json()
    assert article["text"] == TEXTS["emus"]
    assert [
        article["text"][each["start_char_index"] : each["end_char_index"]]
        for each in article["sentences"]
    ] == ["Emus run at fifty kilometres an hour.", "Their eggs are dark green."]
    assert article["characters"] == len(TEXTS["emus"])


def test_no_such_article(client: TestClient) -> None:
    for method in ("GET", "DELETE"):
        response = client.request(method, "/articles/nobody")
        assert response.status_code == 404
        assert "nobody" in response.json()["detail"]


def test_add_ask_change_and_remove(client: TestClient) -> None:
    added = client.post("/articles", json=NUMBATS)
    assert added.status_code == 201
    assert added.json()["report"]["added"] == ["numbats"]
    asked = {"question": "What do numbats eat?"}
    assert "termites" in client.post("/ask", json=asked).json()["answer"]
    changed = {"title": "Numbats", "text": "Numbats eat ants and nothing else."}
    assert client.put("/articles/numbats", json=changed).status_code == 200
    assert "ants" in client.post("/ask", json=asked).json()["answer"]
    assert client.delete("/articles/numbats").status_code == 204
    assert "numbats" not in listed(client)
    assert "ants" not in client.post("/search", json=asked).text


def test_put_makes_what_is_not_there(client: TestClient) -> None:
    body = {"text": NUMBATS["text"]}
    assert client.put("/articles/a%2Fb", json=body).status_code == 201
    assert client.put("/articles/a%2Fb", json=body).status_code == 200
    assert client.get("/articles/a%2Fb").json()["id"] == "a/b"
    assert client.get("/articles/a/b").json()["id"] == "a/b"
    assert client.put("/articles/other", json=body).status_code == 409
    for path, sent, where in [
        ("other", {**body, "id": "third"}, "body.id"),
        ("o" * 513, body, "path.article_id"),
        # As a client sends "köln" that encodes it in Latin-1; "kéln" would be the same.
        ("k%F6ln", body, "path.article_id"),
    ]:
        refused = client.put(f"/articles/{path}", json=sent)
        assert (refused.status_code, refused.json()["errors"][0]["where"]) == (422, where)


def test_many_at_once_and_what_is_wrong_with_some(client: TestClient) -> None:
    sent = [NUMBATS, {"text": " \n "}, {"id": "emus", "title": "Emus", "text": "Emus swim."}]
    report = client.post("/articles", json=sent).json()["report"]
    assert (report["added"], report["updated"]) == (["numbats"], ["emus"])
    assert report["failed"] == [{"source": "HTTP", "reason": "text is empty"}]


@pytest.mark.parametrize("sent", [{"text": "\n "}, {"text": ""}, [], {"id": "x"}, "x", [1]])
def test_nothing_that_could_be_added(client: TestClient, sent: Any) -> None:
    response = client.post("/articles", json=sent)
    assert response.status_code == 422
    assert response.json()["errors"]


def test_files(client: TestClient) -> None:
    line = json.dumps({"title": "Quolls", "text": "Quolls hunt at night."})
    files = [
        ("files", ("../../notes.txt", b"Bilbies\n\nBilbies have long ears.")),
        ("files", ("notes.txt", b"Quokkas\n\nQuokkas smile.")),
        ("files", ("wire.jsonl", f"{line}\n{{\n".encode())),
        ("files", ("noise.bin", b"\x00")),
        ("files", ("page.html", b"<html><p>Numbats eat termites all day long in the bush.</p>")),
    ]
    body = client.post("/articles?wait=600", files=files).json()
    sources = {each["source"] for each in client.get("/articles").json()["articles"]}
    assert {"notes.txt", "wire.jsonl:1", "page.html"} <= sources
    failed = {each["source"] for each in body["report"]["failed"]}
    assert {"wire.jsonl:2", "noise.bin"} <= failed


def test_two_files_of_one_name_are_two_articles(client: TestClient) -> None:
    files = [("files", ("a.txt", text)) for text in (b"Quokkas smile.", b"Bilbies dig.")]
    report = client.post("/articles?wait=600", files=files).json()["report"]
    assert (len(report["added"]), report["failed"]) == (2, [])
    sources = {each["source"] for each in client.get("/articles").json()["articles"]}
    assert {"a.txt", "a (2).txt"} <= sources
    assert client.post("/articles?wait=600", files=files).json()["report"]["unchanged"] == 2


def test_a_file_is_known_by_its_name(client: TestClient) -> None:
    def send(text: bytes) -> Any:
        return client.post("/articles?wait=600", files={"files": ("a.txt", text)}).json()["report"]

    (id,) = send(b"Quokkas smile at people.")["added"]
    assert send(b"Quokkas smile at people.")["unchanged"] == 1
    assert send(b"Quokkas frown at people.")["updated"] == [id]


def test_of_a_form_that_was_cut_short_nothing_is_added(client: TestClient) -> None:
    part = (
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="%c.txt"\r\n\r\nA text.\r\n'
    )
    whole = part % b"a" + part % b"b" + b"--x--\r\n"
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    # All but the last line break, which some clients leave out.
    for end in range(0, len(whole) - 2, 5):
        cut = client.post("/articles", content=whole[:end], headers=form)
        assert cut.status_code == 400, whole[:end]
    assert client.get("/articles").json()["total"] == 3
    assert client.post("/articles", content=whole[:-2], headers=form).is_success


@pytest.mark.parametrize(
    ("file_name", "name"),
    [
        ("filename*=UTF-8''gr%C3%BCn.txt", "grün.txt"),
        ("filename*=iso-8859-1'de'gr%FCn.txt", "grün.txt"),
        ("filename*=UTF-8''..%2F..%2Fa%22b.txt", 'a"b.txt'),
        ("filename=\"plain.txt\"; filename*=UTF-8''gr%C3%BCn.txt", "plain.txt"),
        ("filename*=UTF-8''gr%FCn.txt", None),
        ("filename*=nothing''a.txt", None),
    ],
)
def test_names_of_files_in_the_form_of_rfc_5987(
    client: TestClient, file_name: str, name: str | None
) -> None:
    head = f'--x\r\nContent-Disposition: form-data; name="files"; {file_name}\r\n\r\n'
    body = head.encode() + b"Quokkas smile at people.\r\n--x--\r\n"
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = client.post("/articles?wait=600", content=body, headers=form)
    if name is None:
        assert (answer.status_code, "filename*" in answer.json()["detail"]) == (400, True)
    else:
        (id,) = answer.json()["report"]["added"]
        assert client.get(f"/articles/{id}").json()["source"] == name


def test_a_form_without_files_and_other_bodies(client: TestClient) -> None:
    assert client.post("/articles", data={"files": "no file"}).status_code == 415
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    empty = client.post("/articles", content=b"--x--\r\n", headers=form)
    assert (empty.status_code, empty.json()["errors"][0]["where"]) == (422, "body.files")
    broken = client.post("/articles", content=b"nonsense", headers=form)
    assert broken.status_code in (400, 422)
    assert client.post("/articles", content=b"text").status_code == 415


def test_a_job_can_be_followed(client: TestClient) -> None:
    response = client.post("/articles", json=[NUMBATS], params={"wait": 0})
    assert response.status_code in (201, 202)
    url = f"/jobs/{response.json()['id']}"
    assert response.status_code == 201 or response.headers["location"] == url
    client.delete("/articles/emus")  # one writer: once this is done, so is the job
    job = client.get(url).json()
    assert job["state"] == "done"
    assert job["progress"] == {"done": 1, "total": 1, "passages": 1}
    assert client.get("/jobs/none").status_code == 404


def test_much_is_not_waited_for(client: TestClient) -> None:
    text = "Numbats eat termites all day long. " * 6000
    response = client.post("/articles", json={"id": "long", "text": text})
    assert response.status_code == 202
    client.delete("/articles/emus")
    assert client.get(response.headers["location"]).json()["report"]["added"] == ["long"]


def test_an_id_may_end_in_versions(client: TestClient) -> None:
    sent = {"text": "Numbats eat termites."}
    for id in ("numbats", "numbats/versions"):
        assert client.put(f"/articles/{id.replace('/', '%2F')}", json=sent).status_code == 201
        sent["text"] += " They sleep at night."
    article = client.get("/articles/numbats%2Fversions").json()
    assert (article["id"], article["text"]) == (
        "numbats/versions",
        "Numbats eat termites. They sleep at night.",
    )
    assert client.get("/articles/numbats/versions").json()["id"] == "numbats"
    assert client.get("/articles/numbats%2Fversions/versions").json()["id"] == "numbats/versions"
    assert client.get("/articles/none%2Fversions").status_code == 404
    assert client.delete("/articles/numbats%2Fversions").status_code == 204


def test_a_locked_library_says_so(serve: Serve, tmp_path: Path) -> None:
    from index.store.sqlite.lock import writing

    client = serve(lock_timeout=0)
    with writing(tmp_path / "home" / "library", 0):
        for response in (
            client.post("/articles", json=NUMBATS),
            client.put("/articles/numbats", json={"text": "Numbats."}),
            client.delete("/articles/emus"),
        ):
            assert response.status_code == 503
            assert response.headers["retry-after"] == "5"
            assert "process" in response.json()["detail"]


def test_an_article_shows_what_was_left_out_of_it(client: TestClient) -> None:
    sent = {"id": "rain", "text": "Share this article\n\nIt rained all day in the valley."}
    client.post("/articles", json=sent)
    article = client.get("/articles/rain").json()
    assert article["text"] == "It rained all day in the valley."
    assert article["dropped"] == [{"line": 0, "text": "Share this article", "reason": "share"}]
    assert article["date_source"] is None
