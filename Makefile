# Every target sets up what it needs: a machine with cargo, a C compiler, make and Python >= 3.11 is enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
GROUPS := demo test lint bench dist
# Lint checks the types of the tests' libraries, and benchmarks use them.
NEEDS_lint := test
NEEDS_bench := test

.PHONY: demo test lint bench bench-rust calibrate fuzz sanitize build dist clean

demo: $(VENV)/demo build
	$(BIN)/footfall demo

test: $(VENV)/test build
	cargo test --locked --quiet
	$(BIN)/pytest

lint: $(VENV)/lint build
	cargo fmt --check
	cargo clippy --locked --all-targets --quiet -- -D warnings
	PYO3_PYTHON=$(abspath $(BIN)/python) cargo clippy --locked --all-targets --features python --quiet -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --document-private-items --quiet
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# What is timed is what is published: its profile takes long to build and is a tenth faster.
bench: $(VENV)/bench
	$(BIN)/maturin develop --profile dist --locked --quiet
	$(BIN)/python benchmarks/run.py

bench-rust:
	cargo bench --locked --quiet

# False alarms of healthy shops and coverage of intervals over 200 seeds; the tests ask ten of them.
calibrate: $(VENV)/test build
	CALIBRATION_SEEDS=200 $(BIN)/pytest -q -s --timeout=0 tests/python/test_calibration.py

# As many cases of each target as are asked for: make fuzz CASES=1000000
CASES ?= 100000
fuzz:
	PROPTEST_CASES=$(CASES) PROPTEST_MAX_SHRINK_ITERS=1000 cargo test --locked --quiet --release --test fuzz
	FUZZ_CASES=$(CASES) $(BIN)/pytest -q --timeout=0 tests/python/test_fuzz.py tests/python/io/test_parquet.py

# The pool of a process is never freed, so leaks are not looked for.
sanitize:
	ASAN_OPTIONS=detect_leaks=0 RUSTFLAGS=-Zsanitizer=address cargo +nightly test --locked --quiet \
		--target x86_64-unknown-linux-gnu --target-dir target/sanitized

# A wheel as it is published.
dist: $(VENV)/dist
	$(BIN)/maturin build --locked --profile dist --out dist
	$(BIN)/python .ci/sbom.py dist

build: $(VENV)/ready
	$(BIN)/maturin develop --release --locked --quiet

$(VENV)/ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet "maturin>=1.16,<2"
	touch $@

# A group of pyproject.toml: a target installs the groups that it runs, and no others.
$(GROUPS:%=$(VENV)/%): $(VENV)/ready
	$(BIN)/python -m pip install --quiet $(addprefix --group ,$(notdir $@) $(NEEDS_$(notdir $@)))
	touch $@

clean:
	rm -rf $(VENV) target dist
