"""Who answers whom, on small archives and on real ones."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from threadkit.graph.replies import Envelope, Placement, place
from threadkit.graph.trees import walk
from threadkit.mail.message import parse
from threadkit.mail.subject import parse_subject

LONG = "how to fork a page"


def mail(name, *, replied=(), refs=(), key=LONG, is_reply=True, when="", imposter=0):
    return Envelope(name, imposter, tuple(replied), tuple(refs), key, is_reply, when)


def placed(*mails: Envelope) -> dict[str, Placement]:
    return {p.message_id: p for p in place(mails) if not p.imposter}


def real_mails(path: Path):
    """Parse an mboxrd as it is; only headers matter here."""
    parts = re.split(rb"(?:^|\n)(?=From mboxrd@z)", path.read_bytes())
    return [parse(part.partition(b"\n")[2]) for part in parts if part]


def envelopes(mails) -> list[Envelope]:
    found = {}
    for one in mails:
        subject = parse_subject(one.subject)
        found[one.message_id] = Envelope(
            one.message_id, 0, one.in_reply_to, one.references,
            subject.key, subject.is_reply, one.received_utc or one.date_utc or "",
        )  # fmt: skip
    return list(found.values())


def test_in_reply_to_wins_over_references():
    p = placed(mail("c@x", replied=["a@x"], refs=["a@x", "b@x"]))["c@x"]
    assert (p.parent, p.rule) == ("a@x", "in-reply-to")


@pytest.mark.parametrize("replied", [(), ("a@x", "b@x"), ("yes",), ("c@x",)])
def test_references_decide_when_in_reply_to_is_not_one_id(replied):
    p = placed(mail("c@x", replied=replied, refs=["a@x", "d@x"]))["c@x"]
    assert (p.parent, p.rule) == ("d@x", "references")


def test_of_two_ids_in_in_reply_to_alone_the_last_is_the_parent():
    p = placed(mail("c@x", replied=["a@x", "b@x"]))["c@x"]
    assert (p.parent, p.rule) == ("b@x", "in-reply-to")


def test_a_parent_that_was_never_seen_is_a_ghost():
    tree = placed(mail("b@x", replied=["a@x"]))
    assert tree["a@x"] == Placement("a@x", 0, True, None, "root", "a@x", "strict")
    assert tree["b@x"].root == "a@x"


def test_a_word_typed_at_a_prompt_joins_nothing():
    """git send-email once asked for a Message-ID and people answered "yes"."""
    tree = placed(mail("a@x", replied=["yes"], key="one"), mail("b@x", refs=["yes"], key="two"))
    assert set(tree) == {"a@x", "b@x"}
    assert all(p.rule == "root" for p in tree.values())


def test_a_ghost_hangs_where_the_longest_references_say():
    tree = placed(
        mail("d@x", refs=["root@x", "gap@x"]),  # trimmed in the middle
        mail("e@x", refs=["root@x", "b@x", "gap@x"]),
    )
    assert (tree["gap@x"].parent, tree["gap@x"].rule) == ("b@x", "gap")
    assert tree["b@x"].parent == "root@x"
    assert tree["d@x"].root == "root@x"


def test_references_behind_a_seen_parent_do_not_move_it():
    tree = placed(mail("a@x", is_reply=False), mail("b@x", refs=["other@x", "a@x"]))
    assert tree["a@x"].parent is None
    assert "other@x" not in tree


def test_a_reply_that_lost_its_headers_is_placed_by_its_own_replies():
    tree = placed(mail("a@x", is_reply=False), mail("b@x"), mail("c@x", refs=["a@x", "b@x"]))
    assert (tree["b@x"].parent, tree["b@x"].rule) == ("a@x", "gap")


def test_a_loop_is_cut_at_its_earliest_mail():
    tree = placed(
        mail("a@x", replied=["b@x"], when="2020-01-02T00:00:00Z"),
        mail("b@x", replied=["a@x"], when="2020-01-01T00:00:00Z"),
    )
    assert (tree["b@x"].parent, tree["b@x"].rule) == (None, "loop")
    assert tree["a@x"].parent == "b@x"


def test_an_imposter_is_a_leaf():
    first, other = mail("a@x", when="2020-01-01T00:00:00Z"), mail("a@x", imposter=1)
    placements = place([other, mail("b@x", replied=["a@x"]), first])
    rules = {(p.message_id, p.imposter): (p.parent, p.rule) for p in placements}
    assert rules == {
        ("a@x", 0): (None, "root"),
        ("a@x", 1): ("a@x", "imposter"),
        ("b@x", 0): ("a@x", "in-reply-to"),
    }


def test_an_orphan_goes_below_the_nearest_earlier_mail_of_its_subject():
    tree = placed(
        mail("a@x", is_reply=False, when="2020-01-01T00:00:00Z"),
        mail("b@x", replied=["a@x"], when="2020-01-02T00:00:00Z"),
        mail("late@x", when="2020-01-04T00:00:00Z"),
        mail("later@x", replied=["late@x"], when="2020-01-05T00:00:00Z"),
    )
    assert tree["late@x"][3:] == ("b@x", "subject", "a@x", "loose")
    assert tree["later@x"][3:] == ("late@x", "in-reply-to", "a@x", "loose")


@pytest.mark.parametrize(
    "orphan",
    [
        mail("o@x", is_reply=False, when="2020-06-01T00:00:00Z"),
        mail("o@x", when="2020-01-01T00:00:00Z"),
        mail("o@x", when="2021-02-01T00:00:01Z"),
        mail("o@x", when=""),
    ],
    ids=["no reply", "earlier", "a year later", "no date"],
)
def test_a_subject_does_not_match(orphan):
    original = mail("a@x", is_reply=False, when="2020-02-01T00:00:00Z")
    assert placed(original, orphan)["o@x"].parent is None


def test_a_short_subject_matches_nothing():
    tree = placed(
        mail("a@x", key="hi all", is_reply=False, when="2020-02-01T00:00:00Z"),
        mail("b@x", key="hi all", when="2020-02-02T00:00:00Z"),
    )
    assert tree["b@x"].parent is None


def test_a_ghost_root_goes_by_the_subject_of_its_earliest_reply():
    tree = placed(
        mail("a@x", is_reply=False, when="2020-01-01T00:00:00Z"),
        mail("c@x", replied=["ghost@x"], key="something else", when="2020-01-04T00:00:00Z"),
        mail("b@x", replied=["ghost@x"], when="2020-01-03T00:00:00Z"),
    )
    assert (tree["ghost@x"].parent, tree["ghost@x"].rule) == ("a@x", "subject")
    assert tree["c@x"].root == "a@x"


def test_two_orphans_whose_clocks_are_wrong_do_not_form_a_loop():
    other = "another long subject"
    tree = placed(
        mail("a@x", when="2020-01-05T00:00:00Z"),
        mail("a2@x", replied=["a@x"], key=other, when="2020-01-01T00:00:00Z"),
        mail("b@x", key=other, when="2020-01-06T00:00:00Z"),
        mail("b2@x", replied=["b@x"], when="2020-01-02T00:00:00Z"),
    )
    assert (tree["a@x"].rule, tree["b@x"].rule) == ("root", "subject")
    assert tree["b2@x"].root == "a@x"


def test_depth_and_many_references_need_no_recursion():
    names = [f"{n}@x" for n in range(30_000)]
    chain = [mail(b, replied=[a]) for a, b in pairwise(names)]
    ghosts = mail("end@x", refs=[f"ghost{n}@x" for n in range(30_000)])
    placements = place([*chain, ghosts])
    assert Counter(p.root for p in placements) == {"0@x": 30_000, "ghost0@x": 30_001}


def test_the_thread_of_the_seed_is_threaded_as_lore_does(corpora: Path):
    mails = real_mails(corpora / "cow-thread" / "cow-thread.mbox")
    rows = json.loads((corpora / "cow-thread" / "thread.json").read_text())
    placements = place(envelopes(mails))
    at = {p.message_id: p for p in placements}
    assert Counter(p.match for p in placements) == {"strict": 90, "loose": 8}
    assert [p.message_id for p in placements if p.ghost] == [rows[51]["message_id"]]
    for row in rows:
        p = at[row["message_id"]]
        above = None if p.rule == "subject" else p.parent
        expected = row["parent_row"]
        assert above == (None if expected is None else rows[expected]["message_id"])
    dates = {(one.message_id, 0): one.date_utc or "" for one in mails}
    shown = [(depth, p.message_id) for depth, p in walk(placements, dates)]
    assert shown == [(row["depth"], row["message_id"]) for row in rows]
    assert max(depth for depth, _ in shown) == 32


def test_threads_that_lore_gave_whole_stay_whole(corpora: Path):
    """Each mailbox holds one thread, but for those that hold versions of a series."""
    roots = {}
    for path in sorted((corpora / "kernel-threads").glob("*/*.mbox")):
        placements = place(envelopes(real_mails(path)))
        assert all(p.rule not in ("loop", "subject") for p in placements)
        roots[path.stem] = sum(p.parent is None for p in placements)
    series = {name: count for name, count in roots.items() if count > 1}
    assert len(roots) == 38
    assert series == {"rdma-nldev-copy-on-fork-v1-v4": 4, "iouring-sq-utilization-v1-v10": 12}


def test_notmuch_s_hard_cases(corpora: Path):
    files = sorted((corpora / "notmuch" / "threading").rglob("*"))
    tree = placed(*envelopes(parse(f.read_bytes()) for f in files if f.is_file()))
    ghost = "RT-Ticket-33575@xxxxxxx-xxxxxxxxxxxxxxxxx-xxxxxxxxx-xxxxxxxxx.de"
    assert tree[ghost].ghost
    assert tree["001-fake-message-root@example.org"].root == "000-real-root@example.org"
    loop = sorted((corpora / "notmuch" / "broken" / "loop").iterdir())
    tree = placed(*envelopes(parse(f.read_bytes()) for f in loop))
    assert Counter(p.rule for p in tree.values()) == {"loop": 1, "in-reply-to": 1}
