# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stand-ins for what OCR backend ``glossapi_deepseek`` runs: an engine, glossAPI's script, and its queue.

The engine knows a page by the grey square in its middle, and says what it was told to say: it serves the real script
as well. A stand-in of the script is a real process with the real one's command line.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from reportlab.pdfgen import canvas

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.text import TEXT

COMMIT = "0123456789abcdef0123456789abcdef01234567"
# Grey levels of one page after the other.
_STEP = 16
# An answer that is none: the engine dies, each time or once, or hangs.
DIE, DIE_ONCE, HANG = "die", "die once", "hang"

_ENGINE = """
import json, os, pathlib, sys, threading, types
HERE = pathlib.Path(__file__).parent
def module(name, **content):
    made = sys.modules[name] = types.ModuleType(name)
    vars(made).update(content)
class Rule:
    pass
class SamplingParams:
    def __init__(self, **options):
        self.options = options
class Text:
    def __init__(self, text, finish_reason):
        self.text, self.finish_reason = text, finish_reason
class Output:
    def __init__(self, *texts):
        self.outputs = list(texts)
# Of what the real script asks vLLM and transformers for, to make its rules.
module("vllm.model_executor")
module("vllm.model_executor.models")
module("vllm.model_executor.models.deepseek_ocr", NGramPerReqLogitsProcessor=Rule)
module("vllm.sampling_params", SamplingParams=SamplingParams)
module("vllm.v1")
module("vllm.v1.sample")
module("vllm.v1.sample.logits_processor", AdapterLogitsProcessor=Rule)
module("transformers", AutoTokenizer=Rule)
class LLM:
    def __init__(self, **options):
        with (HERE / "starts").open("a") as starts:
            starts.write(json.dumps([options["model"], os.environ.get("AWS_SECRET_ACCESS_KEY")]) + "\\n")
        self.seen = {}
    def generate(self, prompts, sampling_params=None):
        return [self.say(each["multi_modal_data"]["image"]) for each in prompts]
    def say(self, image):
        level = image.getpixel((image.width // 2, image.height // 2))[0]
        answers = json.loads((HERE / "answers.json").read_text())
        said = answers.get(str(round(level / STEP)), answers["scan"])
        number = self.seen[level] = self.seen.get(level, -1) + 1
        text, finish_reason = said[min(number, len(said) - 1)]
        if text in ("die", "hang") or (text == "die once" and not (HERE / "died").exists()):
            (HERE / "died").touch()
            print("CUDA error: the engine has had enough", flush=True)
            threading.Event().wait() if text == "hang" else os._exit(7)
        return Output(Text(text, finish_reason))
"""

_QUEUE = """
QUEUE_MAIN, QUEUE_REPAIR = "main", "repair"
STATUS_PENDING, STATUS_RUNNING, STATUS_DONE = "pending", "running", "done"
items = []
def init_work_db(path, *, batches, replace=True):
    pass
def enqueue_batches(path, *, queue_name, batches):
    for batch in batches:
        items[:] = [each for each in items if each["queue_key"] != batch["queue_key"]]
        items.append({**batch, "batch_id": len(items), "queue_name": queue_name, "status": STATUS_PENDING})
    return [each["batch_id"] for each in items[-len(batches):]]
def claim_next_batch(path, *, worker_id, stale_after_sec, queue_name):
    for each in items:
        if each["queue_name"] == queue_name and each["status"] == STATUS_PENDING:
            each["status"] = STATUS_RUNNING
            return each
def iter_work_items(path):
    return [dict(each) for each in items]
"""

_SCRIPT = """
import argparse, json, pathlib, sys, time
import pypdfium2
from glossapi.ocr.deepseek import work_queue
parser = argparse.ArgumentParser()
for name in ("input-dir", "output-dir", "model-dir", "ocr-profile", "repair-mode", "worker-id"):
    parser.add_argument("--" + name, required=True)
for name in ("render-dpi", "max-new-tokens", "batch-size", "work-max-attempts"):
    parser.add_argument("--" + name, required=True, type=int)
for name in ("gpu-memory-utilization", "work-stale-after-sec"):
    parser.add_argument("--" + name, required=True, type=float)
parser.add_argument("--work-db", required=True)
args = parser.parse_args()
from vllm import LLM
llm = LLM(model=args.model_dir, logits_processors=[1, 2])
def image_of(file, number):
    page = pypdfium2.PdfDocument(pathlib.Path(args.input_dir, file))[number - 1]
    return page.render(scale=args.render_dpi / 72).to_pil().convert("RGB")
def write(file, first, last):
    images = [image_of(file, number) for number in range(first, last + 1)]
    outputs = llm.generate([{"multi_modal_data": {"image": image}} for image in images])
    texts = [output.outputs[0].text.strip() for output in outputs]
    metrics = [{
        "page_number": number, "raw_chars": len(text), "final_chars": len(text), "page_dropped_after_repair": False,
        "empty_page_skipped": False, "garbage_early_stop_applied": False, "repair_applied": False,
    } for number, text in enumerate(texts, 1)]
    stem = f"{pathlib.Path(file).stem}__p{first:05d}-{last:05d}"
    content = texts[0]
    for number, text in enumerate(texts[1:], 2):
        content += f"\\n<!-- page:{number} -->\\n<--- Page Split --->\\n{text}"
    for path, body in ((f"markdown/{stem}.md", content + "\\n"),
                       (f"json/metrics/{stem}.metrics.json",
                        json.dumps({"page_count": len(texts), "page_metrics": metrics}))):
        target = pathlib.Path(args.output_dir, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(body)
while True:
    batch = work_queue.claim_next_batch(args.work_db, worker_id="w", stale_after_sec=9, queue_name="main")
    if batch is None:
        time.sleep(0.01)
        continue
    for spec in batch["page_ranges"]:
        file, first, last = spec.rsplit(":", 2)
        write(file, int(first), int(last))
    batch["status"] = work_queue.STATUS_DONE
"""


def pages_pdf(path: Path, numbers: Sequence[int]) -> Path:
    """Write a document whose pages the engine knows by these numbers, from 1 to 12; 0 is a blank one."""
    drawing = canvas.Canvas(str(path), pagesize=(300, 400))
    for number in numbers:
        if number:
            drawing.setFillGray(number * _STEP / 255)
            drawing.rect(50, 100, 200, 200, stroke=0, fill=1)
        drawing.showPage()
    drawing.save()
    return path


def engine_folder(folder: Path, answers: Mapping[int, Sequence[tuple[str, str]]]) -> Path:
    """Return a folder whose module ``vllm`` says of each page one answer after the other: text, and why it ended."""
    folder.mkdir()
    (folder / "vllm.py").write_text(_ENGINE.replace("STEP", str(_STEP)))
    said = {str(number): list(texts) for number, texts in answers.items()}
    (folder / "answers.json").write_text(json.dumps({**said, "scan": [[TEXT, "stop"]]}))
    return folder


def environment_of(folder: Path, engine: Path, python: str = sys.executable) -> Path:
    """Return a Python environment that has the engine."""
    (folder / "bin").mkdir(parents=True)
    program = folder / "bin" / "python"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={engine} exec {python} "$@"\n')
    program.chmod(0o755)
    (folder / "lib/python3.12/site-packages/vllm-0.18.0.dist-info").mkdir(parents=True)
    return folder


def a_checkout(folder: Path, script: str = _SCRIPT) -> Path:
    """Return a stand-in of glossAPI's sources."""
    package = folder / "src/glossapi/ocr/deepseek"
    package.mkdir(parents=True)
    for part in (package, *list(package.parents)[:2]):
        (part / "__init__.py").touch()
    (package / "work_queue.py").write_text(_QUEUE)
    (package / "run_pdf_ocr_vllm.py").write_text(script)
    (folder / ".git").mkdir()
    (folder / ".git/HEAD").write_text(f"{COMMIT}\n")
    return folder


def a_model(folder: Path) -> Path:
    """Return the folder of a model."""
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    return folder


def an_installation(
    folder: Path, answers: Mapping[int, Sequence[tuple[str, str]]], *changes: tuple[str, str]
) -> dict[str, Any]:
    """Return the backend's options for stand-ins of all that it runs.

    Args:
        folder: for all of it; the engine is in ``engine``, and has ``starts``, a line for each.
        answers: see :func:`engine_folder`.
        changes: in the script: what is there, and what is to be in its place.
    """
    script = _SCRIPT
    for old, new in changes:
        assert old in script
        script = script.replace(old, new)
    return {
        "checkout": str(a_checkout(folder / "checkout", script)),
        "environment": str(environment_of(folder / "environment", engine_folder(folder / "engine", answers))),
        "model": str(a_model(folder / "model")),
    }


def starts(folder: Path) -> int:
    """Return how often the engine in a folder was started."""
    file = folder / "engine" / "starts"
    return len(file.read_text().splitlines()) if file.exists() else 0
