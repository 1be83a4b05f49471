# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Balanced accuracy on held-out pages, and throughput: ``python -m benchmarks.quality <folder> [--each 500]``.

Limits of the contenders are the best for the development half; ours is fixed.
"""

from __future__ import annotations

import argparse
import os
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path

from benchmarks.quality.contenders import CONTENDERS, Contender
from benchmarks.quality.pages import Page, pages
from benchmarks.quality.recognisers import recognised
from benchmarks.quality.sources import documents

# Not what a text layer or a recogniser does to a page, or text all the same: reported on their own.
_UNGRADED = ("backwards", "shuffled")
_WORST = 12
_OUR_LIMIT = 0.5


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="as benchmarks.quality.obtain filled it")
    parser.add_argument("--each", type=int, default=500, help="good pages of each kind and half")
    parser.add_argument("--recognise", type=int, default=0, help="pages of each kind and half that are read by OCR")
    arguments = parser.parse_args()
    corpus = os.environ.get("GLOSSAPI_FARM_CORPUS")
    labelled = pages(documents(arguments.folder, Path(corpus) if corpus else None), arguments.each)
    read = list(recognised(labelled, arguments.recognise)) if arguments.recognise else []
    graded = [page for page in labelled if not page.kind.endswith(_UNGRADED)]
    print(f"{len(graded)} pages, {sum(page.held_out for page in graded)} held out; {len(read)} read by OCR")
    for name, make in CONTENDERS.items():
        _report(name, make(), graded, [page for page in labelled if page.kind.endswith(_UNGRADED)] + read)


def _report(name: str, contender: Contender, graded: Sequence[Page], others: Sequence[Page]) -> None:
    development = graded if name != "_text/quality" else []
    # Every fourth page is enough to choose one number by.
    some = list(islice((page for page in development if not page.held_out), 0, None, 4))
    limit = _best_limit([(contender(page.text), page.good) for page in some]) if some else _OUR_LIMIT
    held_out = [page for page in graded if page.held_out]
    texts = [page.text for page in held_out]
    size = sum(len(text.encode("utf-8", "replace")) for text in texts)
    _, yardstick = _timed(_count_words, texts)
    scores, seconds = _timed(contender, texts)
    right = defaultdict(list)
    for page, score in zip(held_out, scores, strict=True):
        right[page.good, page.kind].append((score > limit) == page.good)
    good, bad = (
        _mean([one for (is_good, _), some in right.items() if is_good is label for one in some])
        for label in (True, False)
    )
    print(f"\n{name}: balanced {(good + bad) / 2:.4f}, good {good:.4f}, bad {bad:.4f}, limit {limit:.3f}")
    print(f"  {size / seconds / 1e6:.1f} MB/s, {seconds / yardstick:.1f} times as long as counting the words")
    worst = sorted(right.items(), key=lambda item: _mean(item[1]))[:_WORST]
    print("  " + "; ".join(f"{'good ' if is_good else ''}{kind} {_mean(some):.3f}" for (is_good, kind), some in worst))
    rest = defaultdict(list)
    for page in others:
        if page.held_out:
            rest[page.kind].append((contender(page.text) > limit) == page.good)
    print(
        "  not graded: " + "; ".join(f"{kind} {_mean(some):.2f} of {len(some)}" for kind, some in sorted(rest.items()))
    )


def _timed(function: Callable[[str], float], texts: Sequence[str]) -> tuple[list[float], float]:
    """Return what a function says of each text, and the core time in seconds."""
    start = time.process_time()
    return [function(text) for text in texts], time.process_time() - start


def _count_words(text: str) -> float:
    return len(Counter(re.findall(r"\w+", text)))


def _best_limit(scores: list[tuple[float, bool]]) -> float:
    """Return the limit with the best balanced accuracy."""
    goods = sum(good for _, good in scores)
    bads = len(scores) - goods
    best, limit, above, below = 1.0, -1.0, goods, 0
    for score, equal in groupby(sorted(scores), key=itemgetter(0)):
        labels = [good for _, good in equal]
        above -= sum(labels)
        below += len(labels) - sum(labels)
        if above / goods + below / bads > best:
            best, limit = above / goods + below / bads, score
    return limit


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 1.0


if __name__ == "__main__":
    main()
