# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write the scenario's documents into its S3: PDFs of a page, each another."""

from __future__ import annotations

import io
import sys
from concurrent.futures import ThreadPoolExecutor

import boto3
from botocore.config import Config
from reportlab.pdfgen.canvas import Canvas

_THREADS = 16

client = boto3.client("s3", config=Config(max_pool_connections=_THREADS))


def write(number: int) -> None:
    """Write one."""
    page = io.BytesIO()
    drawing = Canvas(page)
    # Which the program that reads it looks for.
    drawing.setAuthor("made for the scenario")
    drawing.drawString(72, 700, f"Document {number}")
    drawing.save()
    client.put_object(Bucket="farm", Key=f"raw/{number:04}.pdf", Body=page.getvalue())


client.create_bucket(Bucket="farm")
with ThreadPoolExecutor(_THREADS) as threads:
    list(threads.map(write, range(int(sys.argv[1]))))
