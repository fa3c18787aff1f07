"""How fast mails are threaded: ``python tests/bench/bench_threads.py [MBOX | COUNT ...]``.

Prints, for each mbox or number of generated mails: messages a second in order of arrival
and shuffled, peak bytes a message beyond the input, and time and memory of the graph.
"""

from __future__ import annotations

import random
import re
import sys
import time
import tracemalloc
from pathlib import Path

from threadkit.graph.replies import Envelope, place
from threadkit.graph.trees import reply_graph
from threadkit.mail.subject import parse_subject

_HEADER = re.compile(rb"^(message-id|in-reply-to|references|subject):((?:.|\n[ \t])*)", re.I | re.M)
_ID = re.compile(rb"<([^<>\s]+)>")


def scanned(path: Path) -> list[Envelope]:
    """Read envelopes by a header scan; the number of the mail stands for its time."""
    found: dict[str, Envelope] = {}
    for part in re.split(rb"(?:^|\n)(?=From )", path.read_bytes()):
        head = part.partition(b"\n\n")[0]
        fields = {name.lower(): value for name, value in _HEADER.findall(head)}
        own, replied, references = (
            tuple(one.decode("latin-1") for one in _ID.findall(fields.get(name, b"")))
            for name in (b"message-id", b"in-reply-to", b"references")
        )
        if own:
            subject = parse_subject(fields.get(b"subject", b"").decode("latin-1"))
            when = f"2020-{len(found):09d}"
            found[own[0]] = Envelope(
                own[0], 0, replied, references, subject.key, subject.is_reply, when
            )
    return list(found.values())


def generated(count: int, seed: int = 1) -> list[Envelope]:
    """Make threads of Pareto-distributed size with some mails and headers missing."""
    chance = random.Random(seed)
    made: list[Envelope] = []
    at = 0
    while len(made) < count:
        key = f"[patch] thread number {len(made)} on example.org"
        references: dict[str, tuple[str, ...]] = {}
        names: list[str] = []
        for position in range(min(count - len(made), int(chance.paretovariate(0.8)))):
            at += 1
            name = f"{at:08x}.{chance.getrandbits(40):010x}@mail.example.org"
            above = names[-1] if names and chance.random() < 0.6 else chance.choice(names or [""])
            references[name] = (references[above] + (above,))[-20:] if above else ()
            names.append(name)
            if chance.random() < 0.03:
                continue
            listed = references[name] if chance.random() < 0.95 else ()
            when = f"{2000 + at // 500_000}-{at % 500_000:06d}"
            replied = (above,) if above else ()
            made.append(Envelope(name, 0, replied, listed, key, position > 0, when))
    return made


def rate(mails: list[Envelope]) -> float:
    """Return the best of three, in messages a second."""
    best = 0.0
    for _ in range(3):
        start = time.perf_counter()
        place(mails)
        best = max(best, len(mails) / (time.perf_counter() - start))
    return best


def report(name: str, mails: list[Envelope]) -> None:
    """Measure one set of mails and print a line."""
    in_order = rate(mails)
    shuffled = list(mails)
    random.Random(2).shuffle(shuffled)
    any_order = rate(shuffled)
    tracemalloc.start()
    placements = place(mails)
    kept, peak = tracemalloc.get_traced_memory()
    graph = reply_graph(placements)
    graph_bytes = tracemalloc.get_traced_memory()[0] - kept
    tracemalloc.stop()
    start = time.perf_counter()
    graph = reply_graph(placements)
    graph_s = time.perf_counter() - start
    ghosts = sum(p.ghost for p in placements)
    sys.stdout.write(
        f"{name}: {len(mails):,} mails, {ghosts:,} ghosts; {in_order:,.0f} messages/s in order,"
        f" {any_order:,.0f} shuffled; peak {peak / len(mails):.0f} bytes a message;"
        f" graph {graph_bytes / len(graph):.0f} bytes, {graph_s * 1e6 / len(graph):.1f} us a node\n"
    )


def main(arguments: list[str]) -> None:
    """Run for each argument; without any, for 1,000 to 100,000 generated mails."""
    reply_graph([])  # networkx is imported now, so that its memory does not count
    for one in arguments or ["1000", "10000", "100000"]:
        report(one, generated(int(one)) if one.isdigit() else scanned(Path(one)))


if __name__ == "__main__":
    main(sys.argv[1:])
