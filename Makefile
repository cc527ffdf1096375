# Two-Track. `make up` serves it, `make test` tests it; both set up what they need.
SHELL := /bin/bash
PORT ?= 8050
HOST ?= 127.0.0.1
BIN := .venv/bin

.PHONY: help up test bench lint format lock clean

help: ## what there is to do
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

up: ## set up, load the data and serve on http://127.0.0.1:8050 (PORT=... changes it)
	@.ci/setup
	@PORT=$(PORT) HOST=$(HOST) $(BIN)/twotrack up

test: ## set up and run the whole suite (ARGS="-k name" for a part of it, ARGS=-n0 for one process)
	@.ci/setup dev
	@$(BIN)/python -m pytest -n auto --maxprocesses 4 $(ARGS)

bench: ## bulk load, memory, pages and requests beside peers (many minutes; ARGS="pages" for one)
	@.ci/setup dev
	@$(BIN)/python -m tests.bench $(ARGS)

lint: ## ruff, mypy in strict mode, import contracts
	@.ci/setup dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: ## put the code into shape
	@.ci/setup dev
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: ## resolve the newest allowed versions into the pinned, hashed lists (needs uv)
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
	  pyproject.toml -o constraints.txt
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
	  -c constraints.txt --extra dev pyproject.toml -o .ci/constraints-dev.txt

clean: ## remove what was set up and loaded
	rm -rf .venv var build *.egg-info
