# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs glossAPI's script, as it is, in glossAPI's own Python: this file is given to it as its program.

``python -c <this> <descriptor> <script> <sources> <queue> <the script's arguments>``. It imports the standard library,
and of glossAPI the queue of work that the script has for several workers. In that queue it holds an entry of the
second pass, as if another worker had it in work: the script then waits for more instead of ending, so that one start
of the engine, which takes minutes, serves many documents. Requests come as JSON lines on the standard input; what is to
be known is written to the descriptor: that the engine is loaded, that it has read pages, how many signs each of them
had and whether it was cut off at the limit of tokens, which the script tells nobody, and that a request is done.
"""

from __future__ import annotations

import functools
import json
import os
import runpy
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

# As the script takes it for a worker's name.
_KEEPER = "farm"
_LOOK_SECONDS = 0.1
# What is held is never taken for that of a worker which hangs.
NEVER_STALE_SECONDS = 1e9


def main(arguments: Sequence[str]) -> None:
    """Run the script until it ends."""
    descriptor, script, sources, queue_file, *rest = arguments
    # What the engine starts must not hold it open.
    os.set_inheritable(int(descriptor), False)
    sys.path.insert(0, sources)
    import vllm
    from glossapi.ocr.deepseek import work_queue

    lock = threading.Lock()

    def tell(message: dict[str, Any]) -> None:
        with lock:
            os.write(int(descriptor), json.dumps(message).encode() + b"\n")

    observe(vllm.LLM, tell)
    queue = Path(queue_file)
    held = hold_open(work_queue, queue)
    threading.Thread(target=serve, args=(work_queue, queue, held, sys.stdin, tell), daemon=True).start()
    sys.argv = [script, *rest, "--work-db", queue_file, "--work-stale-after-sec", str(NEVER_STALE_SECONDS)]
    runpy.run_path(script, run_name="__main__")


def observe(engine: Any, tell: Callable[[dict[str, Any]], None]) -> None:
    """Have the engine's class tell when one is loaded, and what became of each page."""
    load, generate = engine.__init__, engine.generate

    @functools.wraps(load)
    def loaded(self: Any, *arguments: Any, **options: Any) -> None:
        load(self, *arguments, **options)
        tell({"loaded": True, "rules": len(options.get("logits_processors", ()))})

    @functools.wraps(generate)
    def generated(self: Any, *arguments: Any, **options: Any) -> Any:
        outputs = generate(self, *arguments, **options)
        tell({"read": [_facts(each) for each in outputs]})
        return outputs

    engine.__init__, engine.generate = loaded, generated


def _facts(output: Any) -> tuple[int, bool]:
    """Return how many signs a page's text has, as the script counts them, and whether it was cut off."""
    if not output.outputs:
        return 0, False
    return len(output.outputs[0].text.strip()), output.outputs[0].finish_reason == "length"


def hold_open(work_queue: Any, queue: Path) -> int:
    """Make the queue, and return the number of what is held in it."""
    work_queue.init_work_db(queue, batches=[])
    second = work_queue.QUEUE_REPAIR
    (held,) = work_queue.enqueue_batches(queue, queue_name=second, batches=[{"queue_key": "held"}])
    work_queue.claim_next_batch(queue, worker_id=_KEEPER, stale_after_sec=NEVER_STALE_SECONDS, queue_name=second)
    return int(held)


def serve(work_queue: Any, queue: Path, held: int, requests: Any, tell: Callable[[dict[str, Any]], None]) -> None:
    """Put each request into the queue, and tell when all that came of it is done."""
    for line in requests:
        request = json.loads(line)
        # The same key each time: the queue stays small.
        batch = {"queue_key": "request", "page_ranges": request["page_ranges"], "pages": request["pages"]}
        work_queue.enqueue_batches(queue, queue_name=work_queue.QUEUE_MAIN, batches=[batch])
        # What has to be read a second time is in the queue before the first pass of it is done.
        while any(
            each["status"] != work_queue.STATUS_DONE and each["batch_id"] != held
            for each in work_queue.iter_work_items(queue)
        ):
            time.sleep(_LOOK_SECONDS)
        tell({"done": True})


if __name__ == "__main__":
    main(sys.argv[1:])
