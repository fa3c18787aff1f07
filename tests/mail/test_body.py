"""What each part of a mail is called, from short mails of people at example.org."""

from __future__ import annotations

import pytest

from threadkit.mail.block import Block
from threadkit.mail.body import blocks, content_spans, strip_quotes

LONG = "> a line that is quoted and that fills its seventy-two characters up to"


def shape(text: str) -> list[tuple[str, int, str]]:
    """Kind (with ? where guessed), depth and stripped first line of each block."""
    return [
        (
            b.kind + ("" if b.certain else "?"),
            b.depth,
            text[b.start : b.stop].strip().split("\n")[0],
        )
        for b in blocks(text)
    ]


def kinds(text: str) -> list[str]:
    return [f"{kind}{depth or ''}" for kind, depth, _ in shape(text)]


REPLY = """\
On Tue, 1 Sep 2020 at 10:20, Ada Example <ada@example.org> wrote:
> On Mon, Aug 31, 2020 at 09:00:00AM +0200, Bob Example wrote:
>> Is the page shared?
>
> It is.
>
> And mapped.

Then it must be copied.

> Agreed?
Yes.

-- 
Cleo Example
example.org
"""


def test_reply_with_two_depths() -> None:
    assert kinds(REPLY) == [
        "attribution",
        "attribution1",
        "quote2",
        "quote1",
        "reply",
        "quote1",
        "reply",
        "signature",
    ]


def test_offsets_are_those_of_whole_lines_and_blank_lines_join_the_block_before() -> None:
    text = "\n\nYes.\n\n> Why?\n>\n\nBecause.\n"
    assert [text[b.start : b.stop] for b in blocks(text)] == [
        "\n\nYes.\n\n",
        "> Why?\n>\n\n",
        "Because.\n",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("\n", ["reply"]),
        ("no line end", ["reply"]),
        ("> no line end", ["quote1"]),
        (">", ["quote1"]),
        (" \t\n", ["reply"]),
    ],
)
def test_smallest_bodies(text: str, expected: list[str]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    ("line", "depth", "content"),
    [
        ("> a", 1, "a"),
        (">a", 1, "a"),
        (">>a", 2, "a"),
        ("> > a", 2, "a"),
        (">  > a", 2, "a"),
        ("> >> >a", 4, "a"),
        (" > a", 1, "a"),
        (">     code", 1, "    code"),
        ("> if (a\n", 1, "if (a\n"),
        (">    > b", 1, "   > b"),
        (">\tcode", 1, "\tcode"),
        ("> \tcode", 1, "\tcode"),
        ("    > indented", 0, "    > indented"),
        ("a > b", 0, "a > b"),
        (">", 1, ""),
        ("", 0, ""),
    ],
)
def test_strip_quotes(line: str, depth: int, content: str) -> None:
    found, start = strip_quotes(line)
    assert (found, line[start:]) == (depth, content)


def test_strip_quotes_leaves_deeper_marks_as_content() -> None:
    assert strip_quotes("> > > a", most=2) == (2, 4)
    assert strip_quotes("> > > a", most=9) == (3, 6)


@pytest.mark.parametrize(
    "line",
    [
        "On Tue, 1 Sep 2020 10:20:30 +0200, Ada Example wrote:",
        "On Tue, Sep 01, 2020 at 10:20:30AM +0200, Ada Example wrote:",
        "On 01.09.20 10:20, Ada Example wrote:",
        "On Tue, 1 Sep 2020,\nAda Example <ada@example.org> wrote:",
        "On Tuesday, September 1st, 2020 at 10:20,\nAda Example\n<ada@example.org>\nwrote:",
        "* Ada Example <ada@example.org> wrote:",
        "* Ada Example <ada@example.org> [2020-09-01 10:20]:",
        "* Ada Example:",
        "Ada Example <ada@example.org> writes:",
        "Ada Example wrote:",
        "Am 01.09.20 um 10:20 schrieb Ada Example:",
        "Le 01/09/2020 \u00e0 10:20, Ada Example a \u00e9crit\u00a0:",
        "El mar, 1 sept 2020 a las 10:20, Ada Example escribi\u00f3:",
        "Il giorno mar 1 set 2020 alle ore 10:20 Ada Example ha scritto:",
        "Em Tue, 1 Sep 2020 10:20:30 +0200\nAda Example <ada@example.org> escreveu:",
        "Den 2020-09-01 kl. 10:20, skrev Ada Example:",
        "Op 01-09-2020 om 10:20 schreef Ada Example:",
        "W dniu 01.09.2020 o\u00a010:20, Ada Example napisa\u0142:",
        "\u5728 2020/9/1 10:20, Ada Example \u5199\u9053:",
        "2020\u5e749\u67081\u65e5\u706b\u66dc\u65e5 10\u664220\u5206 Ada Example:",
        "Excerpts from Ada Example's message of Tue Sep 01 10:20:30 +0200 2020:",
        "Quoting Ada Example (2020-09-01 10:20:30)\n   in her mail of 2020-09-01:",
        "In article <1@example.org>, Ada Example writes:",
        "----- On Sep 1, 2020, at 10:20 AM, Ada Example ada@example.org wrote:",
        "From: Ada Example <ada@example.org> Sent: Tuesday, September 1, 2020 10:20 AM",
        "\ufeffOn Tue, 1 Sep 2020, Ada Example wrote:",
        "On Tue, 1 Sep 2020, Ada Example wrote ...",
    ],
)
def test_attributions(line: str) -> None:
    assert shape(f"Hello.\n\n{line}\n> Why?\n\nBecause.\n")[1:] == [
        ("attribution", 0, line.strip().split("\n")[0]),
        ("quote", 1, "> Why?"),
        ("reply", 0, "Because."),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "It prints:",
        "I asked on the list and this is what I was told:",
        "See the log of 5.10:",
        "But:",
        "I wrote a test for that.",
        "On the other hand, this holds:",
    ],
)
def test_own_words_before_a_quote_are_no_attribution(line: str) -> None:
    assert kinds(f"{line}\n> Why?\n") == ["reply", "quote1"]


def test_attribution_without_a_quote_must_be_complete() -> None:
    assert kinds("On Tue, 1 Sep 2020 at 10:20, Ada wrote:\n\nNo quote here.\n") == [
        "attribution",
        "reply",
    ]
    assert kinds("Ada Example <ada@example.org> wrote:\nNo quote here.\n")[0] == "attribution"
    assert kinds("I know well what she wrote:\nnothing.\n") == ["reply"]


@pytest.mark.parametrize(
    "text",
    [
        "It is a manuscrit:\n",
        "Tue, 1 Sep 2020\n\nhe wrote, and so she wrote:\n",
        f"On Tue, 1 Sep 2020, {'Ada ' * 100}\nand on she wrote:\n",
        f"On the 1 Sep 2020 {'she ' * 100}wrote:\n",
    ],
)
def test_sentences_that_end_like_an_attribution(text: str) -> None:
    assert kinds(text) == ["reply"]


def test_weak_verbs_need_a_date() -> None:
    assert kinds("Ada said at 2020-09-01 10:20:\n> x\n") == ["attribution", "quote1"]
    assert kinds("The manual says:\n> x\n") == ["reply", "quote1"]


def test_very_long_line_is_no_attribution() -> None:
    assert kinds(f"Ada {'and Ada ' * 100}wrote:\n> x\n") == ["reply", "quote1"]


def test_attribution_inside_a_quote_keeps_the_depth_of_its_own_line() -> None:
    text = "> On Tue, 1 Sep 2020, Ada\n> <ada@example.org> wrote:\n> > Why?\n> Because.\n"
    assert kinds(text) == ["attribution1", "quote2", "quote1"]


def test_marks_without_text_belong_to_the_quote_that_runs_or_follows() -> None:
    text = "On Tue, 1 Sep 2020, Ada wrote:\n>>\n>> Why?\n>\n> Because.\nYes.\n"
    assert shape(text) == [
        ("attribution", 0, "On Tue, 1 Sep 2020, Ada wrote:"),
        ("quote", 2, ">>"),
        ("quote", 1, "> Because."),
        ("reply", 0, "Yes."),
    ]


def test_rewrapped_line_without_mark_is_a_quote_but_not_certain() -> None:
    text = f"{LONG}\nhere\n> and goes on.\n\nNo.\n"
    assert shape(text)[1] == ("quote?", 1, "here")
    deep = f"> {LONG}\n> here\n> > and goes on.\n"
    assert shape(deep)[1] == ("quote?", 2, "> here")


@pytest.mark.parametrize(
    "text",
    [
        f"{LONG}\nYes, it does\n> and goes on.\n",  # reads like an answer
        f"{LONG}.\nhere\n> and goes on.\n",  # the sentence was over
        "> a short line\nhere\n> and goes on.\n",  # no reason to wrap
        f"{LONG}\n\nhere\n> and goes on.\n",  # set apart
        f"{LONG}\nhere comes an answer that is too long to be left over\n> and goes on.\n",
    ],
)
def test_answers_between_quoted_lines_stay_own_text(text: str) -> None:
    assert "reply" in kinds(text)


@pytest.mark.parametrize(("size", "kind"), [(67, "quote?"), (66, "reply")])
def test_a_line_was_wrapped_if_the_next_word_did_not_fit(size: int, kind: str) -> None:
    """The mark belongs to the line: 67 characters, a blank and four more make 72."""
    text = f"> {'quoted words ' * 9}"[:size].rstrip().ljust(size, "x")
    assert shape(f"{text}\nhere it goes\n> on.\n")[1][0] == kind


def test_two_attributions_on_end_are_one_block() -> None:
    text = "Ada Example wrote:\n\nBob Example wrote:\nYes.\n"
    assert kinds(text) == ["attribution", "reply"]


def test_initials_as_marks_are_guessed() -> None:
    text = "AE> Is the page\nAE> shared?\n\nIt is.\n\nAE> And mapped?\nBE>> No.\n"
    assert shape(text) == [
        ("quote?", 1, "AE> Is the page"),
        ("reply", 0, "It is."),
        ("quote?", 1, "AE> And mapped?"),
        ("reply", 0, "BE>> No."),  # seen only once: may be anything
    ]
    block = blocks(text)[0]
    assert [text[a:b] for a, b in content_spans(text, block)] == ["Is the page", "shared?", ""]


def test_bars_are_marks_only_below_an_attribution() -> None:
    quoted = "Ada Example wrote:\n| Why?\n| Tell me.\n\nBecause.\n"
    assert shape(quoted)[1:] == [("quote?", 1, "| Why?"), ("reply", 0, "Because.")]
    block = blocks(quoted)[1]
    assert [quoted[a:b] for a, b in content_spans(quoted, block)] == ["Why?", "Tell me.", ""]
    assert kinds("| a | b |\n| 1 | 2 |\n") == ["reply"]


def test_from_escaped_by_a_mailbox_is_own_text() -> None:
    assert kinds("Hello.\n\n>From here on all is well.\n") == ["reply"]
    assert kinds("> Quoted.\n>From here on all is well.\n") == ["quote1", "reply"]
    assert kinds(">Quoted\n>From here\n>to there.\n") == ["quote1"]


def test_merge_conflicts_and_plain_diffs_are_no_quotes() -> None:
    assert kinds("<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n") == ["reply"]
    assert kinds("The change:\n3c3\n< x\n---\n> y\nand\n5a6\n> z\n") == [
        "reply",
        "diff",
        "reply",
        "diff",
    ]


OUTLOOK = """\
I agree.

-----Original Message-----
From: Ada Example <ada@example.org>
Sent: Tuesday, September 1, 2020 10:20 AM
To: Bob Example <bob@example.org>; Cleo Example <cleo@example.org>;
 Dan Example <dan@example.org>
Subject: RE: pages

Shall we copy?

> Why not?
-----Original Message-----
From: Bob Example
Sent: Monday, August 31, 2020 9:00 AM
To: Ada Example
Subject: pages

We should.
"""


def test_mail_quoted_whole_without_marks() -> None:
    assert shape(OUTLOOK) == [
        ("reply", 0, "I agree."),
        ("attribution?", 0, "-----Original Message-----"),
        ("quote?", 1, "Shall we copy?"),
        ("quote?", 2, "> Why not?"),
        ("attribution?", 1, "-----Original Message-----"),
        ("quote?", 2, "We should."),
    ]


def test_attribution_inside_a_mail_quoted_whole() -> None:
    text = (
        "Yes.\n\n---------- Forwarded message ---------\n\nFrom: Ada <ada@example.org>\n"
        "Subject: a subject that is so long that the mailer broke it into two lines\nhere\n\n"
        "Bob wrote:\n> Why?\n\nBecause.\n"
    )
    assert shape(text) == [
        ("reply", 0, "Yes."),
        ("attribution?", 0, "---------- Forwarded message ---------"),
        ("attribution?", 1, "Bob wrote:"),
        ("quote?", 2, "> Why?"),
        ("quote?", 1, "Because."),
    ]


def test_rule_without_headers_is_text() -> None:
    assert kinds("Yes.\n\n-----Original Message-----\nShall we?\n") == ["reply"]


def test_copied_headers_without_rule_and_above_marked_quotes() -> None:
    headers = "From: Ada <ada@example.org>\nSent: 1 September 2020\nTo: Bob\nSubject: pages\n"
    assert kinds(f"Yes.\n\n{headers}\nShall we?\n") == ["reply", "attribution?", "quote?1"]
    assert kinds(f"Yes.\n\n{headers}\n> Shall we?\n\nWe shall.\n") == [
        "reply",
        "attribution?",
        "quote1",
        "reply",
    ]
    quoted = "".join(f"> {line}\n" for line in headers.splitlines())
    assert kinds(f"{quoted}>\n> Shall we?\n\nYes.\n") == ["attribution?1", "quote1", "reply"]


COPIED_HEADERS = {
    "outlook": "From: Ada <ada@example.org>\nSent: 1 September 2020\nTo: Bob\nSubject: pages\n",
    "bold": "*From:* Ada <ada@example.org>\n*Sent:* 1 September 2020\n*To:* Bob\n",
    "notes": "----- Original message -----\nFrom: Ada\nTo: Bob\nDate: Tue, 1 Sep 2020\n",
    "forward": "---- Forwarded Message ----\nSubject: pages\nFrom: Ada\nTo: Bob\n",
}


@pytest.mark.parametrize("headers", COPIED_HEADERS.values(), ids=COPIED_HEADERS)
@pytest.mark.parametrize("mark", ["> ", ">", "> > ", ">> ", " > "])
def test_copied_headers_inside_a_quote_are_an_attribution_of_its_depth(
    headers: str, mark: str
) -> None:
    body = f"> Hm.\n\n{headers}\nShall we?\n"
    quoted = "".join(f"{mark}{line}\n" for line in body.splitlines())
    depth = mark.count(">")
    assert kinds(f"{quoted}\nYes.\n") == [
        f"quote{depth + 1}",
        f"attribution?{depth}",
        f"quote{depth}",
        "reply",
    ]
    assert kinds(f"Yes.\n\n{headers}\nShall we?\n") == ["reply", "attribution?", "quote?1"]


def test_patch_headers_in_the_body_are_not_a_quote() -> None:
    text = (
        "Like this:\n\nFrom: Ada <ada@example.org>\nDate: 1 Sep 2020\nSubject: [PATCH] x\n\nText.\n"
    )
    assert kinds(text) == ["reply"]


PATCH = """\
Copy the page when it is shared.

Fixes: 0123456789ab ("mm: share pages
when in doubt")
Reported-by: Bob Example <bob@example.org>
[ada: corrected a comment]
Cc: stable@example.org # 5.4+
Signed-off-by: Ada Example <ada@example.org>
---
v2: be kind

 mm/a.c             | 2 +-
 mm/{b.c => c.c}    | 0
 logo.png           | Bin 0 -> 12 bytes
 3 files changed, 1 insertion(+), 1 deletion(-)
 rename mm/{b.c => c.c} (100%)

diff --git a/mm/a.c b/mm/a.c
index 0123456..89abcde 100644
--- a/mm/a.c
+++ b/mm/a.c
@@ -1,3 +1,3 @@ int f(void)
 {
-\treturn 0;
+\treturn 1;
 }
diff --git a/mm/b.c b/mm/c.c
similarity index 100%
rename from mm/b.c
rename to mm/c.c

base-commit: 0123456789abcdef0123456789abcdef01234567
-- 
2.26.2

"""


def test_patch_mail() -> None:
    assert kinds(PATCH) == [
        "reply",
        "trailers",
        "scissors",
        "reply",
        "diffstat",
        "diff",
        "trailers",
        "signature",
    ]


def test_diff_ends_where_its_counts_say_so() -> None:
    text = "Try:\n\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n- a list, not a diff\nThanks\n"
    assert shape(text)[-1] == ("reply", 0, "- a list, not a diff")


@pytest.mark.parametrize(
    ("hunk", "after"),
    [
        ("@@ -1,9 +1,9 @@\n a\n-b\n", "That is all."),  # cut short
        ("@@ -1,9 +1,9 @@\n a\n-b\n\n", "That is all."),
        ("@@ -1,9 +1,9 @@\n a\n", "-- \nAda"),  # cut short above a signature
        ("@@ ... @@\n a\n-b\n+c\n", "That is all."),
        ("@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n", "x"),
        (
            "@@ -1,2 +1,2 @@ static void a_function_with_a_long_name(struct example *x,\nint y)\n\n-a\n+b\n",
            "x",
        ),
        (
            "@@ -1,1 +1,2 @@\n+a_function_with_a_long_name(struct example *x, struct example\n*y);\n b\n",
            "x",
        ),
        ("@@ -0,0 +1 @@\n+a\n", "x"),
        ("@@ -1,2 +1,2 @@\n\tkept, its blank was lost\n-a\n+b\n", "x"),
        (f"@@ -1,{'9' * 5000} +1,2 @@\n-a\n+b\n", "That is all."),  # int() refuses that
    ],
)
def test_damaged_and_odd_hunks(hunk: str, after: str) -> None:
    text = f"diff -u a/x b/x\n--- a/x\n+++ b/x\n{hunk}{after}\n"
    first, second = blocks(text)
    assert (first.kind, first.stop) == ("diff", text.rindex(after))
    assert second.kind in ("reply", "signature")


def test_wrapped_git_header_and_binary_patch() -> None:
    text = (
        "diff --git a/a/long/path/to/a/file\nb/a/long/path/to/a/file\nindex 0..1 100644\n"
        "GIT binary patch\nliteral 3\nKcmZQzU|?\n\nliteral 0\nHcmV?d00001\n\nBye.\n"
    )
    assert kinds(text) == ["diff", "reply"]


def test_diff_goes_on_after_blank_lines_between_files() -> None:
    one = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"
    assert kinds(f"{one}\n\n{one}\nThat is all.\n") == ["diff", "reply"]


def test_dashes_in_a_signature_belong_to_it() -> None:
    assert kinds("Yes.\n-- \nAda\n---\nexample.org\n") == ["reply", "signature"]


def test_quoted_code_keeps_its_depth_however_far_it_is_indented() -> None:
    assert kinds(f">{' ' * 60}> x\n> y\n>\n") == ["quote1"]
    assert kinds(">\n\nOwn words.\n") == ["quote1", "reply"]


def test_quoted_diff_is_a_quote() -> None:
    assert kinds("> diff --git a/x b/x\n> --- a/x\n> +++ b/x\n> @@ -1 +1 @@\n> +y\n\nNo.\n") == [
        "quote1",
        "reply",
    ]


def test_trailers_in_a_reply() -> None:
    text = "Looks good.\n\nReviewed-by: Ada Example <ada@example.org>\nThanks,\nAda\n"
    assert kinds(text) == ["reply", "trailers", "reply"]
    run = "Acked-by: Ada Example <ada@example.org>\n\tfor the first part\nCc: bob@example.org\n"
    assert kinds(f"Fine.\n\n{run}") == ["reply", "trailers"]
    assert kinds("Reviewed-by: tags are missing.\nNote: add them.\n") == ["reply"]
    assert kinds("> x\n\n(cherry picked from commit 0123456789ab)\n") == ["quote1", "trailers"]


@pytest.mark.parametrize(
    "mark",
    [
        "[...]",
        "[..]",
        "[]",
        "[snip]",
        "[ ... ]",
        "<snip>",
        "(snipped)",
        "...",
        "\u2026",
        "--- snip ---",
    ],
)
def test_snip_marks(mark: str) -> None:
    assert kinds(f"> a\n{mark}\n> b\n\nNo.\n") == ["quote1", "snip", "quote1", "reply"]


@pytest.mark.parametrize("mark", ["-- >8 --", "--8<--", "8<----- cut here -----", "--- 8< ---"])
def test_scissors(mark: str) -> None:
    assert kinds(f"Hello.\n\n{mark}\nSubject: x\n") == ["reply", "scissors", "reply"]


@pytest.mark.parametrize("line", ["- >8", "8<", "-- cut", "-- >8 -- " + "and so on " * 5])
def test_lines_that_cut_nothing(line: str) -> None:
    assert kinds(f"Hello.\n\n{line}\nbye\n") == ["reply"]


def test_dashes_are_scissors_only_in_a_patch() -> None:
    assert kinds("Hello.\n---\nAda\n") == ["reply"]
    assert kinds("Hello.\n\nAcked-by: Ada <ada@example.org>\n---\nx\n") == [
        "reply",
        "trailers",
        "scissors",
        "reply",
    ]


def test_signature_ends_before_quotes_commands_and_footers() -> None:
    top = "Yes.\n-- \nAda\n\nOn Tue, 1 Sep 2020, Bob wrote:\n> Why?\n"
    assert kinds(top) == ["reply", "signature", "attribution", "quote1"]
    assert kinds("Yes.\n-- \nAda\n\n#regzbot poke\n") == ["reply", "signature", "reply"]
    foot = "Yes.\n-- \nAda\n--\nTo unsubscribe from this list: send the line\n"
    assert kinds(foot) == ["reply", "signature", "footer"]


def test_signature_mark_without_its_space() -> None:
    assert kinds("Yes.\n--\nAda\n") == ["reply", "signature"]
    assert kinds("Yes.\n--\n" + "few words\n" * 7) == ["reply", "signature"]
    assert kinds("Yes.\n--\n" + "few words\n" * 8) == ["reply"]
    assert kinds("Yes.\n-- \n" + "many words\n" * 60) == ["reply"]


FOOTERS = [
    "_" * 47 + "\nExample mailing list\nlist@example.org\nhttps://example.org/list\n",
    "--\nexample mailing list -- list@example.org\n",
    "=" * 30 + "\nTo unsubscribe from this group, send nothing\n",
    '-\nTo unsubscribe from this list: send the line "unsubscribe x" in\nthe body\n',
    "To unsubscribe, send a message with 'unsubscribe x' in\nthe body\n",
    "-- \nYou received this message because you are subscribed to the group.\n",
    "-- \nYou may reply to this email to add a comment.\n\nYou are receiving this mail because:\n",
]


@pytest.mark.parametrize("footer", FOOTERS)
def test_footers(footer: str) -> None:
    text = f"> Why?\n\nBecause.\n\n{footer}"
    assert kinds(text) == ["quote1", "reply", "footer"]
    assert blocks(text)[-1].start == text.index(footer)
    quoted = "".join(f"> {line}\n" for line in footer.splitlines())
    assert set(kinds(f"Because.\n\n{quoted}")) == {"reply", "quote1"}


def test_word_of_a_footer_in_prose_is_none() -> None:
    assert kinds("The media mailing list\nis meant, not the other mailing list\n") == ["reply"]


@pytest.mark.parametrize("marks", ["> ", "> > ", ">> ", "> > > "])
def test_blanks_behind_the_marks_are_content(marks: str) -> None:
    """A diff quoted once more has context lines of one blank, and they must stay verbatim."""
    text = f"{marks}a\n{marks} \n{marks}  \n{marks.rstrip()}\n{marks}b\n"
    [block] = blocks(text)
    assert [text[a:b] for a, b in content_spans(text, block)] == ["a", " ", "  ", "", "b"]


def test_content_spans_take_off_no_more_marks_than_the_depth() -> None:
    text = "> > a\n> >\n> > > deeper\n"
    block = Block("quote", 2, 0, len(text))
    assert [text[a:b] for a, b in content_spans(text, block)] == ["a", "", "> deeper"]
    assert content_spans("a\nb", Block("reply", 0, 0, 3)) == [(0, 1), (2, 3)]
    assert content_spans("x\n> a", Block("quote", 1, 2, 5)) == [(4, 5)]
