"""The warning of the seed, and what broke first: another way, not come true."""

from __future__ import annotations

from pathlib import Path

from tests.analyze.regressions.prose_mail import mail
from threadkit.analyze.mechanisms import mechanisms
from threadkit.analyze.regressions.predictions import Broken, Predicted, detect, outcomes, passage
from threadkit.fetch.compressed import ByteStream
from threadkit.fetch.limits import Limits
from threadkit.fetch.mbox import MboxSource
from threadkit.mail.message import parse

SEED = "alpine.LSU.2.11.2008312207450.1212@eggly.anvils"
FIRST_REPORT = "20200914143829.GA1424636@nvidia.com"
CHANGE = frozenset({"09854ba94c6a"})


def test_the_seeds_warning_did_not_come_true_by_what_broke_first(corpora: Path) -> None:
    path = corpora / "cow-thread" / "cow-thread.mbox"
    with path.open("rb") as file:
        source = MboxSource(str(path), ByteStream(file, Limits()), None, Limits())
        found = {message.message_id: message for message in map(parse, (m.data for m in source))}
    seed, report = found[SEED], found[FIRST_REPORT]  # type: ignore[index]
    text = mail(seed.body, subject=seed.subject, parent="p@example.org", message_id=SEED)
    [warning] = [s for s in detect(text) if s.mood == "said"]
    assert warning.rule == "prediction.risk"
    named = mechanisms(passage(text, warning))
    broke = mechanisms(report.body.partition("\n>")[0])
    broke |= {"fork-pin"}  # what it was found to be
    [came] = outcomes(
        [Predicted("seed", CHANGE, named, seed.date_utc)],
        [Broken("rdma", CHANGE, broke, report.date_utc)],
    )
    assert (came.kind, [key for key, _ in came.matches]) == ("another way", ["rdma"])
