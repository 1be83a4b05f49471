# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the scenario's documents into its S3: nine PDFs of four pages, and three beside a deadly one of eight."""

from __future__ import annotations

import sys

import boto3

from demo.corpus import thesis

client = boto3.client("s3")
client.create_bucket(Bucket="farm")
for number in range(1, 10):
    client.put_object(Bucket="farm", Key=f"raw/thesis-{number}.pdf", Body=thesis(4, number))
for name, pages in {"one": 4, "two": 4, "three": 4, "deadly": 8}.items():
    client.put_object(Bucket="farm", Key=f"deadly/{name}.pdf", Body=thesis(pages, 1))
sys.stdout.write("written\n")
