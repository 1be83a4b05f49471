# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fetching a file of a list from where it is published, or from a folder that somebody filled."""

from __future__ import annotations

import http.client
import io
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from .._errors import FarmError
from .._files import TemporaryFile, disk_errors
from .digests import digest_of
from .folder import Placed
from .listing import Source
from .npm import archive_path, unpack

ENDPOINTS: Mapping[Source, str] = {
    Source.HUB: "https://huggingface.co",
    Source.GITHUB: "https://raw.githubusercontent.com",
    Source.NPM: "https://registry.npmjs.org",
}
_STEP_BYTES = 1 << 20
_SILENT_SECONDS = 60.0
_TRIES = 3
_SERVERS_FAULT = 500
# By the proxies of the environment.
_OPENER = urllib.request.build_opener()


def fetch(each: Placed, local: Path | None, endpoints: Mapping[Source, str] = ENDPOINTS) -> TemporaryFile:
    """Return the file, which is what its digest says.

    Args:
        each: the file.
        local: a folder that may have it, at its place; ``None`` for none.
        endpoints: the address of each source.

    Raises:
        FarmError: it cannot be had, or is another; or the disk is full.
    """
    here = local / each.path if local else None
    if here is not None and here.is_file():
        with here.open("rb") as content:
            file = _copied(content, str(here))
        return _checked(file, each, str(here))
    url = address(each, endpoints)
    file = downloaded(url)
    return _checked(_unpacked(file, each, url) if each.repository.source is Source.NPM else file, each, url)


def address(each: Placed, endpoints: Mapping[Source, str]) -> str:
    """Return the address of a file, or of npm's package that has it."""
    repository = each.repository
    if repository.source is Source.NPM:
        return f"{endpoints[repository.source]}/{quote(archive_path(repository), safe='/@')}"
    resolve = "resolve/" if repository.source is Source.HUB else ""
    path = f"{repository.repo}/{resolve}{repository.revision}/{each.file.file}"
    return f"{endpoints[repository.source]}/{quote(path)}"


def downloaded(url: str) -> TemporaryFile:
    """Return what is at an address, all of it.

    Raises:
        FarmError: it cannot be had, or the disk is full.
    """
    tries = 0
    while tries < _TRIES:
        tries += 1
        try:
            with opened(url) as answer:
                file = _copied(answer, url)
                length = answer.headers["Content-Length"]
            if length is None or file.bytes == int(length):
                return file
            problem: Exception = EOFError(f"it broke off after {file.bytes:,} of {int(length):,} bytes")
        except urllib.error.HTTPError as error:
            problem = error
            # A file that is not there is not there the next time.
            if error.code < _SERVERS_FAULT:
                break
        except (OSError, http.client.HTTPException) as error:
            problem = error
    raise FarmError(f"{url} cannot be fetched, after {tries} tries: {problem}.") from problem


def opened(url: str) -> http.client.HTTPResponse:
    """Return the answer of an address, whose body is still to be read.

    Raises:
        OSError: there is none.
    """
    try:
        answer: http.client.HTTPResponse = _OPENER.open(url, timeout=_SILENT_SECONDS)
    except urllib.error.HTTPError as error:
        # It is an answer, too.
        error.close()
        raise
    return answer


def _unpacked(package: TemporaryFile, each: Placed, url: str) -> TemporaryFile:
    with package.open() as archive:
        try:
            body = unpack(archive, each.file.file)
        except ValueError as error:
            raise FarmError(f"The package {url} is not what was pinned: {error}.") from error
    return _copied(io.BytesIO(body), each.file.file)


def _copied(content: BinaryIO, name: str) -> TemporaryFile:
    with disk_errors(name, "it"):
        file = TemporaryFile()
    while step := content.read(_STEP_BYTES):
        with disk_errors(name, "it"):
            file.write(step)
    return file


def _checked(file: TemporaryFile, each: Placed, name: str) -> TemporaryFile:
    with file.open() as content:
        found = digest_of(content, file.bytes, each.file.digest)
    if found != each.file.digest:
        raise FarmError(
            f"{name} is not what was pinned: it is {found} ({file.bytes:,} bytes), and has to be {each.file.digest}. "
            "It was changed on the way, or the list is wrong: do not use it."
        )
    return file
