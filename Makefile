# Everything happens in a virtual environment of the project's own; PYTHON names the interpreter to make it with.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo desk test test-slow lint audit wheel compiled notebooks lock clean

demo: .venv/installed
	$(BIN)/spindetect score data/harbor data/battery data/heatwave \
		--reference data/harbor/original.txt \
		--reference data/battery/original.txt \
		--reference data/heatwave/original.txt

# The desk for moderators, on the example articles; it prints an address and an account.
desk: .venv/installed
	$(BIN)/python data/desk.py

# Everything but what takes seconds a test: that is `make test-slow`, and CI runs both.
test: .venv/installed
	$(BIN)/python -m pytest --numprocesses auto --dist loadgroup -m "not slow"

test-slow: .venv/installed
	$(BIN)/python -m pytest --numprocesses auto --dist loadgroup -m slow

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff check --preview --select PLW1514 spindetect benchmarks  # text is UTF-8 on every system
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

# Runs the notebooks from top to bottom and stores what they show; the tests check that it is what is stored.
notebooks: .venv/installed
	$(BIN)/python notebooks/execute.py

# Known vulnerabilities of what is installed; it says so when there is nobody to ask.
audit: .venv/installed
	$(BIN)/python .ci/audit.py

wheel: .venv/installed
	$(BIN)/python -m build --wheel --outdir dist .
	$(BIN)/python .ci/sbom.py dist/sbom.cdx.json

# The same with the modules that comparisons spend their time in compiled, for this Python and system. It is built from
# a source distribution, so that the extension modules don't end up here, where they would hide what is edited.
compiled: .venv/installed
	PIP_CONSTRAINT=$(CURDIR)/requirements-dev.lock HATCH_BUILD_HOOKS_ENABLE=1 $(BIN)/python -m build --outdir dist .

# Writes down one version of everything that pyproject.toml asks for, for all Pythons and systems at once.
# Versions that still fit stay; `make lock UPGRADE=--upgrade` takes the newest.
lock: .venv/installed
	$(BIN)/python -m pip install --quiet "uv>=0.5,<1"
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --no-emit-index-url \
		--no-annotate --custom-compile-command "make lock" --quiet $(UPGRADE) --output-file requirements-dev.lock

# Installed anew when the dependencies change; the package itself is editable.
.venv/installed: pyproject.toml requirements-dev.lock
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --constraint requirements-dev.lock --editable ".[dev]"
	touch $@

clean:
	rm -rf .venv dist build *__mypyc.*.so *__mypyc.*.pyd
	find spindetect \( -name '*.so' -o -name '*.pyd' \) -delete
