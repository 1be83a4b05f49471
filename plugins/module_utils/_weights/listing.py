# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The list of weights: which files of which repositories a pipeline or OCR backend loads, each pinned by its digest.

The collection's own is ``roles/weights/files/weights.json``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from .._errors import FarmError
from .._records.codec import convert, decode
from .digests import is_digest

HOW_TO_PIN = (
    "pin it on a machine with access to the model hub: python -m "
    "ansible_collections.glossapi.farm.plugins.module_utils._weights.pin LIST"
)
_NAME = "a list of weights"
_COMMIT = re.compile("[0-9a-f]{40}")


class Source(StrEnum):
    """Where a repository is."""

    HUB = "hub"
    """Hugging Face's."""
    GITHUB = "github"
    NPM = "npm"
    """A package there, in which files are compressed."""


@dataclass(frozen=True)
class WeightFile:
    """One file of a repository.

    Attributes:
        file: its path in the repository.
        digest: ``sha256:`` or ``git:`` and hexadecimal digits, the latter as git names a file's content; empty where
            nobody has pinned it yet.
        bytes: its size; ``None`` where it is not known.
        path: where it lies below the repository's folder; empty for as in the repository.
    """

    file: str
    digest: str = ""
    bytes: int | None = None
    path: str = ""


@dataclass(frozen=True)
class Repository:
    """What is loaded of one repository.

    Attributes:
        source: where it is.
        repo: its name there.
        revision: a commit of the hub or of GitHub, a version of npm; a branch or a tag of the hub until it is pinned.
        used_by: the names of pipelines and OCR backends that load it, or of presets of OCR backend ``server``.
        files: what they load of it; none, of the hub, for all that it has, until it is pinned.
        folder: where its files lie on a node, below that of all weights; empty for one that has its place in the
            hub's own cache.
        cached_as: the name by which libraries ask the hub's cache for it.
        reference: the branch or tag that they ask for.
    """

    source: Source
    repo: str
    revision: str
    used_by: tuple[str, ...]
    files: tuple[WeightFile, ...]
    folder: str = ""
    cached_as: str = ""
    reference: str = ""

    @property
    def is_pinned(self) -> bool:
        """Whether every file, and the revision, stand for one content."""
        return (
            bool(self.files)
            and not self.unpinned
            and (self.source is not Source.HUB or _COMMIT.fullmatch(self.revision) is not None)
        )

    @property
    def unpinned(self) -> tuple[str, ...]:
        """The files that nobody has pinned."""
        return tuple(file.file for file in self.files if not file.digest)

    @property
    def loose(self) -> str:
        """What of it nobody has pinned."""
        if not self.files:
            return f"all files at {self.revision}"
        return ", ".join(self.unpinned) or self.revision


@dataclass(frozen=True)
class WeightsList:
    """All repositories."""

    repositories: tuple[Repository, ...]

    @classmethod
    def from_json(cls, body: bytes, where: str) -> WeightsList:
        """Return the list in a file's content; ``where`` is its address for messages.

        Raises:
            FarmError: it is none, or a path or a digest in it is wrong.
        """
        return _checked(decode(body, cls, _NAME, where), where)

    @classmethod
    def from_fields(cls, fields: Any, where: str) -> WeightsList:
        """Return the list that :meth:`to_fields` gave.

        Raises:
            FarmError: see :meth:`from_json`.
        """
        return _checked(convert(fields, cls, _NAME, where), where)

    @classmethod
    def pinned(cls, fields: Any, users: Iterable[str]) -> WeightsList:
        """Return the part of a list, given as :meth:`to_fields` has it, that these load.

        Raises:
            FarmError: see :meth:`from_json`, or something of that part is not pinned.
        """
        weights = cls.from_fields(fields, "weights").of(*users)
        weights.require_pins()
        return weights

    def of(self, *users: str) -> WeightsList:
        """Return the part that these pipelines and OCR backends load."""
        return WeightsList(tuple(each for each in self.repositories if set(users) & set(each.used_by)))

    def require_pins(self) -> None:
        """Check that everything is pinned.

        Raises:
            FarmError: something is not; the message says how to pin it.
        """
        loose = [each for each in self.repositories if not each.is_pinned]
        if loose:
            named = "; ".join(f"{each.repo} ({each.loose})" for each in loose)
            raise FarmError(f"No digest is known of these weights, and nodes get none without one: {named}. {_todo()}")

    @property
    def digest(self) -> str:
        """The SHA-256, in hexadecimal, of what the files are; where they lie does not change it."""
        content = sorted([each.repo, file.file, file.digest] for each in self.repositories for file in each.files)
        return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()

    def to_fields(self) -> dict[str, Any]:
        """Return the list's stored fields, without those at their defaults."""
        return {"repositories": [_fields(each) for each in self.repositories]}


def _fields(repository: Repository) -> dict[str, Any]:
    fields = {name: value for name, value in vars(repository).items() if value}
    files = [
        {name: value for name, value in vars(file).items() if value not in ("", None)} for file in repository.files
    ]
    return fields | {"source": repository.source.value, "used_by": list(repository.used_by), "files": files}


def _checked(weights: WeightsList, where: str) -> WeightsList:
    for repository in weights.repositories:
        _check(repository, where)
    return weights


def _check(repository: Repository, where: str) -> None:
    own = (repository.folder, repository.reference, repository.revision)
    for path in filter(None, (*own, *(path for file in repository.files for path in (file.file, file.path)))):
        if PurePosixPath(path).is_absolute() or ".." in PurePosixPath(path).parts:
            raise FarmError(f"{where} has the path {path!r}: it must stay below its folder.")
    for file in repository.files:
        if file.digest and not is_digest(file.digest):
            raise FarmError(
                f"{where} has the digest {file.digest!r} for {file.file}: it is no sha256: and no git: one."
            )
    is_cached = bool(repository.cached_as and repository.reference)
    if bool(repository.cached_as or repository.reference) != is_cached or (
        is_cached and repository.source is not Source.HUB
    ):
        raise FarmError(
            f"{where}: a repository of the hub, and no other, may have cached_as and reference, both of them: "
            f"{repository.repo}."
        )
    if is_cached == bool(repository.folder):
        raise FarmError(f"{where}: {repository.repo} has no folder, or two: the hub's cache is one.")
    if not repository.files and repository.source is not Source.HUB:
        raise FarmError(f"{where}: {repository.repo} has no files.")


def _todo() -> str:
    return f"{HOW_TO_PIN[0].upper()}{HOW_TO_PIN[1:]}."
