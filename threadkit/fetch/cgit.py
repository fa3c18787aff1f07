"""Commits from cgit, the web pages of git.kernel.org.

cgit shows any object of its store, also of forks that share it, and not which branches
have it: the mainline is never checked here, and no release is known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from threadkit.commits.formatpatch import split_patch
from threadkit.commits.values import Commit, Resolved, ResolvedState
from threadkit.errors import AnswerTooLarge, FetchError, NotOnServer, UnexpectedAnswer
from threadkit.fetch.cgitpages import fold_title, read_commit_page

if TYPE_CHECKING:
    from threadkit.fetch.answer import Page
    from threadkit.fetch.session import Session

_NAME = re.compile(r"[0-9a-f]{4,64}")
_FULL = (40, 64)
_SURE_DIGITS = 12
_PAGE_BYTES = 64 << 20
_PATCH_BYTES = 16 << 20
_STATUSES = (200, 400, 404)
_RANK: dict[ResolvedState, int] = {"unknown": 0, "not-a-commit": 1, "ambiguous": 2, "found": 3}


class Cgit:
    """Repositories that cgit shows, asked for commits one by one.

    Parameters
    ----------
    session : Session
        What sends the requests.
    repositories : sequence of str
        URLs of repositories, as ``https://git.kernel.org/pub/scm/linux/kernel/git/``
        ``torvalds/linux.git``; the first that has the commit answers.
    """

    def __init__(self, session: Session, repositories: Sequence[str]) -> None:
        self._session = session
        self._repositories = [url.rstrip("/") for url in repositories]

    def resolve(self, name: str, *, diffs: bool = True) -> Resolved:
        """Look up a commit.

        Parameters
        ----------
        name : str
            An id or the beginning of one, of at least four hexadecimal digits.
        diffs : bool
            Whether to bring what it changed: one more request, unless it is a merge.

        Returns
        -------
        Resolved
            ``origin`` is the repository that has it; if none has, the one that came
            closest. ``diff`` is None if it is too large to bring.

        Raises
        ------
        FetchError
            If no repository has it and not all could be asked.

        Notes
        -----
        cgit says the same of the beginning of an id that no object has and of one that
        several have. Fewer than twelve digits are then taken for ambiguous, more for
        unknown. Of a full id it does not tell a blob from nothing.
        """
        name = name.strip().lower()
        best = Resolved(name, "unknown", self._repositories[0])
        if not _NAME.fullmatch(name):
            return best
        failure: FetchError | None = None
        for repository in self._repositories:
            try:
                found = self._look_up(repository, name)
                if found.commit:
                    return self._with_diff(repository, found.commit, found) if diffs else found
            except FetchError as error:
                failure = failure or error
                continue
            if _RANK[found.state] > _RANK[best.state]:
                best = found
        if failure:
            raise failure
        return best

    def _look_up(self, repository: str, name: str) -> Resolved:
        """Ask one repository."""
        url = f"{repository}/commit/?id={name}"
        page = self._session.page(url, max_bytes=_PAGE_BYTES, accept_statuses=_STATUSES)
        said = read_commit_page(page.data)
        if not isinstance(said, Commit):
            return Resolved(name, _state(page, name, said), repository)
        # Of a shorter name it could be a branch that is called so.
        if not said.sha.startswith(name) and len(name) not in _FULL:
            return Resolved(name, "unknown", repository)
        return Resolved(name, "found", repository, said)

    def _with_diff(self, repository: str, commit: Commit, found: Resolved) -> Resolved:
        """Add what a commit changed; cgit's patch of a merge would be of its branch."""
        if len(commit.parents) > 1:
            return found
        url = f"{repository}/patch/?id={commit.sha}"
        try:
            page = self._session.page(url, max_bytes=_PATCH_BYTES)
        except AnswerTooLarge:
            return found
        patch = split_patch(page.data)
        if patch is None:
            if page.data.lstrip().startswith(b"-- \n"):
                return replace(found, diff=b"")
            raise UnexpectedAnswer(page.url, "this is no patch", page.status)
        if patch.sha != commit.sha:
            raise UnexpectedAnswer(page.url, f"this is the patch of {patch.sha}", page.status)
        return replace(found, commit=fold_title(commit, patch.subject), diff=patch.diff)


def _state(page: Page, name: str, said: str | None) -> ResolvedState:
    """Tell what an error page of cgit means for a name."""
    if said is None:
        raise UnexpectedAnswer(page.url, "this is no page of cgit about a commit", page.status)
    if said.startswith("Bad object id"):
        return "ambiguous" if len(name) < _SURE_DIGITS else "unknown"
    if said.startswith("Bad commit"):
        # A shortened id gets so far only if there is one object that it can mean.
        return "unknown" if len(name) in _FULL else "not-a-commit"
    raise NotOnServer(page.url, f"the server says: {said[:80]}")
