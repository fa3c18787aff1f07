"""A public-inbox mirrored on this machine: bare clones of its epochs, kept up to date.

The layout is public-inbox's own, ``FOLDER/git/0.git`` and on: an import of the folder finds
it, and other programs do.

References
----------
public-inbox-v2-format(5).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from threadkit.errors import (
    BrokenAnswer,
    Challenged,
    FetchError,
    NotOnServer,
    Offline,
    Resting,
    SourceError,
    UnexpectedAnswer,
    Unreachable,
)
from threadkit.fetch.git import Repository
from threadkit.fetch.lore.names import archive_host
from threadkit.fetch.mirror.epoch import (
    Epoch,
    epochs_in,
    join_packs,
    pack_bytes,
    refs,
    remember,
    remembered,
    tidy,
)
from threadkit.fetch.mirror.first_clone import clone
from threadkit.fetch.mirror.hold import Hold, hold
from threadkit.fetch.mirror.manifest import (
    Address,
    Advertised,
    Listed,
    fingerprint,
    parse_address,
    parse_advertisement,
    parse_manifest,
)
from threadkit.fetch.mirror.transfer import Transfer
from threadkit.fetch.web.session import Session

DEADLINE_S = 6 * 3600.0
_MANIFEST = "/manifest.js.gz"
_ADVERTISEMENT = "/info/refs?service=git-upload-pack"
_OF_THE_HOST = (Offline, Resting, Challenged, Unreachable)

State = Literal["new", "updated", "unchanged", "failed", "left out"]


@dataclass(frozen=True, slots=True)
class EpochReport:
    """What became of one epoch.

    Attributes
    ----------
    number : int
        0 also for an inbox without epochs.
    url : str
        Of the repository.
    state : {'new', 'updated', 'unchanged', 'failed', 'left out'}
        ``left out`` has nothing newer than what was asked for.
    path : Path or None
        The clone, if a whole one is there: after a failure, the one of before.
    bytes_added : int
        By which its packs grew.
    error : FetchError, SourceError or None
        Why it failed.
    """

    number: int
    url: str
    state: State
    path: Path | None
    bytes_added: int = 0
    error: FetchError | SourceError | None = None


@dataclass(frozen=True, slots=True)
class MirrorReport:
    """What an update of a mirror did.

    Attributes
    ----------
    folder : Path
        The mirror.
    url : str
        The inbox or the repository.
    epochs : tuple of EpochReport
        In their order.
    """

    folder: Path
    url: str
    epochs: tuple[EpochReport, ...]

    @property
    def paths(self) -> tuple[Path, ...]:
        """The whole clones, in the order of the epochs: what can be imported."""
        return tuple(one.path for one in self.epochs if one.path)

    @property
    def failed(self) -> tuple[EpochReport, ...]:
        """The epochs that could not be brought up to date."""
        return tuple(one for one in self.epochs if one.error)

    @property
    def bytes_added(self) -> int:
        """By how many bytes the mirror grew."""
        return sum(one.bytes_added for one in self.epochs)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An epoch to be brought up to date, and all that is known of it beforehand."""

    epoch: Epoch
    url: str
    inbox: str | None
    listed: Listed | None = None


class Mirror:
    """A folder that follows a public-inbox.

    Parameters
    ----------
    folder : Path
        Made by the first update if it is not there.
    session : Session
        Every request keeps to its manners; git's do, too.
    tell : callable, optional
        Takes lines on the progress.

    Notes
    -----
    Nothing that a server or a repository says is run: no hooks, no helpers, no redirects of
    git's own, no programs named in a configuration.

    Examples
    --------
    >>> with Session(offline=True) as session:
    ...     Mirror(Path("nowhere"), session).update("https://lore.example.org/box/")
    Traceback (most recent call last):
        ...
    threadkit.errors.Offline: https://lore.example.org/box: needs the network, which is switched off
    """

    def __init__(
        self, folder: Path, session: Session, tell: Callable[[str], None] | None = None
    ) -> None:
        self.folder = folder
        self._session = session
        self._tell = tell or (lambda line: None)

    def update(
        self,
        url: str | None = None,
        *,
        epochs: Collection[int] | None = None,
        since_utc: str | None = None,
        deadline_s: float = DEADLINE_S,
    ) -> MirrorReport:
        """Clone what is not there, fetch what is new, leave alone what has not changed.

        Parameters
        ----------
        url : str or None
            Of an inbox, one epoch, or another repository that is a public-inbox; None for
            what the mirror remembers.
        epochs : collection of int, optional
            Only these; by default all that the inbox has, the oldest first, so that what is
            there after an interruption is a beginning without gaps.
        since_utc : str, optional
            ISO 8601, a day or a moment: epochs whose newest mail is older are left out.
        deadline_s : float
            For all together. What is whole by then is kept.

        Returns
        -------
        MirrorReport
            A failure of one epoch does not keep the others from being tried, unless it is
            the host that fails.

        Raises
        ------
        SourceError
            For a URL or a folder that is no mirror, holds another inbox, sets up git in a
            way that is not safe, or is in use by another update.
        FetchError
            If there is nothing that could be imported: the first failure.
        StoreFull
            If the disk is full.

        Notes
        -----
        An unchanged inbox costs one request: for its manifest. A changed epoch costs one
        more to see what it offers, and git's own two or three. Offline nothing is asked and
        no process that could ask is started: what is there is reported as unchanged.

        Only a first clone comes in pieces: git cannot cut an update, and an interruption
        of one begins it again.
        """
        address = parse_address(url) if url else None
        if address is None and not epochs_in(self.folder):
            raise SourceError(str(self.folder), "not a mirror: there is no git/0.git in it")
        if self._session.offline:
            return self._kept(address, epochs)
        ends_at = self._session.clock.monotonic() + deadline_s
        with hold(self.folder) as mine:
            if mine.was_killed:
                for epoch in epochs_in(self.folder):
                    tidy(epoch.present() or epoch.unfinished)
            wanted = list(self._wanted(address, epochs))
            done = list(self._bring_each(wanted, since_utc, mine, ends_at))
            self._remove_if_empty()
        return self._reported(address.url if address else str(self.folder), done)

    def _reported(self, url: str, done: Sequence[EpochReport]) -> MirrorReport:
        report = MirrorReport(self.folder, url, tuple(done))
        error = next((one.error for one in done if one.error), None)
        if error and not report.paths:
            raise error
        return report

    def _kept(self, address: Address | None, epochs: Collection[int] | None) -> MirrorReport:
        """Report what is there without asking anybody."""
        self._check_inbox(address)
        url = address.url if address else str(self.folder)
        only = epochs if address is None or address.epoch is None else [address.epoch]
        done = [
            EpochReport(epoch.number, str(epoch.path), "unchanged", epoch.path)
            for epoch in epochs_in(self.folder)
            if epoch.is_whole() and (only is None or epoch.number in only)
        ]
        if not done:
            raise Offline(url, "needs the network, which is switched off")
        return MirrorReport(self.folder, url, tuple(done))

    def _remove_if_empty(self) -> None:
        git = self.folder / "git"
        if git.is_dir() and not any(git.iterdir()):
            git.rmdir()

    def _check_inbox(self, address: Address | None) -> None:
        """Refuse to put one inbox into the mirror of another."""
        for epoch in epochs_in(self.folder) if address else ():
            path = epoch.present()
            known = remembered(path) if path else {}
            others = [
                parse_address(known[name]).inbox
                # As it was asked for comes first; where a redirect led is the same inbox.
                for name in ("threadkit.inbox", "remote.origin.url")
                if known.get(name)
            ]
            if address and others and _place(address.inbox) not in map(_place, others):
                why = f"a mirror of {others[0]}; choose another folder"
                raise SourceError(str(self.folder), why)

    def _wanted(self, address: Address | None, epochs: Collection[int] | None) -> Iterable[_Wanted]:
        """Find out which epochs there are; ask the server for its list if need be."""
        self._check_inbox(address)
        if address is None:
            return self._remembered(epochs)
        if address.epoch is None:
            return self._listed(address, epochs)
        return [_Wanted(Epoch(self.folder, address.epoch), address.url, None)]

    def _remembered(self, epochs: Collection[int] | None) -> list[_Wanted]:
        single = []
        for epoch in epochs_in(self.folder):
            path = epoch.present()
            known = remembered(path) if path else {}
            if known.get("threadkit.inbox"):
                return self._listed(parse_address(known["threadkit.inbox"]), epochs)
            url = known.get("remote.origin.url")
            if url is None:
                raise SourceError(str(path), "not a mirror: it does not say where it is from")
            if epochs is None or epoch.number in epochs:
                single.append(_Wanted(epoch, parse_address(url).url, None))
        return single

    def _listed(self, address: Address, epochs: Collection[int] | None) -> list[_Wanted]:
        """Read the manifest; without one the URL itself may be a repository."""
        page = self._session.page(address.inbox + _MANIFEST, accept_statuses=(200, 404))
        if page.status == 404:
            return [_Wanted(Epoch(self.folder, 0), address.url, None)]
        inbox = page.url.removesuffix(_MANIFEST)
        try:
            listed = parse_manifest(page.data, inbox)
        except ValueError as error:
            raise UnexpectedAnswer(address.url, str(error), page.status) from error
        if not listed:
            raise NotOnServer(address.url, "no inbox: its manifest is without a git repository")
        missing = sorted(set(epochs or ()) - {one.number or 0 for one in listed})
        if missing:
            raise NotOnServer(address.url, f"there is no epoch {missing[0]}")
        return [
            _Wanted(
                Epoch(self.folder, one.number or 0),
                inbox if one.number is None else f"{inbox}/{one.number}",
                address.inbox,
                one,
            )
            for one in listed
            if epochs is None or (one.number or 0) in epochs
        ]

    def _bring_each(
        self, wanted: Iterable[_Wanted], since_utc: str | None, mine: Hold, ends_at: float
    ) -> Iterator[EpochReport]:
        """Bring the epochs up to date, until the host fails or the time is over."""
        stop: FetchError | SourceError | None = None
        for one in wanted:
            if since_utc and _is_older(one.listed, since_utc):
                yield _report(one, "left out")
            elif stop:
                yield _report(one, "failed", error=stop)
            else:
                report = self._bring(one, mine, ends_at)
                late = self._session.clock.monotonic() >= ends_at
                if late or isinstance(report.error, _OF_THE_HOST):
                    stop = report.error or BrokenAnswer(one.url, "not done in time")
                yield report

    def _bring(self, one: _Wanted, mine: Hold, ends_at: float) -> EpochReport:
        """Bring one epoch up to date; its failure is reported, not raised."""
        epoch = one.epoch
        before = pack_bytes(epoch.path) or pack_bytes(epoch.unfinished)
        state: State = "failed"
        failure: FetchError | SourceError | None = None
        try:
            state = self._renew(one, mine, ends_at)
        except (FetchError, SourceError) as error:
            failure = error
            path = epoch.present()
            if path:
                tidy(path)
        after = pack_bytes(epoch.path) or pack_bytes(epoch.unfinished)
        return _report(one, state, bytes_added=max(0, after - before), error=failure)

    def _renew(self, one: _Wanted, mine: Hold, ends_at: float) -> State:
        """Ask what there is, and fetch it if it is new."""
        epoch = one.epoch
        here: dict[str, str] = {}
        known: dict[str, str] = {}
        if epoch.is_whole():
            if (epoch.path / "shallow").exists():
                raise SourceError(str(epoch.path), "a shallow clone: not all of it is there")
            known = remembered(epoch.path)
            here = refs(epoch.path)
            if one.listed and one.listed.fingerprint == fingerprint(here):
                if one.inbox and known.get("threadkit.inbox") != one.inbox:
                    remember(epoch.path, one.url, one.inbox)
                return "unchanged"
        url, offered = self._ask(one.url)
        branch, tip = offered.branch, offered.tip
        if branch is None or tip is None:
            raise NotOnServer(one.url, "a git repository without mail in it")
        if not offered.is_whole:
            raise UnexpectedAnswer(url, "the server itself has only a part of the history", 200)
        is_new = not epoch.is_whole()
        if is_new:
            path = epoch.begin(url, one.inbox, _object_format(tip))
        elif here.get(branch) == tip:
            return "unchanged"
        else:
            path = epoch.path
        tell = self._tell
        transfer = Transfer(
            self._session,
            path,
            url,
            ends_at,
            lambda line: tell(f"{url}: {line}"),
            (mine.number,),
        )
        if not is_new:
            # Mails are removed at the source now and then; a history that is another one and
            # comes from elsewhere is another inbox.
            is_own = known.get("remote.origin.url") == url or (
                one.inbox is not None and known.get("threadkit.inbox") == one.inbox
            )
            transfer.fetch(f"{'+' if is_own else ''}{branch}:{branch}")
            remember(path, url, one.inbox)
            Repository(path).ask("symbolic-ref", "HEAD", branch)
            join_packs(path)
            return "updated"
        if not clone(epoch, transfer, offered):
            epoch.discard()  # what was cloned is not in the history any more
            epoch.begin(url, one.inbox, _object_format(tip))
            if not clone(epoch, transfer, offered):
                raise BrokenAnswer(url, "its history changes too often; run it again later")
        return "new"

    def _ask(self, url: str) -> tuple[str, Advertised]:
        """Ask a repository what it offers; return its final URL as well."""
        page = self._session.page(url + _ADVERTISEMENT)
        try:
            offered = parse_advertisement(page.data)
        except ValueError as error:
            raise UnexpectedAnswer(url, str(error), page.status) from error
        return page.url.rpartition("/info/refs")[0], offered


def _report(
    one: _Wanted,
    state: State,
    *,
    bytes_added: int = 0,
    error: FetchError | SourceError | None = None,
) -> EpochReport:
    path = one.epoch.path if one.epoch.is_whole() else None
    return EpochReport(one.epoch.number, one.url, state, path, bytes_added, error)


def _object_format(sha: str) -> str:
    return "sha1" if len(sha) == 40 else "sha256"


def _is_older(listed: Listed | None, since_utc: str) -> bool:
    return bool(listed and listed.modified_utc and listed.modified_utc < since_utc)


def _place(inbox: str) -> tuple[str, str]:
    """Return server and path of an inbox; the servers of lore count as one."""
    return archive_host(inbox), urlsplit(inbox).path.rstrip("/").removesuffix(".git")
