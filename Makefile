# `make help` lists what can be done. Everything stays inside this folder.
PYTHON ?= python3
RUN = .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help install demo run stop test format check security sbom audit bench load styles pictures

help: ## list the commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

install: ## make .venv from the pinned packages
	@PYTHON="$(PYTHON)" sh deploy/install.sh

demo: install ## bring everything up, pay the example week, fill two months up to today, leave the portal running
	@$(RUN) -m deploy.dev.demo

run: install ## start everything and keep it running until Ctrl-C
	@$(RUN) -m deploy.cli up

stop: ## end everything that demo or run started
	@if [ -x $(RUN) ]; then $(RUN) -m deploy.cli down; else echo "Caretally is not installed."; fi

test: install ## run all tests, or those of one service: SERVICE=payments (it starts what they need, and ends it)
	@$(RUN) -m pytest -n 3 $(if $(SERVICE),tests/$(SERVICE)) $(ARGS)

format: install ## put the code into its form, and mend what can be mended by itself
	@$(RUN) -m ruff check --fix -q . && $(RUN) -m ruff format -q .

check: install ## style, types, imports and the fast tests
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy
	@.venv/bin/lint-imports
	@$(RUN) -m pytest -q -n 2 tests/*/unit

security: install ## try to break the promises about security: ARGS="--seed 7 --times 10"
	@$(RUN) -m tests.security $(ARGS)

sbom: install ## say what the image is made of, as CycloneDX: build/sbom.json
	@$(RUN) -m deploy.dev.packages sbom $(ARGS)

audit: install ## ask for known weaknesses of the packages in the image
	@$(RUN) -m deploy.dev.packages audit $(ARGS)

bench: install ## measure the floor, the pipeline and their ratio
	@$(RUN) -m deploy.dev.bench $(ARGS)

load: install ## people click through a loaded portal: how fast its pages are
	@$(RUN) -m deploy.dev.load $(ARGS)

styles: ## compile the portal's style sheet and script (needs Node; what comes of it is kept)
	@cd services/portal/styles && npm ci --silent && npm run --silent build

pictures: install ## take the pictures of the guides anew, from a demonstration of their own
	@$(RUN) -m deploy.dev.pictures
