"""Words of praise and blame, and what turns them round: for stance, in any list's mail."""

from __future__ import annotations

from collections.abc import Sequence


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_BAD = _set(
    """
    abuse abused abuses annoying arbitrary awful awkward bad badly bizarre bloat bogus breakage
    breaks broke broken brokenness bug buggy bugs burden clumsy complain complaint complexity
    complicated confused confuses confusing confusion contradict contradicts corrupt corrupted
    corrupts corruption costly crap crappy crash crashes crazy danger dangerous deadlock deadlocks
    defeats disagree disaster disgusting dislike dubious dumb error errors excuse expensive fail
    failed fails failure false fault fear flawed forgot fragile fud garbage gross hack hacks hacky
    harm harmful hate hates horrible horrid hostile hurt hurts idiotic impossible inconsistent
    incorrect inferior insane insecure insufficient invalid irrelevant issue issues lacks leak
    leaks lie lies lose loses loss lost mess messy mistake mistakes misleading misses missing
    mistaken misunderstand misunderstanding naive nak nack nasty needless negative nonsense
    nope object objection overkill pain painful pointless poor problem problematic problems
    questionable race races racy random redundant regress regression regressions reject rejected
    ridiculous risk risky sad scary silly slow slower stupid stupidity sucks suffer suffers
    surprising terrible trouble ugly unacceptable unclear unfortunate unfortunately unmaintainable
    unnecessary unreadable unrelated unsafe unsound useless violate violates wasted waste wasteful
    weird worried worries worry worse worst wrong wrongly
    """
)
_GOOD = _set(
    """
    accept acceptable accepted ack acked agree agreed agrees amazing appropriate appreciate
    awesome beautiful benefit benefits best better clean cleaner cleanly clear clearly clever
    convinced convincing cool correct correctly easier easy elegant enjoy exactly excellent fair
    fantastic fast faster favour favor fine fixed fixes glad good grateful great happy helpful
    helps improve improved improvement improves indeed interesting like likes logical love lovely
    lgtm neat nice nicely nicer obvious obviously ok perfect perfectly plausible please pleased
    precisely preferable proper properly reasonable resolved reviewed right robust safe safer sane
    sensible simple simpler solid solved solves sound support supported sure tested thank thanks
    true useful valid valuable welcome win wonderful works worth worthwhile yeah yep yes yup
    """
)
_TURNS = _set(
    """
    not no never neither nor without hardly barely isn't aren't wasn't don't doesn't didn't won't
    wouldn't can't cannot couldn't shouldn't nothing nobody none less unless
    """
)
_REACH = 3  # words that a negation reaches


def tone(norms: Sequence[str]) -> tuple[int, int, bool]:
    """Count words of praise and of blame, turned round where a negation stands before them.

    Parameters
    ----------
    norms : sequence of str
        Words in lower case, contractions written out.

    Returns
    -------
    good, bad : int
        How many of each.
    denies : bool
        There is a negation.

    Examples
    --------
    >>> tone("this be not a good idea".split())
    (0, 1, True)
    >>> tone("the bug be fixed , nice".split())
    (2, 1, False)

    References
    ----------
    Polanyi and Zaenen, Contextual Valence Shifters, 2006.
    """
    good = bad = 0
    for at, word in enumerate(norms):
        if word not in _GOOD and word not in _BAD:
            continue
        turned = any(one in _TURNS for one in norms[max(0, at - _REACH) : at])
        if (word in _GOOD) != turned:
            good += 1
        else:
            bad += 1
    return good, bad, any(one in _TURNS for one in norms)
