# The README opens with `make chat` and `make test`. Every target sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: env chat run test check format lint types arrows bench soak constraints clean

env: $(STAMP)

# The constraints carry hashes, so pip refuses a package that is not the one we tested.
# The project itself is installed editable and without build isolation: nothing unpinned is fetched.
$(STAMP): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; found: $$($(PYTHON) --version). Set PYTHON=python3.12, for instance."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

chat: env
	@$(BIN)/disclosure chat

run: env
	$(BIN)/disclosure run

test: env
	$(BIN)/python -m pytest

format: env
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: env
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: env
	$(BIN)/mypy

arrows: env
	$(BIN)/lint-imports

check: lint types arrows test

# make bench [SIZES=1000,100000] [POLICY=FILE.jsonl]
# make bench LOAD=1 [MINUTES=20]: our bot under load, beside a bare echo bot.
MINUTES ?= 1
bench: env
	$(BIN)/python -m $(if $(LOAD),tests.bench.load --minutes $(MINUTES),tests.bench $(if $(SIZES),--sizes $(SIZES)) $(if $(POLICY),--policy $(POLICY)))

# make soak [KILLS=200]: kill -9 at every step between receive and confirm, with faults of the server; prints counts.
KILLS ?= 200
soak: env
	$(BIN)/python -m tests.soak --kills $(KILLS)

# Needs `uv` on the PATH. Names, versions and hashes only: no registry address goes into the repository.
constraints:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet --output-file constraints.txt

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
