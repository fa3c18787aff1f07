"""The first clone of an epoch, in pieces that an interruption cannot lose.

The newest commits come first, then ever older ones, each piece whole on the disk before the
next is asked for. In between the repository is a shallow one, under a name that hides it
from imports; at the end it is the same as a clone in one go.

References
----------
git-fetch(1) ``--depth`` and ``--deepen``; gitprotocol-pack(5) "deepen-relative".
"""

from __future__ import annotations

from threadkit.errors import UnexpectedAnswer
from threadkit.fetch.git import Repository
from threadkit.fetch.mirror.epoch import Epoch, join_packs, refs
from threadkit.fetch.mirror.manifest import Advertised
from threadkit.fetch.mirror.transfer import Transfer

FIRST_PIECE = 2000
"""Commits: enough to see whether they are mails, and the whole of a small inbox."""
PIECE_S = 60.0
"""What a piece is meant to take: the most that an interruption costs."""
_GROWTH = 8
_LARGEST = 1 << 20


def next_piece(commits: int, seconds: float) -> int:
    """Return how many commits to ask for next.

    Parameters
    ----------
    commits : int
        Of the last piece.
    seconds : float
        What it took.

    Returns
    -------
    int
        As many as come in :data:`PIECE_S` at that speed; not many more than last time, for
        the older mails of a list may be larger.

    Examples
    --------
    >>> [next_piece(2000, seconds) for seconds in (0.0, 15.0, 600.0)]
    [16000, 8000, 200]
    """
    fitting = int(commits * PIECE_S / max(seconds, PIECE_S / _GROWTH))
    return max(1, min(fitting, _LARGEST))


def clone(epoch: Epoch, transfer: Transfer, offered: Advertised) -> bool:
    """Clone an epoch that was begun; continue where the last attempt ended.

    Parameters
    ----------
    epoch : Epoch
        After :meth:`Epoch.begin`; on success it is whole.
    transfer : Transfer
        Into the unfinished repository.
    offered : Advertised
        What the server has; with a branch.

    Returns
    -------
    bool
        False if it does not come to an end: what was cloned before belongs to a history
        that was rewritten since.

    Raises
    ------
    FetchError
        The pieces so far stay on the disk, unless they turn out not to be mail.

    Notes
    -----
    Pieces cost: a server that sends a whole repository copies most of it, for a part it
    looks up every object, which is twice the work (0.8 for 0.4 s of a public-inbox's
    processor time for 20,000 mails of 43 MB; the bytes are the same). So they are few: each
    takes up to :data:`PIECE_S`.
    """
    path = epoch.unfinished
    branch = offered.branch
    refspec = f"+{branch}:{branch}"
    boundary = path / "shallow"
    inside = Repository(path)
    clock = transfer.session.clock
    piece, began = FIRST_PIECE, clock.monotonic()
    if branch not in refs(path):
        boundary.unlink(missing_ok=True)  # of a fetch that was killed at its very end
        transfer.fetch(*([f"--depth={piece}"] if offered.in_pieces else ()), refspec)
        piece = next_piece(piece, clock.monotonic() - began)
    elif not boundary.exists():
        transfer.fetch(refspec)  # only the new name was missing
    inside.ask("symbolic-ref", "HEAD", str(branch))
    if inside.format() is None:
        epoch.discard()
        why = "a git repository without mail in public-inbox's form"
        raise UnexpectedAnswer(transfer.url, why, 200)
    while boundary.exists():
        began, ended_before = clock.monotonic(), boundary.read_bytes()
        transfer.fetch(f"--deepen={piece}", refspec)
        if boundary.exists() and boundary.read_bytes() == ended_before:
            return False
        piece = next_piece(piece, clock.monotonic() - began)
    join_packs(path)
    epoch.finish()
    return True
