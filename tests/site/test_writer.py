"""The folder of a site: nothing outside of it is touched, whatever was done to it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from threadkit.site.values import Page
from threadkit.site.writer import MANIFEST, SiteError, writing


def built(out: Path, **files: str) -> None:
    with writing(out) as writer:
        for name, text in files.items():
            writer.write(Page(name.replace("__", "/") + ".html", text))


def interrupted(out: Path) -> None:
    with writing(out) as writer:
        writer.write(Page("m/a.html", "half"))
        raise KeyboardInterrupt


def names(out: Path) -> list[str]:
    found = (path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    return sorted(name for name in found if name != MANIFEST)


def test_a_link_to_a_file_is_replaced_and_the_file_kept(tmp_path: Path) -> None:
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    out = tmp_path / "site"
    built(out, index="one")
    (out / "index.html").unlink()
    (out / "index.html").symlink_to(mine)
    built(out, index="two")
    assert mine.read_text() == "mine"
    assert (out / "index.html").read_text() == "two"
    assert not (out / "index.html").is_symlink()


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "a.html").write_text("mine")
    out = tmp_path / "site"
    built(out, index="one", m__a="page")
    (out / "m" / "a.html").unlink()
    (out / "m").rmdir()
    (out / "m").symlink_to(mine)
    with pytest.raises(SiteError, match="link to elsewhere"):
        built(out, m__a="other")
    built(out, index="two")  # m/a.html is left over, and not here
    assert (mine / "a.html").read_text() == "mine"


def test_what_an_interrupted_build_left_goes_with_the_next(tmp_path: Path) -> None:
    out = tmp_path / "site"
    built(out, index="one", old="one")
    with pytest.raises(KeyboardInterrupt):
        interrupted(out)
    assert names(out) == ["index.html", "m/a.html", "old.html"]
    built(out, index="two")
    assert names(out) == ["index.html"]
    assert not (out / "m").exists()


@pytest.mark.parametrize("kept", [["m"], [""], ["."], ["a\0b"], ["../mine"], ["/mine"], [7], []])
def test_a_list_that_somebody_changed_removes_nothing_else(tmp_path: Path, kept: object) -> None:
    (tmp_path / "mine").write_text("mine")
    out = tmp_path / "site"
    built(out, index="one", m__a="page")
    (out / MANIFEST).write_text(json.dumps({"files": kept}))
    built(out, index="two")
    assert names(out) == ["index.html", "m/a.html"]
    assert (tmp_path / "mine").read_text() == "mine"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": 5}', "\x80"])
def test_a_damaged_list_is_told(tmp_path: Path, text: str) -> None:
    out = tmp_path / "site"
    built(out, index="one")
    (out / MANIFEST).write_bytes(text.encode("latin-1"))
    with pytest.raises(SiteError, match="damaged"):
        built(out, index="two")
    assert (out / "index.html").read_text() == "one"


@pytest.mark.parametrize("path", ["../up.html", "/top.html", "a/../../up.html", "", "a\0b"])
def test_no_page_lies_outside(tmp_path: Path, path: str) -> None:
    out = tmp_path / "out" / "site"
    with pytest.raises(SiteError, match="no path"), writing(out) as writer:
        writer.write(Page(path, "x"))
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["site"]
    assert names(out) == []
