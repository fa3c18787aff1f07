"""Read a mailing-list debate as data that one can query, draw and run.

Import or fetch mail, then open the database::

    import threadkit as tk

    tk.import_mail("threadkit.db", ["some.mbox"])
    tk.fetch_mail("threadkit.db", ["<a Message-ID or a lore URL>"])
    archive = tk.open("threadkit.db")
    thread = archive.thread("<any Message-ID, its beginning, or a lore URL>")
    print(thread.tree())
    archive.search("f:hugh page_count")
    archive.query("SELECT person, count(*) FROM mail GROUP BY person")
    tk.cow.scenario("S4").run("refcount_nofork")
    tk.open_casebook("cow-2020").claim(9).run()
    archive.load_casebook("cow-2020")
    archive.site("cow-2020").build("site")

Everything is loaded when it is first used, so that ``import threadkit`` costs nothing
and a command that only reads never pays for the parser, networkx or sqlite-utils.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from threadkit.errors import ThreadkitError

if TYPE_CHECKING:
    from threadkit import cow
    from threadkit.pipeline.archive import Archive, open
    from threadkit.pipeline.casebook_view import open_casebook
    from threadkit.pipeline.claim_edits import Edit
    from threadkit.pipeline.fetch_options import FetchOptions
    from threadkit.pipeline.fetching import fetch_mail
    from threadkit.pipeline.importing import import_mail
    from threadkit.pipeline.message import Message
    from threadkit.pipeline.samples import samples
    from threadkit.pipeline.table import Table
    from threadkit.pipeline.thread import Thread

__version__ = "0.1.0"

__all__ = [
    "Archive",
    "Edit",
    "FetchOptions",
    "Message",
    "Table",
    "Thread",
    "ThreadkitError",
    "__version__",
    "cow",
    "fetch_mail",
    "import_mail",
    "open",
    "open_casebook",
    "samples",
]

_HOMES = {
    "Archive": "threadkit.pipeline.archive",
    "Edit": "threadkit.pipeline.claim_edits",
    "FetchOptions": "threadkit.pipeline.fetch_options",
    "Message": "threadkit.pipeline.message",
    "Table": "threadkit.pipeline.table",
    "Thread": "threadkit.pipeline.thread",
    "fetch_mail": "threadkit.pipeline.fetching",
    "import_mail": "threadkit.pipeline.importing",
    "open": "threadkit.pipeline.archive",
    "open_casebook": "threadkit.pipeline.casebook_view",
    "samples": "threadkit.pipeline.samples",
}


def __getattr__(name: str) -> object:
    """Load a public name from its module on first use (PEP 562)."""
    from importlib import import_module

    if name == "cow":
        return import_module("threadkit.cow")
    if name not in _HOMES:
        raise AttributeError(f"module 'threadkit' has no attribute {name!r}")
    found: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
