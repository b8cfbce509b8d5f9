# `make demo` shows the main job, `make test` passes the tests; both set up what they need.
# Wanted: make, and a python3 of version 3.11 to 3.13 with venv and pip.

PYTHON = python3
VENV = .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check
IN_REPLAY = $(REPLAY)/bin/python -m pip install --quiet --disable-pip-version-check
LOCKED = $(PIP) --no-build-isolation --require-hashes -r
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links
UPGRADE =
# What replays our archives in the tests; apart from .venv, because it wants other versions.
REPLAY = .replay
REPLAYED_BY = pywb==2.10.0 wacz==0.6.0 cdxj-indexer==1.5.0
REPLAYWEB = replaywebpage-2.5.3
REPLAYWEB_SHA512 = nCj2PSON3BxeSJKE8AsYPyULv0XPZKJWfy4l9PyQre9SqwLZ+WKZVs/sfLqPOQ4GrH+0YkjbwOhr8cSTH08gsQ==
# A test on every core. Neighbours stay on one: they often share what is costly to make.
AT_ONCE = --numprocesses logical --dist worksteal

.PHONY: help setup demo test test-slow test-fault test-scale replay check \
	bench soak lock clean

help:
	@echo 'make setup       .venv with everything, for working on newscrawl'
	@echo 'make demo        collect a sample newspaper on this machine, and search it'
	@echo 'make test        the tests, without the long ones'
	@echo 'make test-slow   tests that take more than a few seconds'
	@echo 'make test-fault  kill -9, full disks and other faults; few rounds'
	@echo 'make test-scale  many articles, many processes'
	@echo 'make replay      .replay with pywb and what else replays archives; test-slow does it'
	@echo 'make check       ruff, mypy, import-linter'
	@echo 'make bench       how fast, how large, how complete; about an hour'
	@echo 'make soak        the fault and scale tests with all their rounds'
	@echo 'make lock        write requirements/ anew; UPGRADE=--upgrade for newer versions'
	@echo 'make clean       remove .venv, caches and the demo; never data'

setup: $(VENV)/.dev

demo: $(VENV)/.base
	@$(BIN)/python -m newscrawl.demo

test: $(VENV)/.dev
	@$(BIN)/python -m pytest --durations=40 --durations-min=4 $(AT_ONCE)

replay: $(REPLAY)/.made $(REPLAY)/.web

test-slow: $(VENV)/.dev replay
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

$(REPLAY)/.made: requirements/build.txt requirements/replay.txt
	@$(PYTHON) -m venv $(REPLAY)
	@$(IN_REPLAY) --require-hashes -r requirements/build.txt
	@$(IN_REPLAY) --no-build-isolation --require-hashes -r requirements/replay.txt
	@touch $@

# The package of ReplayWeb.page itself is enough: nothing that it depends on is fetched.
$(REPLAY)/.web: $(REPLAY)/.made
	@command -v npm >/dev/null || { echo 'no npm: what needs ReplayWeb.page is skipped'; exit 0; }; \
		cd $(REPLAY) && npm pack --silent $(subst -,@,$(REPLAYWEB)) >/dev/null && \
		python3 -c 'import base64, hashlib, sys; data = open(sys.argv[1], "rb").read(); \
			sys.exit(base64.b64encode(hashlib.sha512(data).digest()).decode() != sys.argv[2])' \
			$(REPLAYWEB).tgz $(REPLAYWEB_SHA512) && \
		tar -xzf $(REPLAYWEB).tgz package/ui.js package/sw.js && touch .web

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
	@$(COMPILE) $(UPGRADE) pyproject.toml --extra parquet --constraints requirements/base.txt \
		--output-file requirements/parquet.txt
	@printf '%s\n' 'setuptools<81' $(REPLAYED_BY) | \
		$(COMPILE) $(UPGRADE) --no-annotate - --output-file requirements/replay.txt
	@$(COMPILE) $(UPGRADE) pyproject.toml --extra dev --extra parquet --extra tantivy \
		--constraints requirements/base.txt --output-file requirements/dev.txt

clean:
	@rm -rf $(VENV) $(REPLAY) .demo build *.egg-info .hypothesis .mypy_cache .pytest_cache .ruff_cache \
		.import_linter_cache
	@find newscrawl tests benchmarks tools -name __pycache__ -prune -exec rm -rf {} +
