# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import gzip
import io

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._weights.listing import Repository, Source
from ansible_collections.glossapi.farm.plugins.module_utils._weights.npm import archive_path, unpack
from tests.support.model_hub import npm_package


def test_a_package_is_where_the_registry_has_it() -> None:
    scoped = Repository(Source.NPM, "@tesseract.js-data/ell", "1.0.0", ("tesseract",), (), "tessdata")
    assert archive_path(scoped) == "@tesseract.js-data/ell/-/ell-1.0.0.tgz"
    plain = Repository(Source.NPM, "plain", "2.1.0", ("tesseract",), (), "tessdata")
    assert archive_path(plain) == "plain/-/plain-2.1.0.tgz"


def test_a_file_is_unpacked() -> None:
    assert unpack(io.BytesIO(npm_package("best/ell.gz", gzip.compress(b"data"))), "best/ell.gz") == b"data"


@pytest.mark.parametrize(
    ("package", "problem"),
    [
        (npm_package("other/ell.gz", gzip.compress(b"data")), "it has no best/ell.gz"),
        (npm_package("best/ell.gz", b"not compressed"), "it cannot be unpacked"),
        (npm_package("best/ell.gz", gzip.compress(b"data" * 1000)[:20]), "it cannot be unpacked"),
        (npm_package("best/ell.gz", gzip.compress(b"data")[:10] + b"\xff" * 20), "it cannot be unpacked"),
        (npm_package("best/ell.gz", gzip.compress(b"data"))[:60], "it cannot be unpacked"),
        (b"<html>Please log in</html>", "it cannot be unpacked"),
    ],
    ids=["of another file", "not compressed", "broken off within", "damaged within", "broken off", "no package"],
)
def test_a_package_that_is_another_is_told(package: bytes, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        unpack(io.BytesIO(package), "best/ell.gz")
