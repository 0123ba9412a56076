# The only entrance.  `.venv` is the light install that users run; `.venv-dev` adds the tools.
# Nothing here needs root; `make test` names the one system package that it wants.

PYTHON ?= python3
PIP = -m pip --disable-pip-version-check --quiet
LIGHT = .venv/bin/python
DEV = .venv-dev/bin/python
TRAIN = .venv-train/bin/python

.PHONY: help setup weights demo demo-light run test test-train chromium proof check fix lock clean

help:  ## list what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

setup: .venv/installed  ## light install into .venv

.venv/installed: requirements/light.txt requirements/build.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(LIGHT) $(PIP) install --require-hashes -r requirements/light.txt
	$(LIGHT) $(PIP) install --require-hashes -r requirements/build.txt
	$(LIGHT) $(PIP) install --no-build-isolation --no-deps --editable .
	touch $@

.venv-dev/installed: requirements/dev.txt requirements/build.txt pyproject.toml
	$(PYTHON) -m venv .venv-dev
	$(DEV) $(PIP) install --require-hashes -r requirements/dev.txt
	$(DEV) $(PIP) install --require-hashes -r requirements/build.txt
	$(DEV) $(PIP) install --no-build-isolation --no-deps --editable .
	touch $@

.venv-train/installed: requirements/train.txt requirements/build.txt pyproject.toml
	$(PYTHON) -m venv .venv-train
	$(TRAIN) $(PIP) install --require-hashes -r requirements/train.txt
	$(TRAIN) $(PIP) install --require-hashes -r requirements/build.txt
	$(TRAIN) $(PIP) install --no-build-isolation --no-deps --editable .
	touch $@

weights: .venv/installed
	.venv/bin/chalkak models fetch

DEMO = chalkak-out/demo-data

demo: weights  ## fetch weights, post sample photos, find one of them again
	@rm -rf $(DEMO)
	@.venv/bin/chalkak models path bus zidane cat | tr '\n' '\0' | \
	  xargs -0 .venv/bin/chalkak post --data $(DEMO) --out chalkak-out
	@echo '$$ chalkak find 고양이'
	@.venv/bin/chalkak find 고양이 --data $(DEMO)

run: weights  ## the local web chat, in your browser; Ctrl+C stops it
	@.venv/bin/chalkak run --open

test: chromium .venv-dev/installed demo-light  ## install everything, lint, types, all tests
	$(DEV) -m ruff check .
	$(DEV) -m ruff format --check .
	$(DEV) -m mypy
	$(DEV) -m pytest

test-train: .venv-train/installed  ## training for a few steps, in an environment with torch (5 GB)
	$(TRAIN) -m pytest tests/train

demo-light: demo  # proves that the light install has no torch
	@! $(LIGHT) -c 'import torch' 2>/dev/null || { echo 'torch is in the light install'; exit 1; }

chromium:
	@command -v chromium >/dev/null || { \
	  echo 'The web page is tested in a real browser.  Please run:'; \
	  echo '  sudo apt-get update && sudo apt-get install -y chromium'; exit 1; }

proof: .venv-dev/installed weights  ## the full counts, written into PROOF.md; may be interrupted
	$(DEV) -m pytest -m proof --proof=PROOF.md

check: .venv-dev/installed  ## lint and types only
	$(DEV) -m ruff check . && $(DEV) -m ruff format --check . && $(DEV) -m mypy

fix: .venv-dev/installed  ## mend what ruff can mend
	$(DEV) -m ruff check --fix . && $(DEV) -m ruff format .

lock: .venv-dev/installed  ## pin anew what pyproject.toml allows
	$(DEV) $(PIP) install uv==0.13.8
	$(DEV) -m uv pip compile -q pyproject.toml --universal --python-version 3.11 --generate-hashes \
	  --no-header -o requirements/light.txt
	$(DEV) -m uv pip compile -q pyproject.toml --extra dev --universal --python-version 3.11 \
	  --generate-hashes --no-header -c requirements/light.txt -o requirements/dev.txt
	$(DEV) -m uv pip compile -q pyproject.toml --extra dev --extra train --universal --python-version 3.11 \
	  --generate-hashes --no-header -c requirements/dev.txt -o requirements/train.txt
	printf 'hatchling==1.33.0\neditables\n' | $(DEV) -m uv pip compile -q - --universal \
	  --python-version 3.11 --generate-hashes --no-header -o requirements/build.txt

clean:  ## remove the environments and what was made
	rm -rf .venv .venv-dev .venv-train chalkak-out
