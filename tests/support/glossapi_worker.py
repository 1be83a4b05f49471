# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A worker of pipeline ``glossapi`` on a CPU, told what to do as its supervisor tells it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from ansible_collections.glossapi.farm.plugins.module_utils._children.serving import encode
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.registry import kind_of
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Outcome, Task
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.context import worker_environment
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.process import MODULE
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.protocol import (
    outcome_from_message,
    task_to_message,
)
from benchmarks.gpu.layers import without_layer
from tests.support.config import a_config

_REPOSITORY = Path(__file__).parents[2]
CPU_MODULE = "tests.support.cpu_worker"


class Ask(Protocol):
    """Has a worker process a document."""

    def __call__(self, path: Path, pages: int, /, document: Path | None = None) -> Outcome:
        """Return how it ended.

        Args:
            path: of the PDF.
            pages: how many it has.
            document: docling's document, for stage ``math``.
        """


@dataclass(frozen=True)
class Installation:
    """A Python that has glossAPI.

    Attributes:
        sources: the folder that has the package.
        module: the worker's.
        variables: the worker has beyond those of its supervisor.
    """

    python: str
    sources: Path
    module: str
    variables: Mapping[str, str] = field(default_factory=dict)


STAND_IN = Installation(sys.executable, _REPOSITORY / "tests/stubs", MODULE)


def checkout_of_glossapi(folder: Path, *models: str) -> Installation | None:
    """Return the real one that GLOSSAPI_FARM_GLOSSAPI names, ``None`` where that is not set.

    Args:
        folder: takes docling's models, which are made.
        models: which, as arguments of ``emulators/docling_models.py``.
    """
    checkout = os.environ.get("GLOSSAPI_FARM_GLOSSAPI")
    if checkout is None:
        return None
    python = os.environ.get("GLOSSAPI_FARM_GLOSSAPI_PYTHON", sys.executable)
    subprocess.run([python, "-m", "emulators.docling_models", str(folder), *models], cwd=_REPOSITORY, check=True)
    variables = {"HF_HOME": str(folder), "HF_HUB_OFFLINE": "1"}
    return Installation(python, Path(checkout) / "src", CPU_MODULE, variables)


@contextmanager
def started(
    installation: Installation, options: dict[str, Any], folder: Path, pipeline: str = "glossapi"
) -> Iterator[subprocess.Popen[bytes]]:
    """A worker with its pipes; on leaving, it must end well.

    Args:
        options: the pipeline's.
        folder: for all that it writes.
        pipeline: of glossAPI, or its OCR.
    """
    config = a_config(workdir=str(folder), pipeline=pipeline, pipeline_options=options)
    config.save(folder / "config.json")
    (folder / "slot").mkdir()
    (folder / "traps").touch()
    paths = (installation.sources, _REPOSITORY / ".ansible/collections", _REPOSITORY)
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(
            [installation.python, "-m", installation.module, str(folder / "config.json")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=folder / "slot",
            env={**os.environ, **worker_environment(config, "0"), **installation.variables}
            | {"PYTHONPATH": os.pathsep.join(map(str, paths)), "GLOSSAPI_STUB_TRAPS": str(folder / "traps")},
        ) as process,
    ):
        yield process


@contextmanager
def worker(
    installation: Installation, options: dict[str, Any], folder: Path, pipeline: str = "glossapi"
) -> Iterator[Ask]:
    """A worker that is ready; yields what has it process a document of so many pages, which has no layer for OCR.

    Args:
        options: the pipeline's.
        folder: for all that it writes.
        pipeline: of glossAPI, its OCR or its formulas.
    """
    with started(installation, options, folder, pipeline) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        tasks, answers = process.stdin, process.stdout
        assert b"ready" in answers.readline(), (folder / "log").read_text()

        def ask(path: Path, pages: int, /, document: Path | None = None) -> Outcome:
            work = path.parent / f"work-{pipeline}"
            work.mkdir()
            name = path.parent.name
            task = replace(Task(f"s3://b/{name}/x.PDF", f"{name}/x.PDF", pages, path, work), document=document)
            if kind_of(pipeline).stage is Stage.OCR:
                task = without_layer(task)
            tasks.write(encode(task_to_message(task)))
            tasks.flush()
            return outcome_from_message(json.loads(answers.readline()))

        yield ask
        tasks.close()
        assert process.wait(60) == 0
