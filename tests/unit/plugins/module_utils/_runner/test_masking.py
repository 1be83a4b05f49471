# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import logging

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._runner.masking import MaskingFormatter, masked


def test_a_secret_is_nowhere_in_what_is_left() -> None:
    assert masked(b"key=abc+/d token=t abc+/d", ["abc+/d", ""]) == b"key=*** token=t ***"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (b"\x1b]0;title\x07", b"\\x1b]0;title\\x07"),
        ("\x9b31m Έκθεση".encode(), "\\x9b31m Έκθεση".encode()),
        (b"a\tb\nc", b"a\tb\nc"),
        (b"10%\r20%\r\n", b"10%\n20%\n"),
        (b"\x7f\x00", b"\\x7f\\x00"),
        (b"\xff no UTF-8", b"\xff no UTF-8"),
    ],
)
def test_what_would_drive_a_terminal_is_written_as_an_escape(text: bytes, shown: bytes) -> None:
    assert masked(text, []) == shown
    assert masked(shown, []) == shown


def test_a_record_is_masked_with_its_traceback() -> None:
    formatter = MaskingFormatter("%(levelname)s %(message)s", ["s3cret"])
    try:
        raise ValueError("with s3cret and \x1b[2J")
    except ValueError as error:
        record = logging.LogRecord("n", logging.ERROR, "p", 1, "of %s", ("s3cret \ud800",), (ValueError, error, None))
    shown = formatter.format(record)
    assert shown.startswith("ERROR of *** \\ud800\n")
    assert shown.endswith("ValueError: with *** and \\x1b[2J")
