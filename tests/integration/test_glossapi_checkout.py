# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pipeline ``glossapi`` on a CPU: the same test on the stand-in and on a real checkout of glossAPI.

GLOSSAPI_FARM_GLOSSAPI names the checkout, GLOSSAPI_FARM_GLOSSAPI_PYTHON the Python that has what it needs;
see docs/testing.md.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from reportlab.pdfgen import canvas

from ansible_collections.glossapi.farm.plugins.module_utils._children.serving import encode
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Outcome, Results, Task
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.context import worker_environment
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.process import MODULE
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.protocol import (
    outcome_from_message,
    task_to_message,
)
from tests.support.config import a_config

CHECKOUT = os.environ.get("GLOSSAPI_FARM_GLOSSAPI")
PYTHON = os.environ.get("GLOSSAPI_FARM_GLOSSAPI_PYTHON", sys.executable)


def sources(kind: str, repository: Path) -> tuple[str, Path]:
    """Return the Python and the folder on whose path glossAPI is."""
    if kind == "stand-in":
        return sys.executable, repository / "tests" / "stubs"
    if CHECKOUT is None:
        pytest.skip("GLOSSAPI_FARM_GLOSSAPI names no checkout of glossAPI")
    return PYTHON, Path(CHECKOUT) / "src"


@contextmanager
def worker(kind: str, repository: Path, folder: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """A worker of resultsion; yields its pipes once it is ready."""
    config = a_config(workdir=str(folder), pipeline="glossapi", pipeline_options={"backend": "safe"})
    config.save(folder / "config.json")
    (folder / "slot").mkdir()
    (folder / "traps").touch()
    python, path = sources(kind, repository)
    with subprocess.Popen(
        [python, "-m", MODULE, str(folder / "config.json")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=folder / "slot",
        env=os.environ
        | worker_environment(config, "0")
        | {
            "PYTHONPATH": os.pathsep.join([str(path), str(repository / ".ansible" / "collections")]),
            "GLOSSAPI_STUB_TRAPS": str(folder / "traps"),
        },
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert b"ready" in process.stdout.readline(), "the worker did not get ready: see its log above"
        yield process.stdin, process.stdout
        process.stdin.close()
        assert process.wait(60) == 0


def pdf(path: Path, *pages: str) -> None:
    drawing = canvas.Canvas(str(path))
    for page in pages:
        if page:
            drawing.drawString(72, 700, page)
        drawing.showPage()
    drawing.save()


@pytest.mark.parametrize("kind", ["stand-in", "checkout"])
def test_a_worker_converts_one_document_after_the_other(kind: str, repository: Path, tmp_path: Path) -> None:
    outcomes: dict[str, Outcome] = {}
    with worker(kind, repository, tmp_path) as (tasks, answers):
        for name in ("first", "second", "third", "scan", "broken"):
            folder = tmp_path / name
            (folder / "work").mkdir(parents=True)
            path = folder / "document.PDF"
            if name == "broken":
                path.write_bytes(b"%PDF-1.4 no more")
            else:
                pdf(path, *([""] * 2 if name == "scan" else [f"The {name} page one", f"The {name} page two"]))
            task = Task(f"s3://b/{name}/x.PDF", f"{name}/x.PDF", 2, path, folder / "work")
            tasks.write(encode(task_to_message(task)))
            tasks.flush()
            outcomes[name] = outcome_from_message(json.loads(answers.readline()))
    for name in ("first", "second", "third"):
        results = outcomes[name]
        assert isinstance(results, Results), results
        assert results.markdown is not None
        assert results.markdown.read_text() == f"The {name} page one\n\nThe {name} page two"
    for name, failure_class in (("scan", FailureClass.NEEDS_OCR), ("broken", FailureClass.CORRUPT)):
        failure = outcomes[name]
        assert isinstance(failure, DocumentFailure), f"reported as done: {failure}"
        assert failure.failure_class is failure_class
