# make run    sets itself up, runs the playbook on the sample chain, opens the dashboards
# make test   everything that is checked
SHELL := /bin/bash
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
BIN := .venv/bin
NAME ?= sample
LANG_OF_PAGES ?=
SERVE ?= 1
# Compiled bytecode makes every start of a kernel several times faster.
unexport PYTHONDONTWRITEBYTECODE
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run serve test check dev lint types layers languages catalogues dictionary sample picture show lock clean

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.venv/installed: requirements.lock pyproject.toml hatch_build.py
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v[:2] < (3, 14) else f"Python 3.11 to 3.13 is needed, this is {v[0]}.{v[1]}")'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing packages; this takes a minute or two the first time."
	@$(BIN)/python -m pip install --quiet --no-deps --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q -j 0 .venv/lib playbook >/dev/null || true
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --no-deps --requirement requirements-dev.lock
	@touch $@

run: .venv/installed ## run the playbook on the sample chain and open its pages (SERVE=0: only run)
	@$(BIN)/playbook run $(NAME) $(if $(LANG_OF_PAGES),--lang $(LANG_OF_PAGES))
	@if [ "$(SERVE)" != 0 ]; then $(BIN)/playbook serve $(NAME); fi

serve: .venv/installed ## open the pages of an engagement (NAME=sample)
	@$(BIN)/playbook serve $(NAME)

dev: .venv/installed-dev ## install what tests and checks need
	@git config --get core.hooksPath >/dev/null || $(BIN)/pre-commit install --install-hooks >/dev/null 2>&1 || true

test: .venv/installed-dev check ## everything that is checked: lint, types, layers, languages, tests
	$(BIN)/pytest -n 2 --dist loadgroup

check: lint types layers languages ## the checks that run no test

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m playbook.data.dictionary --check

types: .venv/installed-dev
	$(BIN)/mypy

layers: .venv/installed-dev
	$(BIN)/lint-imports

languages: .venv/installed-dev
	$(BIN)/python -m playbook.run.languages --check

catalogues: .venv/installed-dev ## collect every sentence into the message catalogues
	$(BIN)/python -m playbook.run.languages

dictionary: .venv/installed ## write docs/data_dictionary.md
	$(BIN)/python -m playbook.data.dictionary

sample: .venv/installed ## rebuild data/sample from its seed (takes some minutes)
	$(BIN)/python -m playbook.run.build_sample --decisions docs/decisions.md
	$(BIN)/python -m playbook.run.sample_charter

picture: .venv/installed-dev ## take the pictures of the README from the product itself
	PLAYBOOK_PICTURES=$(CURDIR)/docs/pictures $(BIN)/pytest tests/browser/test_picture.py

show: .venv/installed-dev ## print a notebook as text (NB=03)
	@$(BIN)/jupytext --to py:percent --output - notebooks/$(NB)*.ipynb

lock: ## resolve the exact versions anew (needs uv)
	uv pip compile --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header pyproject.toml requirements-build.in -o requirements.lock
	uv pip compile --universal --python-version 3.11 --no-emit-index-url --no-annotate --no-header --extra dev pyproject.toml -c requirements.lock -o requirements-dev.lock

clean: ## remove what can be made again
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache dist build
