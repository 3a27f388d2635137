# UtilsBot+. `make` lists the commands. Everything they need they install themselves, into .venv and
# .tools; the only things to have beforehand are git, make and Python 3.11 or newer.

ARGS ?=
# Of make chaos.
COMMANDS ?= 10000
SEED ?= 1
PLANT ?=

# What to build for; without them samconfig.toml and the template's defaults decide.
ARCH ?=
PYTHON_VERSION ?=
TARGET = $(if $(ARCH),Architecture=$(ARCH)) $(if $(PYTHON_VERSION),PythonRuntime=python$(PYTHON_VERSION))

# Only where somebody chose one: make setup PYTHON=/usr/bin/python3.12
ifdef PYTHON
export PYTHON
endif

export SAM_CLI_TELEMETRY := 0
# The SAM CLI wants a region even where it speaks to nobody.
AWS_DEFAULT_REGION ?= us-east-1
export AWS_DEFAULT_REGION

.DEFAULT_GOAL := help
.PHONY: peer-requirements help setup run test check bench build docs messages format clean distclean sam browser artefacts chaos load rehearse simulate sam-local artefacts-report checkov ministack secrets sbom audit fuzz

help:  ## Show this list
	@echo "make COMMAND, where COMMAND is one of"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup:  ## Make .venv with everything in uv.lock (PYTHON=… chooses the interpreter)
	@scripts/setup

run: setup  ## Start the bot here: no AWS, no Discord, no keys (ARGS="--port 9000" …)
	@.venv/bin/utilsbot local $(ARGS)

test: setup sam browser artefacts secrets  ## Run all tests (ARGS="-m 'not browser'" …)
	@.venv/bin/pytest -n 2 --dist loadgroup $(ARGS)

check: setup sam secrets checkov  ## Check format, lint, types, imports, spelling, secrets, lock file and template
	@scripts/check

bench: setup  ## Measure speed, cold start, size and price as ratios; print a table
	@scripts/setup-peers
	@.venv/bin/python -m bench $(ARGS)

chaos: setup ministack  ## Thousands of commands under faults, then an audit (COMMANDS=10000 SEED=1 PLANT=…)
	@.venv/bin/python -m bench.chaos --commands $(COMMANDS) --seed $(SEED) $(if $(PLANT),--plant $(PLANT)) $(ARGS)

rehearse: setup sam ministack  ## The real sam build and deploy into a local AWS, used, updated and removed (5 min)
	@env -u MAKEFLAGS -u MAKELEVEL .venv/bin/python -m bench.rehearsal $(ARGS)

load: setup ministack  ## Sustained load, bursts and saturation; print tables (ARGS="--commands 20000 --rate 40")
	@.venv/bin/python -m bench.load $(ARGS)

simulate: setup  ## Simulate load and cold starts; write docs/scale.md's tables and plots (ARGS="--seed 2")
	@.venv/bin/python -m bench.simulation $(ARGS)

build: setup sam  ## Build what `sam deploy` deploys (ARCH=arm64|x86_64 PYTHON_VERSION=3.12|3.13|3.14)
	@env -u MAKEFLAGS -u MAKELEVEL .tools/sam/bin/sam build $(if $(strip $(TARGET)),--parameter-overrides "$(strip $(TARGET))")
	@.venv/bin/python scripts/pin_target.py .aws-sam/build/template.yaml
	@scripts/sbom .aws-sam/sbom

sbom: setup  ## Write a bill of materials (CycloneDX) for each function into .aws-sam/sbom
	@scripts/sbom .aws-sam/sbom

audit: setup  ## Ask the databases of vulnerabilities about everything in uv.lock (needs the internet)
	@scripts/setup-tool audit
	@.venv/bin/python scripts/audit.py

fuzz: setup  ## Hunt for input that breaks a promise (MINUTES=30, ARGS="link page")
	@scripts/setup-tool fuzz
	@PYTHONPATH=".:layers/common:$$(.venv/bin/python -c 'import site; print(site.getsitepackages()[0])')" \
		.tools/fuzz/bin/python -m fuzz --minutes $(or $(MINUTES),30) $(ARGS)

docs: setup  ## Write the generated pages and build the documentation into site/
	@.venv/bin/python -m scripts.docs_pages
	@.venv/bin/zensical build --clean --strict

messages: setup  ## Bring the catalogues of translations up to date with the code
	@.venv/bin/python -m scripts.messages $(ARGS)

format: setup  ## Format the code and mend what the linter can
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

clean:  ## Remove what was built and every cache
	@rm -rf .aws-sam .coverage .fuzz .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . \( -path ./.venv -o -path ./.tools -o -path ./.git \) -prune -o -name __pycache__ -type d -print | xargs rm -rf

distclean: clean  ## Remove .venv and .tools too, as in a fresh clone
	@rm -rf .venv .tools

# What the commands above ask for.

sam: setup
	@scripts/setup-sam

browser:
	@scripts/setup-browser

artefacts: setup sam
	@env -u MAKEFLAGS -u MAKELEVEL scripts/build-for-tests

sam-local: setup  ## What `sam local` needs: AWS, stand-ins, fresh events, an env file (docs/sam-local.md)
	@.venv/bin/python -m scripts.sam_local

artefacts-report: artefacts  ## Start every built handler under the real Lambda runtime; print init times
	@.venv/bin/pytest tests/artefact/test_init_times.py -q -s -p no:cacheprovider

secrets: setup
	@scripts/setup-tool secrets

checkov: setup
	@scripts/setup-tool checkov

ministack: setup
	@scripts/setup-tool ministack

# After a change of scripts/requirements/sam.in, make sam-requirements; and so for the others.
%-requirements: setup
	@"$$(scripts/find-uv)" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
		--custom-compile-command 'make $@' scripts/requirements/$*.in -o scripts/requirements/$*.txt

# After a change of one of scripts/requirements/peers/*.in; the npm peers' lock file with npm itself.
peer-requirements: setup
	@for peer in scripts/requirements/peers/*.in; do "$$(scripts/find-uv)" pip compile --quiet --universal \
		--python-version 3.11 --generate-hashes --no-annotate --custom-compile-command 'make peer-requirements' \
		"$$peer" -o "$${peer%.in}.txt" || exit 1; done
