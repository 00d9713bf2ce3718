# Every command of the project. `make help` lists them.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo setup messages test test-servers chaos chaos-small bench bench-sandbox operations-table e2e gallery check format lint types floors migrations deploy-check lock clean

help:  ## Show this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1). Choose one: make PYTHON=/path/to/python3.12 …"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "The venv module is missing; on Debian and Ubuntu: apt install python3-venv"; exit 1; }
	@touch $@

$(VENV)/demo.stamp: requirements-demo.lock | $(VENV)/made
	@echo "Installing packages …"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-demo.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock | $(VENV)/made
	@echo "Installing packages …"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	@touch $@ $(VENV)/demo.stamp

demo: $(VENV)/demo.stamp  ## Start portal, sandbox and worker with example envelopes; Ctrl-C stops them
	@exec $(BIN)/python -m demo

setup: $(VENV)/dev.stamp  ## Install everything needed for development

test: setup  ## Run all tests on two cores (browser tests need Chromium; REQUIRE_BROWSER=1 insists on it)
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

test-servers: setup  ## Run the portal's tests on PostgreSQL and Redis instead (DATABASE_URL, REDIS_URL)
	DATABASE_URL=$${DATABASE_URL:-postgres://postgres@127.0.0.1:5432/test} REDIS_URL=$${REDIS_URL:-redis://127.0.0.1:6379/5} \
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder tests/portal tests/signing tests/contract/test_portal_requests.py

bench: setup  ## Measure the portal beside what it is compared with (5 minutes; BENCH=--quick: one)
	$(BIN)/python -m tests.bench.portal $(BENCH)

bench-sandbox: setup  ## Measure the sandbox: creates, gets and lists per second, memory, growth (some minutes)
	$(BIN)/python -m tests.bench.sandbox

chaos-small: setup  ## The same in a small form, as CI runs it
	$(BIN)/python -m tests.chaos --envelopes 16 --minutes 12 --trouble-seconds 60

chaos: setup  ## Let everything go wrong while CHAOS_ENVELOPES (1000) are sent and signed, and compare both sides
	$(BIN)/python -m tests.chaos --envelopes $${CHAOS_ENVELOPES:-1000} --minutes $${CHAOS_MINUTES:-30}

operations-table: setup  ## Renew docs/sandbox-operations.md from the specification in ../shared and a run of the suite
	rm -f build/operations.tsv; mkdir -p build
	RECORD_OPERATIONS=$(CURDIR)/build/operations.tsv $(BIN)/pytest -q tests/sandbox tests/contract --deselect tests/contract/test_operations_table.py
	$(BIN)/python -m tests.contract.operations_table ../shared/docusign/esignature.rest.swagger-v2.1.json build/operations.tsv

e2e: setup  ## Run only the journeys in a real browser
	$(BIN)/pytest tests/e2e

gallery: setup  ## Pictures of every page that a signer may see, in artifacts/gallery/index.html
	$(BIN)/python -m tests.e2e.album artifacts/gallery

check: format lint types floors migrations deploy-check test  ## Everything CI runs

format: setup
	$(BIN)/ruff format --check .

lint: setup
	$(BIN)/ruff check .

types: setup
	$(BIN)/mypy
	$(BIN)/mypy --config-file sandbox/mypy.ini

floors: setup
	$(BIN)/lint-imports

migrations: setup
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m sandbox --check-migrations

deploy-check: setup
	DEBUG=0 DATA_DIR=build/deploy-check PORTAL_BASE_URL=https://sign.example.com \
	$(BIN)/python manage.py check --deploy --fail-level WARNING

messages: setup  ## Renew the texts to translate in locale/ (needs GNU gettext); staff's pages are English
	$(BIN)/python manage.py makemessages --all --no-location --no-obsolete \
	  --ignore 'templates/admin/*' --ignore 'templates/errors/403.html' --ignore 'templates/signing/consent_return.html' \
	  --ignore 'templates/account/*' --ignore 'templates/allauth/*' --ignore 'templates/mfa/*' --ignore 'templates/socialaccount/*' \
	  --ignore 'templates/usersessions/*' --ignore 'templates/429.html' --ignore 'signing/login/*' --ignore 'signing/account_mails.py' \
	  --ignore 'signing/admin/*' --ignore 'signing/forms/[!e]*' --ignore 'signing/models/*' --ignore 'signing/watchdog.py' \
	  --ignore 'signing/mail_failures.py' --ignore 'signing/linting/*' --ignore 'signing/bulk/*' --ignore 'signing/errands/*' --ignore 'signing/privacy/*' \
	  --ignore 'signing/doctor/*' --ignore 'signing/views/consent.py' --ignore 'signing/correcting.py' --ignore 'signing/templates.py' --ignore 'portal/*' --ignore 'sandbox/*' --ignore 'demo/*' \
	  --ignore 'tests/*' --ignore 'var/*' --ignore 'build/*' --ignore '.venv/*'

lock: setup  ## Renew the pinned lock files from pyproject.toml
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --upgrade --python-version 3.11 --no-header --no-annotate --no-emit-index-url pyproject.toml -o requirements.lock > /dev/null
	$(BIN)/uv pip compile --quiet --universal --upgrade --python-version 3.11 --no-header --no-annotate --no-emit-index-url --extra sandbox pyproject.toml -o requirements-demo.lock > /dev/null
	$(BIN)/uv pip compile --quiet --universal --upgrade --python-version 3.11 --no-header --no-annotate --no-emit-index-url --extra dev --extra sandbox pyproject.toml -o requirements-dev.lock > /dev/null

clean:  ## Remove everything that was generated, the demo's data included
	rm -rf $(VENV) var build artifacts .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
