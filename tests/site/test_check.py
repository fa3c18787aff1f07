"""The check of a finished site finds what is wrong, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from threadkit.site.check import check
from threadkit.site.frame import CSP

PAGE = (
    '<!doctype html><meta http-equiv="Content-Security-Policy" content="{csp}">\n'
    '<link rel="stylesheet" href="{root}style.css">\n{body}\n'
)


def problems(folder: Path, **bodies: str) -> list[str]:
    """Write pages named by ``a`` or ``m_a`` (in a folder), and check them."""
    (folder / "m").mkdir()
    files = {"style.css": 10}
    for name, body in bodies.items():
        path = name.replace("_", "/") + ".html"
        root = "../" * path.count("/")
        text = body if body.startswith("<!") else PAGE.format(csp=CSP, root=root, body=body)
        (folder / path).write_text(text)
        files[path] = len(text)
    return list(map(str, check(folder, files)))


@pytest.mark.parametrize(
    "body",
    [
        '<p id="x"><a href="#x">here</a> <a href="m/b.html#L1">there</a>',
        '<a href="https://lore.kernel.org/r/a@example.org">out</a>',
        '<a href="mailto:ann@example.org?subject=Re%3A%20x">write</a>',
        '<a href="m/b.html?x=1#L1">with a query</a>',
        '<a href="./m/../a.html">a way around</a>',
        '<form action="a.html"><button type="submit">go</button></form>',
    ],
)
def test_what_is_well_is_not_told(tmp_path: Path, body: str) -> None:
    assert problems(tmp_path, a=body, m_b='<p id="L1"><a href="../a.html">up</a>') == []


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<p>\n<a href="no.html">x</a>', "a.html:4: link to 'no.html': no such file"),
        ('<a href="m/b.html#L2">x</a>', "a.html:3: no anchor #L2 in m/b.html"),
        ('<a href="#y">x</a>', "a.html:3: no anchor #y in a.html"),
        ('<a href="../a.html">x</a>', "a.html:3: link to '../a.html': no such file"),
        ('<a href="/a.html">x</a>', "a.html:3: link to '/a.html': no such file"),
        ('<a href="javascript:alert(1)">x</a>', "a.html:3: link to 'javascript:alert(1)'"),
        ('<a href="data:text/html,x">x</a>', "a.html:3: link to 'data:text/html,x'"),
        ('<a href="//example.org/">x</a>', "a.html:3: link to '//example.org/'"),
        ('<a href="http://[/">x</a>', "a.html:3: link 'http://[/' is no URL"),
        ('<img src="https://example.org/x.png">', "<img src> loads 'https://example.org/x.png'"),
        ('<img src="//example.org/x.png">', "<img src> loads '//example.org/x.png'"),
        ('<form action="https://example.org/">', "<form action> loads 'https://example.org/'"),
        ('<script>x()</script>', "<script> in the page"),
        ("<style>p{}</style>", "<style> in the page"),
        ('<p style="color:red">', "attribute style of <p>"),
        ('<p onclick="x()">', "attribute onclick of <p>"),
        ('<p id="x"><p id="x">', "id 'x' is there twice"),
        ("<!doctype html><p>no policy", "not the content security policy of a site"),
        (f"<p>{'x' * 300_000}", "300178 bytes; 300000 at most"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, body: str, said: str) -> None:
    found = problems(tmp_path, a=body, m_b='<p id="L1">')
    assert len(found) == 1
    assert said.partition(" bytes")[2] in found[0]
    if " bytes" not in said:
        assert said in found[0]


def test_another_stylesheet_is_a_load(tmp_path: Path) -> None:
    found = problems(tmp_path, a='<link rel="stylesheet" href="https://example.org/a.css">')
    assert found == ["a.html:3: <link href> loads 'https://example.org/a.css'"]


def test_the_first_page_and_the_style_have_bounds_of_their_own(tmp_path: Path) -> None:
    page = PAGE.format(csp=CSP, root="", body="x" * 60_000)
    (tmp_path / "index.html").write_text(page)
    found = check(tmp_path, {"index.html": len(page), "style.css": 8_001})
    assert [one.what.partition(" bytes")[2] for one in found] == [
        "; 60000 at most",
        " of style; 8000 at most",
    ]
