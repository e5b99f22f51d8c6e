# Everything runs inside .venv; nothing is installed outside it.
#
#   make run                      the sample, from scraped text to tables and report
#   make run INPUT=path/to/folder your own
#   make test                     all tests
#   make check                    what CI runs
#   make bench                    how fast it is on one core
#   make bench BENCH="clean --input path/to/folder --json"
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev setup-train setup-dask setup-s3 run bench bench-link eval-attribution eval-speakers eval-linking fuzz fuzz-briefly faults doctor ui test test-fast check lint format types dictionary dictionary-check lock clean
SHELL := /bin/bash

PYTHON ?= python3
INPUT ?= data/sample
WAREHOUSE ?= data/warehouse
METHOD ?= tagger
FUZZ_SECONDS ?= 600
BRIEF_SECONDS ?= 20
GOLD ?= ../shared/gold/polnear/dev
LABELS ?= data/evaluation/speakers.jsonl
LINKING ?= ../shared/gold
POLNEAR ?= ../shared/gold/polnear
SCORER ?= ../shared/tools/score_attributions.py
BIN := .venv/bin
export DO_NOT_TRACK := 1
# Nothing is written outside the project: Prefect's own files lie beside the warehouse.
export PREFECT_HOME ?= $(CURDIR)/data/prefect

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

.venv/runtime: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@echo "installing what onrecord runs on into .venv"
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@echo "preparing Prefect's database in data/prefect"
	@$(BIN)/prefect server database upgrade --yes > /dev/null
	@touch $@

.venv/dev: requirements-dev.lock .venv/runtime
	@echo "installing what the checks need into .venv"
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements-dev.lock
	@touch $@

.venv/fuzz: requirements-fuzz.lock .venv/dev
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --no-deps -r requirements-fuzz.lock \
	  || echo "atheris does not install here: hypothesis alone looks for faults"
	@touch $@

.venv/train: requirements-train.lock requirements-encoder.lock .venv/dev
	@echo "installing what training needs into .venv: several gigabytes"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-train.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --no-deps -r requirements-encoder.lock
	@touch $@

.venv/dask: requirements-dask.lock .venv/runtime
	@echo "installing what a Dask cluster needs into .venv"
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements-dask.lock
	@touch $@

.venv/s3: requirements-s3.lock .venv/runtime
	@echo "installing what s3:// needs into .venv"
	@$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements-s3.lock
	@touch $@

setup: .venv/runtime ## install into .venv
setup-dev: .venv/dev ## install what the checks need as well
setup-s3: .venv/s3 ## install what s3:// needs as well
setup-dask: .venv/dask ## install what a Dask cluster needs as well
setup-train: .venv/train ## install what training the tagger needs as well

run: .venv/runtime ## process INPUT (default data/sample) into WAREHOUSE
	@$(BIN)/onrecord run "$(INPUT)" --warehouse "$(WAREHOUSE)" --replace

bench: .venv/runtime ## CPU time of the stages and of whole runs, on made-up articles or those of NEWS; BENCH="--help" lists the options of the stages
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m flows.bench $(if $(NEWS),--input "$(NEWS)") $(BENCH)
	@$(if $(BENCH),,$(BIN)/python -m flows.bench_pipeline $(if $(NEWS),--input "$(NEWS)"))

bench-link: .venv/runtime ## linking at scale: articles a second, memory, and what a hundred more cost; BENCH="-n 1000000"
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m flows.bench_linking $(BENCH)

eval-attribution: .venv/dev ## score attributions on annotated articles: METHOD=rules or tagger, GOLD=folder, SCORER=script
	@$(BIN)/python -m flows.evaluate_attribution "$(GOLD)" --method $(METHOD) \
	  --predictions data/evaluation/$(METHOD).jsonl $(if $(wildcard $(SCORER)),--scorer "$(SCORER)")

eval-speakers: .venv/dev ## score who is named for labelled sources: LABELS=file of JSON lines, POLNEAR=folder
	@$(BIN)/python -m flows.evaluate_speakers "$(LABELS)" "$(POLNEAR)" --faults

eval-linking: .venv/dev ## score stories and copies by halves of labelled sets: LINKING=folder
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m flows.evaluate_linking "$(LINKING)"

doctor: .venv/runtime ## what of the installation is missing
	@$(BIN)/onrecord doctor --warehouse "$(WAREHOUSE)"

ui: .venv/runtime ## Prefect server, worker, deployments and automations, on this machine only
	@$(BIN)/python -m flows.serve_ui

test: .venv/dev ## all tests, a process on each core
	@$(BIN)/python -m pytest -n auto --dist loadfile

test-fast: .venv/dev ## the tests that take no server and no whole run
	@$(BIN)/python -m pytest -n auto -m "not slow"

fuzz: .venv/fuzz ## generated hostile inputs, for long (FUZZ_SECONDS); `make check` tries some seconds
	@ONRECORD_FUZZ_EXAMPLES=20000 $(BIN)/python -m pytest tests/ingest/test_hostile.py -k any_
	@$(BIN)/python -m tests.ingest.fuzz_readers -max_total_time=$(FUZZ_SECONDS)

faults: .venv/dev ## the long forms: 25 kills of a run of 300 articles, 10 000 hostile inputs, 50 000 articles in one archive, every expression
	@ONRECORD_EVERY_PATTERN=1 $(BIN)/python -m pytest tests/faults/test_patterns.py
	@ONRECORD_KILLS=25 ONRECORD_KILLED_ARTICLES=300 $(BIN)/python -m pytest tests/faults/test_kills.py -s
	@ONRECORD_HOSTILE_INPUTS=10000 $(BIN)/python -m pytest tests/faults/test_hostile_run.py -s
	@ONRECORD_MANY_ARTICLES=50000 $(BIN)/python -m pytest tests/faults/test_memory.py -s

lint: .venv/dev ## ruff
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: .venv/dev ## let ruff rewrite
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: .venv/dev ## mypy
	@$(BIN)/mypy

dictionary: .venv/runtime ## write docs/DICTIONARY.md from the declarations
	@$(BIN)/python -m schemas.dictionary > docs/DICTIONARY.md

dictionary-check: .venv/runtime
	@$(BIN)/python -m schemas.dictionary | diff - docs/DICTIONARY.md \
	  || { echo "docs/DICTIONARY.md is out of date: run make dictionary"; exit 1; }

fuzz-briefly: .venv/fuzz ## some seconds of what `make fuzz` does for long; a line says where atheris does not install
	@mkdir -p .hypothesis
	@$(BIN)/python -m tests.ingest.fuzz_readers -max_total_time=$(BRIEF_SECONDS) -artifact_prefix=.hypothesis/ \
	  > .hypothesis/fuzz.log 2>&1 || { tail -40 .hypothesis/fuzz.log; exit 1; }
	@grep -E "^Done|not installed" .hypothesis/fuzz.log | sed 's/^Done/atheris: done/'

check: lint types dictionary-check test fuzz-briefly ## what CI runs

lock: .venv/runtime ## resolve requirements anew into the lock files
	@$(BIN)/uv pip compile --quiet --no-emit-index-url --generate-hashes --no-annotate --no-header \
	  requirements.in -o requirements.lock
	@$(BIN)/uv pip compile --quiet --no-emit-index-url --generate-hashes --no-annotate --no-header \
	  requirements.in requirements-dask.in -c requirements.lock -o requirements-dask.lock
	@$(BIN)/uv pip compile --quiet --no-emit-index-url --generate-hashes --no-annotate --no-header \
	  requirements.in requirements-s3.in -c requirements.lock -o requirements-s3.lock
	@$(BIN)/uv pip compile --quiet --no-emit-index-url --generate-hashes --no-annotate --no-header \
	  requirements-dev.in -o requirements-dev.lock
	@$(BIN)/uv pip compile --quiet --no-emit-index-url --generate-hashes --no-annotate --no-header \
	  requirements-train.in -o requirements-train.lock
	@$(BIN)/uv pip compile --quiet --no-emit-index-url --generate-hashes --no-annotate --no-header --no-deps \
	  requirements-encoder.in -o requirements-encoder.lock
	@$(BIN)/uv pip compile --quiet --no-emit-index-url --generate-hashes --no-annotate --no-header --no-deps \
	  requirements-fuzz.in -o requirements-fuzz.lock

clean: ## remove what runs made; .venv stays
	@rm -rf data/warehouse data/prefect data/ui .pytest_cache .mypy_cache .ruff_cache .hypothesis
