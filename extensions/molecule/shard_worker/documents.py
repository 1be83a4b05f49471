# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the scenario's documents, nine PDFs of four pages, into its S3."""

from __future__ import annotations

import sys

import boto3

from demo.corpus import thesis

client = boto3.client("s3")
client.create_bucket(Bucket="farm")
for number in range(1, 10):
    client.put_object(Bucket="farm", Key=f"raw/thesis-{number}.pdf", Body=thesis(4, number))
sys.stdout.write("written\n")
