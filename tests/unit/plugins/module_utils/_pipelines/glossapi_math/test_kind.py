# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.glossapi.farm.plugins.module_utils._errors import FarmError
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.glossapi_math.kind import GLOSSAPI_MATH
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.kind import GpuNeed
from ansible_collections.glossapi.farm.plugins.module_utils._pipelines.registry import kind_of, names_of
from ansible_collections.glossapi.farm.plugins.module_utils._records.stage import Stage


def test_it_is_what_stage_math_works_with_on_a_gpu() -> None:
    assert names_of(Stage.MATH) == ("glossapi_math",)
    assert kind_of("glossapi_math") is GLOSSAPI_MATH
    assert GLOSSAPI_MATH.gpu_need({}) is GpuNeed.ALWAYS
    assert not GLOSSAPI_MATH.recognises({})


@pytest.mark.parametrize("option", ["backend", "ocr", "math", "images_scale", "rapidocr_models"])
def test_options_that_are_of_pages_alone_are_refused(option: str) -> None:
    with pytest.raises(FarmError, match=f"Pipeline glossapi_math does not know the option '{option}': it has threads,"):
        GLOSSAPI_MATH.check({option: True})


def test_another_list_of_weights_makes_its_documents_stale_and_more_threads_do_not() -> None:
    def digest(**options: Any) -> str:
        return GLOSSAPI_MATH.options_hash(options)

    weights = {"weights": "/weights", "weights_digest": "a" * 64}
    assert digest(threads=3) == digest()
    assert len({digest(), digest(**weights), digest(**weights | {"weights_digest": "b" * 64})}) == 3
