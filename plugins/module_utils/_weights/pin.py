# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pin a list of weights: ``python -m ...module_utils._weights.pin LIST``, on a machine with access to the model hub.

Asks the hub for the commit of each revision, and for the SHA-256 and size of each file that has no digest yet; small
files, of which it knows no SHA-256, are downloaded for it. Of a repository without files it takes all that there are.
What is pinned stays as it is. The list is written again. ``weights.yml`` does the same with a list of the operator's.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

from .._errors import FarmError
from .._files import write_atomically
from .._records.codec import encode
from .digests import digest_of
from .fetching import ENDPOINTS, address, downloaded, opened
from .folder import placed
from .listing import Repository, Source, WeightFile, WeightsList

_READABLE = 0o644


def main(arguments: Sequence[str] | None = None, endpoints: Mapping[Source, str] = ENDPOINTS) -> int:
    """Pin what is not; return 0, or 1 where something cannot be pinned."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("list", type=Path)
    path: Path = parser.parse_args(arguments).list
    try:
        weights = read(path)
        changed = pin_list(path, weights, weights, endpoints)
    except FarmError as error:
        print(f"{path} stays as it was. {error}", file=sys.stderr)
        return 1
    for repository in changed:
        print(f"{repository.repo}: {repository.revision}, {len(repository.files)} files are pinned")
    return 0


def read(path: Path) -> WeightsList:
    """Return the list in a file.

    Raises:
        FarmError: it cannot be read, or is none.
    """
    try:
        return WeightsList.from_json(path.read_bytes(), str(path))
    except OSError as error:
        raise FarmError(f"The list of weights cannot be read: {error}.") from error


def pin_list(
    path: Path,
    weights: WeightsList,
    part: WeightsList,
    endpoints: Mapping[Source, str] = ENDPOINTS,
    *,
    keep: bool = True,
) -> list[Repository]:
    """Pin what is not pinned of a part of a list, write the list again, and return what is pinned now and was not.

    Args:
        path: the list's file.
        weights: what that has.
        part: the repositories that are to be pinned; the others stay as they are.
        endpoints: the address of each source.
        keep: whether the file is written.

    Raises:
        FarmError: something of the part cannot be pinned, and nothing was written, or the file cannot be written.
    """
    wanted = set(part.repositories)
    after = tuple(pin(each, endpoints) if each in wanted else each for each in weights.repositories)
    changed = [each for before, each in zip(weights.repositories, after, strict=True) if before != each]
    WeightsList(tuple(changed)).require_pins()
    if changed and keep:
        try:
            write_atomically(path, encode(WeightsList(after).to_fields(), indent=1), _READABLE)
        except OSError as error:
            raise FarmError(f"The list of weights cannot be written: {error}.") from error
    return changed


def pin(repository: Repository, endpoints: Mapping[Source, str]) -> Repository:
    """Return the repository with its revision and every file pinned, as far as the hub knows them.

    Raises:
        FarmError: the hub cannot be asked, or has no such file.
    """
    if repository.is_pinned or repository.source is not Source.HUB:
        return repository
    said = _ask(f"{endpoints[Source.HUB]}/api/models/{quote(repository.repo)}/revision/{quote(repository.revision)}")
    commit = replace(repository, revision=str(said["sha"]))
    known = {sibling["rfilename"]: sibling for sibling in said["siblings"]}
    # The hub's own notes on how it stores files are for nobody's model.
    every = [WeightFile(name) for name in sorted(known) if not name.startswith(".")]
    return replace(commit, files=tuple(_pin_file(commit, file, known, endpoints) for file in commit.files or every))


def _pin_file(
    repository: Repository, file: WeightFile, known: Mapping[str, Any], endpoints: Mapping[Source, str]
) -> WeightFile:
    if file.digest:
        return file
    if file.file not in known:
        raise FarmError(f"{repository.repo} has no {file.file} at {repository.revision}.")
    large = known[file.file].get("lfs")
    if large:
        return replace(file, digest=f"sha256:{large['sha256']}", bytes=int(large["size"]))
    (each,) = placed(WeightsList((replace(repository, files=(file,)),)))
    content = downloaded(address(each, endpoints))
    with content.open() as body:
        return replace(file, digest=digest_of(body, content.bytes, "sha256:"), bytes=content.bytes)


def _ask(url: str) -> Any:
    try:
        with opened(f"{url}?blobs=true") as answer:
            said = json.load(answer)
    except (OSError, ValueError) as error:
        raise FarmError(f"The model hub cannot be asked: {url}: {error}.") from error
    if not isinstance(said, dict) or not {"sha", "siblings"} <= said.keys():
        raise FarmError(f"The model hub's answer at {url} has no sha or no siblings.")
    return said


if __name__ == "__main__":
    sys.exit(main())
