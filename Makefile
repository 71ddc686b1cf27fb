# `make demo` and `make test` are all a fresh machine needs: what they stand on is made once and kept.
PYTHON ?= python3
PORT ?= 8000
TIER ?=
VENV := .venv
BIN := $(VENV)/bin

.PHONY: setup desk demo test lint bench clean

$(VENV)/.ready: pyproject.toml devsite/requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet -r devsite/requirements.txt -e .[dev]
	touch $@

setup: $(VENV)/.ready
	@$(BIN)/python -m devsite prepare

desk: setup
	@$(BIN)/python -m devsite desk

demo: desk
	@$(BIN)/python -m devsite demo --port $(PORT)

# each tier makes what it stands on: unit, contract and js need neither a site nor Desk
test: $(VENV)/.ready
	@.ci/tests $(TIER)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy -p xero_connector.core -p xero_connector.xero -p xero_connector.api
	$(BIN)/lint-imports

bench: setup
	@$(BIN)/python -m benchmarks.$(NAME)

clean:
	rm -rf $(VENV) .build
