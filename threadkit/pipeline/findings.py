"""What analyzers concluded, as an archive shows it."""

from __future__ import annotations

from pathlib import Path


class Findings:
    """The part of an archive that shows findings; they are brought up to date when asked for."""

    path: Path
    _current = False

    def close(self) -> None:
        """Close the file."""

    def bring_up_to_date(self) -> bool:
        """Analyze what is new since the last time.

        Returns
        -------
        bool
            False if the database cannot be written, so that findings may be missing.
        """
        from threadkit.pipeline.analysis import bring_up_to_date

        self.close()  # what was open as immutable would not see the findings
        return bring_up_to_date(self.path)
