# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell a document that cannot be read from a source that gives none."""

from __future__ import annotations

from .._errors import FarmError
from .._records.page_counts import CountRow
from .document import was_read

# Some documents may be closed to the reader; a run that began with so many has the wrong policy, and one that
# meets so many in a row later has lost its source.
_FIRST = 20
_LATER = 200


class ReadFailures:
    """Counts the documents that could not be read since the last one that could."""

    def __init__(self) -> None:
        self._in_a_row = 0
        self._any_read = False
        self._last = ""

    def note(self, row: CountRow, detail: str = "") -> None:
        """Take one more answer into account.

        Args:
            row: the document's.
            detail: why it could not be read, in more words than the row has.

        Raises:
            FarmError: so many could not be read that the rest would fail too.
        """
        if was_read(row):
            self._in_a_row = 0
            self._any_read = True
            return
        if row.is_settled:
            # Archived, replaced or deleted: that says nothing of whether others can be read.
            return
        self._in_a_row += 1
        self._last = detail or row.error
        if self._in_a_row >= (_LATER if self._any_read else _FIRST):
            raise self._stop("The rest was not tried.")

    def check_end(self) -> None:
        """Look back at the end of a run.

        Raises:
            FarmError: there were documents, and not one could be read.
        """
        if self._in_a_row and not self._any_read:
            raise self._stop("There are no others.")

    def _stop(self, rest: str) -> FarmError:
        which = f"The last {self._in_a_row}" if self._any_read else f"All of the first {self._in_a_row}"
        return FarmError(
            f"{which} documents could not be read. {rest} Mend the cause and run the command again: it goes on from "
            f"here. The last error: {self._last}"
        )
