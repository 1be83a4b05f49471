# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A converter for the scenario: waits for a token, or for the gate to be open, then writes a PDF's text.

As Triton and others do, it first compiles an extension of Python into its cache and imports it: the compiler, Python's
headers and a cache that can be written are within reach of the shard's service, in its sandbox.

One of eight pages has the machine panic instead (panic.yml).
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

from pypdfium2 import PdfDocument

_EXTENSION = """
#include <Python.h>
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, "answer"};
PyMODINIT_FUNC PyInit_answer(void) {
    PyObject *module = PyModule_Create(&definition);
    PyModule_AddIntConstant(module, "value", 42);
    return module;
}
"""


def compile_and_import() -> None:
    """Compile and import, in the cache that the node's caches.env names."""
    cache = Path(os.environ["TRITON_CACHE_DIR"])
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        source, library = Path(folder, "answer.c"), Path(folder, "answer.so")
        source.write_text(_EXTENSION)
        headers = f"-I{sysconfig.get_paths()['include']}"
        subprocess.run(["/usr/bin/gcc", "-shared", "-fPIC", headers, source, "-o", library], check=True)
        spec = importlib.util.spec_from_file_location("answer", library)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        if module.value != 42:
            raise RuntimeError("the extension that was compiled is not the one that was imported")


def wait(gate: Path) -> None:
    """Return when the gate is open, or with a token, which no other document can have then."""
    while not (gate / "open").exists():
        for token in gate.glob("token*"):
            try:
                token.unlink()
            except FileNotFoundError:
                continue
            return
        time.sleep(0.1)


source, folder, gate = map(Path, sys.argv[1:])
compile_and_import()
print(f"waiting with {source}", file=sys.stderr)
document = PdfDocument(source)
if len(document) == 8:
    (gate / "panic").touch()
    time.sleep(600)
wait(gate)
text = "\n\n".join(page.get_textpage().get_text_range() for page in document)
(folder / "document.md").write_text(text, encoding="utf-8")
