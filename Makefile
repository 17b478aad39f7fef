# Everything happens inside this folder: the virtual environment, caches and temporary files live in .venv.
PYTHON ?= $(shell for python in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	$$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
export TMPDIR := $(CURDIR)/$(VENV)/tmp
export PIP_CACHE_DIR := $(CURDIR)/$(VENV)/cache
export PIP_DISABLE_PIP_VERSION_CHECK := 1
PYTEST_FLAGS ?=
# One more than there are cores: much of the suite waits for servers and browsers.
PROCESSES ?= $(shell expr $$(nproc) + 1)

.PHONY: demo test coverage lint format bench screenshots wheel clean help
.DEFAULT_GOAL := help

help:  ## What can be made.
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' Makefile | expand -t 16

demo: $(VENV)/.run  ## Serve an invented newspaper, crawl it twice, show what changed.
	$(BIN)/newsmorgue demo --dir demo

test: $(VENV)/.dev  ## Run the tests.
	$(BIN)/python -m pytest -n $(PROCESSES) --dist worksteal $(PYTEST_FLAGS)

coverage: $(VENV)/.dev  ## Run the tests and show the lines that they never reach.
	$(BIN)/python -m pytest -n $(PROCESSES) --dist worksteal --cov --cov-report=term $(PYTEST_FLAGS)

lint: $(VENV)/.dev  ## Check format, lint, types and layers.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(VENV)/.dev  ## Format the code and apply the linter's safe fixes.
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.bench  ## Measure the reader's quality and speed beside its peers.
	$(BIN)/python -m benchmarks

screenshots: $(VENV)/.dev  ## Take the pictures of the README (needs Chromium).
	$(BIN)/python -m tests.web.screenshots

wheel: $(VENV)/.dev  ## Build the wheel into dist/.
	$(BIN)/python -m build --wheel --outdir dist

clean:  ## Remove everything that was made here.
	rm -rf $(VENV) demo dist .coverage .coverage.* .hypothesis .pytest_cache .mypy_cache .ruff_cache

$(VENV)/.made:
	@test -n "$(PYTHON)" || { echo "newsmorgue needs Python 3.11 or newer with venv (Debian: apt install python3-venv)" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	mkdir -p $(TMPDIR) $(PIP_CACHE_DIR)
	$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'
	touch $@

$(VENV)/.run: $(VENV)/.made pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.run
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev --editable '.[all]'
	touch $@

$(VENV)/.bench: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group bench
	touch $@
