# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Its parts; test_engine.py runs all of it."""

from __future__ import annotations

import ast
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.glossapi_deepseek import launcher

PATH = Path("/queue.db")


class WorkQueue:
    """glossAPI's queue, in memory; ``steps`` is what becomes of its entries from one look to the next."""

    QUEUE_MAIN, QUEUE_REPAIR, STATUS_DONE = "main", "repair", "done"

    def __init__(self, *steps: list[tuple[int, str]]) -> None:
        self.calls: list[Any] = []
        self.looks = iter(steps)

    def init_work_db(self, path: Path, *, batches: list[Any]) -> None:
        self.calls.append(("init", path, batches))

    def enqueue_batches(self, path: Path, *, queue_name: str, batches: list[Any]) -> list[int]:
        self.calls.append(("enqueue", path, queue_name, batches))
        return [5]

    def claim_next_batch(self, path: Path, *, worker_id: str, stale_after_sec: float, queue_name: str) -> None:
        self.calls.append(("claim", path, worker_id, stale_after_sec, queue_name))

    def iter_work_items(self, _path: Path) -> Iterator[dict[str, Any]]:
        return ({"batch_id": number, "status": status} for number, status in next(self.looks))


def test_an_entry_of_the_second_pass_is_held_so_that_the_script_waits_for_more() -> None:
    queue = WorkQueue()
    assert launcher.hold_open(queue, PATH) == 5
    assert queue.calls == [
        ("init", PATH, []),
        ("enqueue", PATH, "repair", [{"queue_key": "held"}]),
        ("claim", PATH, "farm", launcher.NEVER_STALE_SECONDS, "repair"),
    ]


def test_a_request_is_done_when_its_second_pass_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)
    held = (0, "running")
    queue = WorkQueue(
        [held, (1, "pending")],
        [held, (1, "running")],
        [held, (1, "done"), (2, "pending")],
        [held, (1, "done"), (2, "done")],
    )
    told: list[Any] = []
    launcher.serve(queue, PATH, 0, ['{"page_ranges": ["document.pdf:1:2"], "pages": 2}'], told.append)
    batch = {"queue_key": "request", "page_ranges": ["document.pdf:1:2"], "pages": 2}
    assert queue.calls == [("enqueue", PATH, "main", [batch])]
    assert told == [{"done": True}]
    with pytest.raises(StopIteration):
        next(queue.looks)


def test_the_engine_tells_that_it_is_loaded_and_what_it_has_read() -> None:
    def said(text: str, reason: str) -> SimpleNamespace:
        return SimpleNamespace(outputs=[SimpleNamespace(text=text, finish_reason=reason)])

    class Engine:
        def __init__(self, model: str, logits_processors: list[Any] | None = None) -> None:
            self.model, self.rules = model, logits_processors

        def generate(self, prompts: list[SimpleNamespace], sampling_params: int = 0) -> list[SimpleNamespace]:
            assert sampling_params == 3
            return prompts

    told: list[Any] = []
    launcher.observe(Engine, told.append)
    engine = Engine("m", logits_processors=[1, 2])
    outputs = [said(" αβ\n", "stop"), said("γ", "length"), SimpleNamespace(outputs=[])]
    assert engine.generate(outputs, sampling_params=3) is outputs
    assert engine.rules == [1, 2]
    assert told == [{"loaded": True, "rules": 2}, {"read": [(2, False), (1, True), (0, False)]}]
    assert Engine("m").model == "m"
    assert told[-1] == {"loaded": True, "rules": 0}


def test_it_runs_the_script_as_if_that_had_been_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "glossapi/ocr/deepseek"
    package.mkdir(parents=True)
    (package / "work_queue.py").write_text(
        "QUEUE_REPAIR = 'repair'\ndef init_work_db(path, batches): pass\n"
        "def enqueue_batches(path, queue_name, batches): return [0]\ndef claim_next_batch(path, **options): pass\n"
    )
    script = tmp_path / "script.py"
    script.write_text("import sys, vllm\nassert __name__ == '__main__'\nvllm.LLM()\nvllm.arguments = sys.argv\n")
    vllm = SimpleNamespace(LLM=type("LLM", (), {"generate": None}), arguments=[])
    for name in [name for name in sys.modules if name.partition(".")[0] == "glossapi"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "vllm", vllm)
    monkeypatch.setattr(sys, "argv", [])
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "stdin", [])
    monkeypatch.setattr(vllm.LLM, "generate", lambda _self: [], raising=False)
    reading, writing = os.pipe()
    try:
        launcher.main([str(writing), str(script), str(tmp_path), "/q.db", "--input-dir", "/in"])
        assert json.loads(os.read(reading, 1000)) == {"loaded": True, "rules": 0}
    finally:
        os.close(reading)
        os.close(writing)
        for name in [name for name in sys.modules if name.partition(".")[0] == "glossapi"]:
            del sys.modules[name]
    stale = ["--work-stale-after-sec", "1000000000.0"]
    assert vllm.arguments == [str(script), "--input-dir", "/in", "--work-db", "/q.db", *stale]


def test_it_imports_nothing_of_this_library_since_glossapis_python_does_not_have_it() -> None:
    tree = ast.parse(Path(str(launcher.__file__)).read_text())
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {node.level for node in imports} == {0}
    assert not any("ansible" in (node.module or "") for node in imports)
