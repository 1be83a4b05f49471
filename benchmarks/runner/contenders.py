# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways to process a list of documents on several slots; each returns its wall time in seconds."""

from __future__ import annotations

import asyncio
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError
from botocore.response import StreamingBody

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.layout import Layout
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.account import Account
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.attempts import Attempt
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.order import in_order
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.supervisor import (
    Hooks,
    Supervisor,
    threads_for,
)
from ansible_collections.glossapi.farm.plugins.module_utils._runner.worker import process as worker_process
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from benchmarks.runner.worker import LOAD_VARIABLE

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

SEED = 1
# What the shell's contenders start for each document: a program that loads its models, then works.
_PROGRAM = "import sys, time; time.sleep(float(sys.argv[1]) + float(sys.argv[2]))"


@dataclass(frozen=True)
class Job:
    """The work to do.

    Attributes:
        seconds: how long each document takes, in the order of the list.
        load_seconds: how long models take to load.
        slots: how many documents at once, or GPUs.
        folder: empty.
        workers_per_gpu: how many documents each of these GPUs has at once.
    """

    seconds: Sequence[float]
    load_seconds: float
    slots: int
    folder: Path
    workers_per_gpu: int = 0

    @property
    def ideal(self) -> float:
        """What no schedule can be below: one load, and the even share or the longest document."""
        return self.load_seconds + max(sum(self.seconds) / self.slots, *self.seconds)

    def config(self, endpoint_url: str) -> RunConfig:
        """Return a supervisor's configuration."""
        return RunConfig(
            shard=1,
            manifests="s3://benchmark/shards",
            results="s3://benchmark/results",
            workdir=str(self.folder),
            node="benchmark",
            # One that leaves the number of workers to its operator; the benchmark's own worker takes its place.
            pipeline="command",
            pipeline_options={"command": "true"},
            slots=tuple(str(slot) for slot in range(self.slots)),
            workers_per_gpu=self.workers_per_gpu,
            timeout_base=3600,
            timeout_per_page=0,
            max_attempts=2,
            prefetch=8,
            grace_seconds=0,
            outage_seconds=60,
            endpoint_url=endpoint_url,
            worker_documents=1_000_000,
        )


def heavy_tailed(documents: int, total_seconds: float) -> list[float]:
    """Return log-normal times (as of page counts: sigma 1.1) that add up to the total."""
    chance = random.Random(SEED)
    times = [chance.lognormvariate(0, 1.1) for _number in range(documents)]
    return [round(each * total_seconds / sum(times), 4) for each in times]


class MemoryS3:
    """As much of an S3 client as a supervisor uses, at no cost."""

    def __init__(self) -> None:
        self._objects: dict[str, bytes] = {}

    def put_object(self, **options: Any) -> dict[str, str]:
        """Keep an object."""
        body = options["Body"]
        self._objects[options["Key"]] = body if isinstance(body, bytes) else body.read()
        return {"ETag": '"etag"'}

    def get_object(self, **options: Any) -> dict[str, Any]:
        """Return an object."""
        body = self._objects.get(options["Key"])
        if body is None:
            raise ClientError({"Error": {"Code": "NoSuchKey", "Message": "there is none"}}, "GetObject")
        return {"ContentLength": len(body), "ETag": '"etag"', "Body": StreamingBody(BytesIO(body), len(body))}


def supervisor(job: Job, endpoint_url: str, client: S3Client | None = None) -> float:
    """Process with the supervisor; pages are what it knows of the times, so they are these in 0.01 s.

    Args:
        job: the work.
        endpoint_url: of a real S3.
        client: in place of one for that.
    """
    config = job.config(endpoint_url)
    layout = Layout(job.folder, 1)
    layout.create()
    config.save(layout.config)
    client = client or config.connection().client(pool_size=threads_for(config))
    documents = []
    for number, seconds in enumerate(job.seconds):
        uri = S3Uri("benchmark", f"{job.folder.name}/{number}.pdf")
        body = str(seconds).encode()
        put_bytes(client, uri, body, "application/pdf")
        documents.append(Document(str(uri), max(1, round(100 * seconds)), len(body)))
    worker_process.MODULE = "benchmarks.runner.worker"
    os.environ["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, filter(None, sys.path)))
    os.environ[LOAD_VARIABLE] = str(job.load_seconds)
    attempts = [Attempt(document) for document in in_order(documents)]
    begin = time.perf_counter()
    ending = asyncio.run(Supervisor(config, client, client, attempts, Account(config, documents, {}), Hooks()).run())
    elapsed = time.perf_counter() - begin
    if ending.progress.done != len(documents):
        raise SystemExit(f"Not all documents are done: {ending.progress}")
    return elapsed


def while_read(job: Job) -> float:
    """Process one after the other, as ``while read uri; do ...; done < list`` does."""
    return _shell(job, [job.seconds], 'while read seconds; do "$0" -c "$1" "$2" "$seconds"; done < list-0')


def xargs(job: Job) -> float:
    """Process with ``xargs -P``, a program for each document."""
    return _shell(job, [job.seconds], f'xargs -n 1 -P {job.slots} "$0" -c "$1" "$2" < list-0')


def static_split(job: Job) -> float:
    """Process a list of as many documents on each slot, each with its ``while read``."""
    count = -(-len(job.seconds) // job.slots)
    lists = [job.seconds[first : first + count] for first in range(0, len(job.seconds), count)]
    loop = 'while read seconds; do "$0" -c "$1" "$2" "$seconds"; done < list-{}'
    return _shell(job, lists, " & ".join(f"({loop.format(number)})" for number in range(len(lists))) + " & wait")


def _shell(job: Job, lists: Sequence[Sequence[float]], script: str) -> float:
    for number, seconds in enumerate(lists):
        (job.folder / f"list-{number}").write_text("".join(f"{each}\n" for each in seconds))
    begin = time.perf_counter()
    command = ["sh", "-c", script, sys.executable, _PROGRAM, str(job.load_seconds)]
    subprocess.run(command, cwd=job.folder, check=True)
    return time.perf_counter() - begin
