# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files of npm's packages: where a package is, and what is in it."""

from __future__ import annotations

import gzip
import tarfile
import zlib
from typing import BinaryIO

from .listing import Repository

_MOST_BYTES = 100_000_000


def archive_path(repository: Repository) -> str:
    """Return where npm's registry has a package, as ``@scope/name/-/name-1.0.0.tgz``."""
    return f"{repository.repo}/-/{repository.repo.rpartition('/')[2]}-{repository.revision}.tgz"


def unpack(archive: BinaryIO, file: str) -> bytes:
    """Return a file of a package, which has it compressed by gzip; not more than 100 MB, whatever it unpacks to.

    Raises:
        ValueError: the package has no such file, or is none.
    """
    try:
        with tarfile.open(fileobj=archive) as packed:
            compressed = packed.extractfile(f"package/{file}")
            if compressed is None:
                raise KeyError(file)
            return gzip.GzipFile(fileobj=compressed).read(_MOST_BYTES)
    except KeyError as error:
        raise ValueError(f"it has no {file}") from error
    except (tarfile.TarError, zlib.error, EOFError, OSError) as error:
        raise ValueError(f"it cannot be unpacked: {error}") from error
