# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.canary.text import TEXT
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.failures import DocumentFailure, GpuFault
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server import backend as module
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.answers import Answer
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.backend import ServerBackend
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.chat import (
    ChatClient,
    PageLate,
    PageRefused,
    ServerGone,
    parse_answer,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.messages import Phase, State
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.preset import Preset
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.page_image import render_png
from ansible_collections.glossapi.farm.plugins.module_utils._records.failure_classes import FailureClass
from tests.support.inference import Reply, ScriptedServer, a_preset, completion
from tests.support.pdfs import pdf

TEXTS = "κείμενο της σελίδας"
# In the order in which they are asked where one page is in flight at a time.
Ask = Callable[[int, int, Mapping[str, Any]], Answer]


class Server:
    """Servers that follow each other whenever one does not answer."""

    def __init__(self) -> None:
        self.generation = 1
        self.suspicions: list[str] = []
        self.problem = ""

    def wait_until_ready(self) -> State:
        if self.problem:
            raise FarmError(self.problem)
        return State(Phase.READY, self.generation, 4711)

    def is_current(self, generation: int) -> bool:
        return generation == self.generation

    def forget(self, generation: int) -> None:
        self.generation = generation + 1

    def suspect(self, generation: int, why: str) -> None:
        self.suspicions.append(f"{generation} {why}")


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
    return ServerBackend(preset, server, client, most=most, name="server x", folder=folder), server


def read(backend: ServerBackend, folder: Path, pages: int = 3) -> dict[int, str]:
    path = folder / "a.pdf"
    path.write_bytes(pdf(pages))
    return backend.recognise(path, list(range(1, pages + 1)), folder)


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
    assert "page 1 is given up: its answer was cut off (length, after 19 characters), twice" in caplog.text


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
            raise ServerGone("reset")
        return good()

    proven: list[str] = []
    monkeypatch.setattr(module, "require_reading", lambda _backend, name, _folder: proven.append(name))
    backend, server = a_backend(tmp_path, ask, 2)
    assert read(backend, tmp_path) == dict.fromkeys([1, 2, 3], TEXTS)
    assert server.generation == 2
    assert proven == ["server x, started again,"]


def test_a_page_that_ends_each_server_is_found_alone_and_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "require_reading", lambda *_what: None)
    monkeypatch.setattr(ServerBackend, "_render", lambda _backend, _source, number: str(number).encode())

    class PoisonClient:
        def ask(self, _port: int, image: bytes, *_what: object) -> Answer:
            if image == b"2":
                raise ServerGone("it ended")
            return good()

    backend, server = a_backend(tmp_path, good, 2)
    poison: Any = PoisonClient()
    backend._client = poison
    assert read(backend, tmp_path) == {1: TEXTS, 3: TEXTS}
    assert server.generation == 4
    assert "page 2 is given up: the server ended 3 times while it had it" in caplog.text


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


def test_one_that_has_become_slow_is_suspected(tmp_path: Path) -> None:
    def ask(number: int, *_what: object) -> Answer:
        if number != 3:
            raise PageLate("no answer within 180 s")
        return good()

    backend, server = a_backend(tmp_path, ask)
    assert read(backend, tmp_path, 5).keys() == {3}
    assert server.suspicions == []
    assert read(backend, tmp_path, 1) == {}
    assert server.suspicions == ["1 3 pages in a row had no answer within 180 s"]


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
