# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Follow the outcomes of the scenario's documents in S3, and fail where one of them changes once it is there.

Arguments: a file that keeps what was seen from call to call, and until when: so many outcomes, or so many seconds.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import boto3

_STATUS = "results/status/"
_OUTCOMES = (".done", ".failed")
_HANG_SECONDS = 2400.0
_LOOK_SECONDS = 3.0


def outcomes() -> dict[str, str]:
    """Return the ETag of each marker by its key."""
    pages = boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket="farm", Prefix=_STATUS)
    listed = (item for page in pages for item in page.get("Contents", ()))
    return {
        item["Key"]: item["ETag"]
        for item in listed
        if item["Key"].endswith(_OUTCOMES) and not item["Key"].startswith(f"{_STATUS}_")
    }


def main() -> None:
    """Look every few seconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seen", type=Path)
    parser.add_argument("--until", type=int, default=0)
    parser.add_argument("--still", type=float, default=0.0)
    options = parser.parse_args()
    seen: dict[str, str] = json.loads(options.seen.read_text()) if options.seen.exists() else {}
    began = time.monotonic()
    while True:
        now = outcomes()
        changed = sorted(key for key, tag in seen.items() if now.get(key) != tag)
        if changed:
            sys.exit(f"{len(changed)} outcomes are gone, or were written again: {changed[:5]}")
        seen = now
        options.seen.write_text(json.dumps(seen))
        passed = time.monotonic() - began
        if len(seen) >= options.until and passed >= options.still:
            break
        if passed > _HANG_SECONDS:
            sys.exit(f"{len(seen)} of {options.until} have an outcome after {passed:.0f} s")
        time.sleep(_LOOK_SECONDS)
    sys.stdout.write(f"{len(seen)} outcomes after {passed:.0f} s\n")


main()
