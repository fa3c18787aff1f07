"""Build a small git repository of generated commits that has everything a real one has.

Merges (one of them of three branches), annotated and light tags, a stable branch with
backports, a revert, trailers, other charsets, odd headers and dates, ids that begin alike,
objects that no ref reaches. The same bytes every time: no clock, no user's configuration.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

ANN = "Ann Dev <ann@example.org>"
BEN = "Ben Upkeep <ben@example.org>"
START_S = 1_596_400_000  # 2020-08-02
STEP_S = 6 * 3600
TWIN_DIGITS = 7
_TWIN_TRIES = 80_000
_TWIN_PAIRS = 3
ROOT_MESSAGE_ID = "root.1@mail.example.org"
"""The mail that commits of the repository link to."""


@dataclass
class Facts:
    """What is in the repository.

    ``commits`` maps a short word to an id; ``releases`` maps each of those words whose
    release is certain to its tag; ``mainline`` are the words of commits in ``master``.
    """

    path: Path
    commits: dict[str, str] = field(default_factory=dict)
    releases: dict[str, str] = field(default_factory=dict)
    mainline: frozenset[str] = frozenset()
    twins: list[tuple[str, str]] = field(default_factory=list)
    """Pairs of commits whose ids share their first digits; the first pair is in master."""
    dangling: str = ""
    tag_object: str = ""
    tree: str = ""
    blob: str = ""

    @property
    def every(self) -> list[str]:
        """The ids of all commits, each once, in an order that never changes."""
        twins = [sha for pair in self.twins for sha in pair]
        return sorted({*self.commits.values(), *twins, self.dangling})


class Stream:
    """A stream for ``git fast-import``, one commit after the other."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.words: list[str] = []
        self.now_s = START_S

    def commit(
        self,
        word: str,
        message: str | bytes,
        *,
        branch: str = "master",
        start: str = "",
        merge: tuple[str, ...] = (),
        files: dict[str, bytes] | None = None,
        author: str = "",
        committer: str = "",
        encoding: str = "",
    ) -> None:
        """Append a commit to a branch; ``start`` is where a new branch begins."""
        self.words.append(word)
        self.now_s += STEP_S
        out = [
            f"commit refs/heads/{branch}",
            f"mark :{len(self.words)}",
            f"author {author or f'{ANN} {self.now_s - 3600} +0200'}",
            f"committer {committer or f'{BEN} {self.now_s} -0700'}",
        ]
        if encoding:
            out.append(f"encoding {encoding}")
        data = message.encode() if isinstance(message, str) else message
        self.parts.append("\n".join(out).encode() + b"\ndata %d\n%b\n" % (len(data), data))
        if start:
            self.parts.append(f"from {self.mark(start)}\n".encode())
        for other in merge:
            self.parts.append(f"merge {self.mark(other)}\n".encode())
        given = {f"src/{word}.c": f"int {word};\n".encode()} if files is None else files
        for name, content in given.items():
            self.parts.append(b"M 100644 inline %b\ndata %d\n" % (name.encode(), len(content)))
            self.parts.append(content + b"\n")
        self.parts.append(b"\n")

    def tag(self, name: str, word: str = "") -> None:
        """Append an annotated tag of a commit, by default of the newest."""
        self.now_s += 60
        text = f"Linux {name[1:]}\n".encode()
        self.parts.append(
            f"tag {name}\nfrom {self.mark(word or self.words[-1])}\n"
            f"tagger {BEN} {self.now_s} -0700\ndata {len(text)}\n".encode()
            + text
            + b"\n"
        )

    def mark(self, word: str) -> str:
        """Return how the stream names a commit: its mark, or the id that was given."""
        return f":{self.words.index(word) + 1}" if word in self.words else word


def build(path: Path) -> Facts:
    """Make the bare repository.

    Parameters
    ----------
    path : Path
        A folder that is not there yet, or is empty.

    Returns
    -------
    Facts
        Ids by word.
    """
    git(path, "init", "--quiet", "--bare", "--initial-branch=master", str(path))
    stream = Stream()
    _first_releases(stream)
    _oddities(stream)
    ids = _import(path, stream)
    facts = Facts(path, commits=ids)
    _by_hand(facts)
    after = Stream()
    after.now_s = stream.now_s
    after.words = stream.words
    # Two commits with like ids are merged, so that both are in the next release.
    after.commit("merge_twins", "Merge two commits whose ids begin alike\n", start=ids["tip"],
                 merge=facts.twins[0], files={})  # fmt: skip
    after.tag("v5.10-rc1")
    after.commit("untagged", "mm: after the newest tag\n\nNo release has this yet.\n")
    after.commit("topic", "mm: never merged\n", branch="topic", start="fix")
    facts.commits |= _import(path, after)
    _describe(facts)
    return facts


def _first_releases(s: Stream) -> None:
    """Write v5.8 to v5.9 with a stable branch behind it."""
    s.commit("first", "mm: the first commit\n\nIt has no parent.\n",
             files={"Makefile": b"all:\n", "notes": b"one\ntwo\nthree\n"})  # fmt: skip
    s.commit("linux58", "Linux 5.8\n", files={"Makefile": b"all: 5.8\n"})
    s.tag("v5.8")
    s.commit(
        "culprit",
        "mm: simplify the copy\n\nThe count decides, nothing else does.\n\n"
        f"Link: https://lore.kernel.org/r/{ROOT_MESSAGE_ID}/\n"
        "Signed-off-by: Ann Dev <ann@example.org>\n",
    )
    s.commit("side1", "net: one side\n", branch="net", start="linux58")
    s.commit("side2", "net: more of one side\n", branch="net")
    s.commit("block1", "block: another side\n", branch="block", start="linux58")
    s.commit("merge", "Merge tag 'net-5.9' of git://git.example.org/net\n\nPull net from Ann.\n",
             start="culprit", merge=("side2",), files={})  # fmt: skip
    s.commit("rc1", "Linux 5.9-rc1\n", files={"Makefile": b"all: 5.9-rc1\n"})
    s.tag("v5.9-rc1")
    s.commit("usb1", "usb: a third side\n", branch="usb", start="rc1")
    s.commit("octopus", "Merge branches 'block' and 'usb'\n", start="rc1",
             merge=("block1", "usb1"), files={})  # fmt: skip
    s.commit("rc2", "Linux 5.9-rc2\n", files={"Makefile": b"all: 5.9-rc2\n"})
    s.tag("v5.9-rc2")
    s.commit("linux59", "Linux 5.9\n", files={"Makefile": b"all: 5.9\n"})
    s.tag("v5.9")


def _oddities(s: Stream) -> None:
    """Write what comes behind v5.9: a fix, its backport, and commits of unusual form."""
    culprit = f"{'0' * 12}"  # an id in a trailer need not exist
    s.commit(
        "fix",
        "mm: do not copy what is pinned\n\nReaders saw stale data.\n\n"
        f'Fixes: {culprit} ("mm: simplify the copy")\n'
        "Reported-by: Cy Tester <cy@example.org>\n"
        f"Link: https://lore.kernel.org/all/{ROOT_MESSAGE_ID}/ # the report\n"
        "Cc: stable@vger.kernel.org # 5.9+\n",
    )
    s.commit("backport", "mm: do not copy what is pinned\n\ncommit " + "1" * 40 + " upstream.\n",
             branch="linux-5.9.y", start="linux59")  # fmt: skip
    s.commit("linux591", "Linux 5.9.1\n", branch="linux-5.9.y",
             files={"Makefile": b"all: 5.9.1\n"})  # fmt: skip
    s.tag("v5.9.1")
    s.commit("revert", 'Revert "mm: simplify the copy"\n\nThis reverts commit ' + "2" * 40 + ".\n",
             start="fix")  # fmt: skip
    s.commit("latin", "mm: caf\u00e9 au lait\n\nVoil\u00e0.\n".encode("latin-1"),
             encoding="ISO-8859-1", author=f"Ann Dev <ann@example.org> {s.now_s} +0100")  # fmt: skip
    s.commit("mojibake", b"mm: caf\xe9 without a label\n\nna\xefve\n")
    s.commit("empty", b"")
    s.commit("nobody_changed", "mm: no change at all\n\nSee the log.\n", files={})
    s.commit(
        "dashes",
        "mm: a message with a line of dashes\n\nBefore.\n---\n src/x.c | 2 +-\n"
        " 1 file changed\n\nAfter the dashes.\n\n"
        "diff --git a/x b/x\n--- a/x\n+++ b/x\n-- \nsigned\n",
    )
    s.commit("wrapped", "mm: a title that was\nwritten over two lines\n\n  Indented body.\n\n\n")
    s.commit("html", "mm: escape <b> & \"quotes\"\n\n<script>x</script> &amp; 'so'\n"
             "see https://example.org/?a=1&b=2 and 09854ba94c6a\n")  # fmt: skip
    s.commit("hexlines", "mm: a file that looks like a list of commits\n",
             files={"list": b"".join(b"%040x\n" % n for n in range(30)),
                    "with\ttab \"q\"": b"x\n"})  # fmt: skip
    s.commit("hexlines2", "mm: change the list\n",
             files={"list": b"".join(b"%040x\n" % (n + n % 2) for n in range(30)) + b"\n-- \n"})  # fmt: skip
    s.commit("binary", "mm: bytes\n", files={"blob.bin": bytes(range(256)), "nonl": b"no end"})
    s.commit("old", "mm: a date before git\n", author="Ann Dev <ann@example.org> 86400 +0000")
    s.commit("zone", "mm: east of everything\n",
             author=f"\u00c5sa \u00d6 <asa@example.org> {s.now_s} +1345")  # fmt: skip
    s.commit("nameless", "mm: nobody wrote this\n", author=f"<> {s.now_s} -0330")
    s.commit("tip", "mm: the last before the tag\n")


def _by_hand(facts: Facts) -> None:
    """Add what fast-import cannot: headers of its own, twins, dangling objects."""
    parent = facts.commits["tip"]
    head = f"tree {_tree(facts.path, parent)}\nparent {parent}\n"
    who = f"author {ANN} 1603400000 +0200\ncommitter {BEN} 1603400000 -0700\n"
    signature = (
        "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQEzBAABCAAdFiEE\n =abcd\n"
        " -----END PGP SIGNATURE-----\n"
    )
    signed = write_object(
        facts.path, "commit", f"{head}{who}{signature}\nmm: signed\n\nBody.\n".encode()
    )
    facts.commits["signed"] = signed
    facts.dangling = write_object(
        facts.path, "commit", f"{head}{who}\nmm: no ref reaches this\n".encode()
    )
    git(facts.path, "update-ref", "refs/heads/signed", signed)
    facts.twins = [
        (write_object(facts.path, "commit", one), write_object(facts.path, "commit", other))
        for one, other in islice(_twins(f"{head}{who}\nmm: twin ".encode()), _TWIN_PAIRS)
    ]
    facts.blob = write_object(facts.path, "blob", b"a blob that no tree names\n")
    facts.tree = _tree(facts.path, parent)
    facts.tag_object = git(facts.path, "rev-parse", "refs/tags/v5.9").strip()
    git(facts.path, "tag", "next-20201001", parent)


def _twins(head: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Find commits whose ids share their first digits, by trying numbers in order."""
    seen: dict[str, int] = {}
    for number in range(10_000, 10_000 + _TWIN_TRIES):
        data = b"%b%d\n" % (head, number)
        sha = hashlib.sha1(b"commit %d\0%b" % (len(data), data)).hexdigest()
        before = seen.setdefault(sha[:TWIN_DIGITS], number)
        if before != number:
            yield b"%b%d\n" % (head, before), data


def _describe(facts: Facts) -> None:
    named = {
        "v5.8": "first linux58",
        "v5.9-rc1": "culprit side1 side2 merge rc1",
        "v5.9-rc2": "block1 usb1 octopus rc2",
        "v5.9": "linux59",
        "v5.9.1": "backport linux591",
        "v5.10-rc1": "fix revert latin mojibake empty nobody_changed dashes wrapped html hexlines"
        " hexlines2 binary old zone nameless tip merge_twins",
    }
    facts.releases = {word: tag for tag, words in named.items() for word in words.split()}
    outside = {"backport", "linux591", "signed", "topic"}
    facts.mainline = frozenset(facts.commits) - outside


def write_object(path: Path, kind: str, data: bytes) -> str:
    """Write a loose object, whatever its bytes are, and return its id."""
    whole = b"%b %d\0%b" % (kind.encode(), len(data), data)
    sha = hashlib.sha1(whole).hexdigest()
    folder = path / "objects" / sha[:2]
    folder.mkdir(exist_ok=True)
    (folder / sha[2:]).write_bytes(zlib.compress(whole, 1))
    return sha


def _tree(path: Path, commit: str) -> str:
    return git(path, "rev-parse", f"{commit}^{{tree}}").strip()


def _import(path: Path, stream: Stream) -> dict[str, str]:
    """Run the stream; return the ids of all its words, also those of streams before it."""
    marks = path / "threadkit-marks"
    options = [f"--export-marks={marks}", f"--import-marks-if-exists={marks}"]
    git(path, "fast-import", "--quiet", *options, stdin=b"".join(stream.parts))
    lines = [line.split() for line in marks.read_text().splitlines()]
    ids = {int(mark[1:]): sha for mark, sha in lines}
    return {word: ids[number] for number, word in enumerate(stream.words, 1)}


def git(path: Path, *command: str, stdin: bytes = b"") -> str:
    """Run git on a repository, untouched by anybody's configuration; return what it says."""
    env = {
        "PATH": os.environ["PATH"],
        "HOME": os.devnull,
        "LC_ALL": "C",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
    }
    done = subprocess.run(
        ["git", f"--git-dir={path}", *command],
        input=stdin,
        capture_output=True,
        env=env,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return done.stdout.decode("utf-8", "replace")
