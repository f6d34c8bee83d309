# SPDX-License-Identifier: Apache-2.0
# One entry for people and machines. Everything lives in .venv; nothing is installed system-wide.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
TOOLS := .tools
UV := $(TOOLS)/bin/uv
STAMP := $(VENV)/.synced
# Each has a database of its own. Tests in a browser run apart: Playwright keeps a loop in its process.
TEST_PROCESSES ?= 2
PO := $(wildcard src/hamkor/locale/*/LC_MESSAGES/*.po)

.PHONY: demo test test-postgres lint bench validate docs messages sync clean

sync: $(STAMP)

$(UV):
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9

$(STAMP): $(UV) pyproject.toml uv.lock hatch_build.py $(PO)
	UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=$(VENV) $(UV) sync --frozen --quiet --all-extras --compile-bytecode --python $(PYTHON)
	$(BIN)/python -m compileall -q src
	@touch $(STAMP)

demo: sync
	$(BIN)/hamkor demo

test: lint
	$(BIN)/python tools/need_debian.py
	$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist loadfile --ignore tests/browser
	$(BIN)/python -m pytest -n $(TEST_PROCESSES) --dist loadfile tests/browser
	@$(BIN)/python -c "print('all tests passed')"

# The same tests of the store and the server on Debian's PostgreSQL instead of the one in the wheel.
test-postgres: sync
	$(BIN)/python tools/test_postgres.py

lint: sync
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	HAMKOR_DATA_DIR=.mypy_cache/hamkor $(BIN)/mypy
	$(BIN)/lint-imports --no-logo

bench: sync
	$(BIN)/python -m benchmarks

# Every case of the crowd engine, minutes of processor time; writes docs/validation.
validate: sync
	$(BIN)/python tools/validate.py

docs: sync
	$(BIN)/python tools/make_data.py
	$(BIN)/python tools/make_glossary.py
	$(BIN)/python tools/make_docs.py

messages: sync
	$(BIN)/python tools/make_messages.py

clean:
	rm -rf $(VENV) $(TOOLS) out .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	rm -rf src/hamkor/locale/uz_Cyrl
	find src/hamkor/locale -name '*.mo' -delete
