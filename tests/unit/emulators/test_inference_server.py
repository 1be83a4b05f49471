# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import base64
import io
import json
import os
import threading
import time
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any, NoReturn

import pytest
import urllib3

from emulators import inference_server
from emulators.inference_server import Service, handler_of, main

TEXT = "κείμενο 4711"


class Model:
    def read(self, png: bytes) -> str:
        return f"κείμενο {png.decode()}"


def a_request(**more: Any) -> dict[str, Any]:
    url = f"data:image/png;base64,{base64.b64encode(b'4711').decode()}"
    content = [{"type": "image_url", "image_url": {"url": url}}, {"type": "text", "text": "?"}]
    return {"model": "tesseract", "messages": [{"role": "user", "content": content}], **more}


def a_service(folder: Path, fault: str) -> Service:
    model: Any = Model()
    return Service(model, fault, folder / "requests")


def choice(body: bytes) -> tuple[str, str]:
    (found,) = json.loads(body)["choices"]
    return found["message"]["content"], found["finish_reason"]


@pytest.mark.server
def test_a_picture_is_answered_by_its_text_over_http(tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler_of(a_service(tmp_path, "none"))) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        with urllib3.PoolManager() as client:
            assert client.request("GET", f"{address}/health").status == 200
            assert client.request("GET", f"{address}/other").status == 503
            body = json.dumps(a_request()).encode()
            answer = client.request("POST", f"{address}/v1/chat/completions", body=body)
            assert choice(answer.data) == ("κείμενο 4711", "stop")
        server.shutdown()


def test_another_model_is_not_there(tmp_path: Path) -> None:
    status, body = a_service(tmp_path, "none").answer(a_request(model="gpt"))
    assert (status, b"no model 'gpt'" in body) == (404, True)


@pytest.mark.parametrize(
    ("fault", "text", "reason"),
    [
        ("cut_off", "κείμεν", "length"),
        ("cut_off_once", "κείμεν", "length"),
        ("nul", f"\0{TEXT}\a\ud83d", "stop"),
    ],
    ids=["cut off", "cut off once", "nul"],
)
def test_answers_are_spoiled_as_asked_for(tmp_path: Path, fault: str, text: str, reason: str) -> None:
    assert choice(a_service(tmp_path, fault).answer(a_request())[1]) == (text, reason)


def test_one_is_not_cut_off_by_other_rules(tmp_path: Path) -> None:
    _status, body = a_service(tmp_path, "cut_off_once").answer(a_request(repetition_penalty=1.1))
    assert choice(body) == ("κείμενο 4711", "stop")


def test_one_repeats_itself(tmp_path: Path) -> None:
    assert "λόγια και πάλι" in choice(a_service(tmp_path, "repeats").answer(a_request())[1])[0]


def test_every_other_is_sent_away_or_ends_within_a_character(tmp_path: Path) -> None:
    busy, half = a_service(tmp_path, "busy"), a_service(tmp_path, "half_character")
    assert [busy.answer(a_request())[0] for _ in range(3)] == [429, 200, 429]
    with pytest.raises(UnicodeDecodeError):
        half.answer(a_request())[1].decode()
    assert choice(half.answer(a_request())[1])[1] == "stop"


def test_one_ends_with_its_fourth_request_and_its_follower_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def end(status: int) -> NoReturn:
        raise SystemExit(status)

    monkeypatch.setattr(os, "_exit", end)
    first = a_service(tmp_path, "dies")
    for _ in range(3):
        first.answer(a_request())
    with pytest.raises(SystemExit):
        first.answer(a_request())
    assert a_service(tmp_path, "dies").answer(a_request())[0] == 200


def test_one_hangs_from_its_fourth_request_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    service = a_service(tmp_path, "hangs")
    for _ in range(4):
        assert service.is_healthy()
        service.answer(a_request())
    assert slept == [3600.0]
    service.is_healthy()
    assert slept == [3600.0, 3600.0]
    a_service(tmp_path, "slow").answer(a_request())
    assert len(slept) == 3


def test_one_fails_from_its_fourth_request_on_and_is_healthy_and_its_follower_does_not(tmp_path: Path) -> None:
    service = a_service(tmp_path, "fails")
    assert [service.answer(a_request())[0] for _ in range(5)] == [200, 200, 200, 500, 500]
    assert service.is_healthy()
    assert a_service(tmp_path, "fails").answer(a_request())[0] == 200


def test_one_never_says_that_it_is_healthy(tmp_path: Path) -> None:
    assert not a_service(tmp_path, "unhealthy").is_healthy()


def test_one_does_not_start(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--port", "1", "--tessdata", "/t", "--fault", "out_of_memory"]) == 1
    assert "CUDA out of memory" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("fault", "before", "languages"),
    [
        ("none", 0, "ell+eng"),
        ("wrong_model", 0, "eng"),
        ("wrong_after_death", 3, "ell+eng"),
        ("wrong_after_death", 4, "eng"),
    ],
)
def test_the_wrong_one_has_no_greek(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str, before: int, languages: str
) -> None:
    class Loaded(Exception):  # noqa: N818 - it is what is looked for
        pass

    def load(_tessdata: str, wanted: str) -> NoReturn:
        raise Loaded(wanted)

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OMP_THREAD_LIMIT", "2")
    monkeypatch.setattr(inference_server, "Model", load)
    Path("requests").write_bytes(b"." * before)
    with pytest.raises(Loaded, match=f"^{languages.replace('+', '[+]')}$"):
        main(["--port", "1", "--tessdata", "/t", "--fault", fault])


def test_a_real_model_reads_a_blank_picture(tessdata: Path) -> None:
    import PIL.Image

    content = io.BytesIO()
    PIL.Image.new("RGB", (200, 100), "white").save(content, "PNG")
    assert inference_server.Model(str(tessdata), "eng").read(content.getvalue()) == ""
