# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.text import TEXT
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.clock import DocumentClock
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure, GpuFault
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server import backend as module
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.answers import Answer
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.backend import ServerBackend
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.chat import (
    ChatClient,
    PageFailed,
    PageLate,
    PageRefused,
    ServerGone,
    parse_answer,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.messages import Phase, State
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.permits import Permits
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.preset import Preset
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.page_image import render_png
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from tests.support.clock import ClockOf
from tests.support.inference import Reply, ScriptedServer, a_preset, completion
from tests.support.pdfs import pdf

TEXTS = "κείμενο της σελίδας"
# In the order in which they are asked where one page is in flight at a time.
Ask = Callable[[int, int, Mapping[str, Any]], Answer]


class Server:
    """Servers that follow each other where a worker suspects one, or a test has it end."""

    def __init__(self) -> None:
        self.generation = 1
        self.suspicions: list[str] = []
        self.problem = ""
        self.is_alone = False
        self.awaited = 0

    def wait_until_ready(self) -> State:
        if self.problem:
            raise FarmError(self.problem)
        return State(Phase.READY, self.generation, 4711)

    def is_current(self, generation: int) -> bool:
        return generation == self.generation

    def suspect(self, generation: int, why: str) -> None:
        self.suspicions.append(f"{generation} {why}")
        self.generation = generation + 1

    @contextmanager
    def turn(self, *, alone: bool) -> Iterator[None]:
        self.is_alone = alone
        yield
        self.is_alone = False

    def is_awaited(self) -> bool:
        self.awaited -= 1
        return self.awaited >= 0


class Client:
    """Answers by a function, given how often it was asked, the server's generation, and what the request has on top."""

    def __init__(self, server: Server, ask: Ask) -> None:
        self._server = server
        self._ask = ask
        self._lock = threading.Lock()
        self.asked = 0

    def ask(self, _port: int, _image: bytes, more: Mapping[str, Any], _is_current: Callable[[], bool]) -> Answer:
        with self._lock:
            self.asked += 1
            asked = self.asked
        return self._ask(asked, self._server.generation, more)


def a_backend(folder: Path, ask: Ask, most: int = 1) -> tuple[ServerBackend, Server]:
    server = Server()
    client: Any = Client(server, ask)
    preset = Preset.parse(a_preset(Path("/t"), dpi=20))
    permits = Permits(folder / "permits", most)
    backend = ServerBackend(preset, server, client, permits, name="server x", folder=folder, clock=NotedClock())
    return backend, server


class NotedClock(DocumentClock):
    """Notes what it is told."""

    def __init__(self) -> None:
        self.is_paused = False
        self.returned: list[float] = []

    @contextmanager
    def paused(self) -> Iterator[None]:
        was_paused, self.is_paused = self.is_paused, True
        try:
            yield
        finally:
            self.is_paused = was_paused

    def give_back(self, seconds: float) -> None:
        self.returned.append(seconds)


def read(backend: ServerBackend, folder: Path, pages: int = 3) -> dict[int, str]:
    path = folder / "a.pdf"
    path.write_bytes(pdf(pages))
    return backend.recognise(path, list(range(1, pages + 1)), folder)


class PageClient:
    """Answers by a function, given which page it is asked for: 0 is the scan that tells whether a server answers."""

    def __init__(self, ask: Callable[[int], Answer]) -> None:
        self._ask = ask
        self.asked: list[int] = []

    def ask(self, _port: int, image: bytes, *_what: object) -> Answer:
        self.asked.append(int(image))
        return self._ask(int(image))


@pytest.fixture
def by_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[ServerBackend, Server, PageClient]]:
    """Return a backend whose client is asked for pages by their number, and whose next servers all read."""
    monkeypatch.setattr(module, "require_reading", lambda *_what: None)
    monkeypatch.setattr(
        ServerBackend,
        "_render",
        lambda backend, source, number: str(0 if source is backend._scan else number).encode(),
    )

    def make(ask: Callable[[Server, int], Answer], most: int = 1) -> tuple[ServerBackend, Server, PageClient]:
        backend, server = a_backend(tmp_path, good, most)
        client = PageClient(lambda page: ask(server, page))
        stand_in: Any = client
        backend._client = stand_in
        return backend, server, client

    return make


def good(*_what: object) -> Answer:
    return Answer(f"<p>{TEXTS}</p>", "stop")


def test_the_text_of_each_page_is_its_markdown(tmp_path: Path) -> None:
    backend, _server = a_backend(tmp_path, good)
    assert read(backend, tmp_path) == dict.fromkeys([1, 2, 3], TEXTS)


def test_as_many_pages_are_in_flight_and_in_memory_as_may_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    most, pages = 4, 16
    all_there = threading.Barrier(most)
    rendered = answered = 0
    in_memory: list[int] = []

    def render(*what: Any) -> bytes:
        nonlocal rendered
        rendered += 1
        in_memory.append(rendered - answered)
        return original(*what)

    def ask(*_what: object) -> Answer:
        nonlocal answered
        # Broken, if fewer ever came together.
        all_there.wait(30)
        answered += 1
        return Answer(TEXTS, "stop")

    original = render_png
    monkeypatch.setattr(module, "render_png", render)
    backend, _server = a_backend(tmp_path, ask, most)
    assert len(read(backend, tmp_path, pages)) == pages
    assert max(in_memory) <= most + 1


@pytest.mark.parametrize(
    "bad",
    [Answer(TEXTS, "length"), Answer("και πάλι τα ίδια λόγια " * 200, "stop"), Answer("", "stop")],
    ids=["cut off", "repeats", "empty"],
)
def test_a_page_that_cannot_be_whole_is_asked_once_more_by_other_rules(tmp_path: Path, bad: Answer) -> None:
    asked: list[Mapping[str, Any]] = []

    def ask(number: int, _generation: int, more: Mapping[str, Any]) -> Answer:
        asked.append(more)
        return bad if number == 1 else good()

    backend, _server = a_backend(tmp_path, ask)
    assert read(backend, tmp_path, 1) == {1: TEXTS}
    assert asked == [{}, {"repetition_penalty": 1.1}]


def test_one_that_is_cut_off_twice_is_given_up_and_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    backend, _server = a_backend(tmp_path, lambda number, *_what: Answer(TEXTS, "length") if number < 3 else good())
    assert read(backend, tmp_path, 2) == {2: TEXTS}
    assert "page 1 is given up: its answer was cut off (length, after 19 characters), the second" in caplog.text


EMPTY = Answer("\n", "stop")
LOOP = Answer("και πάλι τα ίδια λόγια " * 200, "stop")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Answer("\n" * 4096, "length"), Answer("\n" * 4096, "length")),
        (Answer(TEXTS, "length"), EMPTY),
        (LOOP, EMPTY),
        (EMPTY, Answer("\n" * 4096, "length")),
    ],
    ids=["empty lines to the limit", "cut off", "repeats", "cut off then"],
)
def test_one_that_was_cut_off_or_repeats_itself_is_never_blank(tmp_path: Path, first: Answer, second: Answer) -> None:
    backend, _server = a_backend(tmp_path, lambda number, *_what: first if number == 1 else second)
    assert read(backend, tmp_path, 1) == {}


def test_one_on_which_nothing_is_read_twice_has_no_text(tmp_path: Path) -> None:
    backend, _server = a_backend(tmp_path, lambda *_what: Answer("\n", "stop"))
    assert read(backend, tmp_path, 1) == {1: ""}


def test_one_that_is_refused_does_not_stop_the_others(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    def ask(number: int, *_what: object) -> Answer:
        if number == 2:
            raise PageRefused("too many tokens")
        return good()

    backend, _server = a_backend(tmp_path, ask)
    assert read(backend, tmp_path).keys() == {1, 3}
    assert "page 2 is given up: too many tokens" in caplog.text


@pytest.mark.server
@pytest.mark.parametrize("faults", [1, 3])
def test_an_answer_with_half_a_character_is_asked_for_again_and_then_given_up(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, faults: int
) -> None:
    """The first page's alone: of bytes, which no text is made of, not even a part of one."""
    half = Reply(body=completion(f"{TEXTS} α").body.replace(b"\\u03b1", "α".encode()[:1]))
    assert half.body != completion(f"{TEXTS} α").body
    with ScriptedServer(lambda number, _request: half if number <= faults else completion(TEXTS)) as server:
        backend, servers = a_backend(tmp_path, good)
        asked = ChatClient(backend._preset, 1).ask
        client: Any = Client(servers, good)
        client.ask = lambda _port, *what: asked(server.port, *what)
        backend._client = client
        texts = read(backend, tmp_path)
    assert texts == dict.fromkeys([1, 2, 3] if faults == 1 else [2, 3], TEXTS)
    told = "page 1 is given up: the server's answer is none ('utf-8' codec can't decode byte 0xce"
    assert (told in caplog.text) == (faults == 3)
    assert servers.generation == 1


def test_half_of_a_pair_in_an_answer_is_told_in_the_text_and_can_be_written(tmp_path: Path) -> None:
    """As JSON can have it, where the model was cut off in the middle of a character."""
    backend, _server = a_backend(tmp_path, lambda *_what: parse_answer(completion(f"{TEXTS} \ud83d").body))
    texts = read(backend, tmp_path, 1)
    assert texts == {1: f"{TEXTS} \N{REPLACEMENT CHARACTER}"}
    assert texts[1].encode()


def test_pages_that_a_server_had_when_it_ended_are_put_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(_number: int, generation: int, _more: object) -> Answer:
        if generation == 1:
            server.generation = 2
            raise ServerGone("reset")
        return good()

    proven: list[str] = []
    monkeypatch.setattr(module, "require_reading", lambda _backend, name, _folder: proven.append(name))
    backend, server = a_backend(tmp_path, ask, 2)
    assert read(backend, tmp_path) == dict.fromkeys([1, 2, 3], TEXTS)
    assert server.generation == 2
    assert proven == ["server x, started again,"]


ByPage = Callable[..., tuple[ServerBackend, Server, PageClient]]


def test_a_page_that_ends_each_server_is_found_alone_and_given_up(
    tmp_path: Path, by_page: ByPage, caplog: pytest.LogCaptureFixture
) -> None:
    def ask(server: Server, page: int) -> Answer:
        if page == 2:
            was_alone.append(server.is_alone)
            server.generation += 1
            raise ServerGone("it ended")
        return good()

    was_alone: list[bool] = []
    backend, server, client = by_page(ask)
    assert read(backend, tmp_path) == {1: TEXTS, 3: TEXTS}
    # Nobody else asks then, and the server has just answered.
    assert was_alone == [False, False, True]
    assert client.asked[-3:] == [0, 2, 3]
    assert server.generation == 4
    assert "page 2 is given up, asked alone: it ended" in caplog.text


def test_a_page_is_not_to_blame_for_a_server_that_does_not_answer_before_it(tmp_path: Path, by_page: ByPage) -> None:
    """Another worker's page, or the GPU, ended the first three: this one is still asked."""

    def ask(server: Server, _page: int) -> Answer:
        if server.generation <= 3:
            server.generation += 1
            raise ServerGone("reset")
        return good()

    backend, _server, client = by_page(ask)
    assert read(backend, tmp_path) == dict.fromkeys([1, 2, 3], TEXTS)
    assert client.asked == [1, 1, 0, 0, 1, 2, 3]


def test_pages_wait_while_another_worker_is_to_be_alone(tmp_path: Path, by_page: ByPage) -> None:
    turns = 0

    class Counted(Server):
        @contextmanager
        def turn(self, *, alone: bool) -> Iterator[None]:
            nonlocal turns
            turns += 1
            with super().turn(alone=alone):
                yield

    backend, _server, client = by_page(lambda _server, _page: good(), 4)
    backend._server = server = Counted()
    server.awaited = 2
    assert read(backend, tmp_path) == dict.fromkeys([1, 2, 3], TEXTS)
    assert (turns, sorted(client.asked)) == (3, [1, 2, 3])


@pytest.mark.parametrize("problem", [PageLate("no answer within 180 s"), PageFailed("status 500")])
@pytest.mark.parametrize("most", [1, 4])
def test_a_server_that_answers_for_no_page_is_suspected_and_the_pages_are_put_to_the_next(
    tmp_path: Path, by_page: ByPage, problem: Exception, most: int
) -> None:
    def ask(server: Server, _page: int) -> Answer:
        if server.generation == 1:
            raise problem
        return good()

    backend, server, _client = by_page(ask, most)
    assert read(backend, tmp_path) == dict.fromkeys([1, 2, 3], TEXTS)
    assert server.suspicions == [f"1 it has no answer for a scan that others read: {problem}"]


@pytest.mark.parametrize(
    ("problem", "tries", "told"),
    [
        (PageLate("no answer within 180 s"), 1, "page 2 is given up: no answer within 180 s"),
        (PageFailed("status 500"), 2, "page 2 is given up, asked alone: status 500"),
    ],
    ids=["late", "failed"],
)
def test_a_page_is_to_blame_where_its_server_answers_for_another(
    tmp_path: Path, by_page: ByPage, caplog: pytest.LogCaptureFixture, problem: Exception, tries: int, told: str
) -> None:
    def ask(_server: Server, page: int) -> Answer:
        if page == 2:
            raise problem
        return good()

    backend, server, client = by_page(ask, 4)
    assert read(backend, tmp_path) == {1: TEXTS, 3: TEXTS}
    assert client.asked.count(2) == tries
    assert server.suspicions == []
    assert told in caplog.text


def test_the_time_of_a_server_that_is_started_again_is_no_documents(
    by_page: ByPage, tmp_path: Path, clock_of: ClockOf
) -> None:
    """Nor is that since its last answer."""

    class Watched(Server):
        def wait_until_ready(self) -> State:
            seen.append(("ready", clock.is_paused))
            return super().wait_until_ready()

        @contextmanager
        def turn(self, *, alone: bool) -> Iterator[None]:
            seen.append(("turn", clock.is_paused))
            with super().turn(alone=alone):
                yield

    def ask(server: Server, page: int) -> Answer:
        seen.append((f"page {page}", clock.is_paused))
        passing.sleep(10)
        if page == 2 and server.generation == 1:
            # It hangs, for the scan too.
            passing.sleep(170)
            raise PageLate("no answer within 180 s")
        if page == 0:
            server.generation += 1
            raise ServerGone("it ended")
        return good()

    passing = clock_of(module)
    seen: list[tuple[str, bool]] = []
    backend, _server, _client = by_page(ask)
    backend._server = Watched()
    clock: Any = backend._clock
    assert read(backend, tmp_path) == dict.fromkeys([1, 2, 3], TEXTS)
    pause = [("ready", True), ("turn", True)]
    assert [what for what in seen if what[1]] == [*pause, ("page 0", True), *pause]
    assert clock.returned == [180]


def test_a_page_that_raises_what_nobody_expects_takes_no_permit_with_it(tmp_path: Path, by_page: ByPage) -> None:
    def ask(_server: Server, page: int) -> Answer:
        if page == 1:
            raise RuntimeError("a bug")
        return good()

    backend, _server, _client = by_page(ask, 2)
    for _document in range(3):
        with pytest.raises(RuntimeError, match="a bug"):
            read(backend, tmp_path)
    assert {backend._permits.acquire() for _permit in range(2)} == {0, 1}


def test_the_time_of_a_page_that_fails_alone_is_its_documents(tmp_path: Path, by_page: ByPage) -> None:
    def ask(server: Server, page: int) -> Answer:
        if page:
            server.generation += 1
            raise ServerGone("it ended")
        return good()

    backend, _server, _client = by_page(ask)
    clock: Any = backend._clock
    assert read(backend, tmp_path, 1) == {}
    # Twice it may have been another's fault.
    assert len(clock.returned) == 2


def test_a_server_that_refuses_the_scan_answers_all_the_same(tmp_path: Path, by_page: ByPage) -> None:
    def ask(_server: Server, page: int) -> Answer:
        raise PageRefused("status 404") if page == 0 else PageLate("no answer within 180 s")

    backend, server, _client = by_page(ask)
    assert read(backend, tmp_path, 1) == {}
    assert server.suspicions == []


def test_a_server_that_was_started_again_and_does_not_read_is_a_fault_of_the_gpu(tmp_path: Path) -> None:
    backend, server = a_backend(
        tmp_path,
        lambda *_what: Answer("H oeAi5a auth ypagtnke yia va eAeyx8ei", "stop"),
    )
    read(backend, tmp_path, 1)
    server.generation = 2
    with pytest.raises(GpuFault, match="server x, started again, does not read a scan whose text is known"):
        read(backend, tmp_path, 1)


def test_one_that_reads_is_trusted_until_the_next(tmp_path: Path) -> None:
    backend, server = a_backend(tmp_path, lambda *_what: Answer(TEXT, "stop"))
    read(backend, tmp_path, 1)
    server.generation = 2
    client: Any = backend._client
    before = client.asked
    read(backend, tmp_path, 1)
    assert client.asked == before + 2
    read(backend, tmp_path, 1)
    assert client.asked == before + 3


def test_no_server_any_more_is_a_fault_of_the_gpu(tmp_path: Path) -> None:
    backend, server = a_backend(tmp_path, good)
    server.problem = "The server cannot be had: it died 5 times."
    with pytest.raises(GpuFault, match="it died 5 times"):
        read(backend, tmp_path)


def test_pages_are_put_to_the_server_that_is_there_after_the_proof(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proven: list[int] = []

    def prove(backend: ServerBackend, *_what: object) -> None:
        proven.append(server.generation)
        if server.generation == 2:
            # It ends while it reads the scan, which is put to the next one.
            server.generation = 3
            backend._ready()

    monkeypatch.setattr(module, "require_reading", prove)
    backend, server = a_backend(tmp_path, good)
    read(backend, tmp_path, 1)
    server.generation = 2
    assert backend._ready().generation == 3
    assert proven == [2, 3]


def test_what_is_no_pdf_is_the_documents_failure(tmp_path: Path) -> None:
    backend, _server = a_backend(tmp_path, good)
    (tmp_path / "b.pdf").write_bytes(b"no")
    with pytest.raises(DocumentFailure) as raised:
        backend.recognise(tmp_path / "b.pdf", [1], tmp_path)
    assert raised.value.failure_class is FailureClass.CORRUPT


def test_a_page_that_cannot_be_rendered_is_named(tmp_path: Path) -> None:
    backend, _server = a_backend(tmp_path, good)
    (tmp_path / "a.pdf").write_bytes(pdf(1))
    with pytest.raises(DocumentFailure, match="page 2 cannot be rendered"):
        backend.recognise(tmp_path / "a.pdf", [1, 2], tmp_path)


def test_no_page_is_in_flight_any_more_once_a_turn_ends(tmp_path: Path) -> None:
    answered: list[int] = []

    def ask(number: int, *_what: object) -> Answer:
        time.sleep(0.2)
        answered.append(number)
        return good()

    backend, _server = a_backend(tmp_path, ask, 2)
    (tmp_path / "a.pdf").write_bytes(pdf(1))
    with pytest.raises(DocumentFailure, match="page 2 cannot be rendered"):
        backend.recognise(tmp_path / "a.pdf", [1, 2], tmp_path)
    assert answered == [1]
