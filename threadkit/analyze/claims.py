"""Several commits can claim one mail; together they tell which of them may only bear its title."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from threadkit.analyze.linking import EXACT, SHORT, STRONG, MailMatch


def settle(matches: Iterable[MailMatch], author_utc: Mapping[str, str | None]) -> list[MailMatch]:
    """Look at all commits together: what one mail became, and what only bears its title.

    Parameters
    ----------
    matches : iterable of MailMatch
        Of all commits.
    author_utc : mapping of str to str or None
        The author's date of each commit among them. Copies of one commit (a rebase, a
        cherry-pick) share it.

    Returns
    -------
    list of MailMatch
        In the same order, without postings that are but similar and became another commit.
        Where a mail became a commit by a rule that does not rest on the
        title, other commits of that title are candidates; where two commits claim a mail by
        title alone, both are.

    Examples
    --------
    >>> both = [MailMatch(sha, "1@x.org", "becomes", "subject+author", 0.9) for sha in ("a", "b")]
    >>> [one.kind for one in settle(both, {"a": "2020-01-01T00:00:00Z", "b": None})]
    ['candidate', 'candidate']
    """
    every = list(matches)
    claims: defaultdict[str, list[MailMatch]] = defaultdict(list)
    for match in every:
        if match.kind == "becomes":
            claims[match.message_id].append(match)
    weaker: dict[tuple[str, str], str] = {}
    for some in claims.values():
        if len(some) > 1:
            for one, why in _doubtful(some, author_utc):
                weaker[one.sha, one.message_id] = why
    settled = [_weakened(one, weaker.get((one.sha, one.message_id))) for one in every]
    became = {one.message_id for one in settled if one.kind == "becomes"}
    return [one for one in settled if one.rule != "similar" or one.message_id not in became]


def _doubtful(
    some: Sequence[MailMatch], author_utc: Mapping[str, str | None]
) -> Iterator[tuple[MailMatch, str]]:
    """Name the commits that may only bear the title of the one that a mail became, and why."""
    strong = [one for one in some if one.rule in STRONG]
    sure = strong or [one for one in some if one.score >= EXACT]
    dates = {author_utc.get(one.sha) for one in sure or some}
    if not sure and len(dates) == 1 and None not in dates:
        return  # copies of one commit
    why = f"it became {sure[0].sha[:SHORT]}" if sure else f"{len(some)} commits claim it"
    for one in some:
        utc = author_utc.get(one.sha)
        is_copy = bool(sure) and utc is not None and utc in dates
        if one not in sure and not is_copy:
            yield one, why


def _weakened(match: MailMatch, why: str | None) -> MailMatch:
    if why is None:
        return match
    detail = "; ".join(filter(None, [match.detail, why]))
    return replace(match, kind="candidate", score=min(match.score, 0.5), detail=detail)
