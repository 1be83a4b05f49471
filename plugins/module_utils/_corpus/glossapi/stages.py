# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""glossAPI's stages on a folder, in a process of glossAPI's own Python."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from ..._children.bundle import make_program
from ..._children.lifetime import die_with_parent
from ..._children.owner import OWNER_VARIABLE, kill_owned
from ..._errors import FarmError
from . import program

STAGES = ("clean", "section", "annotate", "jsonl")
_LOG_BYTES = 2000
# For what hangs. Imports from a cold disk take minutes; of a document a stage takes seconds at its most.
_START_SECONDS = 1800.0
_DOCUMENT_SECONDS = 10.0


@dataclass(frozen=True)
class GlossapiOptions:
    """What glossAPI is to do.

    Attributes:
        stages: some of :data:`STAGES`; empty for none. They are run in that order.
        python: path of the Python that glossAPI is installed for.

    Raises:
        FarmError: a stage is none, needs another, or there is no Python for them.
    """

    stages: tuple[str, ...] = ()
    python: str = ""

    def __post_init__(self) -> None:
        unknown = sorted(set(self.stages) - set(STAGES))
        if unknown:
            raise FarmError(f"glossAPI's Corpus has no stage {', '.join(unknown)}: name some of {', '.join(STAGES)}.")
        if "annotate" in self.stages and "section" not in self.stages:
            raise FarmError("Stage annotate of glossAPI labels what stage section has found: name section, too.")
        if self.stages and not self.python:
            raise FarmError(
                f"The stages {', '.join(self.in_order)} of glossAPI need a Python that it is installed for: name its "
                "path."
            )

    @property
    def in_order(self) -> tuple[str, ...]:
        """The stages in the order in which they are run."""
        return tuple(stage for stage in STAGES if stage in self.stages)


@dataclass(frozen=True)
class StagesResult:
    """What the stages have come to.

    Attributes:
        problems: a stage that failed and documents that a stage has left out, in words.
        products: path of each file that was made, by what it is.
    """

    problems: tuple[str, ...]
    products: dict[str, Path]


def glossapi_revision(options: GlossapiOptions) -> str:
    """Return which glossAPI is installed.

    Raises:
        FarmError: none is, it has not what the stages need, or it does not answer within half an hour.
    """
    with tempfile.TemporaryDirectory() as folder:
        told = _ask(options, Path(folder), None)
    if told["problem"]:
        raise FarmError(
            f"{options.python} cannot run stages of glossAPI: {told['problem']}. Install that, or name another Python "
            "or other stages."
        )
    return str(told["revision"])


def run_stages(options: GlossapiOptions, folder: Path) -> StagesResult:
    """Run the stages on a folder with glossAPI's layout.

    Raises:
        FarmError: the process ended before its time, or had not after half an hour and 10 s for each document; the
            message has the end of its log.
    """
    told = _ask(options, folder, folder)
    return StagesResult(tuple(told["problems"]), {name: folder / path for name, path in told["products"]})


def _ask(options: GlossapiOptions, workdir: Path, folder: Path | None) -> dict[str, Any]:
    request, answer, log, ours = (workdir / f".farm.{suffix}" for suffix in ("request", "answer", "log", "zip"))
    # What it starts has its mark, in whatever session, and is found by that.
    owner = f"collect-{os.getpid()}-{uuid4().hex}"
    documents = 0 if folder is None else sum(1 for _ in (folder / "markdown").glob("*.md"))
    seconds = _START_SECONDS + _DOCUMENT_SECONDS * documents
    start = f"from {program.__name__} import main\n\nmain()\n"
    ours.write_bytes(make_program([program.__name__], start))
    request.write_text(json.dumps({"stages": options.in_order, "folder": None if folder is None else str(folder)}))
    try:
        with log.open("wb") as output:
            status = subprocess.run(
                [options.python, str(ours), str(request), str(answer)],
                cwd=workdir,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                # What these stages do not need takes a while to import.
                env={**os.environ, "GLOSSAPI_SKIP_DOCLING_BOOT": "1", OWNER_VARIABLE: owner},
                # What else has threads here takes no lock that this needs.
                preexec_fn=die_with_parent,
                check=False,
                timeout=seconds,
            ).returncode
    except subprocess.TimeoutExpired:
        raise FarmError(
            f"glossAPI in {options.python} had not ended after {seconds:g} s, which is for what hangs, and was ended: "
            f"{_tail(log)}"
        ) from None
    except OSError as error:
        raise FarmError(f"The Python of glossAPI, {options.python}, cannot be run: {error.strerror}.") from error
    finally:
        kill_owned(owner)
    if status or not answer.exists():
        raise FarmError(f"glossAPI in {options.python} ended with status {status} before its stages did: {_tail(log)}")
    told: dict[str, Any] = json.loads(answer.read_text())
    return told


def _tail(log: Path) -> str:
    return log.read_bytes()[-_LOG_BYTES:].decode(errors="replace").strip()
