# One command each. Whatever needs an environment makes .venv first, with the tested versions of constraints.txt.
#   make demo    recognise the video in examples/, write demo/result.json and demo/annotated.mp4
#   make test    all tests
#   make check   formatting, lint, types, all tests
#   make bench   speed on this machine
#   make docs    the docs site, in docs/_build/html
# PYTHON=python3.12 make test takes another Python.

PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test check lint bench docs models clean

demo: $(READY)
	mkdir -p demo
	$(BIN)/posecube recognize examples/jumping_jacks.mp4 --json demo/result.json --video demo/annotated.mp4

test: $(READY) models
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -rs --numprocesses auto --dist loadfile --no-loadscope-reorder

check: lint test

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/mypy

bench: $(READY)
	$(BIN)/posecube bench

docs: $(READY)
	$(PIP) --editable '.[docs]'
	$(BIN)/python -m sphinx --builder html --jobs auto --fail-on-warning --quiet docs docs/_build/html

# The pose models that real videos are tested with come once, by pip; without them those tests are skipped.
models: $(READY)
	@$(BIN)/python -c 'from posecube.pose.estimators.model_files import fetch_model; fetch_model("blazepose-detector"); fetch_model("blazepose-landmarks")' 2>&1 | tail -n 1

# torch goes first: installed along with the rest, pip may take another of its builds and gigabytes of CUDA with it.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
		|| { echo "posecube needs Python 3.11 to 3.13; name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) torch
	$(PIP) --editable '.[dev]'
	touch $@

clean:
	rm -rf .venv demo build dist docs/_build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
