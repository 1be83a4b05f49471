# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.answers import Answer
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.chat import (
    ChatClient,
    PageFailed,
    PageLate,
    PageRefused,
    ServerGone,
    parse_answer,
)
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.server.preset import Preset
from tests.support.inference import Reply, ScriptedServer, a_preset, completion

pytestmark = pytest.mark.server


def a_client(page_seconds: float = 60.0) -> ChatClient:
    keys: dict[str, Any] = {"request": {"top_p": 0.5}, "page_seconds": page_seconds}
    return ChatClient(Preset.parse(a_preset(Path("/t"), **keys)), 4)


def ask(client: ChatClient, server: ScriptedServer, *, lives: bool = True) -> Answer:
    return client.ask(server.port, b"picture", {"repetition_penalty": 1.1}, lambda: lives)


def test_a_page_is_asked_as_the_preset_says() -> None:
    with ScriptedServer(lambda _number, _request: completion("κείμενο")) as server:
        assert ask(a_client(), server) == Answer("κείμενο", "stop")
    (request,) = server.requests
    picture, prompt = request.pop("messages")[0]["content"]
    assert request == {
        "model": "tesseract",
        "max_tokens": 4096,
        "temperature": 0.0,
        "top_p": 0.5,
        "repetition_penalty": 1.1,
    }
    assert base64.b64decode(picture["image_url"]["url"].removeprefix("data:image/png;base64,")) == b"picture"
    assert prompt["text"] == "Write what stands on this page in Markdown."


@pytest.mark.parametrize(
    "reply",
    [
        Reply(429),
        Reply(503, headers=(("Retry-After", "0"),)),
        Reply(500, b"out of luck"),
        Reply(0),
        Reply(200, b"no JSON"),
        Reply(200, completion("α").body.replace(b"\\u03b1", b"\xce")),
        Reply(200, b'{"choices": []}'),
        Reply(200, b'{"choices": [{"message": {"content": null}, "finish_reason": "stop"}]}'),
    ],
    ids=["429", "503", "500", "reset", "no JSON", "half UTF-8", "no choice", "no text"],
)
def test_a_server_that_fails_once_is_asked_again(reply: Reply) -> None:
    with ScriptedServer(lambda number, _request: reply if number == 1 else completion("κείμενο")) as server:
        assert ask(a_client(), server).text == "κείμενο"
    assert len(server.requests) == 2


@pytest.mark.parametrize(("status", "tries"), [(400, 1), (404, 1), (500, 3)])
def test_a_page_that_is_refused_or_fails_each_time_is_told_with_what_the_server_said(status: int, tries: int) -> None:
    with (
        ScriptedServer(lambda _number, _request: Reply(status, b"too many  tokens")) as server,
        pytest.raises(PageRefused, match=f"status {status}: too many tokens"),
    ):
        ask(a_client(), server)
    assert len(server.requests) == tries


@pytest.mark.parametrize(
    ("reply", "error"),
    [(Reply(500), PageFailed), (Reply(0), PageFailed), (Reply(400), PageRefused), (Reply(200, b"no"), PageRefused)],
    ids=["500", "reset", "400", "no JSON"],
)
def test_what_the_server_may_be_to_blame_for_is_told_apart(reply: Reply, error: type[Exception]) -> None:
    with ScriptedServer(lambda _number, _request: reply) as server, pytest.raises(PageRefused) as raised:
        ask(a_client(), server)
    assert raised.type is error


def test_an_answer_without_end_is_refused() -> None:
    with (
        ScriptedServer(lambda _number, _request: Reply(200, b" " * (5 << 20))) as server,
        pytest.raises(PageRefused, match="more than 4194304 bytes"),
    ):
        ask(a_client(), server)


def test_a_page_has_its_time_and_no_more() -> None:
    release = threading.Event()
    with ScriptedServer(lambda _number, _request: Reply(release=release)) as server:
        with pytest.raises(PageLate, match=r"no answer within 0\.2 s"):
            ask(a_client(0.2), server)
        release.set()


def test_one_that_a_busy_server_sends_away_too_often_is_late_too() -> None:
    with ScriptedServer(lambda _number, _request: Reply(429)) as server, pytest.raises(PageLate):
        ask(a_client(1.5), server)
    assert len(server.requests) > 1


def test_a_server_that_has_ended_is_told_at_once() -> None:
    with ScriptedServer(lambda _number, _request: Reply(0)) as server, pytest.raises(ServerGone):
        ask(a_client(), server, lives=False)
    assert len(server.requests) == 1
    with pytest.raises(ServerGone, match="refused"):
        ask(a_client(), server, lives=False)


def test_the_answer_must_be_one_of_a_chat() -> None:
    with pytest.raises(ValueError, match="'choices'"):
        parse_answer(json.dumps({"error": "x"}).encode())
