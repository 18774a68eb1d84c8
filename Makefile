# Every command worth remembering. `make run` and `make test` install what they need and take over from there.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

UV_VERSION := 0.13.9
PYTHON ?= python3
VENV := $(abspath $(or $(UV_PROJECT_ENVIRONMENT),.venv))
BIN := $(VENV)/bin
UV := .tools/bin/uv
UV_SYNC := UV_PROJECT_ENVIRONMENT=$(VENV) UV_PYTHON_DOWNLOADS=never UV_NO_PROGRESS=1 $(UV) sync --frozen --quiet --python $(PYTHON)
WORKERS ?= 2
SECONDS_EACH = $(if $(filter command line environment,$(origin SECONDS)),$(SECONDS),60)
TARGETS ?= mail html names imports words outgoing receipts
TEST_PACKAGES := chromium libatomic1 fonts-dejavu-core fonts-noto-color-emoji dovecot-imapd dovecot-lmtpd postfix faketime nftables iproute2

.PHONY: help setup setup-test run test faults check fuzz fmt clean

help: ## Say what each command does
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' $(MAKEFILE_LIST) | while IFS=$$'\t' read -r name text; do printf '  make %-11s %s\n' "$$name" "$$text"; done

run: setup ## Set up, then serve everything on PORT (8000)
	@exec $(BIN)/troth run

test: setup-test ## Set up, then everything that must pass: checks, then tests (ARGS= for pytest)
	@$(MAKE) check
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

faults: setup-test ## Kill, pause, fill and cut everything in every way, and write what was lost into docs/reliability.md (ARGS= for some)
	$(BIN)/python -m faults $(ARGS)

setup: $(VENV)/.troth-run ## Install what serving needs

setup-test: $(VENV)/.troth-test ## Install what the checks and tests need as well
	@tools/debian-packages $(TEST_PACKAGES)

check: export TROTH_SECRET_KEY := checks-sign-nothing
check: $(VENV)/.troth-test ## Style, types, the order of the rooms, complete migrations
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy src
	$(BIN)/lint-imports
	$(BIN)/python -W "ignore:Got an error checking" manage.py makemigrations --check --dry-run

fuzz: $(VENV)/.troth-fuzz ## Throw SECONDS (60) of invented input at each reader of strangers' bytes (TARGETS=)
	@status=0; for target in $(TARGETS); do echo "== $$target"; $(BIN)/python -m fuzz $$target $(SECONDS_EACH) || status=1; done; exit $$status

fmt: $(VENV)/.troth-test ## Format and sort
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean: ## Remove what was installed and cached here; your data in .troth stay
	rm -rf .venv .tools .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.troth-run: pyproject.toml uv.lock | $(UV)
	@echo "Installing what Troth needs…"
	@$(UV_SYNC) --no-dev --inexact
	@touch $@

$(VENV)/.troth-test: pyproject.toml uv.lock | $(UV)
	@echo "Installing what Troth and its tests need…"
	@$(UV_SYNC)
	@touch $(VENV)/.troth-run $@

$(VENV)/.troth-fuzz: pyproject.toml uv.lock | $(UV)
	@$(UV_SYNC) --group fuzz
	@touch $(VENV)/.troth-run $(VENV)/.troth-test $@

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Troth needs Python 3.11 or newer as $(PYTHON); make PYTHON=/path/to/python3.11 names another."; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || tools/debian-packages python3-venv
	@rm -rf .tools
	@$(PYTHON) -m venv .tools
	@.tools/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
