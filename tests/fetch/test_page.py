"""Saved lore pages: the mail to the letter, the overview row by row."""

from __future__ import annotations

import email
import hashlib
import html
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fetch.boxes import bodies, kinds, read_all
from threadkit.fetch import page as page_module
from threadkit.fetch.compressed import ByteStream
from threadkit.fetch.limits import Limits
from threadkit.fetch.markup import marked_text, plain
from threadkit.fetch.overview import mid_of, parse_overview
from threadkit.fetch.source import OverviewRow, RawMail, Source
from threadkit.mail.message import parse

HEADER = """\
From: Ada Byron <ada@example.org>
To: Ben Crane <ben@example.org>
Cc: "Carl D . Emery" <carl@example.org>,
\tlist@example.org
Subject: Re: [PATCH 1/2] engine: punch \u00e9very card
Date: Tue, 1 Sep 2020 00:01:35 -0700 (PDT)\t[thread overview]
Message-ID: <two@example.org> (raw)
In-Reply-To: <one@example.org>
"""
BODY = """\
On Monday Ben Crane wrote:
> Punch & <count>
>\x20
> Thread overview: 2+ messages

From here on it is mine.

\tHello

"""
OVERVIEW = """\
Thread overview: 6+ messages / expand[flat|nested]  mbox.gz  Atom feed  top
2020-08-31  9:00 [PATCH 0/2] engine: cards Ben Crane
2020-08-31  9:00 ` [PATCH 1/2] engine: punch \u00e9very card Ben Crane
2020-09-01  7:01   ` Ada Byron [this message]
     [not found]     ` <gone@example.org>
2020-09-02 10:00       ` Carl D . Emery
2021-01-01 12:00 [PATCH 1/2] engine: punch \u00e9very card Dora
"""
TEXT_PAGE = (
    "cards.example.org archive mirror\n help / color / mirror / Atom feed\n"
    + HEADER
    + "\n"
    + BODY
    + "\n  reply\tother threads:[~2020-09-01  7:01 UTC|newest]\n\n"
    + OVERVIEW
    + "\nReply instructions:\n\nYou may reply publicly to this message\n"
)


def html_page() -> str:
    """Return the same page as public-inbox writes it."""
    header = html.escape(HEADER.replace("[thread overview]", "").replace(" (raw)", ""))
    header = header.replace("-0700 (PDT)\t", '-0700 (PDT)\t<a\nhref="#r">[thread overview]</a>')
    header = (
        header.replace(
            "&lt;two@example.org&gt;", '&lt;two@example.org&gt; (<a\nhref="raw">raw</a>)'
        )
        .replace("&lt;one@", '&lt;<a\nhref="../one@example.org/">one@')
        .replace("one@example.org&gt;\n", "one@example.org</a>&gt;\n")
    )
    rows = [
        '2020-08-31  9:00 <a\nhref="../zero@example.org/">[PATCH 0/2] engine: cards</a> Ben Crane',
        '2020-08-31  9:00 ` <a\nhref="../one@example.org/">[PATCH 1/2] engine: punch \u00e9very card'
        "</a> Ben Crane",
        '<b>2020-09-01  7:01   ` <a\nid=r\nhref="#t">Ada Byron [this message]</a></b>',
        '     [not found]     ` &lt;<a\nhref="../gone@example.org/">gone@example.org</a>&gt;',
        '2020-09-02 10:00       ` <a\nhref="../a%2Fb@example.org/">Carl D . Emery</a>',
        '2021-01-01 12:00 <a\nhref="../late@example.org/">[PATCH 1/2] engine: punch \u00e9very card'
        "</a> Dora",
    ]
    return (
        "<html><head><title>Re: [PATCH 1/2]</title><style>pre{}</style></head><body>"
        '<form\naction="../"><pre><a\nhref="../"><b>cards.example.org archive mirror</b></a>\n'
        "<input\nname=q\ntype=text /></pre></form><pre\nid=b>"
        + f'{header}\n<span\nclass="q">{html.escape(BODY)}</span></pre><hr><pre><a\n'
        + 'href="../x@example.org/"\nrel=next>next</a> <a\nhref="#R">reply</a>\tother threads:[<a\n'
        + 'href="../?t=1">~2020-09-01  7:01 UTC</a>|<a\nhref="../">newest</a>]\n\n'
        + "<b>Thread overview: </b>6+ messages / expand[<a\nhref=T/#u>flat</a>]\n"
        + "\n".join(rows)
        + "\n</pre><hr><pre\nid=R><b>Reply instructions:</b>\n</pre></body></html>"
    )


def thread_page(nested: bool, count: int = 2) -> str:
    """Return a page that shows a whole thread, as public-inbox writes it."""

    def anchor(message_id: str) -> str:
        return hashlib.sha1(message_id.encode()).hexdigest()

    mails = [("one", "Ben Crane", "", "9:00", "First\n"), ("two", "Ada Byron", "` ", "10:30", BODY)]
    shown = []
    for name, author, _, time, body in mails:
        mid = f"{name}@example.org"
        shown.append(
            f"<pre><a\nhref=#e{anchor(mid)}\nid=m{anchor(mid)}>*</a> <b>engine: cards</b>\n"
            f"<b>@ 2020-08-31 {time:>5} {author}</b>\n  <a\nhref=#r>0 siblings</a>\n"
            f"From: {author} @ 2020-08-31 {time:>5} UTC (<a\n"
            f'href="../../{mid}/">permalink</a> / <a\nhref="../../{mid}/raw">raw</a>)\n'
            "  To: list; +Cc: Carl D . Emery,\n\tDora\n\n"
            f"{html.escape(body)}\n<a\nhref=#m{anchor(mid)}\nid=e{anchor(mid)}>^</a> <a\n"
            f'href="../../{mid}/">permalink</a> <a\nhref="../../{mid}/raw">raw</a> <a\n'
            f'href="../../{mid}/#R">reply</a>\t[<a\nhref=T>flat</a>|<a\nhref=t>nested</a>] <a\n'
            f"href=#r>{count}+ messages in thread</a></pre>"
        )
    rows = "\n".join(
        f'2020-08-31 {time:>5} {tick}<a\nhref="#m{anchor(name + "@example.org")}"\nid=r>'
        + (f"engine: cards</a> {author}" if not tick else f"{author}</a>")
        for name, author, tick, time, _ in mails
    )
    joint = "<ul><li>" if nested else "<hr>"
    return (
        "<html><body><pre>cards archive mirror</pre>"
        + joint.join(shown)
        + ("</li></ul>" if nested else "")
        + "<hr><pre>end of thread, other threads:[~2020-09-01 UTC | newest]\n\n<b\nid=t>"
        f"Thread overview: </b>{count}+ messages (download: mbox.gz)\n"
        f"-- links below jump to the message on this page --\n{rows}\n</pre></body></html>"
    )


def load(tmp_path: Path, page: str) -> tuple[list[RawMail], Source]:
    path = tmp_path / "page"
    path.write_text(page, encoding="utf-8", newline="")
    mails, [source] = read_all(path)
    return mails, source


def facts(rows: tuple[OverviewRow, ...]) -> list[tuple[object, ...]]:
    return [(row.depth, row.parent_row, row.date_utc, row.author, row.match) for row in rows]


@pytest.mark.parametrize("form", ["text", "html", "crlf"])
def test_a_page_gives_its_mail_to_the_letter(tmp_path: Path, form: str) -> None:
    page = html_page() if form == "html" else TEXT_PAGE
    mails, source = load(tmp_path, page.replace("\n", "\r\n") if form == "crlf" else page)
    kind = "lore-html" if form == "html" else "lore-text"
    assert (source.kind, source.problems) == (kind, [])
    [body] = bodies(mails)
    assert body.decode() == BODY
    header = mails[0].data.partition(b"\n\n")[0].decode()
    assert "[thread overview]" not in header
    assert "raw" not in header
    message = email.message_from_bytes(mails[0].data)
    assert message["Message-ID"] == "<two@example.org>"
    assert message["In-Reply-To"] == "<one@example.org>"
    assert message["Date"] == "Tue, 1 Sep 2020 00:01:35 -0700 (PDT)"
    assert message["Cc"] == '"Carl D . Emery" <carl@example.org>,\n\tlist@example.org'
    assert message["X-Threadkit-Transcribed"] == kind
    assert "Subject: Re: [PATCH 1/2] engine: punch \u00e9very card\n" in header


@pytest.mark.parametrize("page", [TEXT_PAGE, html_page()])
def test_both_forms_give_the_same_overview(tmp_path: Path, page: str) -> None:
    _, source = load(tmp_path, page)
    assert facts(source.overview) == [
        (0, None, "2020-08-31T09:00Z", "Ben Crane", "strict"),
        (1, 0, "2020-08-31T09:00Z", "Ben Crane", "strict"),
        (2, 1, "2020-09-01T07:01Z", "Ada Byron", "strict"),
        (3, 2, None, "", "strict"),
        (4, 3, "2020-09-02T10:00Z", "Carl D . Emery", "strict"),
        (0, None, "2021-01-01T12:00Z", "Dora", "loose"),
    ]
    subject = "[PATCH 1/2] engine: punch \u00e9very card"
    assert [row.subject for row in source.overview] == [
        "[PATCH 0/2] engine: cards", subject, subject, "", subject, subject,
    ]  # fmt: skip
    ids = [row.message_id for row in source.overview]
    assert ids[1:4] == ["one@example.org", "two@example.org", "gone@example.org"]


def test_html_rows_carry_their_ids_unescaped(tmp_path: Path) -> None:
    _, source = load(tmp_path, html_page())
    assert [row.message_id for row in source.overview] == [
        f"{name}@example.org" for name in ("zero", "one", "two", "gone", "a/b", "late")
    ]


@pytest.mark.parametrize("nested", [True, False])
def test_a_thread_page_gives_all_its_mails(tmp_path: Path, nested: bool) -> None:
    mails, source = load(tmp_path, thread_page(nested))
    assert [body.decode() for body in bodies(mails)] == ["First\n", BODY]
    first, second = (email.message_from_bytes(one.data) for one in mails)
    assert (first["Message-ID"], first["In-Reply-To"]) == ("<one@example.org>", None)
    assert second["In-Reply-To"] == "<one@example.org>"
    assert first["Date"] == "Mon, 31 Aug 2020 09:00:00 +0000"
    assert (first["From"], first["Subject"]) == ("Ben Crane", "engine: cards")
    assert [row.message_id for row in source.overview] == ["one@example.org", "two@example.org"]
    assert source.problems == []


def test_a_thread_page_that_was_cut_says_so(tmp_path: Path) -> None:
    mails, source = load(tmp_path, thread_page(nested=False, count=2500))
    assert len(mails) == 2
    assert [(one.kind, one.detail) for one in source.problems] == [
        ("page-incomplete", "shows 2 of 2500 mails")
    ]


def test_a_thread_page_with_an_absurd_count_gives_its_mails(tmp_path: Path) -> None:
    page = thread_page(nested=False, count=2500).replace("2500+", "9" * 5000 + "+")
    mails, _ = load(tmp_path, page)
    assert len(mails) == 2


@pytest.mark.parametrize("day", ["2020-13-41 29:99", "0000-01-01 10:00", "2020-02-30  9:00"])
def test_a_mail_of_an_impossible_day_keeps_it_as_written(tmp_path: Path, day: str) -> None:
    page = thread_page(nested=False).replace("2020-08-31  9:00 UTC", f"{day} UTC")
    mails, _ = load(tmp_path, page)
    parsed = parse(mails[0].data)
    assert (len(mails), parsed.date_utc) == (2, None)
    assert "date-malformed" in [defect.kind for defect in parsed.defects]


def test_a_thread_page_copied_without_its_links_gives_mails_without_ids(tmp_path: Path) -> None:
    text = plain(marked_text(thread_page(nested=False)))
    mails, source = load(tmp_path, text.replace("mirror", "mirror\n help / color / mirror\n", 1))
    assert source.kind == "lore-text"
    assert [parse(one.data).body for one in mails] == ["First\n", BODY]
    assert all(parse(one.data).derived_id for one in mails)


def test_an_overview_alone_is_a_source_without_mails(tmp_path: Path) -> None:
    mails, source = load(tmp_path, OVERVIEW)
    assert (mails, len(source.overview), source.problems) == ([], 6, [])


def test_a_page_without_navigation_ends_where_the_overview_starts(tmp_path: Path) -> None:
    mails, source = load(tmp_path, HEADER + "\nshort\n\n" + OVERVIEW)
    assert bodies(mails) == [b"short\n\n"]
    assert len(source.overview) == 6


def test_obfuscated_addresses_are_restored_in_the_header(tmp_path: Path) -> None:
    page = html_page().replace("ada@example.org", "ada@example&#8226;org")
    mails, _ = load(tmp_path, page)
    assert mails[0].data.startswith(b"From: Ada Byron <ada@example.org>\n")


def test_a_mail_that_quotes_a_page_stays_a_mail(tmp_path: Path) -> None:
    path = tmp_path / "mail"
    path.write_text("From: Ada <a@example.org>\nSubject: x\n\n" + TEXT_PAGE)
    _, [source] = read_all(path)
    assert source.kind == "eml"


def test_a_page_over_the_limit_is_named(tmp_path: Path) -> None:
    path = tmp_path / "page"
    path.write_text(TEXT_PAGE)
    mails, [source] = read_all(path, limits=Limits(max_mail_bytes=500))
    assert mails == []
    assert kinds(source) == ["mail-too-large"]


def test_html_is_bounded_since_its_tree_is_far_larger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_module, "_MAX_HTML", 500)
    (tmp_path / "page.html").write_text(html_page())
    (tmp_path / "page.txt").write_text(TEXT_PAGE)
    for name, found in (("page.html", ["mail-too-large"]), ("page.txt", [])):
        mails, [source] = read_all(tmp_path / name)
        assert (len(mails), kinds(source)) == (int(not found), found)


def test_a_page_with_marks_of_lore_and_no_mail_is_named(tmp_path: Path) -> None:
    mails, source = load(tmp_path, "<html><pre>[thread overview]</pre>")
    assert mails == []
    assert kinds(source) == ["page-mail-unreadable"]


@given(st.text(max_size=300))
def test_any_text_is_an_overview_of_some_rows(text: str) -> None:
    rows = parse_overview(text)
    assert [row.row for row in rows] == list(range(len(rows)))


NAMES = ["Ada Byron", "Ben Crane", "Carl D . Emery", "Dora", "syzbot", "Em Fox (Lab)"]


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(NAMES)), min_size=1, max_size=30))
def test_rows_come_back_as_they_were_drawn(drawn: list[tuple[int, str]]) -> None:
    depths: list[int] = []
    lines = ["Thread overview: 9+ messages"]
    for number, (depth, name) in enumerate(drawn):
        depth = min(depth, depths[-1] + 1) if depths else 0
        depths.append(depth)
        indent = "  " * (depth - 1) + "` " if depth else ""
        subject = f"[PATCH] cards {number} " if not depth else ""
        lines.append(f"2020-01-02  3:{number:02} {indent}{subject}{name}")
    rows = parse_overview("\n".join(lines), names=NAMES)
    assert [row.depth for row in rows] == depths
    assert [row.author for row in rows] == [name for _, name in drawn]
    for row in rows:
        above = None if row.parent_row is None else rows[row.parent_row]
        assert (above.depth if above else -1) == row.depth - 1


def test_the_longest_name_that_is_known_is_the_author() -> None:
    text = (
        "Thread overview: 3+ messages\n"
        "2020-09-01  7:01 [PATCH] speak Ada Byron\n"
        "2020-09-01  8:30 ` Byron\n"
        "2020-09-01  9:12 ` Ada Byron\n"
    )
    assert [(row.author, row.subject) for row in parse_overview(text)] == [
        ("Ada Byron", "[PATCH] speak"),
        ("Byron", "[PATCH] speak"),
        ("Ada Byron", "[PATCH] speak"),
    ]


def test_one_line_end_behind_pre_is_no_text() -> None:
    assert plain(marked_text("<pre>\na\n</pre><pre>\n\nb</pre>\nc")) == "a\n\nb\nc"


def test_a_shortened_subject_is_filled_in() -> None:
    text = (
        "2020-01-02  3:00 [PATCH 1/2] engine: punch every card Ada Byron\n"
        '2020-01-02  3:01 ` [PATCH v2 1/2] " Ben Crane\n'
        "2020-01-02  3:02   ` Ada Byron\n"
    )
    rows = parse_overview(text, names=["Ada Byron"])
    assert {row.subject for row in rows[1:]} == {"[PATCH v2 1/2] engine: punch every card"}
    assert rows[1].author == "Ben Crane"


def test_rows_below_the_line_are_loose() -> None:
    text = (
        "2020-01-02  3:00 [PATCH] cards Ada Byron\n"
        "2020-01-02  3:01 [PATCH] cards again Ada Byron\n"
        "-- strict thread matches above, loose matches on Subject: below --\n"
        "2019-01-02  3:02 [PATCH] cards Ben Crane\n"
        "\nReply instructions:\n2020-01-02  3:00 no row\n"
    )
    assert [row.match for row in parse_overview(text)] == ["strict", "strict", "loose"]


@pytest.mark.parametrize("part", ["", "archive", "../../"])
def test_links_without_an_id_have_none(part: str) -> None:
    assert mid_of(part) is None


@pytest.mark.parametrize("name", ["../seed/hughd-2020-09-01.txt", "cow-thread/seed-overview.txt"])
def test_the_seed_overview_is_the_tree_of_lore(corpora: Path, name: str) -> None:
    expected = json.loads((corpora / "cow-thread/thread.json").read_text())
    _, [source] = read_all(corpora / name)
    rows = source.overview
    assert [(row.depth, row.parent_row, row.author) for row in rows] == [
        (row["depth"], row["parent_row"], row["author"]) for row in expected
    ]
    assert [row.date_utc for row in rows] == [
        row["date_utc"].replace(" ", "T") + "Z" for row in expected
    ]
    matches = [row.match for row in rows]
    assert (len(rows), matches.count("strict"), matches.count("loose")) == (98, 90, 8)
    assert max(row.depth for row in rows) == 32


def test_the_seed_mail_is_the_mail_as_it_was_sent(corpora: Path, seed_page: Path) -> None:
    [mail], [source] = read_all(seed_page)
    message_id = email.message_from_bytes(mail.data)["Message-ID"]
    sent = [
        one
        for one in read_all(corpora / "cow-thread/cow-thread.mbox")[0]
        if email.message_from_bytes(one.data)["Message-ID"] == message_id
    ]
    assert bodies([mail]) == bodies(sent)
    own = [row.message_id for row in source.overview if row.message_id]
    assert own[-1] == message_id.strip("<>")


def test_a_saved_page_of_nothing_but_tags_is_named() -> None:
    stream = ByteStream(io.BytesIO(b"<b>" * 200_001), Limits())
    source = page_module.PageSource("-", "lore-html", stream, None, Limits())
    assert list(source) == []
    assert [str(one.kind) for one in source.problems] == ["mail-too-large"]
