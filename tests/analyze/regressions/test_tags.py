"""What trailers and subjects say of regressions."""

from __future__ import annotations

import pytest

from tests.analyze.regressions.mailed import OTHER, SHA, SYZBOT, brief, mail
from threadkit.analyze.mailtext import MailText
from threadkit.analyze.regressions.tags import detect


def patch(*trailers: str, text: str = "mm: hold the lock for longer.") -> MailText:
    lines = "\n".join(trailers)
    return mail(f"{text}\n\n{lines}\n---\n mm/x.c | 1 +\n", "[PATCH] mm: hold", is_patch=True)


@pytest.mark.parametrize(
    ("trailer", "culprit", "title"),
    [
        (f'Fixes: {SHA[:12]} ("mm: do x() (y)")', SHA[:12], "mm: do x() (y)"),
        (f"Fixes: {SHA[:12]} ('mm: x')", SHA[:12], "mm: x"),
        (f"Fixes: {SHA[:12]} (mm: x)", SHA[:12], "mm: x"),
        (f"Fixes: {SHA[:12]} mm: x", SHA[:12], "mm: x"),
        (f"Fixes: commit {SHA}", SHA, ""),
        (f'Fixes: {SHA[:12]} ("mm: a\n title over lines")', SHA[:12], "mm: a title over lines"),
    ],
)
def test_a_patch_with_fixes(trailer: str, culprit: str, title: str) -> None:
    one = patch(trailer, "Signed-off-by: Ann <ann@example.org>")
    found = detect(one)
    assert brief(found) == [("culprit", culprit, title), ("fix", "this@example.org", "mail")]
    assert one.body[found[0].start : found[0].stop] == trailer
    assert {signal.rule for signal in found} == {"fixes-trailer"}


def test_the_beginning_of_history_is_no_culprit() -> None:
    found = detect(
        patch('Fixes: 1da177e4c3f4 ("Linux-2.6.12-rc2")', "Signed-off-by: A <a@example.org>")
    )
    assert brief(found) == [("fix", "this@example.org", "mail")]


def test_fixes_in_a_reply_names_a_culprit_and_is_no_fix() -> None:
    body = f'Please add\n\nFixes: {SHA[:12]} ("mm: x")\n\nto it.\n'
    [culprit] = detect(mail(body, "Re: [PATCH] mm: hold", parent="p@example.org"))
    assert (culprit.kind, culprit.value, culprit.score) == ("culprit", SHA[:12], 0.8)


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        ("Reported-by", ["reporter"]),
        ("Reported-and-tested-by", ["reporter", "tester"]),
        ("Bisected-by", ["bisector"]),
        ("Reported-and-bisected-by", ["reporter", "bisector"]),
        ("Bisected-and-analyzed-by", ["bisector"]),
        ("Tested-by", ["tester"]),
        ("Reviewed-by", []),
    ],
)
def test_roles(name: str, roles: list[str]) -> None:
    found = detect(patch(f"{name}: Bo <bo@example.org>", "Signed-off-by: Ann <ann@example.org>"))
    assert brief(found) == [("role", "bo@example.org", role) for role in roles]


def test_a_reporter_without_an_address() -> None:
    found = detect(patch("Reported-by: Bo Li", "Signed-off-by: Ann <ann@example.org>"))
    assert brief(found) == [("role", "Bo Li", "reporter")]


@pytest.mark.parametrize(
    ("trailers", "closed"),
    [
        (["Closes: https://lore.kernel.org/r/r@example.org/"], [("r@example.org", "Closes")]),
        (["BugLink: https://bugzilla.kernel.org/show_bug.cgi?id=7#c2"],
         [("https://bugzilla.kernel.org/show_bug.cgi?id=7", "BugLink")]),
        (["Link: https://lore.kernel.org/r/r@example.org/ [1]"], []),
        (["Reported-by: Bo <bo@example.org>", "Link: https://lore.kernel.org/r/r@example.org/"],
         [("r@example.org", "Link")]),
        ([f'Fixes: {SHA[:12]} ("mm: x")', "Link: https://lore.kernel.org/r/r@example.org/ # 1"],
         [("r@example.org", "Link")]),
        # Where it was posted is not what it closes.
        ([f'Fixes: {SHA[:12]} ("mm: x")', "Link: https://patch.msgid.link/r@example.org"], []),
        ([f'Fixes: {SHA[:12]} ("mm: x")', "Link: https://lore.kernel.org/r/this@example.org"], []),
    ],
)  # fmt: skip
def test_links(trailers: list[str], closed: list[tuple[str, str]]) -> None:
    found = detect(patch(*trailers, "Signed-off-by: Ann <ann@example.org>"))
    assert [(one.value, one.detail) for one in found if one.kind == "closes"] == closed


def test_a_revert_names_the_cause_unless_fixes_does() -> None:
    text = f"This reverts commit {SHA}.\n\nIt broke things."
    found = detect(patch("Signed-off-by: Ann <ann@example.org>", text=text))
    assert brief(found) == [("culprit", SHA, ""), ("fix", "this@example.org", "mail")]
    found = detect(
        patch(f'Fixes: {OTHER[:12]} ("x: y")', "Signed-off-by: Ann <a@example.org>", text=text)
    )
    assert [one.value for one in found if one.kind == "culprit"] == [OTHER[:12]]


def test_a_backport_is_a_fix_that_is_a_commit() -> None:
    text = f"commit {SHA} upstream.\n\nHold the lock."
    found = detect(patch("Signed-off-by: Ann <ann@example.org>", text=text))
    assert brief(found) == [("fix", SHA, "commit")]
    found = detect(
        patch(f'Fixes: {OTHER[:12]} ("x: y")', f"[ Upstream commit {SHA} ]", text="x: z.")
    )
    assert brief(found) == [("culprit", OTHER[:12], "x: y"), ("fix", SHA, "commit")]


@pytest.mark.parametrize(
    ("subject", "detail"),
    [
        ("[REGRESSION] boot hangs", "regression"),
        ("[6.2 regression][bisected] it hangs", "regression"),
        ("[BISECTED] boot hangs", "bisected"),
        ("bisected: boot hangs", "bisected"),
        ("Regression: boot hangs", "regression"),
        ("Re: [REGRESSION] boot hangs", ""),
        ("[regression fix] mm: x", ""),
        ("[no regression] all fine", ""),
        ("regression tests for mm", ""),
        ("mm: a regression test", ""),
    ],
)
def test_tags_of_subjects(subject: str, detail: str) -> None:
    found = detect(mail("It hangs.\n", subject))
    assert brief(found) == ([("report", "", detail)] if detail else [])
    assert all((one.start, one.stop) == (0, 0) for one in found)


def test_a_patch_is_no_report_by_its_subject() -> None:
    assert detect(mail("x\n", "[PATCH][REGRESSION] mm: hold", is_patch=True)) == []


@pytest.mark.parametrize(
    ("field", "rule"),
    [("Yes", "bugzilla-regression"), ("No", "bugzilla-new"), ("", "bugzilla-new")],
)
def test_bugzilla(field: str, rule: str) -> None:
    body = f"            Bug ID: 7\n          Severity: normal\n        Regression: {field}\n\nIt hangs.\n"
    [report] = detect(mail(body, "[Bug 7] New: it hangs"))
    assert report.rule == rule


def test_the_list_of_regressions_is_a_hint() -> None:
    body = "It hangs.\n\nReported-by: Bo <bo@example.org>\nCc: regressions@lists.linux.dev\n"
    found = [one for one in detect(mail(body)) if one.kind == "report"]
    assert [(one.rule, one.score) for one in found] == [("trailer-cc-regressions", 0.3)]


def test_the_robot_is_read_elsewhere() -> None:
    assert detect(mail(f"Reported-by: {SYZBOT[1]}\n", author=SYZBOT)) == []


def test_quoted_trailers_say_nothing() -> None:
    body = f'> Fixes: {SHA[:12]} ("mm: x")\n> Reported-by: Bo <bo@example.org>\n\nFine.\n'
    assert detect(mail(body, "Re: [PATCH] x", parent="p@example.org")) == []
