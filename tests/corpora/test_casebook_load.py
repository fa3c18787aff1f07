"""The casebook of the seed's thread meets its mail; a draft of a real thread lacks only words."""

from __future__ import annotations

from pathlib import Path

import pytest

from threadkit.casebook.load import load
from threadkit.casebook.problems import CasebookError
from threadkit.pipeline.analysis import ARGUMENTS, analyze
from threadkit.pipeline.archive import Archive
from threadkit.pipeline.casebook_new import new_casebook
from threadkit.pipeline.casebooks import load_casebook
from threadkit.pipeline.importing import import_mail
from threadkit.store.casebooks import ORIGIN
from threadkit.store.verify import verify

SEED = "alpine.LSU.2.11.2008312207450.1212@eggly.anvils"


@pytest.fixture(scope="module")
def path(corpora: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("cow") / "cow.db"
    import_mail(found, [str(corpora / "cow-thread")], workers=0)
    analyze(found, only=ARGUMENTS)
    return found


def test_a_draft_of_the_thread_lacks_only_what_a_person_says(path: Path, tmp_path: Path) -> None:
    with Archive(path) as archive:
        begun = new_casebook(archive, SEED, tmp_path / "draft")
    assert begun.messages == 98
    with pytest.raises(CasebookError) as caught:
        load(begun.folder)
    assert all(one.is_todo for one in caught.value.problems)
    assert len(load(begun.folder, is_draft=True).claims) == begun.claims > 100


def test_the_casebook_meets_its_mail(path: Path) -> None:
    loaded = load_casebook(path, "cow-2020")
    claims = loaded.casebook.claims
    known = [one for one in claims if one.said.is_known]
    assert loaded.met >= 0.95 * len(known) > 100
    left = {one.claim for one in loaded.left if one.what == "claim"}
    assert loaded.met + len(left) == len(claims)
    again = load_casebook(path, "cow-2020")
    assert (again.changed, again.added, again.removed) == (False, 0, 0)
    with Archive(path) as archive:
        assert archive.unmet_corrections() == {}
        shown = archive.claims(states=("accepted",))
        assert {one.shown for one in shown} <= {one.gist for one in claims}
        assert len(shown) == loaded.met
        assert {row.origin for row in archive.corrections()} == {ORIGIN}
        assert list(verify(archive.connection)) == []
        rows = archive.query("SELECT count(*) AS n FROM casebook_verdict WHERE agrees = 0")
        assert [row["n"] for row in rows] == [0]
