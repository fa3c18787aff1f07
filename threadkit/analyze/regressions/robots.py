"""Reports that testing robots mail: Intel's kernel test robot, KernelCI, Linaro's LKFT and TCWG."""

from __future__ import annotations

import re
from collections.abc import Iterator

from threadkit.analyze.mailtext import MailText
from threadkit.analyze.regressions.bisection import shown_commit
from threadkit.analyze.regressions.prose import titled
from threadkit.analyze.regressions.values import Signal

# Without one of these there is nothing to look for.
_MARKS = (
    "noticed",
    "prefixed by >>",
    "bisection report was sent",
    "(bad)",
    "Bad:",
    "was applied to",
    "has regressed",
)
_NOTICED = re.compile(
    r"(?:FYI, we|kernel test robot) noticed (?:an? )?(?P<what>[^\n]{1,200}?(?:\n[^\n]{1,100})?)"
    r"\s+(?:due to commit|on|in|with):?[ \t]*\n",
)
_COMMIT = re.compile(
    r"^commit:[ \t]+([0-9a-f]{7,40})(?:[ \t]++\(?\"?(?:\[\d+/\d+\][ \t]*+)?([^\n]*))?$",
    re.MULTILINE,
)
_NEW_ONES = re.compile(
    r"^(?:All (errors|warnings|error/warnings)|>> ).*prefixed by >>", re.MULTILINE
)
_TCWG = re.compile(
    r"Successfully identified (regression) in [^\n]{1,200}this commit has regressed|"
    r"this commit has (regressed) CI configurations"
)
_TCWG_CULPRIT = re.compile(r"^Culprit:\s+<cut>\s+commit ([0-9a-f]{40})\b", re.MULTILINE)
_APPLIED = re.compile(r"^This (?:patch|series) was applied to (\S+)", re.MULTILINE)
_AS_COMMIT = re.compile(
    r"^[ \t]+- (?:\[[^\]\n]*\][ \t]*)?(\S[^\n]*)\n"
    r"[ \t]+https?://git\.kernel\.org/\S+?/c/([0-9a-f]{7,40})[ \t]*$",
    re.MULTILINE,
)
_MENDS = re.compile(r"\b(?:fix\w*|revert\w*|regress\w*|restore\w*|broken?|breaks)\b", re.IGNORECASE)
_KERNELCI = re.compile(r"automated bisection report was sent", re.IGNORECASE)
_RESULT = re.compile(r"^[ \t]*Result:[ \t]+([0-9a-f]{7,40})[ \t]+(\S[^\n]*)$", re.MULTILINE)
_BETWEEN = re.compile(
    r"\bRegressions? (?:introduced|found|seen) between (\S+?),? ?\(good\) and (\S+?),? ?\(bad\)",
    re.IGNORECASE,
)
_GOOD_OR_BAD = re.compile(
    r"^[ \t]*(Good|Bad):[ \t]+(next-\d{8}|v?\d+\.\d+[\w.-]*)[ \t]*$", re.MULTILINE | re.IGNORECASE
)


def detect(mail: MailText) -> list[Signal]:
    r"""Find what a testing robot reports.

    Parameters
    ----------
    mail : MailText
        The mail.

    Returns
    -------
    list of Signal
        ``report``, ``culprit``, ``works``, ``fails``, and ``fix`` for what patchwork says was
        applied and mends something, with the tree as ``landed``; none for an improvement, nor for a
        patch that was only tested.

    Examples
    --------
    >>> from threadkit.mail.body import blocks
    >>> body = ('FYI, we noticed a -9.2% regression of test.ops due to commit:\n\n'
    ...         'commit: abcdefabcdef ("mm: reorder")\n')
    >>> mail = MailText("a@example.org", "x", "test robot", "robot@example.org", None, False,
    ...                 False, None, "a@example.org", body, blocks(body), [], [])
    >>> [(signal.kind, signal.value, signal.detail) for signal in detect(mail)]
    [('report', '', '-9.2% regression of test.ops'), ('culprit', 'abcdefabcdef', 'mm: reorder')]

    References
    ----------
    Mails of the list oe-lkp, of lists.linux.dev/kernelci, and of LKFT's reports.
    """
    found: list[Signal] = []
    if not any(mark in mail.body for mark in _MARKS):
        return found
    for low, high in mail.own_ranges():
        found += _intel(mail, low, high)
        if _KERNELCI.search(mail.body, low, high):
            found += _kernelci(mail.body, low, high)
        found += _lkft(mail, low, high)
        found += _applied(mail, low, high)
    found += _tcwg(mail)
    return found


def _intel(mail: MailText, low: int, high: int) -> Iterator[Signal]:
    body = mail.body
    if "robot" not in mail.from_name.lower() and "noticed" not in body[low : low + 400]:
        return
    noticed = _NOTICED.search(body, low, high)
    built = _NEW_ONES.search(body, low, high)
    commit = _COMMIT.search(body, low, high)
    if commit is None or (noticed is None and built is None):
        return
    what = " ".join(noticed["what"].split()) if noticed else f"build {built[1]}" if built else ""
    if "improvement" in what:
        return
    score = 0.9 if noticed else 0.6
    at = noticed or built
    assert at is not None
    rule = "robot-noticed" if noticed else "robot-build"
    yield Signal("report", "", what, at.start(), at.end(), rule, score)
    rest = (commit[2] or "").rstrip()
    title = rest.removesuffix(")").removesuffix('"').strip()
    stop = commit.start(2) + len(rest) if commit[2] else commit.end(1)
    yield Signal("culprit", commit[1], title, commit.start(), stop, rule, 0.9)


def _kernelci(body: str, low: int, high: int) -> Iterator[Signal]:
    if result := _RESULT.search(body, low, high):
        span = result.start(1), result.end()
        yield Signal("report", "", "bisection", *span, "kernelci-bisection", 0.85)
        yield Signal("culprit", result[1], result[2].strip(), *span, "kernelci-bisection", 0.9)


def _lkft(mail: MailText, low: int, high: int) -> Iterator[Signal]:
    for match in _BETWEEN.finditer(mail.body, low, high):
        for kind, group in (("works", 1), ("fails", 2)):
            span = match.start(group), match.end(group)
            name = match[group].removeprefix("v")
            yield Signal(
                "works" if kind == "works" else "fails", name, "release", *span, "lkft", 0.9
            )
    if "regression" not in mail.body.lower():
        return
    for match in _GOOD_OR_BAD.finditer(mail.body, low, high):
        kind = "works" if match[1].lower() == "good" else "fails"
        span = match.start(), match.end()
        name = match[2].removeprefix("v")
        yield Signal("works" if kind == "works" else "fails", name, "release", *span, "lkft", 0.85)


def _applied(mail: MailText, low: int, high: int) -> Iterator[Signal]:
    """Read which commits patches became that mend something, as they or their titles say."""
    if "patchwork" not in mail.from_email or not (applied := _APPLIED.search(mail.body)):
        return
    rule = "patchwork-applied"
    for match in _AS_COMMIT.finditer(mail.body, low, high):
        if _MENDS.search(match[1]):
            fix = Signal("fix", match[2], "commit", *match.span(2), rule, 0.7)
            yield fix
            yield titled(fix, match[1].strip())
            yield Signal("landed", applied[1], "tree", *applied.span(), rule, 0.9)


def _tcwg(mail: MailText) -> Iterator[Signal]:
    """Read a bisection of Linaro's toolchain working group."""
    said, culprit = _TCWG.search(mail.body), _TCWG_CULPRIT.search(mail.body)
    if said is None or culprit is None or not _is_own(mail, said.start()):
        return
    rule = "tcwg-bisection"
    shown = shown_commit(mail.body, culprit.start(1) - len("commit "))
    yield Signal("report", "", "regression", *said.span(), rule, 0.9)
    title = shown[1] if shown else ""
    yield Signal("culprit", culprit[1], title, *culprit.span(1), rule, 0.9)


def _is_own(mail: MailText, at: int) -> bool:
    return any(low <= at < high for low, high in mail.own_ranges())
