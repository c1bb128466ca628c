# Two commands do everything: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
export PYTHONWARNINGS ?= ignore

.PHONY: demo test audit lint format types lock bench clean install chromium faketime provider

install: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "timerett needs Python 3.11 or newer; set PYTHON=python3.11")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -q uv
	@echo "Installing the locked dependencies ..."
	@$(BIN)/uv pip install -q --python $(BIN)/python --require-hashes --compile-bytecode -r requirements.lock
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

demo: install
	@$(BIN)/timerett demo

chromium:
	@command -v chromium >/dev/null || (SUDO=$$(test $$(id -u) = 0 || echo sudo); $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq chromium)

# A clock that stands where a test puts it, for processes started whole.
faketime:
	@test -e /usr/lib/$$(uname -m)-linux-gnu/faketime/libfaketimeMT.so.1 || (SUDO=$$(test $$(id -u) = 0 || echo sudo); $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq faketime)

# A certified OpenID Provider, which the tests of sign-in start.
PROVIDER := tests/signin/provider
provider: $(PROVIDER)/node_modules/.package-lock.json

$(PROVIDER)/node_modules/.package-lock.json: $(PROVIDER)/package-lock.json
	@command -v npm >/dev/null || (SUDO=$$(test $$(id -u) = 0 || echo sudo); $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq nodejs npm)
	@cd $(PROVIDER) && npm ci --silent --ignore-scripts --no-audit --no-fund

format: install
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lint: install
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .

types: install
	@$(BIN)/mypy

audit: install
	@$(BIN)/python -m tests.dependencies.audit

test: install chromium faketime provider
	@$(MAKE) --no-print-directory -j 3 lint types audit
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

bench: install
	@$(BIN)/python -m bench

lock:
	@$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11 --extra test pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) data dbt_project/target dbt_project/logs
