# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each test has a real process with the command line of glossAPI's script."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._children.owner import (
    OWNER_VARIABLE,
    kill_owned,
    owned_by,
)
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_deepseek.command import FILE
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_deepseek.engine import (
    Engine,
    EngineEnded,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_deepseek.options import (
    DeepSeekOptions,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_deepseek.results import (
    Answer,
    PageRange,
    read_results,
)
from tests.support.deepseek import DIE, HANG, an_installation, pages_pdf, starts
from tests.support.shards import until

pytestmark = pytest.mark.slow

GOOD = {number: [(f"κείμενο {number}", "stop")] for number in range(1, 8)}
# Cut where the command line is read.
BEFORE = "args = parser.parse_args()"


@contextmanager
def an_engine(
    folder: Path,
    answers: Mapping[int, Sequence[tuple[str, str]]],
    *changes: tuple[str, str],
    said: list[str] | None = None,
    **limits: Any,
) -> Iterator[Engine]:
    options = DeepSeekOptions.parse(an_installation(folder, answers, *changes))
    lines = [] if said is None else said
    engine = Engine(options, Path(options.model or ""), folder / "work", lines.append, **limits)
    try:
        yield engine
    finally:
        engine.stop()


def child_of_the_script(folder: Path, *, own_session: bool = False) -> tuple[str, str]:
    """Have it start a program before its engine, and write that one's id into the file ``child``."""
    child = f"subprocess.Popen(['sleep', '600'], start_new_session={own_session})"
    return BEFORE, f"{BEFORE}\nimport subprocess; pathlib.Path({str(folder / 'child')!r}).write_text(str({child}.pid))"


def test_one_start_serves_one_document_after_the_other(tmp_path: Path) -> None:
    with an_engine(tmp_path, GOOD) as engine:
        engine.start()
        for numbers in ([1, 2, 3, 4], [5, 6, 7, 1]):
            document = pages_pdf(tmp_path / "document", numbers)
            ranges = [PageRange(1, 2), PageRange(4, 4)]
            answers = engine.recognise(document, ranges)
            assert answers == [Answer(9, cut_off=False)] * 3
            results = read_results(engine.output, FILE, ranges, answers)
            assert {page: result.text for page, result in results.items()} == {
                page: f"κείμενο {numbers[page - 1]}" for page in (1, 2, 4)
            }
        assert engine.runs
        assert starts(tmp_path) == 1


def test_it_has_the_model_and_no_key_to_aws(tmp_path: Path) -> None:
    with an_engine(tmp_path, GOOD) as engine:
        engine.start()
    assert json.loads((tmp_path / "engine/starts").read_text()) == [str(tmp_path / "model"), None]


def test_what_it_says_is_passed_on_and_it_ends_when_it_is_stopped(tmp_path: Path) -> None:
    said: list[str] = []
    change = (BEFORE, f"{BEFORE}\nprint('10%\\r20%', flush=True)\nprint('over here', file=sys.stderr)")
    with an_engine(tmp_path, GOOD, change, said=said) as engine:
        engine.start()
        engine.stop()
        assert not engine.runs
    assert said == ["20%", "over here"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("raise SystemExit('no vllm here')", r"ended with status 1\. It said last: no vllm here"),
        ("import os; os._exit(0)", r"ended with status 0\."),
        ("import os; os.kill(os.getpid(), 9)", "was ended by SIGKILL"),
        ("parser.error('unrecognized arguments: --work-db')", "ended with status 2.*unrecognized arguments"),
    ],
)
def test_a_script_that_ends_before_its_engine_is_loaded_is_told_with_what_it_said(
    tmp_path: Path, change: str, told: str
) -> None:
    with an_engine(tmp_path, GOOD, (BEFORE, f"{BEFORE}\n{change}")) as engine, pytest.raises(FarmError, match=told):
        engine.start()
    assert not engine.runs


def test_a_script_that_never_loads_its_engine_is_given_up(tmp_path: Path) -> None:
    change = (BEFORE, f"{BEFORE}\nimport threading; threading.Event().wait()")
    with (
        an_engine(tmp_path, GOOD, change, start_seconds=1) as engine,
        pytest.raises(FarmError, match="had not loaded its engine within 1 s"),
    ):
        engine.start()


def test_an_environment_without_the_engine_is_told(tmp_path: Path) -> None:
    with an_engine(tmp_path, GOOD) as engine:
        (tmp_path / "engine/vllm.py").unlink()
        with pytest.raises(FarmError, match=r"ended with status 1.*No module named 'vllm'"):
            engine.start()


def test_a_python_that_does_not_run_is_told(tmp_path: Path) -> None:
    with an_engine(tmp_path, GOOD) as engine:
        (tmp_path / "environment/bin/python").chmod(0o644)
        with pytest.raises(FarmError, match=r"cannot be run by .*/environment/bin/python"):
            engine.start()


def test_a_script_that_ends_meanwhile_is_told_with_what_was_read_before(tmp_path: Path) -> None:
    with an_engine(tmp_path, {**GOOD, 3: [(DIE, "")]}) as engine:
        engine.start()
        ranges = [PageRange(1, 2), PageRange(3, 3)]
        with pytest.raises(EngineEnded, match=r"ended with status 7\. It said last: CUDA error") as told:
            engine.recognise(pages_pdf(tmp_path / "document", [1, 2, 3]), ranges)
        assert not engine.runs
        results = read_results(engine.output, FILE, ranges, told.value.answers)
        assert {page: result.text for page, result in results.items()} == {1: "κείμενο 1", 2: "κείμενο 2"}
        engine.start()
        assert engine.runs
        assert starts(tmp_path) == 2


def test_a_script_that_hangs_is_ended_with_all_it_has_started(tmp_path: Path) -> None:
    change = (BEFORE, f"{BEFORE}\nimport subprocess; print(subprocess.Popen(['sleep', '600']).pid, flush=True)")
    said: list[str] = []
    with an_engine(tmp_path, {1: [(HANG, "")]}, change, said=said, batch_seconds=-9) as engine:
        engine.start()
        with pytest.raises(EngineEnded, match="said nothing for 1 s"):
            engine.recognise(pages_pdf(tmp_path / "document", [1]), [PageRange(1, 1)])
    # Gone, or a zombie of whoever adopts orphans here.
    state = Path(f"/proc/{said[0]}/stat")
    assert not state.exists() or state.read_text().split()[2] == "Z"


def test_it_is_found_by_the_mark_of_its_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that what ends a worker's processes ends it, and what it has started, with them."""
    monkeypatch.setenv(OWNER_VARIABLE, "farm-0/slot-1")
    with an_engine(tmp_path, GOOD, child_of_the_script(tmp_path)) as engine:
        engine.start()
        # A child that was just started has no environment yet for a moment.
        until(lambda: int((tmp_path / "child").read_text()) in owned_by("farm-0/slot-1"))
        found = owned_by("farm-0/slot-1")
        assert len(found) > 1
        assert kill_owned("farm-0/slot-1") == len(found)
        with pytest.raises(EngineEnded, match="was ended by SIGKILL"):
            engine.recognise(pages_pdf(tmp_path / "document", [1]), [PageRange(1, 1)])


@pytest.mark.parametrize("own_session", [False, True])
def test_what_a_script_leaves_behind_is_ended_too(tmp_path: Path, own_session: bool) -> None:
    """The next one needs the GPU that it has."""
    change = child_of_the_script(tmp_path, own_session=own_session)
    with an_engine(tmp_path, {1: [(DIE, "")]}, change) as engine:
        engine.start()
        left = os.pidfd_open(int((tmp_path / "child").read_text()))
        with pytest.raises(EngineEnded, match="ended with status 7"):
            engine.recognise(pages_pdf(tmp_path / "document", [1]), [PageRange(1, 1)])
        try:
            assert select.select([left], [], [], 0)[0], "it still runs"
        finally:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(left, signal.SIGKILL)
            os.close(left)


def test_it_does_not_outlive_a_worker_that_is_killed(tmp_path: Path, library_path: Path) -> None:
    options = an_installation(tmp_path, GOOD, (BEFORE, f"{BEFORE}\nimport os; print(os.getpid(), flush=True)"))
    package = "ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_deepseek"
    program = (
        f"from pathlib import Path; from {package} import engine, options\n"
        f"made = engine.Engine(options.DeepSeekOptions.parse({options!r}), Path('/m'), Path('work').resolve(), print)\n"
        "made.start(); print('started', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(library_path)},
    ) as worker:
        assert worker.stdout is not None
        said = {worker.stdout.readline().strip(), worker.stdout.readline().strip()}
        (process_id,) = said - {b"started"}
        ended = os.pidfd_open(int(process_id))
        worker.kill()
        assert select.select([ended], [], [], 60)[0], "it still runs"
        os.close(ended)


def test_what_holds_its_pipe_does_not_hide_its_end(tmp_path: Path) -> None:
    """As vLLM's own process may, which is forked."""
    change = (BEFORE, f"{BEFORE}\nimport os, threading\nif os.fork() == 0: threading.Event().wait()\nos._exit(5)")
    with an_engine(tmp_path, GOOD, change) as engine, pytest.raises(FarmError, match="ended with status 5"):
        engine.start()
