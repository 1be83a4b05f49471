# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The process that runs glossAPI's script, its engine loaded: started once, and asked for pages of many documents."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from ...._children.descendants import descendants_of
from ...._children.lifetime import die_with_parent
from ...._children.owner import OWNER_VARIABLE, kill_owned
from ...._errors import FarmError
from .command import FILE, INPUT, OUTPUT, TEMPORARY, command, environment
from .options import DeepSeekOptions
from .results import Answer, PageRange

# A worker has 900 s until it is ready, with the scan whose text is known.
_START_SECONDS = 700.0
# What a batch of pages may take, however many it has, and each of them on top: the engine says nothing meanwhile.
_BATCH_SECONDS = 300.0
_PAGE_SECONDS = 10.0
_END_SECONDS = 10.0
# The model's own, and glossAPI's, which stops a page that repeats itself.
_RULES = 2
_STEP_BYTES = 1 << 16
_KEPT_LINES = 40
_SHOWN_LINES = 3
_LINE_CHARACTERS = 2000


class EngineEnded(Exception):  # noqa: N818 - named for what happened
    """The process ended, or had to be ended, while it had pages; the message says why.

    Attributes:
        answers: what the engine had said to them until then.
    """

    def __init__(self, message: str, answers: Sequence[Answer]) -> None:
        super().__init__(message)
        self.answers = answers


class Engine:
    """One process at a time, which dies with this one.

    Args:
        options: of the backend.
        model: the model's folder.
        folder: the process's own.
        say: takes each line that it says.
        start_seconds: until the engine is loaded.
        batch_seconds: of silence after which it is taken to hang; on top come some seconds for each page.
    """

    def __init__(
        self,
        options: DeepSeekOptions,
        model: Path,
        folder: Path,
        say: Callable[[str], None],
        *,
        start_seconds: float = _START_SECONDS,
        batch_seconds: float = _BATCH_SECONDS,
    ) -> None:
        self._options = options
        self._model = model
        self._folder = folder
        self._say = say
        self._start_seconds = start_seconds
        self._batch_seconds = batch_seconds
        # The worker's own is kept in front: what ends with the worker ends this too.
        self._owner = f"{os.environ.get(OWNER_VARIABLE, 'deepseek')}/{os.getpid()}"
        self._process: subprocess.Popen[bytes] | None = None
        self._answers = -1
        self._heard = 0.0
        self._pending = b""
        self._said: deque[str] = deque(maxlen=_KEPT_LINES)
        self._reader: threading.Thread | None = None

    @property
    def output(self) -> Path:
        """The folder that the script writes to."""
        return self._folder / OUTPUT

    @property
    def runs(self) -> bool:
        """Whether there is a process that can be asked."""
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Have a process whose engine is loaded.

        Raises:
            FarmError: it cannot be had; the message has what it said last.
        """
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)
        for name in (INPUT, OUTPUT, TEMPORARY):
            (self._folder / name).mkdir(mode=0o700, parents=True)
        self._said.clear()
        reading, writing = os.pipe()
        try:
            self._process = subprocess.Popen(
                command(self._options, self._model, self._folder, writing),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                cwd=self._folder,
                env=environment(self._options, self._folder, os.environ) | {OWNER_VARIABLE: self._owner},
                pass_fds=[writing],
                start_new_session=True,
                # Nothing else runs in a worker that forks while it holds a lock.
                preexec_fn=die_with_parent,  # noqa: PLW1509
            )
        except OSError as error:
            os.close(reading)
            raise FarmError(f"glossAPI's script cannot be run by {self._options.python}: {error}.") from error
        finally:
            os.close(writing)
        self._answers, self._pending = reading, b""
        self._reader = threading.Thread(target=self._pass_on, args=(self._process.stdout,), daemon=True)
        self._reader.start()
        for message in self._messages(self._start_seconds):
            if message.get("loaded"):
                self._require_rules(message["rules"])
                return
        late = self._is_late(self._start_seconds)
        why = f"had not loaded its engine within {self._start_seconds:g} s" if late else self._ending()
        self.stop()
        raise FarmError(f"glossAPI's script {why}{self._last_words()}")

    def recognise(self, document: Path, ranges: Sequence[PageRange]) -> list[Answer]:
        """Have the script read pages of a document into :attr:`output`; return what the engine said to each.

        Raises:
            EngineEnded: the process ended meanwhile, or hung and was ended.
        """
        process = self._process
        if process is None or process.stdin is None:
            raise AssertionError("start() comes first")
        shutil.rmtree(self.output, ignore_errors=True)
        self.output.mkdir(mode=0o700)
        # Not a link: the script names what it writes after the file that a link leads to.
        shutil.copyfile(document, self._folder / INPUT / FILE)
        pages = sum(len(each.pages) for each in ranges)
        request = {"page_ranges": [each.argument(FILE) for each in ranges], "pages": pages}
        answers: list[Answer] = []
        silence = self._batch_seconds + _PAGE_SECONDS * min(pages, self._options.batch_size)
        with suppress(BrokenPipeError):
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.flush()
        for message in self._messages(silence):
            answers += [Answer(characters, cut_off) for characters, cut_off in message.get("read", ())]
            if message.get("done"):
                return answers
        why = f"said nothing for {silence:g} s" if self._is_late(silence) else self._ending()
        self.stop()
        raise EngineEnded(f"glossAPI's script {why}{self._last_words()}", answers)

    def stop(self) -> None:
        """End the process and whatever it started; does nothing where there is none."""
        process, self._process = self._process, None
        if process is None:
            return
        # Where it ended by itself, nobody is the parent of what it left, which may be in a session of its own. The next
        # one needs the GPU's memory that they have.
        kill_owned(self._owner, *descendants_of(process.pid), process.pid)
        process.wait()
        if process.stdin is not None:
            with suppress(BrokenPipeError):
                process.stdin.close()
        os.close(self._answers)
        # What it said last, which may say why, is in the pipe.
        if self._reader is not None:
            self._reader.join(timeout=1)

    def _require_rules(self, rules: int) -> None:
        """Check that the engine has glossAPI's rules: without them the script goes on, and writes other text.

        Raises:
            FarmError: it lacks some.
        """
        if rules < _RULES:
            self.stop()
            raise FarmError(
                f"glossAPI's script has loaded its engine with {rules} of {_RULES} rules against repetition, as "
                f"{self._options.environment} does not have what they need{self._last_words()}"
            )

    def _is_late(self, silence: float) -> bool:
        return time.monotonic() >= self._heard + silence

    def _messages(self, silence: float) -> Iterator[dict[str, Any]]:
        """Yield what the process tells, until it has ended or told nothing for so many seconds."""
        self._heard = time.monotonic()
        process = self._process
        if process is None:
            return
        ended = os.pidfd_open(process.pid)
        try:
            while True:
                left = max(0.0, self._heard + silence - time.monotonic())
                # What it started may hold the pipe open.
                ready = select.select([self._answers, ended], [], [], left)[0]
                if self._answers not in ready:
                    return
                block = os.read(self._answers, _STEP_BYTES)
                if not block:
                    return
                self._heard = time.monotonic()
                *lines, self._pending = (self._pending + block).split(b"\n")
                yield from map(json.loads, lines)
        finally:
            os.close(ended)

    def _pass_on(self, output: IO[bytes]) -> None:
        with output:
            # A bar of progress is a line without an end.
            while line := output.readline(_LINE_CHARACTERS):
                text = line.decode(errors="replace").rstrip().rpartition("\r")[2]
                self._said.append(text)
                self._say(text)

    def _last_words(self) -> str:
        lines = [line.strip() for line in self._said if line.strip()][-_SHOWN_LINES:]
        return f". It said last: {' | '.join(lines)}" if lines else "."

    def _ending(self) -> str:
        process = self._process
        if process is None:
            return "ended"
        try:
            status = process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            return "does not tell any more how it goes on"
        return f"was ended by {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
