# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker of stage ``ocr`` that reads pages as a script has it, and notes which; run in place of the runner's own."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.clock import DocumentClock
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.pipeline import OcrPipeline
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker import main as worker

# A folder with the script, which may leave files there, and with the file of the notes.
FOLDER_VARIABLE = "TEST_READING_FOLDER"
SCRIPT_NAME, NOTES_NAME = "script.py", "notes"
_TEXT = "This thesis looks at the methods by which the sample on page {} was collected, and asks new questions."


class Reading:
    """Reads nearly the same on every page."""

    def __init__(self) -> None:
        self._folder = Path(os.environ[FOLDER_VARIABLE])
        self._script = compile((self._folder / SCRIPT_NAME).read_text(), SCRIPT_NAME, "exec")

    def recognise(self, document: Path, pages: Sequence[int], folder: Path) -> dict[int, str]:
        """Return the text of each page; before it, the script runs.

        The script knows ``pages``, the ``page``, ``first_time`` (whether nobody has had that one before), ``shared``
        (its folder), ``slot``, and ``fail``, which takes a class of failure.
        """
        (folder / "something").write_bytes(document.read_bytes())
        self._note(f"{os.environ['CUDA_VISIBLE_DEVICES']} {os.getpid()} {','.join(map(str, pages))}")
        texts = {}
        for page in pages:
            seen = self._folder / f"seen-{page}"
            first_time = not seen.exists()
            seen.touch()
            names = {"pages": pages, "page": page, "first_time": first_time, "shared": self._folder, "fail": _fail}
            exec(self._script, names | {"slot": os.environ["CUDA_VISIBLE_DEVICES"]})  # noqa: S102 - of a test
            texts[page] = _TEXT.format(page)
        return texts

    def _note(self, line: str) -> None:
        # One write each, so that lines of several workers stay whole.
        descriptor = os.open(self._folder / NOTES_NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(descriptor, f"{line}\n".encode())
        os.close(descriptor)


def _fail(failure_class: str) -> None:
    raise DocumentFailure(FailureClass(failure_class), "the script says so")


def _create(_config: RunConfig, _clock: DocumentClock) -> OcrPipeline:
    return OcrPipeline(Reading(), "reading 1.0")


if __name__ == "__main__":
    setattr(worker, "create_pipeline", _create)  # noqa: B010 - the module does not export what it imports
    sys.exit(worker.main(sys.argv[1:]))
