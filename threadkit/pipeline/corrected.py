"""What people say of the findings of an archive."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from sqlite3 import Connection

    from threadkit.pipeline.archive import Archive
    from threadkit.pipeline.casebook_new import Begun
    from threadkit.pipeline.casebooks import Loaded
    from threadkit.pipeline.claim_edits import Edit
    from threadkit.pipeline.correction_file import FileRead
    from threadkit.store.debates import CorrectionRow


class Corrected:
    """The part of an archive that takes corrections by hand, and gives them back.

    They win over what was found, and outlive every analysis.
    """

    path: Path

    def close(self) -> None:
        """Close the file."""

    def _reading(self) -> AbstractContextManager[Connection]:
        raise NotImplementedError

    def correct(self, name: str, edit: Edit) -> list[CorrectionRow]:
        """Correct a claim; the conversation is put together anew.

        Parameters
        ----------
        name : str
            As ``c6``.
        edit : Edit
            What is said of it.

        Returns
        -------
        list of CorrectionRow
            What was kept.

        Raises
        ------
        EditError, NotFound
            A field, value or name is not understood.
        StoreError
            The database cannot be written.
        """
        from threadkit.pipeline.claim_edits import Author, corrections_for

        with self._reading() as conn:
            rows = corrections_for(conn, name, edit, Author.now("edit"))
        self.keep_corrections(rows)
        return rows

    def corrections(self, thread: str | None = None) -> list[CorrectionRow]:
        """List what people said of findings, in the order in which they said it.

        Parameters
        ----------
        thread : str, optional
            Any mail of a conversation; all mails without.

        Raises
        ------
        NotFound, Ambiguous
            No mail, or more than one, answers to the name.
        """
        from threadkit.store.debates import corrections
        from threadkit.store.lookup import root

        with self._reading() as conn:
            return corrections(conn, None if thread is None else root(conn, thread))

    def unmet_corrections(self) -> dict[tuple[str, str], str]:
        """List corrections to which no finding answers: why, by target and field."""
        from threadkit.store.debates import unmet_corrections

        with self._reading() as conn:
            return unmet_corrections(conn)

    def read_corrections(self, path: Path, *, removed: bool = False) -> FileRead:
        """Read a file of corrections; nothing is kept yet.

        Parameters
        ----------
        path : Path
            YAML as :func:`threadkit.pipeline.correction_file.written` writes it, or an
            argument map in Argdown, AIF or xAIF that came back from another tool.
        removed : bool, optional
            Claims that a map lacks are rejected.

        Returns
        -------
        FileRead
            Corrections, and what in the file cannot be kept.

        Raises
        ------
        EditError, SourceError
            File, line and field of what is wrong.
        """
        from threadkit.pipeline.correction_file import read_file

        with self._reading() as conn:
            return read_file(conn, path, removed=removed)

    def keep_corrections(self, rows: Sequence[CorrectionRow]) -> None:
        """Keep corrections, and put the conversations that they are about together anew.

        Parameters
        ----------
        rows : sequence of CorrectionRow
            One with an empty value takes back what was said before.

        Raises
        ------
        StoreError
            The database cannot be written.
        """
        from threadkit.pipeline.claim_edits import keep, roots_of

        if rows:
            with self._reading() as conn:
                roots = roots_of(conn, rows)
            self.close()  # what was open as immutable would not see the change
            keep(self.path, rows, roots)

    def load_casebook(self, name: str | Path = "cow-2020") -> Loaded:
        """Load a casebook: its facts, the model's verdicts, and what it says of claims.

        Parameters
        ----------
        name : str or Path
            One that comes with threadkit, or a folder.

        Returns
        -------
        Loaded
            What met the mail that is here, and what did not.

        Raises
        ------
        CasebookError, NoCasebook
            There is none, or it does not hold together.
        StoreError
            The database cannot be written.
        """
        from threadkit.pipeline.casebooks import load_casebook

        self.close()  # what was open as immutable would not see the change
        return load_casebook(self.path, name)

    def new_casebook(
        self, thread: str, folder: str | Path | None = None, *, with_text: bool = False
    ) -> Begun:
        """Begin a casebook of a conversation from what analyzers found in it.

        Parameters
        ----------
        thread : str
            Any mail of it.
        folder : str or Path, optional
            A new or empty one to write to; without, it is named after the subject.
        with_text : bool, optional
            Add the words of passages as comments: for private use only.

        Returns
        -------
        Begun
            What was filled in; what only a person can say is ``todo``.

        Raises
        ------
        NotFound, Ambiguous
            No mail, or more than one, answers to the name.
        SourceError
            The folder has something in it, or cannot be written.
        """
        from threadkit.pipeline.casebook_new import new_casebook

        whole = cast("Archive", self)  # what this is a part of
        return new_casebook(whole, thread, Path(folder) if folder else None, with_text=with_text)

    def named_corrections(self, rows: Sequence[CorrectionRow]) -> list[tuple[str, str, str]]:
        """Name what corrections are about as a list of claims does.

        Parameters
        ----------
        rows : sequence of CorrectionRow
            Kept or not.

        Returns
        -------
        list of (str, str, str)
            Claim, as ``c6``, field and value; the lasting name where there is no such claim.
        """
        from threadkit.analyze.debate.names import key_parts
        from threadkit.store.claim_list import claim_at

        with self._reading() as conn:

            def named(key: str) -> str:
                message_id, digits = key_parts(key)
                return (claim_at(conn, message_id, digits) if message_id else None) or key

            found = []
            for row in rows:
                kind, colon, other = row.field.partition(":")
                if kind == "relation":
                    relation, _, other = other.partition(":")
                    kind += f":{relation}"
                found.append((named(row.target), f"{kind}{colon}{named(other)}", row.value))
        return found
