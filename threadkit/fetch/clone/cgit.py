"""Commits from cgit, the web pages of git.kernel.org.

cgit shows any object of its store, also of forks that share it, and not which branches
have it: the mainline is never checked here, and no release is known.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from threadkit.commits.formatpatch import split_patch
from threadkit.commits.values import (
    FULL_DIGITS,
    SURE_DIGITS,
    Commit,
    Resolved,
    ResolvedState,
)
from threadkit.errors import AnswerTooLarge, NotOnServer, UnexpectedAnswer
from threadkit.fetch.clone.cgit_pages import fold_title, read_commit_page
from threadkit.fetch.markup import PageTooLarge

if TYPE_CHECKING:
    from threadkit.fetch.web.answer import Page
    from threadkit.fetch.web.session import Session

_NAME = re.compile(r"[0-9a-f]{4,64}")
_PAGE_BYTES = 64 << 20
"""The page of a merge shows all that it brought; only what stands above that is parsed."""
_PATCH_BYTES = 16 << 20
_ANOTHER = "the server shows another commit for it: perhaps a tag"
_STATUSES = (200, 400, 404)


class Cgit:
    """A repository that cgit shows, asked for commits one by one.

    Parameters
    ----------
    session : Session
        What sends the requests.
    repository : str
        Its URL, as ``https://git.kernel.org/pub/scm/linux/kernel/git/torvalds/linux.git``.
    """

    def __init__(self, session: Session, repository: str) -> None:
        self._session = session
        self._repository = repository.rstrip("/")

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
            ``origin`` is the repository. ``diff`` is None if it is too large to bring.

        Raises
        ------
        FetchError
            If it could not be asked, or what it answers says nothing of the name.

        Notes
        -----
        cgit says the same of the beginning of an id that no object has and of one that
        several have. Of fewer than twelve digits it is then unclear which; more are taken for
        unknown. Of a full id it does not tell a blob from nothing. A shortened id for which it
        shows a commit of another id is unclear: a tag's, or the name of a branch.
        """
        name = name.strip().lower()
        if not _NAME.fullmatch(name):
            return Resolved(name, "unknown", self._repository)
        found = self._look_up(name)
        return self._with_diff(found.commit, found) if diffs and found.commit else found

    def _look_up(self, name: str) -> Resolved:
        """Ask for the page of a commit."""
        url = f"{self._repository}/commit/?id={name}"
        page = self._session.page(url, max_bytes=_PAGE_BYTES, accept_statuses=_STATUSES)
        try:
            said = read_commit_page(page.data)
        except PageTooLarge as error:
            raise AnswerTooLarge(page.url, f"{error}; dropped") from error
        if not isinstance(said, Commit):
            return Resolved(name, _state(page, name, said), self._repository)
        # Of a shorter name it could be a tag's id, or a branch that is called so.
        if not said.sha.startswith(name) and len(name) not in FULL_DIGITS:
            return Resolved(name, "unclear", self._repository, why=_ANOTHER)
        return Resolved(name, "found", self._repository, said)

    def _with_diff(self, commit: Commit, found: Resolved) -> Resolved:
        """Add what a commit changed; cgit's patch of a merge would be of its branch."""
        if len(commit.parents) > 1:
            return found
        url = f"{self._repository}/patch/?id={commit.sha}"
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
        return "unclear" if len(name) < SURE_DIGITS else "unknown"
    if said.startswith("Bad commit"):
        # A shortened id gets so far only if there is one object that it can mean.
        return "unknown" if len(name) in FULL_DIGITS else "not-a-commit"
    raise NotOnServer(page.url, f"the server says: {said[:80]}")
