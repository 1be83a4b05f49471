# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import fields

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._records.codec import UnreadableRecordError
from ansible_collections.glossapi.farm.plugins.module_utils._records.dataset import DatasetPart, DatasetRow


def test_no_column_may_be_null_or_of_changing_type() -> None:
    # Loaders of JSON lines take a column's type from the first rows.
    assert {str(field.type) for field in fields(DatasetRow)} == {"str", "int", "float"}


def test_a_row_of_another_type_makes_the_part_unreadable() -> None:
    with pytest.raises(UnreadableRecordError, match="a part of a dataset"):
        DatasetPart.from_json(b'{"rows": [{"pages": null}]}', "s3://there")
