# Everything happens in a virtual environment of the project's own; PYTHON names the interpreter to make it with.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint audit wheel notebooks clean

demo: .venv/installed
	$(BIN)/spindetect score data/harbor data/battery data/heatwave \
		--reference data/harbor/original.txt \
		--reference data/battery/original.txt \
		--reference data/heatwave/original.txt

test: .venv/installed
	$(BIN)/python -m pytest

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Runs the notebooks from top to bottom and stores what they show; the tests check that it is what is stored.
notebooks: .venv/installed
	$(BIN)/python notebooks/execute.py

# Known vulnerabilities of what is installed; it says so when there is nobody to ask.
audit: .venv/installed
	$(BIN)/python .ci/audit.py

wheel: .venv/installed
	$(BIN)/python -m build --wheel --outdir dist .

# Installed anew when the dependencies change; the package itself is editable.
.venv/installed: pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	touch $@

clean:
	rm -rf .venv dist build
