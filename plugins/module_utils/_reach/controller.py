# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether this machine has what it takes to reach nodes."""

from __future__ import annotations

import shutil
from pathlib import Path

from .proxy import PROGRAMS, SESSION_PLUGIN

SSH_OVER_SSM, SSM, SSH = "ssh_over_ssm", "ssm", "ssh"
CONNECTIONS = (SSH_OVER_SSM, SSM, SSH)
# What each way takes on this machine; amazon.aws.aws_ssm asks AWS itself.
_PROGRAMS = {SSH_OVER_SSM: (*PROGRAMS, "ssh"), SSM: (SESSION_PLUGIN,), SSH: ("ssh",)}
# What the credentials must allow for each way.
_START_SESSION = "ssm:StartSession"
_SEND_KEY = "ec2-instance-connect:SendSSHPublicKey"
_WHERE = {
    "aws": "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html",
    "session-manager-plugin": (
        "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html"
    ),
    "ssh": "OpenSSH's client, from this machine's packages",
}


def machine_problems(connection: str, public_key: str) -> list[str]:
    """Return what this machine lacks, one sentence each.

    Args:
        connection: one of :data:`CONNECTIONS`.
        public_key: file of the key that is to be let in; empty for none.
    """
    problems = [
        f"Nodes are reached by {connection}, and {program} is not in the PATH of this machine: install it "
        f"({_WHERE[program]})."
        for program in _PROGRAMS[connection]
        if shutil.which(program) is None
    ]
    if connection == SSH_OVER_SSM and public_key:
        problems += _key_problems(Path(public_key).expanduser())
    return problems


def needed_actions(connection: str, public_key: str) -> list[str]:
    """Return the actions that the credentials must allow; arguments as of :func:`machine_problems`."""
    if connection == SSH:
        return []
    return [_START_SESSION, *([_SEND_KEY] if connection == SSH_OVER_SSM and public_key else [])]


def _key_problems(path: Path) -> list[str]:
    way_out = "make one (ssh-keygen -t ed25519), name another in farm_ssh_public_key"
    try:
        words = path.read_text().split()
    except FileNotFoundError:
        otherwise = "or set that to nothing where the image or farm_key_name has one"
        return [f"There is no public key {path} to be let in on the nodes: {way_out}, {otherwise}."]
    except (OSError, UnicodeDecodeError) as error:
        return [f"The public key {path} cannot be read ({error}): {way_out}."]
    if "PRIVATE" in words:
        return [f"{path} is a private key: farm_ssh_public_key is to be the public one, as {path}.pub."]
    if len(words) < 2 or not words[0].startswith(("ssh-", "ecdsa-", "sk-")):
        return [f"{path} is no public key of ssh: {way_out}."]
    return []
