# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""docling's models, where the real ones cannot be had: a layout network with random weights, and no table model.

The network finds nothing, so that every line is a paragraph of its own, but takes as long for that as the real one:
docling's releases ask for RT-DETR in one of two versions, which cost the same.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

_REVISION = "0" * 40
_LABELS = 17
_PIXELS = 640
# As a logit: so sure is the network that nothing is there.
_NOTHING = -20.0


def write_random_weights(hf_home: Path) -> None:
    """Write the layout network as a Hugging Face cache has it, below a folder that is to be ``HF_HOME``.

    Raises:
        ImportError: docling, torch or transformers is not installed.
    """
    import torch
    from docling.datamodel.pipeline_options import LayoutOptions
    from transformers import RTDetrConfig, RTDetrForObjectDetection, RTDetrImageProcessor

    wanted = LayoutOptions().model_spec
    repository = hf_home / "hub" / f"models--{wanted.model_repo_folder}"
    folder = repository / "snapshots" / _REVISION
    torch.manual_seed(0)
    network = RTDetrForObjectDetection(RTDetrConfig(num_labels=_LABELS))
    for head in network.class_embed:
        torch.nn.init.zeros_(head.weight)
        torch.nn.init.constant_(head.bias, _NOTHING)
    network.save_pretrained(folder)
    RTDetrImageProcessor(size={"height": _PIXELS, "width": _PIXELS}).save_pretrained(folder)
    reference = repository / "refs" / wanted.revision
    reference.parent.mkdir(parents=True)
    reference.write_text(_REVISION)


def turn_tables_off() -> None:
    """Have docling make its table model without loading one, in this process; glossAPI always asks for it.

    Raises:
        ImportError: docling is not installed.
    """
    from docling.models.table_structure_model import TableStructureModel

    make = TableStructureModel.__init__

    def make_disabled(self: Any, **options: Any) -> None:
        make(self, **options | {"enabled": False})

    setattr(TableStructureModel, "__init__", make_disabled)  # noqa: B010 - mypy knows no other way


if __name__ == "__main__":
    write_random_weights(Path(sys.argv[1]))
