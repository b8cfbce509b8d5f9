# `make demo` shows the main job, `make test` passes the tests; both set up what they need.
# Wanted: make, and a python3 of version 3.11 to 3.13 with venv and pip.

PYTHON = python3
VENV = .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check
LOCKED = $(PIP) --no-build-isolation --require-hashes -r
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links
UPGRADE =
# A test on every core. Neighbours stay on one: they often share what is costly to make.
AT_ONCE = --numprocesses logical --dist worksteal

.PHONY: help setup demo test test-slow test-fault test-scale check bench soak lock clean

help:
	@echo 'make setup       .venv with everything, for working on newscrawl'
	@echo 'make demo        collect a sample newspaper on this machine, and search it'
	@echo 'make test        the tests, without the long ones'
	@echo 'make test-slow   tests that take more than a few seconds'
	@echo 'make test-fault  kill -9, full disks and other faults; few rounds'
	@echo 'make test-scale  many articles, many processes'
	@echo 'make check       ruff, mypy, import-linter'
	@echo 'make bench       how fast, how large, how complete; about an hour'
	@echo 'make soak        the fault and scale tests with all their rounds'
	@echo 'make lock        write requirements/ anew; UPGRADE=--upgrade for newer versions'
	@echo 'make clean       remove .venv, caches and the demo; never data'

setup: $(VENV)/.dev

demo: $(VENV)/.base
	@$(BIN)/python -m newscrawl.demo

test: $(VENV)/.dev
	@$(BIN)/python -m pytest $(AT_ONCE)

test-slow: $(VENV)/.dev
	@$(BIN)/python -m pytest -m slow

test-fault: $(VENV)/.dev
	@$(BIN)/python -m pytest -m fault

test-scale: $(VENV)/.dev
	@$(BIN)/python -m pytest -m scale

soak: $(VENV)/.dev
	@NEWSCRAWL_SOAK=1 $(BIN)/python -m pytest -m 'fault or scale'

check: $(VENV)/.dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: $(VENV)/.dev
	@$(BIN)/python -m benchmarks

# jieba is built from source here, by the setuptools of requirements/build.txt and no other.
$(VENV)/.build: requirements/build.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || { \
		echo 'newscrawl needs Python 3.11, 3.12 or 3.13: make PYTHON=python3.12 …' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --require-hashes -r requirements/build.txt
	@touch $@

$(VENV)/.base: $(VENV)/.build requirements/base.txt pyproject.toml
	@$(LOCKED) requirements/base.txt
	@$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.base requirements/dev.txt
	@$(LOCKED) requirements/dev.txt
	@touch $@

$(VENV)/.lock: $(VENV)/.build requirements/lock.txt
	@$(PIP) --require-hashes -r requirements/lock.txt
	@touch $@

lock: $(VENV)/.lock
	@printf 'setuptools>=82\nwheel\n' | \
		$(COMPILE) $(UPGRADE) --no-annotate - --output-file requirements/build.txt
	@echo uv | $(COMPILE) $(UPGRADE) --no-annotate - --output-file requirements/lock.txt
	@$(COMPILE) $(UPGRADE) pyproject.toml --output-file requirements/base.txt
	@$(COMPILE) $(UPGRADE) pyproject.toml --extra tantivy --constraints requirements/base.txt \
		--output-file requirements/tantivy.txt
	@$(COMPILE) $(UPGRADE) pyproject.toml --extra dev --extra tantivy \
		--constraints requirements/base.txt --output-file requirements/dev.txt

clean:
	@rm -rf $(VENV) .demo build *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache \
		.import_linter_cache
	@find newscrawl tests benchmarks tools -name __pycache__ -prune -exec rm -rf {} +
