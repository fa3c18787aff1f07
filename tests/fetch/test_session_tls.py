"""Secure connections: verified always, and as closely watched as plain ones."""

from __future__ import annotations

import shutil
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fetch.badserver import BadServer, FakeClock, body, cut, trickle
from tests.fetch.test_session import NOON, polite
from threadkit.errors import BrokenAnswer, NoWayThere, Unreachable

DATA = bytes(range(256)) * 20


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of this machine's, signed by nobody."""
    if not shutil.which("openssl"):
        pytest.skip("openssl makes the certificate: apt-get install openssl")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    whole = folder / "both.pem"
    whole.write_bytes((folder / "key.pem").read_bytes() + (folder / "cert.pem").read_bytes())
    return whole


@pytest.fixture
def server(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[BadServer]:
    for name in "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE":
        monkeypatch.delenv(name, raising=False)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with BadServer(tls=context) as server:
        yield server


def test_an_unknown_certificate_is_refused(server: BadServer) -> None:
    url = server.script("/", body(DATA))
    clock = FakeClock(NOON)
    with polite(clock) as session, pytest.raises(NoWayThere) as caught:
        session.page(url)
    assert (server.connections, clock.slept) == (1, [])  # it is not asked for again
    assert str(caught.value).startswith(f"{url}: the certificate of the server is not trusted: ")
    assert server.requests == []


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_a_certificate_that_the_environment_names_is_trusted(
    server: BadServer, certificate: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, str(certificate))
    url = server.script("/", cut(DATA, 999, framing="chunked"), body(DATA, framing="chunked"))
    with polite(FakeClock(NOON)) as session:
        assert session.page(url).data == DATA
        assert session.page(url).data == DATA
    assert len(server.requests) == 3


def test_a_missing_file_of_certificates_is_named(
    server: BadServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/certificates.pem")
    with (
        polite(FakeClock(NOON), attempts=1) as session,
        pytest.raises(Unreachable, match=r"there is no /nowhere/certificates\.pem"),
    ):
        session.page(server.url("/"))


def test_a_trickle_over_a_secure_connection(
    server: BadServer, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    url = server.script("/", trickle(DATA, every_s=0.01))
    with (
        polite(FakeClock(NOON, step_s=10.0), attempts=1) as session,
        pytest.raises(BrokenAnswer, match="not complete after 600 s"),
    ):
        session.page(url)
