"""Whatever arrives, in whatever order and portions: the store says the same."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.pipeline.contents import contents, table
from tests.pipeline.mails import mail, mbox
from threadkit.pipeline.importing import import_mail
from threadkit.store.connection import open_read
from threadkit.store.verify import verify

NAMES = ["a", "b", "c", "d", "e", "f"]
SUBJECTS = ["A question about pages", "Another question altogether"]


@st.composite
def mails(draw: st.DrawFn) -> bytes:
    """One mail of a small world, where ids collide, parents miss and loops happen."""
    name = draw(st.sampled_from(NAMES))
    references = draw(st.lists(st.sampled_from([*NAMES, "ghost", "ghoul"]), max_size=3))
    to = draw(st.none() | st.sampled_from([*NAMES, "ghost"]))
    reply = draw(st.booleans())
    quoted = draw(st.sampled_from(["", "> Text one of a page.\n", "> > Text two.\n> Text one.\n"]))
    own = draw(st.sampled_from(["Text one of a page.\n", "Text two.\n"]))
    return mail(
        name,
        to=to,
        references=references,
        subject=("Re: " if reply else "") + draw(st.sampled_from(SUBJECTS)),
        body=quoted + own,
        minute=draw(st.integers(0, 6)),
        person=draw(st.integers(0, 1)),
        list_id=draw(st.sampled_from(["talk.example.org", "talk.linux.dev", None])),
        received=draw(st.none() | st.integers(0, 9)),
    )


class Imports(RuleBasedStateMachine):
    """A database that grows by portions, against one that gets everything at once."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.db = self.folder / "grown.db"
        self.all: list[bytes] = []
        self.fresh = 0

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)

    @rule(portion=st.lists(mails(), min_size=1, max_size=4))
    def import_some(self, portion: list[bytes]) -> None:
        self.all += portion
        box = self.folder / f"{len(self.all)}.mbox"
        box.write_bytes(mbox(portion))
        report = import_mail(self.db, [str(box)], workers=0)
        assert report.seen == len(portion)
        assert report.added + report.copies + report.known == len(portion)

    @precondition(lambda self: self.all)
    @rule()
    def import_everything_again(self) -> None:
        box = self.folder / "again.mbox"
        box.write_bytes(mbox(self.all))
        report = import_mail(self.db, [str(box)], workers=0)
        assert (report.added, report.copies) == (0, 0)

    @precondition(lambda self: self.all)
    @rule(data=st.data())
    def compare_with_one_import_in_another_order(self, data: st.DataObject) -> None:
        order = data.draw(st.permutations(self.all))
        self.fresh += 1
        other = self.folder / f"fresh{self.fresh}.db"
        box = self.folder / "order.mbox"
        box.write_bytes(mbox(order))
        import_mail(other, [str(box)], workers=0)
        assert contents(other) == contents(self.db)

    @invariant()
    def every_mail_that_went_in_is_there_once(self) -> None:
        if getattr(self, "all", None):
            rows = table(self.db, "SELECT count(*) FROM raw")
            assert rows == [(len(set(self.all)),)]

    @precondition(lambda self: self.all)
    @rule()
    def prove(self) -> None:
        conn = open_read(self.db)
        try:
            assert list(verify(conn)) == []
        finally:
            conn.close()


TestImports = Imports.TestCase
TestImports.settings = settings(max_examples=25, stateful_step_count=8, deadline=None)
