# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""docling's layout network with random weights: it finds nothing, but takes as long for that as with real ones.

docling's releases ask for RT-DETR in one of two versions, which cost the same. Written as a Hugging Face cache has it,
so that a machine without the models can be measured.
"""

from __future__ import annotations

from pathlib import Path

_REVISION = "0" * 40
_LABELS = 17
_PIXELS = 640
# As a logit: so sure is the network that nothing is there. Every line then is a paragraph of its own.
_NOTHING = -20.0


def write_random_weights(hf_home: Path) -> None:
    """Write them below a folder that is to be ``HF_HOME``.

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
    print(f"random weights for {wanted.repo_id}: {network.num_parameters() / 1e6:.1f} million")
