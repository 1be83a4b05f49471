# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._reach.causes import Cause, cause_of
from ansible_collections.glossapi.farm.plugins.module_utils._reach.proxy import KEY, MACHINE, SESSION

_HIDDEN = "kex_exchange_identification: Connection closed by remote host"


def _cause(folder: Path, step: str, message: str) -> Cause:
    record = folder / "i-1.json"
    record.write_text(json.dumps({"step": step, "message": message}))
    return cause_of(record, _HIDDEN)


def _refused(code: str, detail: str = "no") -> str:
    return f"An error occurred ({code}) when calling the StartSession operation: {detail}"


def test_an_agent_that_has_not_registered_is_worth_waiting_for(tmp_path: Path) -> None:
    cause = _cause(tmp_path, SESSION, _refused("TargetNotConnected", "i-1 is not connected."))
    assert cause.text.startswith("cannot open a session: Systems Manager has no connection to the node's agent")
    assert cause.text.endswith("(TargetNotConnected: i-1 is not connected)")
    assert not cause.is_final


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("AccessDeniedException", "the credentials may not do this"),
        ("ExpiredTokenException", "the session's credentials have expired"),
        ("UnrecognizedClientException", "AWS does not accept the credentials"),
    ],
)
def test_what_the_credentials_lack_stays(tmp_path: Path, code: str, meaning: str) -> None:
    cause = _cause(tmp_path, KEY, _refused(code))
    assert cause.text.startswith(f"cannot let the key in by EC2 Instance Connect: {meaning}")
    assert cause.is_final


@pytest.mark.parametrize(
    ("message", "meaning"),
    [
        ("Unable to locate credentials. You can configure credentials by running", "no credentials were found"),
        ("The config profile (work) could not be found", "has no such profile"),
        ("Error when retrieving token from sso: Token has expired and refresh failed", "the single sign-on session"),
    ],
)
def test_credentials_that_were_not_even_sent_are_told(tmp_path: Path, message: str, meaning: str) -> None:
    cause = _cause(tmp_path, SESSION, message)
    assert meaning in cause.text
    assert cause.is_final


def test_what_is_missing_on_this_machine_stays(tmp_path: Path) -> None:
    cause = _cause(tmp_path, MACHINE, "not in the PATH of this machine: aws")
    assert cause == Cause("not in the PATH of this machine: aws", is_final=True)


def test_what_is_not_known_is_told_as_it_was_said(tmp_path: Path) -> None:
    assert _cause(tmp_path, SESSION, "Connect timeout") == Cause(
        "cannot open a session: Connect timeout", is_final=False
    )


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("ec2-user@i-1: Permission denied (publickey).", "the node was reached, and does not take the key"),
        ("Host key verification failed.", "the node's host key is another than before"),
        ("ssh: connect to host 192.0.2.1\n  port 22: No route", "ssh: connect to host 192.0.2.1 port 22: No route"),
    ],
)
def test_without_a_record_it_is_as_ssh_says(tmp_path: Path, said: str, told: str) -> None:
    cause = cause_of(tmp_path / "none.json", said)
    assert cause.text.startswith(told)
    assert not cause.is_final


@pytest.mark.parametrize("content", ["{", "{}", "[]"])
def test_a_record_that_cannot_be_read_is_said_beside_what_ssh_says(tmp_path: Path, content: str) -> None:
    record = tmp_path / "i-1.json"
    record.write_text(content)
    text = cause_of(record, _HIDDEN).text
    assert text.startswith(_HIDDEN)
    assert f"{record} cannot be read" in text


def test_how_often_aws_was_asked_is_no_part_of_its_answer(tmp_path: Path) -> None:
    said = (
        "An error occurred (Throttled) when calling the StartSession operation (reached max retries: 4): Rate exceeded"
    )
    assert _cause(tmp_path, SESSION, said).text == "cannot open a session: Rate exceeded (Throttled)"


def test_what_could_not_be_found_need_not_be_a_profile(tmp_path: Path) -> None:
    assert not _cause(tmp_path, SESSION, "the document could not be found").is_final
