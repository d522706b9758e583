# `make run` builds Grunnlag and opens it; `make test` proves it. `make help` lists the rest.

# The page's tests are driven by the debug binary, the figures of `make bench` by the release one.
TARGET ?= $(or $(CARGO_TARGET_DIR),target)
VENV := .venv/bin/python

.PHONY: help run build test check bench fuzz schemas web rust-test python-test web-test fmt

help:
	@echo "make run      build and start: the page opens at http://127.0.0.1:8080/"
	@echo "make test     everything: style, units, SQL on two engines, end to end, the page in a browser"
	@echo "make check    style and types only"
	@echo "make bench    figures, as ratios to a floor or a peer where there is one"
	@echo "make fuzz     every parser against made-up bytes, ten minutes each (MINUTES=n)"
	@echo "make schemas  write schemas/ and the page's types anew"
	@echo "make fmt      format the code"

run: build
	$(TARGET)/release/grunnlag serve

build: web
	@scripts/need cargo cc
	cargo build --release --locked -p cli

# The page, built into the binary. `npm ci` runs when the lock file has changed.
web: web/dist/index.html

web/node_modules/.package-lock.json: web/package-lock.json
	@scripts/need node
	cd web && npm ci --no-audit --no-fund --loglevel=error

WEB_SOURCES := $(shell find web/src web/build web/public packs/texts -type f 2>/dev/null)
web/dist/index.html: web/node_modules/.package-lock.json web/index.html web/vite.config.ts $(WEB_SOURCES)
	cd web && npm run --silent build
	@touch $@

test: check rust-test python-test web-test
	@echo "make test: all passed"

check: web
	@scripts/need cargo cc
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cd web && npm run --silent check

rust-test: web
	cargo build --workspace --locked
	cargo test --workspace --locked

PYTHON_NEEDS := tests/portability/requirements.txt tests/oracles/requirements.txt tests/clients/requirements.txt
$(VENV): $(PYTHON_NEEDS)
	@scripts/need python
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check $(addprefix -r ,$(PYTHON_NEEDS))
	@touch $@

# Recordings of agencies' answers; without them the readers are judged on made files alone.
JSON_RECORDINGS := $(wildcard ../shared/real/ssb/v2 ../shared/real/ssb/v2-beta)
LAYER_FILES := $(wildcard ../shared/real/geo/*.geojson ../shared/real/geo/*/*.geojson ../shared/real/geo/*/*.geo.json ../shared/real/geo/gml/*.gml ../shared/real/geo/gml/*/*.gml)
PX_RECORDINGS := $(wildcard ../shared/real/ssb/px)
# Boundaries to be simplified.
BOUNDARIES := $(wildcard ../shared/real/geo/2024/kommuner-m.geojson ../shared/real/geo/2024/kommuner-s.geojson)

python-test: $(VENV) web/node_modules/.package-lock.json
	$(VENV) tests/portability/duckdb_check.py
	$(VENV) tests/oracles/geopackage.py
	cargo build --workspace --locked
	$(VENV) tests/oracles/formats.py "$(abspath $(TARGET))/debug/grunnlag"
	@[ -n "$(JSON_RECORDINGS)" ] || echo "skipped: ../shared is absent, no recordings to read"
	$(VENV) tests/oracles/jsonstat.py web $(JSON_RECORDINGS) -- "$(abspath $(TARGET))/debug/grunnlag" cube convert
	$(VENV) tests/oracles/layers.py "$(abspath $(TARGET))/debug/grunnlag" $(LAYER_FILES)
	$(VENV) tests/oracles/px.py $(PX_RECORDINGS) -- "$(abspath $(TARGET))/debug/grunnlag" cube convert
	cargo build --locked -p places --examples
	$(VENV) tests/oracles/points.py "$(abspath $(TARGET))/debug/examples/locate_points"
	$(VENV) tests/oracles/projection.py "$(abspath $(TARGET))/debug/examples/transform_points"
	@[ -n "$(BOUNDARIES)" ] || echo "skipped: ../shared is absent, no boundaries to simplify"
	$(VENV) tests/oracles/coverage.py "$(abspath $(TARGET))/debug/grunnlag" "$(abspath $(TARGET))/debug/xtask" $(BOUNDARIES)
	$(VENV) tests/clients/mirror.py "$(abspath $(TARGET))/debug/grunnlag"

web-test: web
	@scripts/need chromium
	cargo build --workspace --locked
	cd web && npm test --silent
	cd web && GRUNNLAG_BIN="$(abspath $(TARGET))/debug/grunnlag" npm run --silent e2e

# The programs that reading and planning are held against.
PEERS := .venv-peers/bin/python
$(PEERS): benches/peers/requirements.txt
	@scripts/need python
	python3 -m venv .venv-peers
	.venv-peers/bin/pip install --quiet --disable-pip-version-check -r benches/peers/requirements.txt
	@touch $@

bench: build $(PEERS)
	@scripts/need chromium
	cargo run --release --locked -p benches
	cargo build --release --locked -p xtask
	cd web && GRUNNLAG_BIN="$(abspath $(TARGET))/release/grunnlag" npm run --silent bench

# Sanitizers are unstable options of the compiler, which RUSTC_BOOTSTRAP opens for this one build.
# `cargo install cargo-fuzz` first.
MINUTES ?= 10
FUZZ_TARGETS := jsonstat px csv selection klass wkb gml geojson shapefile flatgeobuf geopackage geoparquet \
  model flags
fuzz:
	@python3 fuzz/seeds.py $(wildcard $(TARGET)/release/grunnlag)
	@for target in $(FUZZ_TARGETS); do \
	  RUSTC_BOOTSTRAP=1 cargo fuzz run --fuzz-dir fuzz $$target -- -max_total_time=$$(( $(MINUTES) * 60 )) \
	    -max_len=65536 -timeout=20 -rss_limit_mb=2048 -print_final_stats=1 || exit 1; \
	done

schemas: web/node_modules/.package-lock.json
	UPDATE_SCHEMAS=1 cargo test -q -p server the_stored_description
	cd web && npm run --silent types

fmt:
	cargo fmt --all
