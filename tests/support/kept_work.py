# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What short processes of tests need not do again: compile the collection, and read what botocore knows of services."""

from __future__ import annotations

import functools
import hashlib
import marshal
import os
from collections.abc import Callable
from pathlib import Path
from types import CodeType
from typing import Any


def kept_code(folder: Path, source: bytes, compiled: Callable[[], CodeType]) -> CodeType:
    """Return what an earlier process compiled of ``source``, or compile and keep it."""
    kept = folder / hashlib.sha256(source).hexdigest()
    try:
        code: CodeType = marshal.loads(kept.read_bytes())  # noqa: S302 - our own
    except FileNotFoundError:
        code = compiled()
        own = kept.with_suffix(f".{os.getpid()}")
        own.write_bytes(marshal.dumps(code))
        own.replace(kept)
    return code


def keep_service_models(services: tuple[str, ...] = ()) -> None:
    """Read what botocore knows of a service once for all sessions of this process, and of these services now."""
    import boto3
    import botocore.loaders
    import botocore.session

    kept = functools.cache(botocore.loaders.create_loader)
    # The session has a name of its own for it.
    for module in (botocore.loaders, botocore.session):
        vars(module)["create_loader"] = kept
    client: Any = boto3.client
    for service in services:
        client(service, region_name="us-east-1", aws_access_key_id="none", aws_secret_access_key="none")
    boto3.DEFAULT_SESSION = None
