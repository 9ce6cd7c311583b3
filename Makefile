# The README opens with `make chat` and `make test`. Every target sets up what it needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev

.PHONY: env dev chat web run test check format lint types arrows bench soak constraints clean

# What the program needs, and on top of it what developers need.
env: $(STAMP)
dev: $(DEV_STAMP)

# The constraints carry hashes, so pip refuses a package that is not the one we tested.
# The project itself is installed editable and without build isolation: nothing unpinned is fetched.
$(STAMP): constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; found: $$($(PYTHON) --version). Set PYTHON=python3.12, for instance."; exit 1; }
	@echo "Setting up, once: some 250 MB, a minute or a few."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python deploy/install.py constraints.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# The versions that both lists name are the same ones.
$(DEV_STAMP): constraints-dev.txt $(STAMP)
	@echo "Setting up the developers' tools, once."
	@$(BIN)/python deploy/install.py constraints-dev.txt
	@touch $@

chat: env
	@$(BIN)/disclosure chat

# The web pages on this machine: http://127.0.0.1:8000/, and a code for the desk.
web: env
	@$(BIN)/disclosure web --as-staff

run: env
	$(BIN)/disclosure run

# One process per core. A plain `pytest` stays in one, where a debugger and `-x` are of use.
test: dev
	$(BIN)/python -m pytest -n auto --maxprocesses 8 --dist worksteal

format: dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: dev
	$(BIN)/mypy

arrows: dev
	$(BIN)/lint-imports

check: lint types arrows test

# make bench [SIZES=1000,100000] [POLICY=FILE.jsonl]
# make bench OFFICES=FOLDER [MESSAGES=FILE.jsonl]: each office by weights that were fitted to the others.
# make bench LOAD=1 [MINUTES=20]: our bot under load, beside a bare echo bot.
# make bench WEB=1: the web pages, beside the bare framework.
MINUTES ?= 1
bench: dev
	$(BIN)/python -m $(if $(WEB),tests.bench.pages,$(if $(LOAD),tests.bench.load --minutes $(MINUTES),tests.bench $(if $(OFFICES),--sizes '' --offices $(OFFICES) $(if $(MESSAGES),--messages $(MESSAGES))) $(if $(SIZES),--sizes $(SIZES)) $(if $(POLICY),--policy $(POLICY))))

# make soak [KILLS=200]: kill -9 at every step between receive and confirm, with faults of the server; prints counts.
KILLS ?= 200
soak: dev
	$(BIN)/python -m tests.soak --kills $(KILLS)

# Needs `uv` on the PATH. Names, versions and hashes only: no registry address goes into the repository.
COMPILE := --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet
constraints:
	uv pip compile pyproject.toml --extra build --extra stats $(COMPILE) --output-file constraints.txt
	uv pip compile pyproject.toml --extra build --extra stats --extra dev --constraint constraints.txt $(COMPILE) --output-file constraints-dev.txt

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
