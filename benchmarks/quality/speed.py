# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Core time to assess documents, page after page: ``python -m benchmarks.quality.speed <folder> [--characters 2500]``.

As a worker does it: documents in their order, words met before are remembered. Beside it stands counting their words.
"""

from __future__ import annotations

import argparse
import os
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from ansible_collections.glossapi.farm.plugins.module_utils._text.quality import assess
from benchmarks.quality.sources import documents

_KINDS = ("el", "polytonic", "en", "de", "fr", "pdf")


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="as benchmarks.quality.obtain filled it")
    parser.add_argument("--characters", type=int, default=2500, help="of a page; a thesis has about as many")
    arguments = parser.parse_args()
    corpus = os.environ.get("GLOSSAPI_FARM_CORPUS")
    pages: dict[str, list[str]] = defaultdict(list)
    for document in documents(arguments.folder, Path(corpus) if corpus else None):
        text, size = document.text, arguments.characters
        pages[document.kind] += [text[start : start + size] for start in range(0, len(text), size)]
    print(f"Pages of {arguments.characters} characters; MB/s of UTF-8 where words are new / were met before;")
    print("how many times as long as counting the words")
    for kind in (kind for kind in _KINDS if kind in pages):
        _report(kind, pages[kind])


def _report(kind: str, texts: Sequence[str]) -> None:
    size = sum(len(text.encode("utf-8", "replace")) for text in texts) / 1e6
    yardstick = _seconds(lambda text: Counter(re.findall(r"\w+", text)), texts)
    new, met = (size / _seconds(assess, texts) for _ in range(2))
    print(f"{kind:10} {size:5.1f} MB, {len(texts):6} pages: {new:5.1f} / {met:5.1f}; {size / new / yardstick:5.1f}")


def _seconds(function: Callable[[str], object], texts: Sequence[str]) -> float:
    """Return the core time of a function over the texts."""
    start = time.process_time()
    for text in texts:
        function(text)
    return time.process_time() - start


if __name__ == "__main__":
    main()
