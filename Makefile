# One virtual environment, every version from constraints.txt.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
# Processes that share the tests among them.
WORKERS ?= 2
Q ?= How much will Alibaba invest in AI infrastructure?

.PHONY: ask test eval clean
.DEFAULT_GOAL := ask

ask: $(VENV)/.installed
	@$(BIN)/pullquote ask "$(subst $$,\$$,$(subst `,\`,$(subst ",\",$(Q))))"

test: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

eval: $(VENV)/.installed
	$(BIN)/pullquote eval

clean:
	rm -rf $(VENV) build *.egg-info

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing into $(VENV) (a few minutes the first time)"
	@$(PIP) torch
	@$(PIP) --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	@$(PIP) --editable '.[test]'
	@touch $@
