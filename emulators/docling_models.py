# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""docling's models, where the real ones cannot be had: networks with random weights, and no table model.

The layout network finds nothing, so that every line is a paragraph of its own, but takes as long for that as the real
one: docling's releases ask for RT-DETR in one of two versions, which cost the same. Or it finds a formula in the lower
right quarter of every page, and a small network of the formula model's kind reads the same from each.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

_REVISION = "0" * 40
_LABELS = 17
_PIXELS = 640
# As a logit: so sure is the network of what it finds, and that nothing else is there.
_CERTAIN = 20.0
# The place of the formula among the labels, of which RT-DETR leaves out the background.
_FORMULA = 2
LATEX = "x^{2}"
_END = "<end_of_utterance>"
_UNKNOWN, _PADDING, _IMAGE = "<unk>", "<pad>", "<image>"
_AROUND_IMAGE = ("<fake_token_around_image>", "<global-img>")
# The first are the likeliest, where all are equally likely.
_VOCABULARY = (_END, LATEX, _UNKNOWN, _PADDING, _IMAGE, *_AROUND_IMAGE, "<formula>")
_TEMPLATE = (
    "{% for message in messages %}{% for part in message.content %}"
    f"{{{{ '{_IMAGE}' if part.type == 'image' else part.text }}}}"
    "{% endfor %}{% endfor %}"
)
_SMALL = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 1}
_PICTURE = {"longest_edge": 64}


def write_random_weights(hf_home: Path, *, finds_formulas: bool = False) -> None:
    """Write the layout network as a Hugging Face cache has it, below a folder that is to be ``HF_HOME``.

    Args:
        hf_home: the folder.
        finds_formulas: whether it takes the lower right quarter of every page for a formula.

    Raises:
        ImportError: docling, torch or transformers is not installed.
    """
    import torch
    from docling.datamodel.pipeline_options import LayoutOptions
    from transformers import RTDetrConfig, RTDetrForObjectDetection, RTDetrImageProcessor

    wanted = LayoutOptions().model_spec
    folder = _snapshot(hf_home, wanted.model_repo_folder, wanted.revision)
    torch.manual_seed(0)
    network = RTDetrForObjectDetection(RTDetrConfig(num_labels=_LABELS))
    for head in network.class_embed:
        torch.nn.init.zeros_(head.weight)
        torch.nn.init.constant_(head.bias, -_CERTAIN)
        if finds_formulas:
            torch.nn.init.constant_(head.bias[_FORMULA : _FORMULA + 1], _CERTAIN)
    if finds_formulas:
        # Its middle in the corner, and as large as the page; beyond what is there already, which is less than certain.
        place = network.bbox_embed[-1].layers[-1]
        torch.nn.init.zeros_(place.weight)
        torch.nn.init.constant_(place.bias, 2 * _CERTAIN)
    network.save_pretrained(folder)
    RTDetrImageProcessor(size={"height": _PIXELS, "width": _PIXELS}).save_pretrained(folder)


def write_formula_network(hf_home: Path, *, reads: bool) -> None:
    """Write a network of the formula model's kind likewise; it is small, and no picture has to do with what it says.

    Args:
        hf_home: the folder.
        reads: whether it reads :data:`LATEX` from each picture; else it finds nothing to read.

    Raises:
        ImportError: docling, torch or transformers is not installed.
    """
    import torch
    from docling.models.code_formula_model import CodeFormulaModel
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import WhitespaceSplit
    from transformers import (
        GenerationConfig,
        Idefics3Config,
        Idefics3ForConditionalGeneration,
        Idefics3ImageProcessor,
        Idefics3Processor,
        PreTrainedTokenizerFast,
    )

    folder = _snapshot(hf_home, CodeFormulaModel._model_repo_folder, "main")
    numbers = {word: number for number, word in enumerate(_VOCABULARY)}
    words = Tokenizer(WordLevel(numbers, unk_token=_UNKNOWN))
    words.pre_tokenizer = WhitespaceSplit()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=words,
        unk_token=_UNKNOWN,
        pad_token=_PADDING,
        eos_token=_END,
        additional_special_tokens=[_IMAGE, *_AROUND_IMAGE],
        model_max_length=2048,
        model_input_names=["input_ids", "attention_mask"],
    )
    pictures = Idefics3ImageProcessor(do_image_splitting=False, size=_PICTURE, max_image_size=_PICTURE)
    Idefics3Processor(pictures, tokenizer, image_seq_len=4, chat_template=_TEMPLATE).save_pretrained(folder)
    configuration = Idefics3Config(
        image_token_id=numbers[_IMAGE],
        pad_token_id=numbers[_PADDING],
        scale_factor=2,
        vision_config=_SMALL | {"image_size": 64, "patch_size": 16},
        text_config=_SMALL | {"model_type": "llama", "num_key_value_heads": 1, "vocab_size": len(numbers)},
    )
    torch.manual_seed(0)
    network = Idefics3ForConditionalGeneration(configuration)
    # All words are equally likely.
    torch.nn.init.zeros_(network.model.text_model.norm.weight)
    never_first = [numbers[_END]] if reads else None
    network.generation_config = GenerationConfig(
        eos_token_id=numbers[_END], pad_token_id=numbers[_PADDING], begin_suppress_tokens=never_first
    )
    network.save_pretrained(folder)


def _snapshot(hf_home: Path, name: str, reference: str) -> Path:
    """Return the folder for the files of a repository, in a Hugging Face cache in which the reference names it."""
    repository = hf_home / "hub" / f"models--{name}"
    path = repository / "refs" / reference
    path.parent.mkdir(parents=True)
    path.write_text(_REVISION)
    return repository / "snapshots" / _REVISION


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


def main() -> None:
    """Write what a test asks for.

    Raises:
        ImportError: docling, torch or transformers is not installed.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("hf_home", type=Path)
    parser.add_argument("--formulas", choices=["read", "unread"])
    arguments = parser.parse_args()
    write_random_weights(arguments.hf_home, finds_formulas=arguments.formulas is not None)
    if arguments.formulas:
        write_formula_network(arguments.hf_home, reads=arguments.formulas == "read")


if __name__ == "__main__":
    main()
