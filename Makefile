# Everything runs in .venv, which the first target that needs it sets up from requirements/, in which every version stands
# with the digests of its files; `make locked` makes that from constraints.txt.
# Options of a command go in ARGS: make run ARGS="zhengzhou_2025 --lang en"

PYTHON ?= python3
ARGS ?=
VENV := .venv
VENV_PYTHON := $(VENV)/bin/python
LOWEST := .venv-lowest
LOWEST_TESTS := tests/test_is_a_slip_on_the_command_line_told.py tests/test_does_a_scenario_mean_what_it_says.py \
    tests/test_is_a_workbook_understood_like_a_scenario_file.py
# Of each area what is done in seconds: scenario files, equations, kernel, signs, likelihood, command line, documents, messages.
QUICK_TESTS := tests/test_does_a_scenario_mean_what_it_says.py tests/test_does_the_model_hold_together.py \
    tests/test_does_the_kernel_compute_the_equations.py tests/test_is_everything_conserved.py \
    tests/test_does_the_model_behave.py tests/test_what_does_a_figure_measure.py \
    tests/test_does_the_command_line_serve.py::test_a_mistake_gets_one_sentence \
    tests/test_does_the_command_line_serve.py::test_a_lever_is_set_on_the_package_and_not_on_the_reference \
    tests/test_does_a_document_say_the_same_everywhere.py tests/test_is_every_text_in_both_languages.py \
    tests/test_does_an_error_speak_chinese.py
SCRIPTS := model/shudian/page/assets
SLIDES := model/shudian/report/workshop/slides.js
BOOK_SCRIPT := model/shudian/report/book/assets/book.js
# It keeps what it has compiled, and would ask whether it is the newest.
CHECK_SCRIPTS := DENO_DIR=$(VENV)/deno DENO_NO_UPDATE_CHECK=1 $(VENV)/bin/deno check --quiet \
    model/shudian/page/page.d.ts $(SCRIPTS)/*.js $(SLIDES) $(BOOK_SCRIPT)
COVERED ?= $(QUICK_TESTS)
INSTALL := $(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check --no-build-isolation
LOCKED := $(INSTALL) --require-hashes
LOCK := $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 -c constraints.txt --generate-hashes --no-header \
    --no-annotate

.PHONY: help run test quick coverage goldens descriptors docs locked studies lowest bench clean

help:
	@echo "make run    run every shipped policy package, print the verdicts, and write the page results/planner.html"
	@echo "make test   check style, types, import order, the page's scripts and behaviour"
	@echo "make quick  try something of every area, in less than a minute"
	@echo "make coverage tell which lines the tests of make quick run, or others: make coverage COVERED=tests"
	@echo "make goldens write anew what answers say, in tests/goldens, after a change that was meant"
	@echo "make descriptors write anew what is derived from our files: the schema of scenarios, the data package of seeds, the places in drawings"
	@echo "make docs   build the documents, notebooks with their outputs and the model book among them: build/docs/index.html"
	@echo "make studies ask of the sampler what takes minutes: another sampler, more moves, known truths"
	@echo "make locked write requirements/ anew from pyproject.toml and constraints.txt: each version with the digests of its files"
	@echo "make lowest try every command but calibrate on the oldest dependencies that are allowed"
	@echo "make bench  measure speed and memory"
	@echo "make clean  remove .venv and every cache; results stay"

run: $(VENV)/ready-to-run
	@# The page is made beside the run, which leaves a second core idle much of the time.
	$(VENV)/bin/shudian page -o results/planner.html --force & page=$$!; \
	    $(VENV)/bin/shudian run $(ARGS); ran=$$?; wait $$page && exit $$ran

test: $(VENV)/ready-to-test
	$(VENV_PYTHON) -m ruff check .
	$(VENV_PYTHON) -m ruff format --check .
	$(VENV_PYTHON) -m mypy
	$(VENV)/bin/lint-imports --no-logo
	$(VENV)/bin/oxlint --deny-warnings $(SCRIPTS) $(SLIDES) $(BOOK_SCRIPT)
	$(CHECK_SCRIPTS)
	@# Each worker begins with half of the files, whose fixtures it makes once, and takes from the other's when it is done.
	@# The record of results is for the model book (shudian document).
	$(VENV_PYTHON) -m pytest -n 2 --dist worksteal --junitxml=build/tests.xml $(ARGS)

quick: $(VENV)/ready-to-test
	$(VENV_PYTHON) -m pytest -n 2 --dist worksteal -m 'not slow and not study' $(ARGS) $(QUICK_TESTS)

coverage: $(VENV)/ready-to-test
	$(VENV_PYTHON) -m pytest -n 2 --dist worksteal -m 'not slow and not study' --cov --cov-report=html $(ARGS) $(COVERED)
	@echo "Lines and branches run, in per cent; build/coverage/index.html shows which:"
	@$(VENV_PYTHON) -m coverage report --format=total

goldens: $(VENV)/ready-to-test
	$(VENV_PYTHON) -m pytest tests/test_does_an_answer_read_as_it_did.py --renew-goldens
	@git --no-pager diff --stat -- tests/goldens 2>/dev/null || true

descriptors: $(VENV)/ready-to-run
	$(VENV_PYTHON) -m shudian.scenario_schema
	$(VENV_PYTHON) -m shudian.data_package
	$(VENV_PYTHON) -m shudian.report.diagrams.places

docs: $(VENV)/ready-to-test
	@mkdir -p build/book
	$(VENV)/bin/shudian document --force --lang en -o build/book/model_en.html
	$(VENV)/bin/shudian document --force --lang zh -o build/book/model_zh.html
	SHUDIAN_DOCS="with outputs" $(VENV_PYTHON) -m sphinx -W --keep-going -q -b html docs build/docs
	@echo "Open build/docs/index.html"

studies: $(VENV)/ready-to-test
	$(VENV_PYTHON) -m pytest -m study $(ARGS)

locked: $(VENV)/ready-to-test
	$(LOCK) requirements/build.in -o requirements/build.txt
	$(LOCK) pyproject.toml -o requirements/run.txt
	$(LOCK) pyproject.toml --all-extras -o requirements/test.txt

lowest: $(LOWEST)/ready
	$(LOWEST)/bin/python -m pytest -W default -n 2 $(LOWEST_TESTS)

bench: $(VENV)/ready-to-test
	$(VENV_PYTHON) -m pytest -m benchmark -s $(ARGS) tests/benchmarks

clean:
	rm -rf $(VENV) $(LOWEST) .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist
	find . -path ./.git -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/ready-to-run: pyproject.toml requirements/build.txt requirements/run.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	    { echo "Shudian needs Python 3.11 or later as $(PYTHON); name another one with: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	    { echo "$(PYTHON) cannot make a virtual environment; on Debian install it with: sudo apt-get install python3-venv" >&2; exit 1; }
	@echo "Setting up $(VENV); the first time this takes a minute or two."
	@$(VENV_PYTHON) -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@# The build tools (odfpy, of pysd, is built here) come with digests too, so that nothing unpinned is fetched.
	@$(LOCKED) -r requirements/build.txt
	@$(LOCKED) -r requirements/run.txt
	@$(INSTALL) --no-deps -e .
	@touch $@

$(VENV)/ready-to-test: $(VENV)/ready-to-run requirements/test.txt
	@echo "Adding the test tools to $(VENV)."
	@$(LOCKED) -r requirements/test.txt
	@touch $@

$(LOWEST)/ready: pyproject.toml constraints-lowest.txt
	@$(PYTHON) -m venv --clear $(LOWEST)
	@$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt hatchling setuptools wheel
	@$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints-lowest.txt \
	    --no-build-isolation -e . hypothesis pysimlin pytest pytest-xdist
	@touch $@
