"""Rows about evidence: what mails cite. A child measures: ``python -m tests.bench.evidence``."""

from __future__ import annotations

import json
import sys
import time
from itertools import islice
from pathlib import Path
from statistics import median

from tests.bench.boxes import Box, read
from tests.bench.measure import run
from tests.bench.table import Row, Table

_MAILS = 3000
_CITING_MOST = 1.5


def citing(table: Table, box: Box, rounds: int) -> None:
    """Compare finding citations and trailers with parsing the same mails."""
    command = [sys.executable, "-m", "tests.bench.evidence", str(box.mbox), str(rounds)]
    found = json.loads(run(command).output)
    table.add(Row("citations and trailers", box.mails, found["mails_a_second"], "mails/s"))
    what = "  time, times that of parsing"
    note = f"roles of the cited commits {found['roles']:.2f}"
    table.add(Row(what, box.mails, found["found"], "x", _CITING_MOST, False, note=note))


def citing_speed(mbox: str, rounds: int) -> dict[str, float]:
    """Time all three in turns, in CPU seconds."""
    from threadkit.analyze.citing import roles
    from threadkit.analyze.mailtext import MailText
    from threadkit.mail.body import blocks
    from threadkit.mail.citations import citations
    from threadkit.mail.message import parse
    from threadkit.mail.trailers import trailers

    raws = list(islice(read(Path(mbox)), _MAILS))
    bodies = [(mail.body, blocks(mail.body)) for mail in map(parse, raws)]
    spent: dict[str, list[float]] = {"parse": [], "found": [], "roles": []}
    for _ in range(rounds):
        started = time.process_time()
        for raw in raws:
            parse(raw)
        parsed = time.process_time()
        found = [(citations(*body), trailers(*body)) for body in bodies]
        ready = time.process_time()
        for (body, parts), (cited, trailed) in zip(bodies, found, strict=True):
            roles(
                MailText("", "", "", "", None, False, False, None, "", body, parts, trailed, cited)
            )
        spent["parse"].append(parsed - started)
        spent["found"].append(ready - parsed)
        spent["roles"].append(time.process_time() - ready)
    by_turn = [
        [part / whole for part, whole in zip(spent[name], spent["parse"], strict=True)]
        for name in ("found", "roles")
    ]
    return {
        "mails_a_second": len(raws) / median(spent["found"]),
        "found": median(by_turn[0]),
        "roles": median(by_turn[1]),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(citing_speed(sys.argv[1], int(sys.argv[2]))))
