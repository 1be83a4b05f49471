# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documentation of what documents can be processed with."""

from __future__ import annotations


class ModuleDocFragment:
    """The options that name a pipeline and configure it."""

    DOCUMENTATION = r"""
options:
  pipeline:
    description:
      - V(glossapi) converts documents with glossAPI on GPUs.
      - V(pdftext) reads the text layer on a CPU, and pages without one by tesseract where that is installed.
      - V(command) runs a command line for each document.
    type: str
    choices: [command, glossapi, pdftext]
    default: pdftext
  pipeline_options:
    description:
      - Options of the pipeline. V(pdftext) has none.
      - V(command) needs C(command), a list of arguments, or a string that is split as a shell would but run without
        one. C({uri}) is the document's address, C({input}) the local copy, C({workdir}) an empty folder, C({output})
        the prefix C(<results>/shard-<n>). Write braces that are none of these twice.
      - The command ends with status 0 and leaves one C(*.md), not empty, in C({workdir}) or C({workdir}/markdown), and
        perhaps a JSON file of the same stem there or in C({workdir}/json). Or it uploads C({output}/markdown/<key>.md)
        itself. The Markdown is refused where it was there before, and where a document of 10 pages or more has less
        than 20 characters a page.
      - V(glossapi) has C(backend), V(docling) (default, on a GPU) or V(safe) (the text layer alone, on a CPU);
        C(ocr) and C(math) (defaults V(true)), which must be V(false) with V(safe); C(images_scale) (default V(1.25)),
        pages are rendered for the models at so many times 72 dpi; C(threads), CPU threads of each worker (by default
        an equal share of the CPUs); C(hf_home), the absolute path of the Hugging Face models (by default the
        environment's E(HF_HOME)); and C(rapidocr_models), that of RapidOCR's ONNX models (by default those that
        glossAPI brings).
      - V(glossapi) needs glossAPI 0.1.3 in the Python the module runs with, at a commit that still does OCR when it
        extracts. A worker refuses to start with one that does not, and on a GPU that does not compute or that OCR
        would not use.
    type: dict
    default: {}
"""
