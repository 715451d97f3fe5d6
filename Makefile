# Two commands: make demo, make test. The rest is for those who change Evenhand: make check, test-long, lock, docs, bench.

# The Python to build on: the first here that is new enough. Another: make PY=python3.13 demo
PY ?= $(shell for name in python3 python3.11 python3.12 python3.13 python3.14; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && exit; done; echo python3)
# For make demo: SERVE=0 stops before serving; PORT=8100; REGION=examples/derbyshire; DATA=folder of published files.
SERVE ?= 1
PORT ?=
REGION ?=
DATA ?=
# For make test: make test ARGS="tests/find -x"
ARGS ?=

BIN := .venv/bin
VENDOR := src/evenhand/web/static/vendor
# With uv; where a machine only lets pip out, with pip: the same files, the same hashes, more slowly.
FETCH = fetch() { $(BIN)/uv pip install -q --python $(BIN)/python "$$@" || $(BIN)/python -m pip install -q "$$@"; }; fetch

.PHONY: demo test test-long check lock docs bench clean
.DELETE_ON_ERROR:

demo: .venv/.project $(VENDOR)/.built
	@$(BIN)/evenhand demo $(if $(filter 0 no,$(SERVE)),--no-serve) $(if $(PORT),--port "$(PORT)") \
		$(if $(REGION),--region "$(REGION)") $(if $(DATA),--data "$(DATA)")

# Several files of tests at once, one to a process; make test AT_ONCE=0 runs them one after another.
AT_ONCE ?= auto
test: .venv/.project .venv/.test $(VENDOR)/.built
	$(BIN)/pytest -m "not long" -n $(AT_ONCE) --maxprocesses 4 --dist loadfile $(ARGS)

# pytest answers 5 when it has nothing to run: every long test may be waiting for a folder of data.
test-long: .venv/.project .venv/.test $(VENDOR)/.built
	$(BIN)/pytest -m long $(ARGS) || [ $$? -eq 5 ]

check: .venv/.project .venv/.test .venv/.lint
	$(BIN)/ruff check
	EVENHAND_HOME=.mypy_cache/home $(BIN)/mypy
	$(BIN)/lint-imports --no-logo

docs: .venv/.project .venv/.docs
	$(BIN)/zensical build

bench: .venv/.project .venv/.test
	$(BIN)/python -m bench

.venv/.made: requirements/uv.txt
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Evenhand needs Python 3.11 or newer. Once it is here, name it: make PY=python3.12 demo"; exit 1; }
	@$(PY) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "This Python cannot make environments. Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Evenhand makes a Python environment of its own in .venv: about 230 MB to fetch, 0.7 GB on disk."
	@$(PY) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/.demo: .venv/.made requirements/demo.txt
	@echo "Fetching what Evenhand is built on ..."
	@$(FETCH) --require-hashes -r requirements/demo.txt
	@touch $@

.venv/.project: .venv/.demo pyproject.toml
	@$(FETCH) --no-deps --no-build-isolation -e .
	@touch $@

.venv/.test .venv/.lint .venv/.docs: .venv/.%: requirements/%.txt .venv/.demo
	@echo "Fetching what is needed for: $* ..."
	@$(FETCH) --require-hashes -r requirements/$*.txt
	@touch $@

$(VENDOR)/.built: .venv/.demo package.json package-lock.json tools/assets.py
	@$(BIN)/python tools/assets.py
	@touch $@

# Pins every package by hash, for every system and Python at once, and writes no address of any registry.
COMPILE = $(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header --no-annotate
lock: .venv/.made
	$(COMPILE) --group uv -o requirements/uv.txt
	$(COMPILE) pyproject.toml --extra web --group build -o requirements/demo.txt
	$(COMPILE) --group test -c requirements/demo.txt -o requirements/test.txt
	$(COMPILE) --group lint -c requirements/demo.txt -c requirements/test.txt -o requirements/lint.txt
	$(COMPILE) --group docs -c requirements/demo.txt -c requirements/test.txt -c requirements/lint.txt -o requirements/docs.txt
	$(COMPILE) --group assets -o requirements/assets.txt

# The workspace, which may hold somebody's work, is never cleaned away.
clean:
	rm -rf .venv $(VENDOR) build dist site .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +
