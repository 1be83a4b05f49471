# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to make pictures of pages: in one thread, with the pictures written by threads, and in several processes."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.context import SpawnContext
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.backend import MOST_SIDE
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.page_image import (
    render_png,
    scale_within,
    write_png,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.pdf_input import open_document

# Pictures that wait to be written, of each thread.
_AHEAD = 2
Page = tuple[Path, int]


@dataclass(frozen=True)
class Size:
    """As a preset has it.

    Attributes:
        dpi: pixels an inch.
        most_pixels: of a picture.
    """

    dpi: int
    most_pixels: int


@dataclass(frozen=True)
class Rendered:
    """What was done: pages, seconds from the start, those of cores, and bytes of PNG."""

    pages: int
    seconds: float
    cpu_seconds: float
    bytes: int


def in_one_thread(pages: Sequence[Page], size: Size) -> Rendered:
    """Render as a worker of the backend does."""
    start, cpu = time.monotonic(), time.process_time()
    total = sum(len(render_png(page, scale)) for page, scale in _opened(pages, size))
    return Rendered(len(pages), time.monotonic() - start, time.process_time() - cpu, total)


def with_threads(pages: Sequence[Page], size: Size, threads: int) -> Rendered:
    """Render in one thread, as PDFium can be in one alone, and have others write the pictures."""
    start, cpu, total = time.monotonic(), time.process_time(), 0
    waiting: list[Future[bytes]] = []
    with ThreadPoolExecutor(threads) as pool:
        for page, scale in _opened(pages, size):
            # A bitmap is PDFium's memory, and is no more once its page is closed.
            waiting.append(pool.submit(write_png, page.render(scale=scale).to_pil().copy()))
            if len(waiting) > _AHEAD * threads:
                total += len(waiting.pop(0).result())
        total += sum(len(each.result()) for each in waiting)
    return Rendered(len(pages), time.monotonic() - start, time.process_time() - cpu, total)


def in_processes(pages: Sequence[Page], size: Size, processes: int, context: SpawnContext) -> Rendered:
    """Render in several processes, each its share of the pages, as the workers of a GPU do."""
    barrier = context.Barrier(processes)
    receiver, sender = context.Pipe(duplex=False)
    children = [
        context.Process(target=_share, args=(pages[number::processes], size, barrier, sender))
        for number in range(processes)
    ]
    for child in children:
        child.start()
    done: list[Rendered] = [receiver.recv() for _ in children]
    for child in children:
        child.join()
    return Rendered(
        sum(each.pages for each in done),
        max(each.seconds for each in done),
        sum(each.cpu_seconds for each in done),
        sum(each.bytes for each in done),
    )


def _share(pages: Sequence[Page], size: Size, barrier: Barrier, sender: Any) -> None:
    # What importing takes is no rendering.
    import PIL.Image  # noqa: F401
    import pypdfium2  # noqa: F401

    barrier.wait()
    sender.send(in_one_thread(pages, size))


def _opened(pages: Sequence[Page], size: Size) -> Iterator[tuple[Any, float]]:
    """Return each page, open, and its pixels a point; of pages in a row of one document that is opened once."""
    path, document = None, None
    try:
        for file, number in pages:
            if file != path:
                if document is not None:
                    document.close()
                path, document = file, open_document(file)
            page = document[number - 1]  # type: ignore[index]
            yield page, scale_within(*page.get_size(), dpi=size.dpi, most_pixels=size.most_pixels, most_side=MOST_SIDE)
            page.close()
    finally:
        if document is not None:
            document.close()
