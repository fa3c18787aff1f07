"""Rows about sites: one conversation of many mails as pages, each in a process of its own."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.generate import debate
from tests.bench.measure import Run, run
from tests.bench.table import Row, Table

GOALS_S = {1_000: 10.0, 10_000: 100.0}
PAGE_MOST = 300_000
OVERVIEW_MOST = 60_000
STYLE_MOST = 8_000
MIB = 1 << 20


def building(table: Table, sizes: Sequence[int] = tuple(GOALS_S)) -> None:
    """Time sites of generated debates; memory has to grow slower than they do."""
    for count in sizes:
        with TemporaryDirectory() as folder:
            ran = _built(Path(folder), count)
        facts = json.loads(ran.output)
        note = f"cpu {ran.cpu_s:.1f} s; {facts['pages']:,} pages, {facts['bytes'] / MIB:.0f} MiB"
        table.add(Row("a site of one conversation", count, ran.wall_s, "s", GOALS_S.get(count),
                      least=False, note=note))  # fmt: skip
        table.add(Row("a site, memory", count, ran.anon_bytes / MIB, "MiB"))
        largest = facts["largest_page_bytes"]
        table.add(Row("a site, largest page", count, largest, "bytes", PAGE_MOST, least=False,
                      note=facts["largest_page"]))  # fmt: skip
        table.add(Row("a site, overview", count, facts["overview"], "bytes", OVERVIEW_MOST,
                      least=False))  # fmt: skip
        table.add(Row("a site, style", count, facts["style"], "bytes", STYLE_MOST, least=False))


def _built(folder: Path, count: int) -> Run:
    """Import a debate of some mails, and build its site in a process of its own."""
    box, database = folder / "debate.mbox", folder / "debate.db"
    with box.open("wb") as file:
        for raw in debate(count):
            file.write(b"From mboxrd@z Thu Jan  1 00:00:00 1970\n" + raw + b"\n")
    env = {"THREADKIT_DB": str(database), "PYTHONPATH": os.pathsep.join(sys.path)}
    start = [sys.executable, "-m", "threadkit"]
    run([*start, "import", str(box)], env=env)
    run(
        [*start, "analyze", "--only", "links", "--only", "series", "--only", "regressions"], env=env
    )
    command = [sys.executable, "-m", __spec__.name, str(database), str(folder / "site")]
    return run(command, env=env)


def main() -> None:
    """Build the site of the only conversation, and print what was written."""
    from threadkit.pipeline.archive import Archive

    database, out = sys.argv[1:]
    with Archive(database) as archive:
        root = max(archive.threads(), key=lambda one: one.message_count).root
        built = archive.site(root).build(out)
    files = built.files
    facts = {
        **built.as_json(),
        "overview": files.get("index.html", 0),
        "style": sum(size for name, size in files.items() if name.endswith(".css")),
    }
    sys.stdout.write(json.dumps(facts))


if __name__ == "__main__":
    main()
