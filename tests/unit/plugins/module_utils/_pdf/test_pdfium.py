# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pdf.pdfium import PASSWORD, SECURITY, error_code


class CodedError(Exception):
    err_code = 3


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (CodedError("Failed to load document (PDFium: Incorrect password error)."), 3),
        (Exception("Failed to load document (PDFium: Incorrect password error)."), PASSWORD),
        (Exception("Failed to load document (PDFium: Unsupported security scheme error)."), SECURITY),
        (Exception("Failed to load document (PDFium: Data format error)."), None),
    ],
)
def test_the_code_counts_and_the_text_where_there_is_none(error: Exception, code: int | None) -> None:
    assert error_code(error) == code
