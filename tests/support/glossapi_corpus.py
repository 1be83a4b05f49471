# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What glossAPI's stages on a dataset are tested with: files of a dataset, and the stand-in for glossAPI."""

from __future__ import annotations

import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._corpus.part_file import PartFile
from ansible_collections.glossapi.farm.plugins.module_utils._corpus.record import line_of
from ansible_collections.glossapi.farm.plugins.module_utils._files import TemporaryFile
from ansible_collections.glossapi.farm.plugins.module_utils._records.dataset import DatasetRow

STUBS = Path(__file__).parents[1] / "stubs"


def doc_id(name: str) -> str:
    """Return the id of a document in :func:`a_dataset_file`."""
    return sha256(name.encode()).hexdigest()


def a_dataset_file(texts: Mapping[str, str]) -> TemporaryFile:
    """Return a file of a dataset with these texts by their names; the second is a duplicate of the first."""
    part = PartFile(1 << 30)
    first = ""
    for number, (name, text) in enumerate(texts.items()):
        row = DatasetRow(
            doc_id(name),
            name,
            f"s3://raw/{name}.pdf",
            pages=number,
            duplicate_of=first if number == 1 else "",
        )
        first = first or row.doc_id
        part.add(row, line_of(row, text))
    part.close()
    return part.file


def use_stand_in(patch: pytest.MonkeyPatch, folder: Path, *traps: str) -> None:
    """Have each Python find the stand-in for glossAPI, with these of its ways of being wrong."""
    use_sources(patch, folder, STUBS)
    (folder / "traps").write_text(" ".join(traps))


def use_sources(patch: pytest.MonkeyPatch, folder: Path, *sources: Path) -> None:
    """Have each Python find what is in these folders."""
    (folder / "traps").touch()
    patch.setenv("PYTHONPATH", os.pathsep.join(map(str, sources)))
    patch.setenv("GLOSSAPI_STUB_TRAPS", str(folder / "traps"))
