"""Regressions told in plain words: reports, releases that work and fail, culprits, fixes.

Only the author's own sentences count. What is denied, supposed or asked is found, too, and
marked as such; the ones who put signals together decide what to do with it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

from threadkit.analyze.mailtext import MailText
from threadkit.analyze.regressions.bisection import shown_commit
from threadkit.analyze.regressions.prose_match import Engine, Hit, cited_in
from threadkit.analyze.regressions.prose_mood import denies, mood_of, words_of
from threadkit.analyze.regressions.prose_rules import CLASSES, RULES
from threadkit.analyze.regressions.prose_text import (
    Sentence,
    in_patch_thread,
    is_posting,
    sentences,
)
from threadkit.analyze.regressions.values import Mood, Signal, SignalKind
from threadkit.mail.block import Block
from threadkit.mail.citations import Citation, citations

_ROBOT = re.compile(
    r"syzbot|@syzkaller|noreply@github|patchwork-notify|test\.bot@|tedd_an|patchwork@|pr-tracker-bot",
    re.IGNORECASE,
)
_AUTOMATIC = re.compile(r"This is an automated (?:e?mail|message)", re.IGNORECASE)
_TRACKER = re.compile(r"regression track(?:er|ing)", re.IGNORECASE)
_COMPOUND = words_of(
    "tracker tracking trackers list lists mailing bot test tests testing suite suites report"
    " reports fix fixes free risk potential"
)
_NEW = words_of("a an some another no any one big huge severe")
_KNOWN = words_of("the this that these those said your his her their original reported which")
_UNDONE = words_of(
    "revert reverting reverted reverts backing backed dropping dropped undoing downgrading"
    " downgraded downgrade without disabling disabled removing removed"
)
_TELLING = words_of(
    " ".join(CLASSES[name] for name in ("BREAKS", "CRASHES", "FAILS", "TROUBLE", "UPGRADE"))
    + " stopped stops broken started noticed bisect bisection bisected longer bugging getting worse"
    + " slow slower unusable inoperative works worked affected seeing"
)
_WORKERS = words_of("i i've we we've he she they you who people team developers")
_OTHERS = words_of("other another others different")
_CAUSING = words_of("caused triggered introduced exposed broken")
_MENDING = words_of(
    "fix fixes fixed fixing solve solves solved solving resolve resolves resolved addresses"
    " address addressing tackle debugging tracking handle"
)
_OTHER_BREAKS = words_of(
    "cow loop loops out even down up into sharing free apart symmetry ties point points"
)
_COW = words_of("cow copy-on-write page-table link")
_NEXT_CHARACTERS = 240
_LIST_CHARACTERS = 500
_FOLLOWING = "culprit.following"  # the commits listed behind; all of them have one span
_NEXT = {"culprit.next", "culprit.looks-like"}
_FIX_NEXT = {"fix.next", "fix.required"}
_FIX_NOTE = {"fix.note", "fix.note-patch"}
_MAINLINE = "torvalds@linux-foundation.org"  # whose tree is the mainline
_BEFORE_IT = 700
_MOST_NOTES = 50  # places where one number stands in brackets
_COMMIT = "commit "
_TITLE_LESS = 0.05
_MENDED = re.compile(r"\b(?:fix\w*|patch|revert\w*|appl(?:y|ied)|committed|merged|pushed)\b", re.I)
_BLAMED_BEFORE = re.compile(r"\b(?:bisect\w*|culprit|caused|broke|introduced|regress\w*)\b", re.I)
_FIXING = {"commit": "commit", "message": "mail"}
_ABOVE_CHARACTERS = 600
_PATCH_FACTOR = 0.4
_FAILING = {"fails.in", "fails.since"}
_MENDED_IN = words_of("fixed solved resolved gone")
_WORKING = words_of(CLASSES["FINE"] + " works worked work boots unaffected")
_WAS = words_of("is was are were still also")
_HELPING = words_of(CLASSES["HELPS"] + " works boots fine")
_UPGRADING = words_of(CLASSES["UPGRADE"])
_FEW = 4
_NOT_WORKING = "report.not-working"
_ARTICLES = words_of("the a an any my our your this that its")
_BREAK_WORDS = frozenset(["breaks", "broke", "broken", "breaking", "break"])


def detect(mail: MailText) -> list[Signal]:
    r"""Find what a mail says of regressions in its author's own sentences.

    Parameters
    ----------
    mail : MailText
        One mail. Mails of syzbot and of bots that only acknowledge say nothing here.

    Returns
    -------
    list of Signal
        Of kinds ``report``, ``works``, ``fails``, ``culprit``, ``fix``, ``recovered``,
        ``landed`` and ``role``, in the order of the text; those of the subject first.

    Examples
    --------
    >>> body = "Sound no longer works since 5.9-rc1, bisected to 09854ba94c6a.\n"
    >>> blocks = [Block("reply", 0, 0, len(body))]
    >>> mail = MailText("a@example.org", "Sound", "Ann", "ann@example.org", None, False, False,
    ...                 None, "a@example.org", body, blocks, [], citations(body, blocks))
    >>> for s in detect(mail):
    ...     print(s.kind, s.value, s.rule, body[s.start : s.stop], sep=" | ")
    report |  | report.no-longer | no longer works
    fails | 5.9-rc1 | fails.since | since 5.9-rc1
    culprit | 09854ba94c6a | culprit.bisected | bisected to 09854ba94c6a

    Notes
    -----
    A sentence goes through spaCy only if it has all words that some rule cannot do without. Linear in the length of the text.
    """
    if _ROBOT.search(mail.from_email) or _AUTOMATIC.search(mail.body, 0, 400):
        return []
    tracked = is_of_tracker(mail)
    found: list[Signal] = []
    for sentence in sentences(mail, _engine().may_fire):
        signals = _of_sentence(mail, sentence)
        if tracked:
            signals = [signal for signal in signals if signal.kind != "report"]
        found += signals
    return found


def is_of_tracker(mail: MailText) -> bool:
    """Say if a mail adds somebody else's report to a tracker.

    Parameters
    ----------
    mail : MailText
        Any. The template of such a mail reports nothing and warns of nothing.
    """
    return _TRACKER.search(mail.from_name) is not None or any(
        mail.body.find("#regzbot", low, high) >= 0 and _TRACKER.search(mail.body, low, high)
        for low, high in mail.own_ranges()
    )


@cache
def _engine() -> Engine:
    return Engine(RULES, CLASSES)


def _of_sentence(mail: MailText, sentence: Sentence) -> list[Signal]:
    found: list[Signal] = []
    for hit in _engine().find(sentence.words):
        if hit.rule.kind == "report" and is_other_sense(sentence.words, hit):
            continue
        mood = mood_of(sentence.words, hit.first, hit.key, sentence.is_question, hit.rule.says_not)
        found += _signals(mail, sentence, hit, mood)
    return sorted(_strongest(found), key=lambda signal: (signal.start, signal.stop, signal.rule))


def is_other_sense(words: Sequence[str], hit: Hit) -> bool:
    """Tell ``regression tracker``, ``fixes the regression`` and ``breaks COW`` from breakage.

    Parameters
    ----------
    words : sequence of str
        Of the sentence.
    hit : Hit
        A match in it.

    Returns
    -------
    bool
        True if the word that makes the match means something else here.
    """
    key = words[hit.key]
    after = words[hit.key + 1 : hit.key + 3]
    before = words[max(0, hit.key - 4) : hit.key]
    if hit.rule.name == "report.used-to" and words[hit.last] == "before":
        done = "".join(words[hit.last + 1 : hit.last + 2])
        return done.endswith("ing") and done not in _UPGRADING  # it was the author's own doing
    if key.startswith("regress") and hit.rule.name != "report.mention":
        if any(word in _MENDING for word in before) or _is_known(before):
            return True
        return bool(after and after[0] in _COMPOUND)
    if key.startswith("regress"):
        return bool(after and after[0] in _COMPOUND) or any(word in _MENDING for word in before)
    if hit.rule.name == _NOT_WORKING:
        inside = words[hit.first + 1 : hit.last]
        return any(word in _ARTICLES or word in _BREAK_WORDS for word in inside)
    if key == "worked":  # a person works on something; a thing works
        return any(word in _WORKERS for word in before[-2:]) or after[:2] == ("on", "in")
    if key in _BREAK_WORDS:
        return any(word in _OTHER_BREAKS for word in after) or any(w in _COW for w in before)
    return False


def _is_known(before: Sequence[str]) -> bool:
    """Tell ``the regression``, which was reported before, from ``a regression``."""
    for word in reversed(before):
        if word in _NEW:
            return False
        if word in _KNOWN:
            return True
    return False


def _signals(mail: MailText, sentence: Sentence, hit: Hit, mood: Mood) -> Iterator[Signal]:
    """Turn one hit into signals: one, or one for each release or commit it names."""
    kind, word = hit.rule.kind, sentence.words[hit.key]
    span = sentence.span(hit.first, hit.last)
    if kind in {"works", "fails"}:
        yield from _releases(sentence, hit, mood)
    elif kind == "recovered" and any(word in _UNDONE for word in sentence.words):
        return  # that it works without the change is no recovery
    elif hit.rule.name == "culprit.this-patch":
        if in_patch_thread(mail):
            yield _signal(sentence, hit, kind, "", "", span, mood)
    elif kind == "culprit":
        listed = list(_culprits(mail, sentence, hit))
        for named in listed:
            mood_of_it = "negated" if mood == "said" and _clears(sentence, hit, named) else mood
            far = listed[-1] if hit.rule.name == _FOLLOWING else named
            claim = _with_cited(sentence, span, far)
            yield _signal(sentence, hit, kind, named.value, named.title, claim, mood_of_it)
    elif kind == "fix":
        yield from _fixes(mail, sentence, hit, mood)
    elif kind == "landed":
        yield from _landed(mail, sentence, hit, mood)
    elif kind == "role":
        if sentence.words[hit.key : hit.key + 2] == ("tried", "to"):
            return  # to do something, which tests nothing
        role = "bisector" if hit.rule.name == "role.bisected" else "tester"
        who = mail.from_email or mail.from_name
        yield _signal(sentence, hit, kind, who, role, span, mood)
    elif hit.rule.name == "recovered.still":
        yield _signal(sentence, hit, kind, "", word, span, "negated" if mood == "said" else mood)
    else:
        yield _signal(sentence, hit, kind, "", word, span, mood)


def _signal(
    sentence: Sentence,
    hit: Hit,
    kind: SignalKind,
    value: str,
    detail: str,
    span: tuple[int, int],
    mood: Mood,
) -> Signal:
    rule, score = hit.rule.name, hit.rule.score
    if sentence.is_patch_text:
        rule, score = "patch." + rule, score * _PATCH_FACTOR
    elif sentence.is_subject:
        rule = "subject." + rule
    return Signal(kind, value, detail, span[0], span[1], rule, round(score, 3), mood)


def _releases(sentence: Sentence, hit: Hit, mood: Mood) -> Iterator[Signal]:
    named = [at for at in cited_in(sentence, hit, "@release") if not _is_turned(sentence, hit, at)]
    between = hit.rule.name == "fails.between"
    if between and len(named) < 2:
        return
    if hit.rule.name in {"fails.since", "fails.between"} and not (
        sentence.is_subject or any(word in _TELLING for word in sentence.words)
    ):
        return  # from release to release, but nothing that broke
    if hit.rule.name == "fails.since" and any(w in _UNDONE for w in sentence.words[: hit.first]):
        return  # from there on it is undone
    if hit.rule.name in _FAILING and _is_over(sentence, hit):
        return
    before = sentence.words[max(0, hit.first - _FEW) : hit.first]
    if hit.rule.name == "fails.since" and mood == "negated" and _WORKING.intersection(before):
        mood = "said"  # "no longer works since": what is denied is that it works
    for number, at in enumerate(named):
        kind: SignalKind = "works" if between and number == 0 else hit.rule.kind
        if between and number > 1:
            break
        span = sentence.span(min(hit.first, at), max(hit.last, at))
        release = sentence.cited[at].value
        yield _signal(sentence, hit, kind, release, "release", span, mood)


def _is_over(sentence: Sentence, hit: Hit) -> bool:
    """Tell that it works since a release, or was mended in it, from that it fails."""
    if any(word in _MENDED_IN for word in sentence.words[hit.key : hit.last]):
        return True
    before = sentence.words[max(0, hit.first - _FEW) : hit.first]
    works = hit.rule.name == "fails.since" and before and before[-1] in _WORKING
    return bool(works) and not denies(before) and "longer" not in before


def _is_turned(sentence: Sentence, hit: Hit, at: int) -> bool:
    """Tell a release of which the words behind it say the opposite: ``6.7 was fine``."""
    after = sentence.words[at + 1 : at + 1 + _FEW]
    if hit.rule.name != "fails.in" or at <= hit.key or not after or ":" in after[:2]:
        return False
    return after[0] in _WORKING or (after[0] in _WAS and len(after) > 1 and after[1] in _WORKING)


def _clears(sentence: Sentence, hit: Hit, named: Citation) -> bool:
    """Say if the words between deny that it is the culprit.

    ``bisection did not point to it``; ``reverting it does not help``.
    """
    words = sentence.words
    if hit.rule.name in {"culprit.bisected", "culprit.bad"}:
        at = next((at for at, cited in sentence.cited.items() if cited is named), hit.key)
        return denies(words[hit.key + 1 : at])
    if hit.rule.name == "culprit.reverted":
        return words[hit.last] in _HELPING and denies(words[max(hit.key, hit.last - 2) : hit.last])
    return False


def _with_cited(sentence: Sentence, span: tuple[int, int], cited: Citation) -> tuple[int, int]:
    """Widen a span so that it has what the words point at, wherever that stands."""
    if sentence.is_subject or cited.start == cited.stop:
        return span
    return min(span[0], cited.start), max(span[1], cited.stop)


def _culprits(mail: MailText, sentence: Sentence, hit: Hit) -> Iterator[Citation]:
    if hit.rule.name == _FOLLOWING:
        for named in _behind(mail, sentence.places[hit.last][1], _LIST_CHARACTERS):
            if named.kind == "commit":
                yield named
        return
    if hit.rule.name not in _NEXT:
        for at in cited_in(sentence, hit, "@commit"):
            if any(word in _MENDING for word in sentence.words[at + 1 : hit.key]):
                continue
            yield sentence.cited[at]
        return
    if "above" in sentence.words[hit.first : hit.last + 2]:
        above = _above(mail, sentence)
        if above is not None:
            yield above
        return
    if any(sentence.words[at] == "@commit" for at in sentence.cited if at >= hit.first):
        return  # named in the sentence: the other rules have it
    if sentence.is_subject or not _points_on(sentence, hit):
        return
    behind = _behind(mail, sentence.stop, _NEXT_CHARACTERS)
    if behind and behind[0].kind == "commit":
        yield behind[0]


def _behind(mail: MailText, at: int, most: int) -> list[Citation]:
    """List what is cited behind a place, at most so many characters away."""
    first = bisect_left(mail.citations, at, key=_start)
    last = bisect_left(mail.citations, at + most, key=_start)
    return list(mail.citations[first:last])


def _next(mail: MailText, sentence: Sentence, hit: Hit) -> Citation | None:
    """Find what ``this commit:`` names, behind the words or behind the sentence."""
    for at, cited in sentence.cited.items():
        if at > hit.last:
            return cited
    behind = _behind(mail, sentence.stop, _NEXT_CHARACTERS)
    return behind[0] if behind and sentence.words[-1] == ":" else None


def _start(citation: Citation) -> int:
    return citation.start


def _note(mail: MailText, number: str) -> Citation | None:
    """Find what a footnote ``[1]`` cites: right behind its number, or on the next line."""
    cited = mail.citations
    for at, note in enumerate(re.finditer(rf"\[{number}\][ \t\n:<]*+", mail.body)):
        if at == _MOST_NOTES:
            return None
        number_of = bisect_left(cited, note.end(), key=_start)
        if number_of < len(cited) and cited[number_of].start == note.end():
            return cited[number_of]
    return None


def _points_on(sentence: Sentence, hit: Hit) -> bool:
    """Say if what follows the sentence is what it speaks of: ``to this commit:``."""
    return sentence.words[-1] == ":" or any(
        word in {"following", "below", "this"} for word in sentence.words[hit.first :]
    )


def _above(mail: MailText, sentence: Sentence) -> Citation | None:
    """Find the commit named before: in the subject, or else in the text."""
    subject = mail.subject + "\n"
    for named in citations(subject, [Block("reply", 0, 0, len(subject))]):
        if named.kind == "commit":
            return named
    before = bisect_left(mail.citations, sentence.start - _ABOVE_CHARACTERS, key=_start)
    stop = bisect_left(mail.citations, sentence.start, key=_start)
    for named in reversed(mail.citations[before:stop]):
        if named.kind == "commit" and named.stop <= sentence.start:
            return named
    return None


def _fixes(mail: MailText, sentence: Sentence, hit: Hit, mood: Mood) -> Iterator[Signal]:
    span = sentence.span(hit.first, hit.last)
    rule, words = hit.rule.name, sentence.words
    if rule in _FIX_NEXT or rule in _FIX_NOTE:
        noted = rule in _FIX_NOTE
        fix = _note(mail, words[hit.last - 1]) if noted else _next(mail, sentence, hit)
        if fix is not None and fix.kind in _FIXING:
            yield from _named_fix(mail, sentence, hit, fix, mood)
    elif rule == "fix.landed" or (rule == "fix.it-is" and _after_mending(mail, sentence)):
        for at in cited_in(sentence, hit, "@commit"):
            yield from _named_fix(mail, sentence, hit, sentence.cited[at], mood)
    elif rule == "fix.commit":
        for at in cited_in(sentence, hit, "@commit"):
            if any(word in _UNDONE for word in sentence.words[max(0, at - 4) : at]):
                continue
            if any(word in _OTHERS for word in sentence.words[hit.key : hit.key + 3]):
                continue  # "solves other issues"
            if any(word in _CAUSING for word in sentence.words[hit.key : at]):
                continue  # "fixed what was caused by" the commit
            yield from _named_fix(mail, sentence, hit, sentence.cited[at], mood)
    elif rule == "fix.it-is":
        return
    elif rule == "fix.mail":
        for at in cited_in(sentence, hit, "@mail"):
            yield _signal(sentence, hit, "fix", sentence.cited[at].value, "mail", span, mood)
    else:
        own = is_posting(mail) or (mail.is_patch and "your" not in sentence.words)
        which = mail.message_id if own else mail.parent
        if which:
            yield _signal(sentence, hit, "fix", which, "mail", span, mood)


def _named_fix(
    mail: MailText, sentence: Sentence, hit: Hit, cited: Citation, mood: Mood
) -> Iterator[Signal]:
    """Give a commit or a mail as the fix, and the commit's title if it is shown."""
    span = sentence.span(hit.first, hit.last)
    if hit.rule.name in _FIX_NEXT:
        span = _with_cited(sentence, span, cited)
    yield _signal(sentence, hit, "fix", cited.value, _FIXING[cited.kind], span, mood)
    shown = shown_commit(mail.body, cited.start - len(_COMMIT)) if not cited.title else None
    title = shown[1] if shown else cited.title
    if cited.kind == "commit" and title:
        yield titled(_signal(sentence, hit, "fix", cited.value, "commit", span, mood), title)


def titled(fix: Signal, title: str) -> Signal:
    """Make the signal that goes with a fix: by its title others may know it.

    Parameters
    ----------
    fix : Signal
        That names a commit.
    title : str
        Of the commit.
    """
    score = round(max(0.0, fix.score - _TITLE_LESS), 3)
    return replace(fix, value=title, detail="title", score=score)


def _after_mending(mail: MailText, sentence: Sentence) -> bool:
    """Say if the author's words before speak of a fix, and of no cause: ``It's commit ...``."""
    before = mail.own_text(sentence.start - _BEFORE_IT, sentence.start)
    return _MENDED.search(before) is not None and _BLAMED_BEFORE.search(before) is None


def _landed(mail: MailText, sentence: Sentence, hit: Hit, mood: Mood) -> Iterator[Signal]:
    """Give the release or the tree that a fix is said to be in."""
    span = sentence.span(hit.first, hit.last)
    if hit.rule.name == "landed.release":
        for at in cited_in(sentence, hit, "@release")[:1]:
            release = sentence.cited[at].value
            yield _signal(sentence, hit, "landed", release, "release", span, mood)
    elif hit.rule.name == "landed.tree" or mail.from_email.lower() == _MAINLINE:
        yield _signal(sentence, hit, "landed", "mainline", "tree", span, mood)


def _strongest(signals: Sequence[Signal]) -> list[Signal]:
    """Of signals that say the same of one passage keep the strongest."""
    kept: list[Signal] = []
    for signal in sorted(signals, key=lambda s: (-s.score, s.start, s.stop, s.rule)):
        same = [
            other
            for other in kept
            if other.kind == signal.kind
            and (other.value == signal.value or not signal.value)
            and (
                (signal.start < other.stop and other.start < signal.stop)
                or (signal.start == signal.stop == other.stop == 0)
                or signal.value
            )
        ]
        if not same:
            kept.append(signal)
    return kept
