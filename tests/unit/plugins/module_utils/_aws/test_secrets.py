# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from ansible_collections.glossapi.farm.plugins.module_utils._aws.errors import AwsError
from ansible_collections.glossapi.farm.plugins.module_utils._aws.secrets import holds, read_secret, write_private
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError


class _SecretsManager:
    def __init__(self, answer: dict[str, Any] | str) -> None:
        self._answer = answer

    def get_secret_value(self, SecretId: str) -> dict[str, Any]:  # noqa: N803
        assert SecretId == "token"
        if isinstance(self._answer, str):
            raise ClientError({"Error": {"Code": self._answer, "Message": "no"}}, "GetSecretValue")
        return self._answer


def test_the_secret_is_read_by_its_name() -> None:
    assert read_secret(_SecretsManager({"SecretString": "hf_x"}), "token") == "hf_x"


def test_a_missing_secret_says_how_to_store_it() -> None:
    with pytest.raises(FarmError, match=r"store the token first .*HF_TOKEN"):
        read_secret(_SecretsManager("ResourceNotFoundException"), "token")


def test_a_denied_secret_is_not_taken_for_a_missing_one() -> None:
    with pytest.raises(AwsError, match="may not do this"):
        read_secret(_SecretsManager("AccessDeniedException"), "token")


def test_a_binary_secret_is_refused() -> None:
    with pytest.raises(FarmError, match="binary"):
        read_secret(_SecretsManager({"SecretBinary": b"x"}), "token")


def test_a_written_file_can_be_read_by_its_owner_alone_whatever_it_was(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("old and longer")
    path.chmod(0o644)
    write_private(path, "new")
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_cannot_be_written_is_told_without_its_text(tmp_path: Path) -> None:
    with pytest.raises(FarmError, match="Cannot write") as caught:
        write_private(tmp_path / "missing" / "token", "hf_secret")
    assert "hf_secret" not in str(caught.value)


def test_a_file_is_compared_whole(tmp_path: Path) -> None:
    path = tmp_path / "token"
    assert not holds(path, "a")
    path.write_text("a")
    assert holds(path, "a")
    assert not holds(path, "a\n")
    path.write_bytes(b"\xff")
    assert not holds(path, "a")
