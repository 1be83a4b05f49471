# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recipes for a pipeline and an OCR backend in ``docs/extending.md``, followed on a copy of the library."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from reportlab.pdfgen import canvas

from ansible_collections.glossapi.farm.plugins.module_utils._children.serving import encode
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.documents import SCAN
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.text import TEXT
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.task import Outcome, Results, Task
from ansible_collections.glossapi.farm.plugins.module_utils._records.layer import Layer, LayerPage
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.process import MODULE
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker.protocol import (
    outcome_from_message,
    task_to_message,
)
from tests.support.config import a_config

pytestmark = pytest.mark.slow


def blocks(page: Path, language: str) -> list[str]:
    """Return the page's blocks of code in this language."""
    found = re.findall(rf"^   ```{language}\n(.*?)^   ```$", page.read_text(), re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for block in found]


def add_lines(source: str, change: str) -> str:
    """Return the source with each line that the change marks with ``+`` behind the one above it."""
    lines = change.splitlines()
    for before, added in itertools.pairwise(lines):
        if added.startswith("+"):
            assert source.count(f"{before[1:]}\n") == 1, before
            source = source.replace(f"{before[1:]}\n", f"{before[1:]}\n{added[1:]}\n")
    return source


@pytest.fixture
def extended_library(repository: Path, tmp_path: Path) -> Path:
    """A copy of the library with what the recipes add; returns where Python is to look for it."""
    root = tmp_path / "library"
    plugins = root / "ansible_collections" / "glossapi" / "farm" / "plugins"
    for name in ("doc_fragments", "module_utils"):
        shutil.copytree(repository / "plugins" / name, plugins / name, ignore=shutil.ignore_patterns("__pycache__"))
    # A regular package, so that an `ansible_collections` elsewhere on the path does not come before.
    (root / "ansible_collections" / "__init__.py").touch()
    recipe = repository / "docs" / "extending.md"
    for block in blocks(recipe, "python"):
        path = plugins / "module_utils" / block.partition("\n")[0].removeprefix("# ")
        path.parent.mkdir(exist_ok=True)
        path.write_text(block)
    for block in blocks(recipe, "diff"):
        name, _end, change = block.partition("\n")
        registry = plugins / "module_utils" / name.removeprefix("--- ")
        registry.write_text(add_lines(registry.read_text(), change))
    return root


def process(library: Path, folder: Path, task: Task, pipeline: str, revision: str, **options: Any) -> Outcome:
    """Return how the document ends in a worker of production, which says that it has this revision."""
    config = a_config(workdir=str(folder), pipeline=pipeline, pipeline_options=options)
    config.save(folder / "config.json")
    finished = subprocess.run(
        [sys.executable, "-m", MODULE, str(folder / "config.json")],
        input=encode(task_to_message(task)),
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(library)},
        stdout=subprocess.PIPE,
        check=True,
    )
    ready, answer = map(json.loads, finished.stdout.splitlines())
    assert ready == {"ready": revision}
    return outcome_from_message(answer)


def test_a_pipeline_that_follows_the_recipe_processes_a_document(extended_library: Path, tmp_path: Path) -> None:
    drawing = canvas.Canvas(str(tmp_path / "a.pdf"))
    for text in ("First page", "Second page"):
        drawing.drawString(72, 700, text)
        drawing.showPage()
    drawing.save()
    folder = tmp_path / "work"
    folder.mkdir()
    task = Task("s3://b/a.pdf", "a.pdf", 2, tmp_path / "a.pdf", folder)
    outcome = process(extended_library, tmp_path, task, "pypdf", "", separator="\n---\n")
    assert isinstance(outcome, Results), outcome
    assert outcome.markdown is not None
    assert outcome.markdown.read_text() == "First page\n---\nSecond page"


# Stands for a recogniser: that it gets the page's picture can be seen here, not what reading takes.
_PROGRAM = f"""
import sys
if "--version" in sys.argv:
    print("reader 1.0")
else:
    kind, width, height, rest = sys.stdin.buffer.read().split(maxsplit=3)
    picture = rest.partition(b"\\n")[2]
    assert (kind, len(picture)) == (b"P5", int(width) * int(height)) and int(width) > 2000 and min(picture) < 128
    print({TEXT!r})
"""


def test_an_ocr_backend_that_follows_the_recipe_recognises_a_page(extended_library: Path, tmp_path: Path) -> None:
    scan, layer, folder = tmp_path / "a.pdf", tmp_path / "layer.json", tmp_path / "work"
    scan.write_bytes(SCAN)
    layer.write_bytes(Layer("s3://b/a.pdf", (LayerPage(1),)).to_json())
    folder.mkdir()
    task = Task("s3://b/a.pdf", "a.pdf", 1, scan, folder, layer, (1,))
    program = [sys.executable, "-c", _PROGRAM]
    outcome = process(extended_library, tmp_path, task, "page_program", "reader 1.0", program=program)
    assert isinstance(outcome, Results), outcome
    assert outcome.markdown is not None
    assert TEXT.strip() in outcome.markdown.read_text()
    assert outcome.quality is not None
    (page,) = json.loads(outcome.quality.read_text())["pages"]
    assert (page["source"], page["backend"]) == ("ocr", "page_program reader 1.0")


def test_the_documentation_of_the_modules_tells_of_it(extended_library: Path) -> None:
    code = (
        "from ansible_collections.glossapi.farm.plugins.doc_fragments.pipelines import ModuleDocFragment\n"
        "print(ModuleDocFragment.DOCUMENTATION)"
    )
    environment = os.environ | {"PYTHONPATH": str(extended_library)}
    documentation = subprocess.check_output([sys.executable, "-c", code], env=environment, text=True)
    names = "command, glossapi, glossapi_math, pdftext, pypdf, glossapi_deepseek, "
    names += "glossapi_rapidocr, page_program, server, tesseract"
    assert f"choices: [{names}]" in documentation
    assert "V(pypdf) has C(separator)" in documentation
    assert "V(page_program) has C(program)" in documentation
