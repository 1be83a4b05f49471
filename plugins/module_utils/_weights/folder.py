# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The weights on a machine's disk: where each file lies, and whether it is what it has to be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .._errors import FarmError
from .digests import digest_of
from .listing import Repository, WeightFile, WeightsList

# What libraries of the hub look for below HF_HOME, RapidOCR's models, tesseract's language data, and the models of
# inference servers, each in a folder named by its preset.
HUB_FOLDER = "huggingface"
RAPIDOCR_FOLDER = "rapidocr"
TESSDATA_FOLDER = "tessdata"
MODELS_FOLDER = "models"
# The list that a folder was filled by.
LIST_NAME = "weights.json"


@dataclass(frozen=True)
class Placed:
    """A file of a list, and where it lies below the folder of all weights."""

    repository: Repository
    file: WeightFile
    path: str


def placed(weights: WeightsList) -> Iterator[Placed]:
    """Return each file with its place."""
    for repository in weights.repositories:
        base = _base(repository)
        yield from (Placed(repository, file, f"{base}/{file.path or file.file}") for file in repository.files)


def references(weights: WeightsList) -> dict[str, str]:
    """Return the content of each small file by which the hub's cache finds a revision, by its place."""
    return {f"{_cache(each)}/refs/{each.reference}": each.revision for each in weights.repositories if each.reference}


def problem_of(folder: Path, each: Placed) -> str:
    """Return what is wrong with a file on the disk, as part of a sentence; empty where nothing is.

    Raises:
        OSError: it cannot be read.
    """
    path = folder / each.path
    if not path.is_file():
        return f"{path} is missing"
    with path.open("rb") as content:
        found = digest_of(content, path.stat().st_size, each.file.digest)
    return "" if found == each.file.digest else f"{path} is altered: it is {found}, and has to be {each.file.digest}"


def verify(folder: Path, user: str, digest: str) -> None:
    """Check that the folder has all weights of a pipeline or OCR backend, whole and unaltered.

    Args:
        folder: of all weights.
        user: the pipeline's or backend's name.
        digest: of the list that the farm works by.

    Raises:
        FarmError: it was filled by another list, or a file is missing or altered; the message names it.
    """
    try:
        filled_by = WeightsList.from_json((folder / LIST_NAME).read_bytes(), str(folder / LIST_NAME)).of(user)
        if filled_by.digest != digest:
            raise FarmError(f"{folder} has the weights of another list ({filled_by.digest}, not {digest}). {_TODO}")
        for path, revision in references(filled_by).items():
            if not (folder / path).is_file() or (folder / path).read_text() != revision:
                raise FarmError(f"{folder / path} does not name the revision {revision}. {_TODO}")
        for each in placed(filled_by):
            problem = problem_of(folder, each)
            if problem:
                raise FarmError(f"{problem}. {_TODO}")
    except OSError as error:
        raise FarmError(f"The weights of {user} cannot be read: {error}. {_TODO}") from error


_TODO = "Have the node get its weights again: play configure.yml with the tag weights."


def _base(repository: Repository) -> str:
    if repository.reference:
        return f"{_cache(repository)}/snapshots/{repository.revision}"
    return repository.folder


def _cache(repository: Repository) -> str:
    """Return the folder of a repository in the hub's own cache, as huggingface_hub lays it out."""
    return f"{HUB_FOLDER}/hub/models--{repository.cached_as.replace('/', '--')}"
