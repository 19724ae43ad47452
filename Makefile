# `make run` and `make test` do all the set-up. Needs python3 (3.11 or newer) with venv, and make.
SIZES ?= 10000
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8000
export PEACEOPS_DATA_DIR ?= $(CURDIR)/var
export PEACEOPS_SECRET_KEY_FILE ?= $(PEACEOPS_DATA_DIR)/secret-key
BIN := .venv/bin
LOCAL := PEACEOPS_HTTPS=false PEACEOPS_LOG=text

.PHONY: help run test editor backup restore offline ready pictures messages format lock bench audit sbom clean

help:
	@echo "make run      set up and serve on http://127.0.0.1:$(PORT) (PORT=, PEACEOPS_DATA_DIR=)"
	@echo "make test     tests on SQLite, lint, format and migrations check"
	@echo "make editor   create the first administrator"
	@echo "make backup   back up the database, also while it is in use"
	@echo "make restore  put a backup in its place (FILE=), which is kept aside"
	@echo "make offline  write the edition that needs no server (OUT=, RELEASE=, ADDRESS=)"
	@echo "make pictures make the pictures of docs/editing.md anew (needs Chromium)"
	@echo "make messages collect the texts of the interface for translation, and compile the translations"
	@echo "make format   format code and templates"
	@echo "make bench    measure beside stated peers (SIZES=\"10000 100000\")"
	@echo "make lock     pin the dependencies anew (needs uv)"
	@echo "make audit    read the code with bandit"
	@echo "make sbom     list all libraries with versions and hashes, as CycloneDX"

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: set PYTHON= to one."; exit 1; }
	@echo "Making the virtual environment in .venv ..."
	@$(PYTHON) -m venv .venv || { echo "The environment could not be made: install python3-venv (Debian: apt install python3-venv)."; exit 1; }
	@touch $@

.venv/run: requirements.txt | .venv/made
	@echo "Installing the pinned libraries ..."
	@$(BIN)/pip install --disable-pip-version-check --require-hashes --only-binary :all: -q --progress-bar on -r $< || { echo "The libraries could not be installed: check the network connection and run the same command again."; exit 1; }
	@touch $@

.venv/test: requirements-dev.txt | .venv/made
	@echo "Installing the pinned libraries and test tools ..."
	@$(BIN)/pip install --disable-pip-version-check --require-hashes --only-binary :all: -q --progress-bar on -r $< || { echo "The libraries could not be installed: check the network connection and run the same command again."; exit 1; }
	@touch $@ .venv/run

$(PEACEOPS_SECRET_KEY_FILE):
	@mkdir -p $(dir $@) && (umask 077; $(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(64))' > $@)

ready: .venv/run $(PEACEOPS_SECRET_KEY_FILE)
	@mkdir -p $(PEACEOPS_DATA_DIR)
	@echo "Preparing the database in $(PEACEOPS_DATA_DIR) ..."
	@$(LOCAL) $(BIN)/python manage.py migrate -v 0 || { echo "The database could not be prepared: read the line above, or move $(PEACEOPS_DATA_DIR) away to begin anew."; exit 1; }

run: ready
	@$(PYTHON) -c 'import socket; socket.socket().bind(("127.0.0.1", $(PORT)))' 2>/dev/null || { echo "Port $(PORT) is in use: choose another with PORT=, for example make run PORT=8001."; exit 1; }
	@echo "Loading the content (edits made here are kept) ..."
	@$(LOCAL) $(BIN)/python manage.py load_entries || { echo "The content could not be loaded: the line above names the file and the record."; exit 1; }
	@echo "Drawing the preview images that are missing ..."
	@$(LOCAL) $(BIN)/python manage.py make_previews
	@$(LOCAL) $(BIN)/python manage.py collectstatic --noinput -v 0
	@echo "Serving on http://127.0.0.1:$(PORT) (stop with Ctrl-C; create an administrator with make editor)"
	@exec env $(LOCAL) $(BIN)/gunicorn peaceops.wsgi --bind 127.0.0.1:$(PORT) --workers 2 --threads 4 --no-control-socket --log-level warning

backup: .venv/run $(PEACEOPS_SECRET_KEY_FILE)
	@$(LOCAL) $(BIN)/python manage.py backup

restore: .venv/run $(PEACEOPS_SECRET_KEY_FILE)
	@test -n "$(FILE)" || { echo "Name the backup: make restore FILE=$(PEACEOPS_DATA_DIR)/backups/peaceops-….tar.gz"; exit 1; }
	@$(LOCAL) $(BIN)/python manage.py collectstatic --noinput -v 0
	@$(LOCAL) $(BIN)/python manage.py restore "$(FILE)"

offline: ready
	@$(LOCAL) $(BIN)/python manage.py collectstatic --noinput -v 0
	@$(LOCAL) $(BIN)/python manage.py make_offline "$(or $(OUT),$(PEACEOPS_DATA_DIR)/editions)" --release "$(RELEASE)" --address "$(ADDRESS)"

editor: ready
	@$(LOCAL) $(BIN)/python manage.py createsuperuser --email ''

test: .venv/test
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@git ls-files -z 'templates/*.html' | xargs -0 $(BIN)/djade --check --target-version 5.2
	@$(LOCAL) PEACEOPS_SECRET_KEY=check $(BIN)/python manage.py makemigrations --check --dry-run -v 0 || { echo "A migration is missing: run manage.py makemigrations."; exit 1; }
	@$(BIN)/python -m pytest -n auto --dist loadfile

pictures: .venv/test
	@$(BIN)/python -c "import playwright" 2>/dev/null || $(BIN)/pip install --disable-pip-version-check --require-hashes --only-binary :all: -q -r requirements-ci.txt
	@$(BIN)/python -m pytest -q -m browser tests/browser/test_manual.py
	@mkdir -p docs/pictures && cp var/screenshots/manual/*.png docs/pictures/

messages: .venv/test $(PEACEOPS_SECRET_KEY_FILE)
	@$(LOCAL) $(BIN)/python -m tests.catalogues

format: .venv/test
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .
	@git ls-files -z 'templates/*.html' | xargs -0 $(BIN)/djade --target-version 5.2

UV_OPTIONS := --universal --generate-hashes --no-header --only-binary :all: --python-version 3.11 -q
lock:
	uv pip compile pyproject.toml $(UV_OPTIONS) -o requirements.txt
	uv pip compile pyproject.toml --group dev $(UV_OPTIONS) -o requirements-dev.txt
	uv pip compile pyproject.toml --group dev --group browser --group outside $(UV_OPTIONS) -o requirements-ci.txt
	uv pip compile --group pyproject.toml:bench $(UV_OPTIONS) -o requirements-bench.txt
	uv pip compile --group pyproject.toml:audit $(UV_OPTIONS) -o requirements-audit.txt

# Peers are measured in an environment of their own, so that their libraries do not mix with ours.
.venv/bench: requirements-bench.txt .venv/run
	@$(PYTHON) -m venv $@ && $@/bin/pip install --disable-pip-version-check --require-hashes --only-binary :all: -q -r $<

bench: .venv/bench
	@$(BIN)/python -m benchmarks --sizes $(SIZES) -- $(PARTS)

# Tools that look at code and libraries have an environment of their own, for they bring many libraries with them.
.venv-audit/made: requirements-audit.txt
	@$(PYTHON) -m venv .venv-audit
	@.venv-audit/bin/pip install --disable-pip-version-check --require-hashes --only-binary :all: -q -r $< || { echo "The tools could not be installed: check the network connection and run the same command again."; exit 1; }
	@touch $@

audit: .venv-audit/made
	@.venv-audit/bin/bandit -q -c pyproject.toml -r missions peaceops manage.py

sbom: .venv-audit/made
	@mkdir -p $(PEACEOPS_DATA_DIR)
	@PYTHONWARNINGS=ignore .venv-audit/bin/cyclonedx-py requirements --pyproject pyproject.toml --mc-type application --output-reproducible --sv 1.6 --validate -o $(PEACEOPS_DATA_DIR)/sbom.json requirements.txt
	@echo "The list of libraries is in $(PEACEOPS_DATA_DIR)/sbom.json (CycloneDX 1.6)."

clean:
	rm -rf .venv .venv-audit
