# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two supervisors that lend and borrow through a local S3, without workers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from ansible_collections.glossapi.farm.plugins.module_utils._records.document import Document, DocumentState, key_of
from ansible_collections.glossapi.farm.plugins.module_utils._records.lease import Owner
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import progress_uri
from ansible_collections.glossapi.farm.plugins.module_utils._runner.config import RunConfig
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.account import Account
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.attempts import Attempt, AttemptQueue
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.fetcher import Fetched
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.loans import THREADS, Loans
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.schedule import Ahead, Schedule
from ansible_collections.glossapi.farm.plugins.module_utils._runner.work.selection import Selection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from tests.support.config import a_config

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

EXECUTOR = ThreadPoolExecutor(THREADS)


class Side:
    """One supervisor's schedule, account and loans; its documents are named by their pages.

    Args:
        client: of the S3.
        bucket: takes the results.
        shard: the supervisor's.
        pages: of its documents, in their order.
        config: fields that are other than usual.
    """

    def __init__(self, client: S3Client, bucket: S3Uri, shard: int, pages: Sequence[int], **config: object) -> None:
        self.client = client
        usual: dict[str, object] = {"results": str(bucket), "help_others": True, "piece_minutes": 1}
        self.config: RunConfig = a_config(shard=shard, node=f"node-{shard}", **usual | config)
        self.documents = [Document(f"s3://raw/{count}.pdf", count, 1) for count in pages]
        self.ended: dict[str, DocumentState] = {}
        self.now = time.monotonic()
        # Ten seconds from now on, each page took one.
        self.account = Account(self.config, self.documents, {}, clock=lambda: self.now)
        self.schedule = Schedule(
            AttemptQueue(Attempt(document, last=2) for document in self.documents), Ahead(1, 1 << 30), 1
        )
        self.fetching: list[Attempt] = []
        self.loans = self.new_loans()

    def new_loans(self) -> Loans:
        """Return the loans as the shard's next supervisor has them."""
        owner = Owner(f"token-{self.config.shard}", self.config.node)
        return Loans(self.client, self.config, owner, self.select, EXECUTOR)

    def select(self, documents: Sequence[Document]) -> Selection:
        """Return what has become of documents: what :attr:`ended` says."""
        finished = {key: self.ended[key] for document in documents if (key := key_of(document.uri)) in self.ended}
        attempts = [Attempt(document, last=2) for document in documents if key_of(document.uri) not in finished]
        return Selection(attempts, finished, len(attempts), 0, 0)

    def works_at(self, pages: int, seconds: float) -> None:
        """Have it done a document of another shard of so many pages in so many seconds."""
        self.now += seconds
        self.account.add_helped(Document("s3://raw/other.pdf", pages, 1), seconds, DocumentState.DONE)

    def report(self, state: str = "running") -> None:
        """Put its progress into S3."""
        uri = progress_uri(self.config.results_uri, self.config.shard)
        self.account.note_trade(self.schedule.lendable_pages, 0, ())
        put_bytes(self.client, uri, self.account.progress(state).to_json(), "application/json")

    def queued(self) -> list[int]:
        """Return the pages of the documents that nobody has begun, in their order; takes them all."""
        return [attempt.document.pages for attempt in self.schedule.withdraw(lambda _attempt: True)]

    def open(self, then: Callable[[], object] = lambda: None) -> None:
        """Begin to fetch, where nothing arrives before :meth:`arrive`."""

        def fetch(attempt: Attempt) -> None:
            self.fetching.append(attempt)
            then()

        self.schedule.open(fetch)

    def arrive(self) -> Attempt:
        """Have the next document on the disk."""
        attempt = self.fetching.pop(0)
        self.schedule.fetched(Fetched(attempt, Path("folder"), Path("input"), "etag", 1))
        return attempt
