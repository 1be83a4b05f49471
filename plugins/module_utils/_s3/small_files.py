# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Small files in S3 that shall have a given content."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from .._errors import FarmError
from .errors import MissingError
from .objects import put_bytes, read_bytes_if_exists
from .uri import S3Uri

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def folder_contents(folder: str) -> dict[str, bytes]:
    """Return the files of a folder by their path below it, without hidden ones.

    Args:
        folder: on this machine; empty for none.

    Raises:
        FarmError: it is no folder, or a file cannot be read.
    """
    if not folder:
        return {}
    root = Path(folder).expanduser()
    if not root.is_dir():
        raise FarmError(f"{folder} is no folder on this machine: correct it, or leave it empty for none.")
    contents = {}
    for path in sorted(root.rglob("*")):
        below = path.relative_to(root)
        if path.is_file() and not any(part.startswith(".") for part in below.parts):
            try:
                contents[below.as_posix()] = path.read_bytes()
            except OSError as error:
                raise FarmError(f"Cannot read {path}: {error}.") from error
    return contents


def write_different(
    client: S3Client, destination: S3Uri, contents: Mapping[str, bytes], *, check_mode: bool
) -> dict[str, tuple[bytes, bytes]]:
    """Write each content that differs from what is there, and return what was there and what is, by address.

    Args:
        contents: by name below ``destination``.
        check_mode: write nothing; the bucket need not exist yet.

    Raises:
        S3Error: S3 could not be read or written.
    """
    differing = {}
    for name, content in sorted(contents.items()):
        uri = destination.join(name)
        try:
            before = read_bytes_if_exists(client, uri)
        except MissingError:
            if not check_mode:
                raise
            before = None
        if before == content:
            continue
        differing[str(uri)] = (before or b"", content)
        if not check_mode:
            put_bytes(client, uri, content, _content_type(name))
    return differing


def _content_type(name: str) -> str:
    """Return what a browser that is given the file should take it for."""
    kind = mimetypes.guess_type(name)[0] or "text/plain"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
