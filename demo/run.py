# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""``make demo``: local servers, a corpus, and ``playbooks/demo.yml`` over four emulated nodes."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

import boto3
from botocore.exceptions import ClientError

from demo.corpus import write_corpus
from emulators.ec2 import Ec2Server
from emulators.s3 import ACCESS_KEY, REGION, SECRET_KEY, S3Server

_REPOSITORY = Path(__file__).parents[1]
_BUCKETS = ("demo-raw", "demo-manifests", "demo-results")
_INVENTORIES = ("inventory/local.yml", "inventory/aws_ec2.yml", "inventory/demo")
# Settings of the caller's own AWS account must not reach the demo.
_FOREIGN_PREFIXES = ("AWS_", "FARM_", "ANSIBLE_")


def main() -> int:
    """Run the demo and return ansible-playbook's exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=_REPOSITORY / ".demo", help="takes all the demo writes")
    parser.add_argument("options", nargs="*", help="further options of ansible-playbook, after --")
    arguments = parser.parse_args()
    folder: Path = arguments.folder.absolute()

    documents = write_corpus(folder / "corpus")
    print(f"{len(documents)} documents in {folder / 'corpus'}", flush=True)
    with S3Server(folder / "s3") as s3_server, Ec2Server(folder / "ec2") as ec2_server:
        _create_buckets(s3_server.endpoint_url)
        status = subprocess.run(
            [
                str(Path(sys.executable).with_name("ansible-playbook")),
                "playbooks/demo.yml",
                *(f"--inventory={inventory}" for inventory in _INVENTORIES),
                *arguments.options,
            ],
            cwd=_REPOSITORY,
            env=_environment(folder, s3_server.endpoint_url, ec2_server.endpoint_url),
            check=False,
        ).returncode
    report = folder / "report.txt"
    if status == 0 and report.exists():
        print(report.read_text(), end="")
    return status


def _environment(folder: Path, s3_endpoint: str, ec2_endpoint: str) -> dict[str, str]:
    """Return an environment in which every AWS call goes to the local servers."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN_PREFIXES)}
    return own | {
        "ANSIBLE_CONFIG": str(_REPOSITORY / "ansible.cfg"),
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


def _create_buckets(endpoint_url: str) -> None:
    client = boto3.client(
        "s3",
        endpoint_url=endpoint_url,
        region_name=REGION,
        aws_access_key_id=ACCESS_KEY,
        aws_secret_access_key=SECRET_KEY,
    )
    for bucket in _BUCKETS:
        try:
            client.create_bucket(Bucket=bucket)
        except ClientError as error:
            if error.response["Error"]["Code"] not in {"BucketAlreadyExists", "BucketAlreadyOwnedByYou"}:
                raise


if __name__ == "__main__":
    sys.exit(main())
