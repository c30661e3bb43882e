# One virtual environment, every version from constraints.txt.
# The oldest that is there of those that Pullquote runs on.
PYTHON ?= $(or $(firstword $(foreach name,python3.11 python3.12 python3.13 python3.14,\
	$(shell command -v $(name) 2>/dev/null))),python3)
VENV := .venv
BIN := $(VENV)/bin
# setuptools warns at every editable install of folders that might lie elsewhere too.
PIP := PYTHONWARNINGS=ignore::UserWarning $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
# Processes that share the tests among them: they wait for others a fifth of their time, so one more
# than the two processors of a small machine.
WORKERS ?= 3
# Where Python may not keep what it compiled, each of the processes that the tests start compiles
# Pullquote again.
unexport PYTHONDONTWRITEBYTECODE
Q ?= How much will Alibaba invest in AI infrastructure?

.PHONY: ask test checks tests test-cluster coverage eval fuzz kill locks sbom clean
.DEFAULT_GOAL := ask

ask: $(VENV)/.installed
	@$(BIN)/pullquote ask "$(subst $$,\$$,$(subst `,\`,$(subst ",\",$(Q))))"

# Both at once: what the type checker and the tests wait for is seldom the same.
test: $(VENV)/.installed-test
	@$(MAKE) --no-print-directory --jobs 2 checks tests

checks: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy

# The tests make thousands of small libraries, which wait for a disk each time that they are flushed:
# in memory, where four gigabytes are free, it takes them a third of the time.
MEMORY := $(shell [ -w /dev/shm ] && \
	[ "$$(df -Pk /dev/shm | awk 'END {print $$4}')" -gt 4194304 ] && echo /dev/shm)

tests: $(VENV)/.installed-test
	$(if $(MEMORY),TMPDIR=$(MEMORY)) $(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

# What the extras cluster and serve bring, which takes minutes: stores on Milvus (`make test` moves one
# library there and back), ingest on Ray, models in replicas, publications in object stores.
test-cluster: $(VENV)/.installed-cluster
	$(BIN)/pytest -m cluster

# Which branches of index, rag and api the tests take, in all the processes that they start; an hour of
# processor time, or less with PARTS="tests/rag tests/api". Runs add up; make clean forgets them.
coverage: $(VENV)/.installed-test
	$(BIN)/python -m tests.branches $(PARTS)

# 200,000 cases, or CASES=; SEED= repeats a run, RESUME=1 adds to what an earlier one counted.
fuzz: $(VENV)/.installed-test
	$(BIN)/python -m tests.api.fuzz $(if $(CASES),--cases $(CASES)) $(if $(SEED),--seed $(SEED)) \
		$(if $(RESUME),--resume)

# 300 kills and losses of power at the steps of every kind of write, or KILLS=; SEED= repeats a run.
kill: $(VENV)/.installed-test
	$(BIN)/python -m tests.faults --kills $(or $(KILLS),300) $(if $(SEED),--seed $(SEED))

# deploy/locks: what constraints.txt pins, with hashes, for an install that trusts no server. torch
# without CUDA is not on PyPI: its index, or a folder that has it.
TORCH ?= https://download.pytorch.org/whl/cpu
LOCK = build/uv/bin/uv pip compile pyproject.toml --no-sources --quiet --upgrade --constraint constraints.txt \
	--find-links $(TORCH) --generate-hashes --python-version 3.11 --no-header --no-annotate
locks:
	$(PYTHON) -m venv build/uv
	build/uv/bin/python -m pip --disable-pip-version-check install --quiet uv
	@for extra in runtime test bench; do \
		{ printf '%s\n' "# The $$extra install with hashes, made by make locks: CPython 3.11, torch without CUDA," \
			"# which is at https://download.pytorch.org/whl/cpu."; \
		$(LOCK) $$([ $$extra = runtime ] || echo --extra $$extra); } > build/$$extra.txt || exit 1; \
		mv build/$$extra.txt deploy/locks/$$extra.txt; \
	done

# build/sbom.json: every package that is installed with Pullquote, with versions and licences.
sbom: $(VENV)/.installed
	$(PYTHON) -m venv build/sbom
	build/sbom/bin/python -m pip --disable-pip-version-check install --quiet \
		--constraint constraints.txt cyclonedx-bom
	build/sbom/bin/cyclonedx-py environment --output-reproducible --of JSON \
		--output-file build/sbom.json $(BIN)/python

eval: $(VENV)/.installed
	$(BIN)/pullquote eval

clean:
	rm -rf $(VENV) build *.egg-info

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing into $(VENV) (a few minutes the first time)"
	@$(PIP) pip # one that knows an extra by either spelling of its name
	@$(PIP) torch
	@$(PIP) --editable .
	@touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	@$(PIP) --editable '.[test]'
	@touch $@

$(VENV)/.installed-cluster: $(VENV)/.installed-test
	@$(PIP) --editable '.[cluster,serve]'
	-@$(PIP) --no-deps milvus
	@touch $@
