# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a shard keeps its files on the node."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from .._records.stage import Stage
from .config import RunConfig

_TAIL_BYTES = 2000


@dataclass(frozen=True)
class Layout:
    """The paths of one shard below a work directory that several shards may share.

    The log is a stage's own. All else is of the one supervisor that works on the shard, at whichever stage.
    """

    workdir: Path
    shard: int
    stage: Stage = Stage.TEXT

    @classmethod
    def of(cls, config: RunConfig) -> Layout:
        """Return where the supervisor that is told this keeps its files.

        Raises:
            FarmError: there is no such pipeline.
        """
        return cls(Path(config.workdir), config.shard, config.stage)

    @property
    def config(self) -> Path:
        """What the supervisor was told to do."""
        return self.workdir / "state" / f"shard_{self.shard}.config.json"

    @property
    def lock(self) -> Path:
        """Locked while a supervisor lives; holds its process id."""
        return self.workdir / "state" / f"shard_{self.shard}.lock"

    @property
    def token(self) -> Path:
        """By which a supervisor that starts again on this machine is the same owner of the shard."""
        return self.workdir / "state" / f"shard_{self.shard}.token"

    @property
    def progress(self) -> Path:
        """The supervisor's last account of itself."""
        return self.workdir / "state" / f"shard_{self.shard}.json"

    @property
    def metrics(self) -> Path:
        """The same for node_exporter's textfile collector, which runs as another user."""
        return self.workdir / "metrics" / f"shard_{self.shard}.prom"

    @property
    def log(self) -> Path:
        """What the supervisor and its workers say."""
        stage = "" if self.stage is Stage.TEXT else f".{self.stage}"
        return self.workdir / "logs" / f"shard_{self.shard}{stage}.log"

    @property
    def bundles(self) -> Path:
        """Copies of the library for supervisors to run from."""
        return self.workdir / "runner"

    @property
    def bundle(self) -> Path:
        """A link to the copy that the supervisor started last runs from."""
        return self.bundles / f"shard_{self.shard}.zip"

    @property
    def documents(self) -> Path:
        """Documents in work, each in a folder of its own."""
        return self.workdir / "documents" / f"shard_{self.shard}"

    def document(self, uri: str) -> Path:
        """Return the folder of one document; a key may hold what no file name can, so it is hashed."""
        return self.documents / hashlib.sha256(uri.encode()).hexdigest()[:32]

    def slot(self, slot: str) -> Path:
        """Return the folder a slot's worker runs in, for what libraries write to where they happen to be."""
        return self.workdir / "tmp" / f"shard_{self.shard}" / f"slot_{quote(slot, safe='')}"

    def log_tail(self) -> str:
        """Return the end of the supervisor's log."""
        try:
            with self.log.open("rb") as file:
                file.seek(max(0, self.log.stat().st_size - _TAIL_BYTES))
                return file.read().decode(errors="replace").strip()
        except OSError as error:
            return f"(no log: {error})"

    def create(self) -> None:
        """Make the folders, readable by their owner only but for that of the metrics."""
        for folder in (self.config.parent, self.log.parent, self.bundles, self.documents):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.metrics.parent.mkdir(mode=0o755, exist_ok=True)
