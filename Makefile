# Two commands do everything: `make demo` runs the main job, `make test` passes the tests.
# Each sets up what it needs in .venv first; neither needs root.
.DEFAULT_GOAL := help
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PYTEST := $(BIN)/python -m pytest
KERNELS := host 5.10 6.1 6.12 built_stock built_mapcount_locked built_mapcount_trylock \
  built_refcount_nofork built_mapcount_forkcopy

demo: .venv/ready  #- Load what comes with threadkit, tell five findings, write web pages into site.
	$(BIN)/threadkit demo

test: .venv/ready-dev  #- Run the tests and the examples in the docstrings.
	$(PYTEST) -q -n auto

check: lint types imports docs-check test  #- Everything that CI holds.

lint: .venv/ready-dev  #- Format and lint.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: .venv/ready-dev  #- Strict types.
	$(BIN)/mypy

imports: .venv/ready-dev  #- Imports point down.
	$(BIN)/lint-imports

docs-check: .venv/ready-dev  #- The generated parts of the README are current.
	$(BIN)/cog -I . --check --check-fail-msg='run: make docs' README.md

docs: .venv/ready-dev  #- Rewrite the generated parts of the README.
	$(BIN)/python -c 'from threadkit.cow.suite.front import front; print(front().svg(), end="")' > data/witness/both-right.svg
	$(BIN)/cog -I . -r README.md

notebooks: .venv/ready-dev  #- Run every notebook.
	$(PYTEST) -q tests/test_notebooks.py

witness: .venv/ready  #- Run every scenario on real kernels and keep what was seen (QEMU; builds some).
	$(BIN)/threadkit cow kernels fetch 5.10 6.1 6.12
	$(BIN)/threadkit cow kernels build
	$(BIN)/threadkit cow witness --system --save data/witness $(KERNELS:%=--kernel %)

screenshots: .venv/ready-dev  #- Take a picture of every type of page of a site (Chromium).
	$(BIN)/python -m tests.site.browser.pictures screenshots

bench: .venv/ready-dev  #- Measure speed, memory and size against the peers that are installed.
	$(BIN)/python -m tests.bench.run $(BENCH)

eval: .venv/ready-dev  #- Measure what is read in real mail against the labels of data/labels.
	$(BIN)/python -m tests.eval.run $(EVAL)

model: .venv/ready-dev  #- Train the models of arguments anew from the labels; needs ../shared.
	$(BIN)/python -m tests.eval.arguments.train
	$(BIN)/python -m tests.eval.arguments.bear

coverage: .venv/ready-dev  #- Branch coverage by folder.
	$(PYTEST) -q -n auto --cov --cov-report=term

samples: .venv/ready  #- Write the sample mail and its commits anew.
	$(BIN)/python -m tests.generate_samples

setup: .venv/ready-dev  #- Set up .venv for work on threadkit itself.

clean:  #- Remove what was made: .venv, site, threadkit.db, caches.
	rm -rf .venv site threadkit.db threadkit.db-wal threadkit.db-shm .pytest_cache .mypy_cache .ruff_cache .hypothesis

.venv/ready: pyproject.toml
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "threadkit needs Python 3.11 or newer; try: make PYTHON=/path/to/python3 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv || \
	  { echo "this Python cannot make virtual environments (on Debian: apt install python3-venv)"; rm -rf .venv; exit 1; }
	@echo "setting up .venv"
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/ready-dev: .venv/ready
	@echo "setting up .venv for the tests"
	@$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

help:
	@awk -F ':.*#-' '/^[^: ]+:.*#-/{printf "  %-11s %s\n",$$1,$$2}' $(MAKEFILE_LIST)

.PHONY: demo test check lint types imports docs-check docs notebooks witness screenshots bench eval model coverage samples setup clean help
