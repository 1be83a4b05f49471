# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from argparse import ArgumentParser

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._commands.arguments import (
    add_connection,
    checked,
    connection_of,
)
from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection


@pytest.fixture
def parser() -> ArgumentParser:
    parser = ArgumentParser(prog="command")
    add_connection(parser)
    return parser


def test_what_is_not_given_is_left_to_the_environment(parser: ArgumentParser) -> None:
    assert connection_of(parser.parse_args([])) == Connection()


def test_a_connection_is_what_the_options_say(parser: ArgumentParser) -> None:
    given = ["--region", "eu-south-1", "--profile", "me", "--endpoint-url", "http://127.0.0.1:1"]
    assert connection_of(parser.parse_args(given)) == Connection("eu-south-1", "http://127.0.0.1:1", "me")


def test_a_server_has_an_address(parser: ArgumentParser) -> None:
    with pytest.raises(FarmError, match=r"'localhost:8333', which is no address of a server"):
        connection_of(parser.parse_args(["--endpoint-url", "localhost:8333"]))


def test_arguments_that_are_refused_end_with_status_2(
    parser: ArgumentParser, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> None:
        raise FarmError("shards is 0: it must be 1 or more.")

    assert checked(parser, lambda: 5) == 5
    with pytest.raises(SystemExit) as ended:
        checked(parser, refuse)
    assert ended.value.code == 2
    assert capsys.readouterr().err.endswith("command: error: shards is 0: it must be 1 or more.\n")
