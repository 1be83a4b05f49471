# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""One worker of a backend that is compared: has the backend made as stage ``ocr`` does, and reads what it is told.

Run as ``python -m ...worker`` by :mod:`run`; the first message says which backend. Texts go through files, as a page of
them may be longer than a message.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .._children.serving import attach
from .._errors import FarmError
from .._pipelines.failures import DocumentFailure, GpuFault
from .._pipelines.kind import WorkerContext
from .._pipelines.ocr.backend import OcrBackend
from .._pipelines.ocr.registry import backend_kind
from .._pipelines.ocr.trial import create_tried
from .._s3.connection import Connection
from .._s3.uri import S3Uri

_LOG = logging.getLogger(__name__)


def main() -> int:
    """Work until the pipe is closed."""
    parent = attach()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s worker %(levelname)s %(message)s")
    messages = iter(parent)
    orders = next(messages)
    try:
        kind = backend_kind(orders["backend"])
        worker = WorkerContext(
            orders["options"],
            orders["workers"],
            Path.cwd(),
            S3Uri.parse(orders["output"]),
            Connection(),
        )
        backend, _name = create_tried(kind, worker)
        revision = kind.revision(orders["options"])
    except (FarmError, ImportError) as error:
        _LOG.error("the backend cannot be made: %s", error)
        parent.tell({"problem": str(error)})
        return 1
    parent.tell_ready(revision)
    for task in messages:
        parent.tell(read(backend, task))
    return 0


def read(backend: OcrBackend, task: Mapping[str, Any]) -> dict[str, Any]:
    """Have pages read; nothing that a backend raises ends the worker.

    Args:
        backend: of the worker.
        task: the ``document``, its first ``pages``, an empty ``folder`` for files, and the file ``texts`` for what is
            read, by the page's number.

    Returns:
        The ``seconds`` that it took, and ``failure`` where no page was read, or ``fault`` where no other will be.
    """
    numbers = range(1, task["pages"] + 1)
    begin = time.perf_counter()
    try:
        texts = backend.recognise(Path(task["document"]), numbers, Path(task["folder"]))
    except GpuFault as fault:
        return {"fault": str(fault)}
    except DocumentFailure as failure:
        return {"failure": str(failure), "seconds": time.perf_counter() - begin}
    except Exception as error:
        _LOG.exception("%s", task["document"])
        return {"failure": f"{type(error).__name__}: {error}", "seconds": time.perf_counter() - begin}
    seconds = time.perf_counter() - begin
    Path(task["texts"]).write_text(json.dumps(texts), encoding="utf-8")
    return {"seconds": seconds}


if __name__ == "__main__":
    sys.exit(main())
