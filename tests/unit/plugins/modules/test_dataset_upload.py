# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from ansible.module_utils.testing import patch_module_args

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import put_bytes
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from ansible_collections.glossapi.farm.plugins.modules import dataset_upload
from tests.support.dataset_hub import TOKEN, dataset_hub
from tests.support.emulated_account import Account
from tests.support.module_options import documented_options

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class _Module:
    def __init__(self, **parameters: Any) -> None:
        self.params = {"log_file": None, "only_check": False, "private": True, **parameters}
        self.check_mode = False
        self.no_log_values: set[str] = set()


def test_the_documentation_has_the_options_types_and_defaults_of_the_arguments() -> None:
    # That a secret's name is none is not documented.
    plain = {
        name: {key: value for key, value in option.items() if key != "no_log"}
        for name, option in dataset_upload.ARGUMENTS.items()
    }
    assert documented_options(dataset_upload) == plain


@pytest.mark.server
def test_it_reads_the_token_itself_and_answers_what_is_documented(
    client: S3Client,
    bucket: S3Uri,
    connection: Connection,
    empty_account: Account,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secrets = empty_account.client("secretsmanager")
    secrets.create_secret(Name="token", SecretString=f"{TOKEN}\n")
    monkeypatch.setattr(dataset_upload, "connection_from", lambda _module: connection)
    monkeypatch.setattr(dataset_upload, "service_client", lambda _connection, _service: secrets)
    folder = bucket.join("r", "corpus", "theses")
    put_bytes(client, folder.join("README.md"), b"# Theses\n", "text/markdown")
    put_bytes(client, folder.join("manifest.json"), json.dumps({"files": []}).encode(), "application/json")
    module = _Module(results=str(bucket.join("r")), label="theses", repository="gfoss/theses", token_secret="token")
    with dataset_hub() as hub:
        # What HF_ENDPOINT is to the library when it is imported.
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", hub.url)
        checked = dataset_upload.work(_Module(**module.params | {"label": "none", "only_check": True}))
        assert hub.repositories == {}
        answer = dataset_upload.work(module)
        assert checked == {"changed": False}
        assert hub.repositories["gfoss/theses"].files.keys() == {"README.md", "manifest.json"}
        assert dataset_upload.work(module)["changed"] is False
    assert answer.keys() - {"changed"} == yaml.safe_load(dataset_upload.RETURN).keys()
    assert TOKEN not in str(answer)
    assert module.no_log_values == {TOKEN}
    with pytest.raises(FarmError, match="names no repository"):
        dataset_upload.work(_Module(**module.params | {"repository": "theses"}))


def test_a_library_that_is_missing_is_told_before_anything_is_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dataset_upload, "find_spec", lambda _name: None)
    options = {"results": "s3://r", "label": "theses", "repository": "a/b", "token_secret": "token", "only_check": True}
    with patch_module_args(options), pytest.raises(SystemExit):
        dataset_upload.main()
    assert "huggingface_hub" in json.loads(capsys.readouterr().out)["msg"]
