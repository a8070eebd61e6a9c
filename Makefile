# `make demo` and `make test` do all the set-up a fresh machine needs: Python 3.10 to 3.13, pip and make.

PYTHON ?= python3
# Lambda's runtime has boto3, and functions run in MiniStack's own Python.
MINISTACK := ministack==1.5.33 boto3==1.43.106
export UV_PYTHON_DOWNLOADS := never
UV := .uv/bin/uv
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help demo test unit integration system test-faults coverage benchmark lint build constraints clean

help: ## show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: .venv/.ready .ministack/.ready ## uploads to S3 become DAG runs, in a real Airflow (KEEP=1 leaves it running)
	@$(BIN)/python -m tests.demo $(if $(KEEP),--keep)

test: .venv/.ready .ministack/.ready ## every test: unit, integration and a real Airflow
	$(BIN)/python -m pytest $(PYTEST_ARGS)

unit: .venv/.ready ## the unit tests
	$(BIN)/python -m pytest tests/unit $(PYTEST_ARGS)

integration: .venv/.ready .ministack/.ready ## the integration tests: an AWS over HTTP
	$(BIN)/python -m pytest tests/integration $(PYTEST_ARGS)

system: .venv/.ready .ministack/.ready ## the system tests: a real Airflow
	$(BIN)/python -m pytest tests/system $(PYTEST_ARGS)

coverage: .venv/.ready ## the unit tests, and which lines and branches none of them reaches
	$(BIN)/python -m pytest tests/unit --cov --cov-report=term-missing:skip-covered $(PYTEST_ARGS)

test-faults: .venv/.ready .ministack/.ready ## every part dies, SQS misbehaves: some minutes (CONTENDER=sqs_sensor, asset_watcher)
	$(BIN)/python -m pytest -m "long or not long" $(addprefix --contender=,$(CONTENDER)) \
	    tests/system/faults $(PYTEST_ARGS)

benchmark: .venv/.ready .ministack/.ready ## how fast, next to other ways (ROUNDS=3, LOADS=burst_1000,..., CONTENDERS=rest_1,...)
	@$(BIN)/python -m tests.benchmark $(if $(ROUNDS),--rounds=$(ROUNDS)) $(if $(LOADS),--loads=$(LOADS)) \
	    $(if $(CONTENDERS),--contenders=$(CONTENDERS))

lint: .venv/.ready ## ruff, mypy --strict, the rule on imports, and cfn-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hybrid interceptor template | $(BIN)/cfn-lint

# `python -I` and the command find the installed wheel, never the package beside this file.
build: export AIRFLOW_HOME := $(CURDIR)/.wheel/airflow
build: $(UV) ## sdist and wheel; the wheel is installed and tried (TAG=v0.1.0 must be its version)
	rm -rf dist
	$(UV) build --quiet --out-dir dist
	$(UV) venv --quiet --clear --python $(PYTHON) .wheel
	$(UV) pip install --quiet --python .wheel --constraint constraints.txt dist/*.whl
	.wheel/bin/python -I -c "from airflow_provider_hybrid import build_dispatcher; build_dispatcher()"
	.wheel/bin/hybrid interceptor template > .wheel/template.yaml
	version=v$$(.wheel/bin/hybrid --version); if [ "$${TAG:-$$version}" != "$$version" ]; then \
	    echo "TAG is '$$TAG', but the package is $$version: change the tag, or __version__" >&2; exit 1; fi

constraints: $(UV) ## resolve constraints.txt anew (names and versions only)
	$(UV) pip compile -q --universal --upgrade --no-annotate --no-header --python-version 3.10 \
	    --group dev pyproject.toml -o constraints.txt

clean: ## remove the environments and all that runs left behind
	rm -rf .venv .uv .ministack .wheel .demo .test dist build .coverage .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(UV):
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --target .uv uv

# constraints.txt lists every package of the environment; the project itself is installed on top, editable.
.venv/.ready: $(UV) constraints.txt pyproject.toml
	$(UV) venv --quiet --clear --python $(PYTHON) .venv
	$(UV) pip sync --quiet --python .venv constraints.txt
	$(UV) pip install --quiet --python .venv --no-deps --editable .
	@touch $@

# MiniStack pins its own botocore, hence an environment of its own.
.ministack/.ready: $(UV) Makefile
	$(UV) venv --quiet --clear --python $(PYTHON) .ministack
	$(UV) pip install --quiet --python .ministack $(MINISTACK)
	@touch $@
