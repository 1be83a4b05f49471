# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What every test has: an environment that cannot reach AWS, and a local S3."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import requests
from hypothesis import settings

from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.tesseract.language_data import (
    FOLDER_VARIABLE,
)
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from emulators.ec2 import Ec2Server
from emulators.s3 import ACCESS_KEY, REGION, SECRET_KEY, S3Server
from tests.support.emulated_account import GROUP, PROFILE, Account
from tests.support.run_folder import begin_run

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# How long an example takes depends on the machine.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")

# Nobody listens here: a call that forgot its endpoint fails at once instead of reaching AWS.
_NOWHERE = "http://127.0.0.1:9"
_OFFLINE = {
    "AWS_ENDPOINT_URL": _NOWHERE,
    "AWS_ACCESS_KEY_ID": ACCESS_KEY,
    "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_REGION": REGION,
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
    "AWS_EC2_METADATA_DISABLED": "true",
    "HTTP_PROXY": _NOWHERE,
    "HTTPS_PROXY": _NOWHERE,
    "http_proxy": _NOWHERE,
    "https_proxy": _NOWHERE,
    "NO_PROXY": "127.0.0.1,localhost",
    "no_proxy": "127.0.0.1,localhost",
}


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give this process and its children fake credentials, no way to AWS, and no language data by chance."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_PROFILE", "ALL_PROXY", "all_proxy", FOLDER_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    for name, value in _OFFLINE.items():
        monkeypatch.setenv(name, value)


_SERVERS = {"s3_server", "ec2_server"}


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known, also to ansible-test, which has a configuration of its own; begin the run."""
    begin_run(config)
    config.addinivalue_line("markers", "server: needs a local server, or starts one")
    config.addinivalue_line("markers", "thorough: a further case that takes minutes; `make thorough` runs it")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what needs a server of this file: ``make quick`` leaves it out."""
    if isinstance(item, pytest.Function) and not _SERVERS.isdisjoint(item.fixturenames):
        item.add_marker(pytest.mark.server)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object | None:
    """Have ``--dist loadscope`` keep together only what shares a module's fixture."""
    if config.getoption("dist") != "loadscope":
        return None
    from tests.support.spreading import TestByTest

    return TestByTest(config, log)


def _skip_where_each_test_forks(config: pytest.Config) -> None:
    if config.pluginmanager.hasplugin("ansible_forked"):
        pytest.skip("ansible-test forks for each test, and each would start a server: make unit runs this")


@pytest.fixture(scope="session")
def s3_server(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A local S3 for the whole session; tests use a bucket of their own in it."""
    _skip_where_each_test_forks(pytestconfig)
    with S3Server(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture
def connection(s3_server: S3Server) -> Connection:
    """How to reach the local S3."""
    return Connection(region=REGION, endpoint_url=s3_server.endpoint_url, access_key=ACCESS_KEY, secret_key=SECRET_KEY)


@pytest.fixture
def client(connection: Connection) -> S3Client:
    """A boto3 client of the local S3."""
    return connection.client()


@pytest.fixture
def bucket(client: S3Client) -> Iterator[S3Uri]:
    """A new, empty bucket in the local S3."""
    name = f"test-{uuid4().hex[:16]}"
    client.create_bucket(Bucket=name)
    yield S3Uri(name)
    # SeaweedFS keeps volumes for each bucket and is out of them after 72; unlike S3 it deletes a full bucket.
    client.delete_bucket(Bucket=name)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of this checkout."""
    return Path(__file__).parents[1]


@pytest.fixture(scope="session")
def library_path(repository: Path) -> Path:
    """Where a child process finds the collection."""
    path = repository / ".ansible" / "collections"
    if not path.exists():
        pytest.skip("needs the link that make setup makes")
    return path


@pytest.fixture(scope="session")
def tessdata(repository: Path) -> Path:
    """Where tesseract's Greek and English are: the Makefile fetches them."""
    folder = repository / ".cache" / "tessdata"
    assert folder.exists(), "make .venv/.test fetches tesseract's language data"
    return folder


@pytest.fixture(scope="session")
def ec2_server(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ec2Server]:
    """A local EC2 for the whole session."""
    _skip_where_each_test_forks(pytestconfig)
    with Ec2Server(tmp_path_factory.mktemp("ec2")) as server:
        yield server


@pytest.fixture
def empty_account(ec2_server: Ec2Server) -> Account:
    """An account nobody has used yet."""
    ec2_server.limit()
    requests.post(f"{ec2_server.endpoint_url}/moto-api/reset", timeout=30).raise_for_status()
    return Account(ec2_server)


@pytest.fixture
def account(empty_account: Account) -> Account:
    """An account that has the farm's security group and instance profile."""
    empty_account.ec2.create_security_group(GroupName=GROUP, Description="nodes")
    empty_account.client("iam").create_instance_profile(InstanceProfileName=PROFILE)
    return empty_account


@pytest.fixture
def new_changes(account: Account) -> Callable[[], list[dict[str, str]]]:
    """What changed since the test began or since this was called last."""
    seen = [len(account.changes())]

    def changes() -> list[dict[str, str]]:
        found = account.changes()[seen[0] :]
        seen[0] += len(found)
        return found

    return changes
