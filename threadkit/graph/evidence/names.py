"""Which node a name means that somebody wrote: a hash, a person, a Message-ID."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from typing import Any

from threadkit.commits.values import FULL_DIGITS, SURE_DIGITS
from threadkit.graph.names import display, mailbox

_ADDRESS = re.compile(r"<([^<>\s]+@[^<>\s]+)>|(?:^|\s)([^<>\s()\"',;]+@[^<>\s()\"',;]+)")
_PREFIX_SCORE = 0.95


class People:
    r"""Who is behind a name and an address.

    Parameters
    ----------
    rows : iterable of PersonRow
        All who may be meant.

    Examples
    --------
    >>> people = People([(7, "Ann Example", "ann@example.org", "ann@example.org\tann@x.org")])
    >>> people.named("A. Example", "Ann@X.org")
    ('person:ann@example.org', 'Ann Example')
    >>> people.named("", "bob@x.org")
    ('person:bob@x.org', 'bob@x.org')
    """

    def __init__(self, rows: Iterable[tuple[Any, ...]]) -> None:
        known = sorted(rows)
        shared = Counter(email.lower() for _, _, email, _ in known)
        self.by_number: dict[int, tuple[str, str]] = {}
        self._by_email: dict[str, list[int]] = {}
        for number, name, email, emails in known:
            own = email.lower() if shared[email.lower()] == 1 else f"{name} <{email.lower()}>"
            self.by_number[number] = (f"person:{own}", display(name) or email)
            for one in dict.fromkeys(map(str.lower, (email, *emails.split("\t")))):
                self._by_email.setdefault(one, []).append(number)

    def named(self, name: str, email: str) -> tuple[str, str]:
        """Find the node of a person, and what to call them.

        Parameters
        ----------
        name : str
            As displayed; may be empty.
        email : str
            As written.

        Returns
        -------
        node, title : str
            A node of their own for an address that is nobody's here, or several people's
            of whom none has this name.
        """
        plain = email.lower()
        numbers = self._by_email.get(plain) or self._by_email.get(mailbox(email)) or []
        found = [self.by_number[number] for number in numbers]
        if len(found) > 1:
            found = [one for one in found if one[1] == display(name)]
        if len(found) == 1:
            return found[0]
        own = f"{name} <{plain}>" if numbers else mailbox(email)
        return f"person:{own}", display(name) or email

    def written(self, value: str) -> tuple[str, str] | None:
        """Find the person that a trailer names.

        Parameters
        ----------
        value : str
            Such as ``Ann Example <ann@example.org>``.

        Returns
        -------
        tuple of (str, str) or None
            As :meth:`named` gives it; None where no address is written: a name alone may be
            anybody's.
        """
        match = _ADDRESS.search(value)
        if match is None:
            return None
        return self.named(value[: match.start()].strip(' "'), match[1] or match[2])


class Hashes:
    """Which commit a hash means as somebody wrote it.

    Parameters
    ----------
    shas : iterable of str
        The commits that are here.
    answers : iterable of AnswerRow
        What looking up gave.

    Examples
    --------
    >>> hashes = Hashes(["0123456789abcdef" * 2 + "01234567"], [("0123456", "unknown", None, "")])
    >>> hashes.find("0123456789ab")[1:]
    ('beginning', 0.95)
    >>> hashes.find("0123456") is None, hashes.why("0123456")
    (True, 'unknown where it was looked up')
    """

    def __init__(self, shas: Iterable[str], answers: Iterable[tuple[Any, ...]]) -> None:
        self._shas = sorted(shas)
        self._here = set(self._shas)
        self._answers: dict[str, tuple[str, str | None, str]] = {
            name: (state, sha, candidates) for name, state, sha, candidates in answers
        }

    def find(self, written: str) -> tuple[str, str, float] | None:
        """Find the commit that a hash means.

        Parameters
        ----------
        written : str
            Hexadecimal digits in lower case.

        Returns
        -------
        tuple of (str, str, float) or None
            Full hash, rule and score. ``looked-up``: an origin found it; ``hash``: it is
            written in full; ``beginning``: of the commits here only one begins with its
            digits, and they are twelve or more. None: it is not known which is meant.
        """
        state, sha, _ = self._answers.get(written, ("", None, ""))
        if sha is not None and sha in self._here:
            return sha, "looked-up", 1.0
        if written in self._here:
            return written, "hash", 1.0
        if state in ("ambiguous", "not-a-commit") or len(written) < SURE_DIGITS:
            return None
        at = bisect_left(self._shas, written)
        begin = [sha for sha in self._shas[at : at + 2] if sha.startswith(written)]
        return (begin[0], "beginning", _PREFIX_SCORE) if len(begin) == 1 else None

    def why(self, written: str) -> str:
        """Say why it is not known which commit a hash means.

        Parameters
        ----------
        written : str
            As for :meth:`find`, which gave None.

        Returns
        -------
        str
            A few words.
        """
        state = self._answers.get(written, ("", None, ""))[0]
        if not state or state == "found":
            digits = " in full" if len(written) in FULL_DIGITS else ""
            return f"not looked up, though written{digits}" if digits else "not looked up"
        return {
            "unknown": "unknown where it was looked up",
            "ambiguous": "several commits begin so",
            "not-a-commit": "it names something that is no commit",
            "unclear": "unknown or ambiguous, it is not said which",
        }.get(state, state)

    def candidates(self, written: str) -> str:
        """List what an ambiguous hash could be.

        Parameters
        ----------
        written : str
            As for :meth:`find`.

        Returns
        -------
        str
            ``SHA subject``, one a line; empty if that is not known.
        """
        return self._answers.get(written, ("", None, ""))[2]
