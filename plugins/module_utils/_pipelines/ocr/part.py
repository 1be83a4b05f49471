# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was recognised of a document's pages, all of them or some: a file on the node, for whoever composes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..._errors import FarmError
from ..task import Task

_FILE = "recognised.json"


@dataclass(frozen=True)
class Part:
    """Pages that one worker had.

    Attributes:
        pages: their numbers.
        backend: what recognised them, with its revision.
        texts: by number, of those that were not given up.
    """

    pages: tuple[int, ...]
    backend: str
    texts: Mapping[int, str]

    def write(self, folder: Path) -> None:
        """Write it into the part's folder."""
        content = {"pages": self.pages, "backend": self.backend, "texts": self.texts}
        # Not by a rename: where the worker ends meanwhile, the part is recognised anew before anybody reads it.
        (folder / _FILE).write_text(json.dumps(content), encoding="ascii")


def read_parts(task: Task) -> list[Part]:
    """Return all parts of the task's document.

    Raises:
        FarmError: they are not all there.
    """
    if task.ranges is None:
        raise AssertionError("the document is not divided")
    found = [json.loads(path.read_bytes()) for path in task.ranges.glob(f"*/{_FILE}")]
    parts = [
        Part(tuple(each["pages"]), each["backend"], {int(number): text for number, text in each["texts"].items()})
        for each in found
    ]
    if sorted(number for part in parts for number in part.pages) != sorted(task.open_pages):
        raise FarmError(f"Of what was recognised of {task.uri} a part is gone from {task.ranges}.")
    return parts
