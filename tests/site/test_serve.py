"""The server shows a site, and nothing but the site, to this computer."""

from __future__ import annotations

from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from threading import Thread

import pytest

from threadkit.site.serve import server
from threadkit.site.values import Page
from threadkit.site.writer import SiteError, writing

FILES = {
    "index.html": "<p>front",
    "style.css": "p{}",
    "m/a@example.org.html": "<p>mail",
    "m/a@example.org.txt": "From: x\n\n<script>alert(1)</script>",
    "feed.atom": "<feed/>",
    "map-x.svg": "<svg/>",
    "data.json": "{}",
    "threadkit.db": "SQLite",
    "thread.mbox": "From x",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.html").write_text("<p>secret")
    out = tmp_path / "site"
    with writing(out) as writer:
        for path, text in FILES.items():
            writer.write(Page(path, text))
    (out / "way-out.html").symlink_to(tmp_path / "secret.html")
    return out


@pytest.fixture
def lines() -> list[str]:
    return []


@pytest.fixture
def ask(folder: Path, lines: list[str]) -> Iterator[object]:
    with server(folder, 0, lines.append) as running:
        thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        host, port = running.server_address[:2]
        assert host == "127.0.0.1"

        def get(path: str, name: str = "127.0.0.1", method: str = "GET") -> HTTPResponse:
            connection = HTTPConnection("127.0.0.1", port)
            connection.putrequest(method, path, skip_host=True)
            connection.putheader("Host", f"{name}:{port}")
            connection.endheaders()
            answer = connection.getresponse()
            answer.text = answer.read()  # type: ignore[attr-defined]
            connection.close()
            return answer

        yield get
        running.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/index.html", "text/html; charset=utf-8"),
        ("/", "text/html; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/m/a@example.org.html", "text/html; charset=utf-8"),
        ("/m/a@example.org.txt", "text/plain; charset=utf-8"),
        ("/feed.atom", "application/atom+xml"),
        ("/map-x.svg", "image/svg+xml"),
        ("/data.json", "application/json"),
        ("/threadkit.db", "application/vnd.sqlite3"),
        ("/thread.mbox", "application/mbox"),
    ],
)
def test_files_come_with_their_types(ask, path: str, kind: str) -> None:
    answer = ask(path)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.text.decode() == FILES[path.lstrip("/") or "index.html"]


@pytest.mark.parametrize(
    "path",
    [
        "/m/", "/m", "/nowhere.html", "/.threadkit-site.json", "/../secret.html",
        "/%2e%2e/secret.html", "/m/../../secret.html", "/way-out.html", "//secret.html",
    ],
)  # fmt: skip
def test_nothing_else_comes(ask, path: str) -> None:
    answer = ask(path)
    if answer.status == 301:  # a folder without its slash
        answer = ask(answer.headers["Location"])
    assert answer.status == 404
    assert b"secret" not in answer.text.replace(b"/secret", b"")


def test_a_name_of_somebody_else_is_refused(ask) -> None:
    assert ask("/index.html", "evil.example.org").status == 421
    assert ask("/index.html", "localhost").status == 200


def test_only_reading_is_known(ask) -> None:
    assert ask("/index.html", method="HEAD").text == b""
    assert ask("/index.html", method="POST").status == 501


def test_lines_are_told(ask, lines: list[str]) -> None:
    ask("/index.html")
    assert any("GET /index.html" in line for line in lines)


def test_a_folder_of_something_else_is_not_served(tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="holds no site"):
        server(tmp_path, 0, print)


def test_a_port_that_is_taken_is_told(folder: Path) -> None:
    with server(folder, 0, print) as first, pytest.raises(SiteError, match=r"127\.0\.0\.1:"):
        server(folder, first.server_address[1], print)


def test_a_path_with_a_nul_is_not_found(ask, capfd: pytest.CaptureFixture[str]) -> None:
    assert ask("/%00").status == 404
    assert "Traceback" not in capfd.readouterr().err
