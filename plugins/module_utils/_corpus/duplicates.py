# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which document had a text first, among more texts than memory holds."""

from __future__ import annotations

import sqlite3
import tempfile
import weakref

from .._errors import FarmError

# Of the database's pages in memory, in KiB; the rest is in a file without a name in TMPDIR.
_CACHE_KIB = 32 << 10


class Duplicates:
    """The first document of each text, by the text's digest; nothing is left of it on the disk."""

    def __init__(self) -> None:
        """Know of none yet."""
        self._database = sqlite3.connect("", isolation_level=None)
        weakref.finalize(self, self._database.close)
        self._database.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        # What is there for this run alone needs no journal.
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("CREATE TABLE first (digest BLOB PRIMARY KEY, document BLOB) WITHOUT ROWID")
        # Never ended: at the end of each transaction SQLite counts what has changed, for 0.7 ms of core time.
        self._database.execute("BEGIN")

    def first(self, digest: str, document: str) -> str:
        """Return the document that had this text first, empty where that is this one; it is noted.

        Args:
            digest: of the text, in hexadecimal digits.
            document: its id, in hexadecimal digits.

        Raises:
            FarmError: there is no room for it on this machine.
        """
        text = bytes.fromhex(digest)
        try:
            self._database.execute("INSERT OR IGNORE INTO first VALUES (?, ?)", (text, bytes.fromhex(document)))
        except sqlite3.OperationalError as error:
            raise FarmError(
                f"Cannot keep the digests of texts in {tempfile.gettempdir()}: {error}. Free space there, 100 bytes "
                "for each document, and run the command again."
            ) from error
        ((found,),) = self._database.execute("SELECT document FROM first WHERE digest = ?", (text,))
        first = found.hex()
        return "" if first == document else first
