"""Lists that an archive gives, as a notebook shows them: still plain lists."""

from __future__ import annotations

from threadkit.pipeline.display import counted
from threadkit.store.catalog import StoredPerson
from threadkit.store.values import StoredThread


class Threads(list[StoredThread]):
    """Conversations.

    Examples
    --------
    >>> Threads()
    <Threads 0 conversations, 0 messages>
    """

    def __repr__(self) -> str:
        mails = sum(one.message_count for one in self)
        said = f"{counted(len(self), 'conversation')}, {counted(mails, 'message')}"
        return f"<Threads {said}>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        columns = ("last", "messages", "people", "subject", "root")
        return notebook.table(columns, [
            ((one.last_utc or "")[:10], one.message_count, len(one.people), one.subject, one.root)
            for one in self
        ])  # fmt: skip


class People(list[StoredPerson]):
    """Persons who wrote.

    Examples
    --------
    >>> People()
    <People 0 people>
    """

    def __repr__(self) -> str:
        return f"<People {counted(len(self), 'person', 'people')}>"

    def _repr_html_(self) -> str:
        from threadkit import notebook

        columns = ("name", "messages", "first", "last", "addresses")
        return notebook.table(columns, [
            (one.name, one.message_count, (one.first_utc or "")[:10], (one.last_utc or "")[:10],
             ", ".join(one.addresses))
            for one in self
        ])  # fmt: skip
