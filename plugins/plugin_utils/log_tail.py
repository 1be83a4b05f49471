# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Show a long module's log lines while it runs."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

_POLL_SECONDS = 1.0


class LogTail:
    """A context manager that passes each line of level INFO appended to a file to ``show``.

    The file may be absent at first. Lines that are in it already are not shown.
    """

    def __init__(self, path: Path, show: Callable[[str], None]) -> None:
        self._path = path
        self._show = show
        self._offset = path.stat().st_size if path.exists() else 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def __enter__(self) -> LogTail:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._show_new_lines()

    def _follow(self) -> None:
        while not self._stop.wait(_POLL_SECONDS):
            self._show_new_lines()

    def _show_new_lines(self) -> None:
        if not self._path.exists():
            return
        with self._path.open("rb") as log:
            log.seek(self._offset)
            complete, newline, _rest = log.read().rpartition(b"\n")
        self._offset += len(complete) + len(newline)
        for line in complete.decode("utf-8", "replace").splitlines():
            # A warning is about one document: with a million of them they belong into the file alone.
            if " INFO " in line:
                self._show(line)


class LogTailAction(ActionBase):  # type: ignore[misc]
    """Runs the module of its own name; on the controller itself it shows the module's ``log_file`` meanwhile."""

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the module's result."""
        super().run(tmp, task_vars)
        arguments = dict(self._task.args)
        if self._connection.transport != "local":
            return self._run_module(arguments, task_vars)
        with tempfile.TemporaryDirectory(prefix="glossapi_farm_") as folder:
            arguments["log_file"] = arguments.get("log_file") or str(Path(folder, "log"))
            with LogTail(Path(arguments["log_file"]), Display().display):
                return self._run_module(arguments, task_vars)

    def _run_module(self, arguments: dict[str, Any], task_vars: dict[str, Any] | None) -> dict[str, Any]:
        result: dict[str, Any] = self._execute_module(
            module_name=self._task.action, module_args=arguments, task_vars=task_vars
        )
        return result
