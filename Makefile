# Two commands matter: `make run` and `make test`. Everything else is a part of one of them.
PYTHON ?= python3
BIN := .venv/bin
BROWSER := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
HAN_FONT := $(shell fc-list :lang=zh-cn 2>/dev/null | head -n 1)

.PHONY: run test lint types architecture words unit unit-postgresql tools lock wheel docs pictures clean

## run: start Heartline on http://127.0.0.1:8000, making its environment first
run: .venv/installed
	@$(BIN)/heartline compile-messages --quiet
	@exec $(BIN)/heartline run

## test: everything that CI runs
test: tools lint types architecture unit unit-postgresql

## lint: style of the source
lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

## types: mypy, strict
types: .venv/installed-dev
	$(BIN)/mypy heartline tests benchmarks

## architecture: who may import whom
architecture: .venv/installed-dev
	$(BIN)/lint-imports

## unit: all tests on SQLite, in a real browser where they say so
unit: .venv/installed-dev
	HEARTLINE_TEST_DATABASE=sqlite $(BIN)/pytest -q -n 2 --dist loadgroup

## unit-postgresql: the same on PostgreSQL; of the browser tests only the main flow
unit-postgresql: .venv/installed-dev
	HEARTLINE_TEST_DATABASE=postgresql $(BIN)/pytest -q -n 2 --dist loadgroup -m "(not browser and not slow and not once) or main_flow"

## tools: what tests need beside Python, from Debian's packages when we are root
tools:
ifeq ($(and $(BROWSER),$(HAN_FONT)),)
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
			chromium fonts-noto-cjk fontconfig >/dev/null; \
	else \
		echo "The browser tests need Chromium and a Chinese font. On Debian, as root:"; \
		echo "    apt-get install chromium fonts-noto-cjk fontconfig"; \
		exit 1; \
	fi
endif

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11, 4))' || \
		{ echo "Heartline needs Python 3.11.4 or newer: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .venv

# A lock that changed is newer than the stamp: the environment follows it.
.venv/installed: requirements.lock pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation -e .
	@touch $@

.venv/installed-dev: requirements-dev.lock pyproject.toml | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation -e .
	@touch $@ .venv/installed

## lock: choose exact versions anew, with hashes and without naming a registry
LOCK := pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --no-emit-options \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host
lock: | .venv/bin/python
	$(BIN)/pip install --quiet --disable-pip-version-check pip-tools
	$(BIN)/$(LOCK) $(UPGRADE) --extra source --output-file requirements.lock pyproject.toml
	$(BIN)/$(LOCK) $(UPGRADE) --extra source --extra dev --constraint requirements.lock \
		--output-file requirements-dev.lock pyproject.toml

## docs: write the reference pages from the code
docs: .venv/installed
	$(BIN)/heartline docs

## pictures: make the screenshots of the documentation anew
PICTURED := $(addprefix tests/browser/test_,$(addsuffix .py,first_conversation by_keyboard floor webhooks))
pictures: .venv/installed-dev
	HEARTLINE_TEST_PICTURES=1 $(BIN)/pytest -q $(PICTURED)

## wheel: build dist/heartline-*.whl
wheel: .venv/installed-dev
	$(BIN)/python -m build --no-isolation --wheel --outdir dist .

## clean: remove what is made, except the data
clean:
	rm -rf .venv dist build .mypy_cache .ruff_cache .import_linter_cache .hypothesis
