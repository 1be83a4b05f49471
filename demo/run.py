# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make demo``: local servers, a corpus, and ``playbooks/demo.yml`` over four emulated nodes.

``make compare`` plays ``playbooks/compare.yml`` on what that has left.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import MutableMapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.ocr.tesseract.language_data import (
    FOLDER_VARIABLE,
)
from ansible_collections.glossapi.farm.plugins.module_utils._records.names import progress_folder, report_folder
from ansible_collections.glossapi.farm.plugins.module_utils._s3.connection import Connection
from ansible_collections.glossapi.farm.plugins.module_utils._s3.objects import list_objects
from ansible_collections.glossapi.farm.plugins.module_utils._s3.uri import S3Uri
from demo.corpus import write_corpus
from demo.playing import alone, play, stop_supervisors
from demo.results import collect, shown_path
from demo.room import check_room
from demo.story import failure
from emulators.ec2 import Ec2Server
from emulators.s3 import ACCESS_KEY, REGION, SECRET_KEY, S3Server

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_REPOSITORY = Path(__file__).parents[1]
# As inventory/demo has it.
_RESULTS = S3Uri("demo-results", "farm")
_TABLE = S3Uri("demo-manifests", "farm/page_counts_master.csv")
_BUCKETS = ("demo-raw", "demo-manifests", "demo-results")
_INVENTORIES = ("inventory/local.yml", "inventory/aws_ec2.yml", "inventory/demo")
# Settings of the caller's own AWS account must not reach the demo, nor a token the emulated Secrets Manager.
_FOREIGN_PREFIXES = ("AWS_", "FARM_", "ANSIBLE_", "HF_")
# But for how Ansible shows things.
_KEPT = ("ANSIBLE_DEPRECATION_WARNINGS", "ANSIBLE_NOCOLOR")
# As shells say it of a process that SIGINT ended.
_INTERRUPTED = 130


def main() -> int:
    """Run the demo and return its exit status: ansible-playbook's, 1 where it could not begin, 130 after Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=_REPOSITORY / ".demo", help="takes all the demo writes")
    parser.add_argument(
        "--tessdata", type=Path, default=_REPOSITORY / ".cache/tessdata", help="has tesseract's language data"
    )
    parser.add_argument(
        "--compare", action="store_true", help="compare OCR backends on pages of the documents, once the demo has run"
    )
    parser.add_argument("options", nargs="*", help="further options of ansible-playbook, after --")
    arguments = parser.parse_args()
    folder: Path = arguments.folder.absolute()
    forget_foreign_settings(os.environ)
    try:
        with alone(folder):
            return _run(folder, arguments.tessdata.absolute(), arguments.options, compares=arguments.compare)
    except KeyboardInterrupt:
        print("\nInterrupted; nothing is left running. `make demo` goes on where it was.", file=sys.stderr)
        return _INTERRUPTED
    except (BotoCoreError, ClientError, FarmError, OSError, RuntimeError) as error:
        print(f"\nThe demo cannot go on: {error}", file=sys.stderr)
        return 1


def _run(folder: Path, tessdata: Path, options: Sequence[str], *, compares: bool) -> int:
    check_room(folder)
    documents = write_corpus(folder / "documents")
    print(f"{len(documents)} documents in {shown_path(folder / 'documents')}", flush=True)
    with S3Server(folder / "s3") as s3_server, Ec2Server(folder / "ec2") as ec2_server:
        client = _client(s3_server.endpoint_url)
        create_buckets(client)
        before = snapshot(client)
        log = folder / "ansible.log"
        command = [
            str(Path(sys.executable).with_name("ansible-playbook")),
            f"playbooks/{'compare' if compares else 'demo'}.yml",
            *(f"--inventory={inventory}" for inventory in _INVENTORIES),
            *options,
        ]
        own = environment(folder, s3_server.endpoint_url, ec2_server.endpoint_url) | {FOLDER_VARIABLE: str(tessdata)}
        try:
            status = play(command, _REPOSITORY, own, log)
        finally:
            # Those of a run that came to its end have ended by themselves.
            stop_supervisors(folder / "nodes")
        if status != 0:
            said = failure(log.read_text(encoding="utf-8").splitlines())
            print(f"{said}\nThe demo failed. All that Ansible said: {shown_path(log)}", file=sys.stderr)
            # Rather than what the local S3 made of it.
            check_room(folder)
            return status
        if compares:
            print(f"\npages, and what each backend read on them: {shown_path(folder / 'compare.html')}")
            return 0
        written = len(snapshot(client).items() - before.items())
        made = collect(client, _RESULTS, _TABLE, folder)
    print()
    print(made, end="")
    print(f"all that Ansible said: {shown_path(log)}")
    print(f"{written} objects written" if written else "nothing new to do: every object in S3 is as it was")
    print("next: `make demo` again, which changes nothing; then a farm of your own: docs/tutorial.md")
    return 0


def forget_foreign_settings(environment: MutableMapping[str, str]) -> None:
    """Take the caller's settings of AWS, Ansible and the farm out of the environment."""
    for name in [name for name in environment if name.startswith(_FOREIGN_PREFIXES) and name not in _KEPT]:
        del environment[name]


def environment(folder: Path, s3_endpoint: str, ec2_endpoint: str) -> dict[str, str]:
    """Return an environment in which every AWS call goes to the local servers."""
    own = dict(os.environ)
    forget_foreign_settings(own)
    return own | {
        "ANSIBLE_CONFIG": str(_REPOSITORY / "ansible.cfg"),
        # Not in the home, which may not be writable.
        "ANSIBLE_HOME": str(folder / "ansible"),
        "AWS_ENDPOINT_URL": ec2_endpoint,
        "AWS_ENDPOINT_URL_S3": s3_endpoint,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "FARM_DEMO_FOLDER": str(folder),
        "FARM_PROJECT": "glossapi-farm-demo",
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        # The servers' output is UTF-8, and so are the documents' names.
        "LC_ALL": "C.UTF-8",
    }


def _client(endpoint_url: str) -> S3Client:
    return Connection(region=REGION, endpoint_url=endpoint_url, access_key=ACCESS_KEY, secret_key=SECRET_KEY).client()


def create_buckets(client: S3Client) -> None:
    """Have the demo's buckets; those that are there stay as they are."""
    for bucket in _BUCKETS:
        try:
            client.create_bucket(Bucket=bucket)
        except ClientError as error:
            if error.response["Error"]["Code"] not in {"BucketAlreadyExists", "BucketAlreadyOwnedByYou"}:
                raise


def snapshot(client: S3Client) -> dict[str, str]:
    """Return the etag of each object, but for what supervisors say of themselves at every start, and the page on it."""
    changing = tuple(folder(_RESULTS).key for folder in (progress_folder, report_folder))
    return {
        str(item.uri): item.etag
        for bucket in _BUCKETS
        for item in list_objects(client, S3Uri(bucket))
        if not item.uri.key.startswith(changing)
    }


if __name__ == "__main__":
    sys.exit(main())
