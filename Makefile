# `make run` starts the service with the sample chamber; `make test` runs every check.
# Each check is a target of its own. CARGO_TARGET_DIR is respected.
#
# Nothing here sets compiler or linker flags: the pinned toolchain links with the fast
# linker it brings along, and one set of flags for `make`, `.ci/run` and plain `cargo`
# means that none of them builds the dependencies again for the others.

# Real documents and retrieval sets; the tests over them are not run where it is absent.
export MUNSHI_TEST_DATA ?= $(abspath ../shared/data)

.PHONY: help run test setup model toolchain fmt-check fmt lint doc sizes unit fuzz fuzz-api \
	litellm-check bench clean
.DEFAULT_GOAL := help
# The checks run in the order `test` names them.
.NOTPARALLEL:

help:
	@echo 'make run    build and start the service with the sample chamber'
	@echo 'make test   install what the tests need, and run every check'
	@echo 'make setup  install what the tests need'
	@echo 'make model  fetch the embedding model'
	@echo 'make bench  measure'
	@echo 'make fmt lint doc fuzz fuzz-api litellm-check clean'

run: toolchain
	@scripts/fetch-model || echo 'The service starts without the embedding model: search is by words only.'
	cargo build --release --locked
	@cargo run --release --locked --quiet -- serve --sample-chamber

test: setup model sizes fmt-check lint doc unit fuzz fuzz-api

setup: toolchain
	@scripts/setup-tests

model:
	@scripts/fetch-model

toolchain:
	@scripts/check-toolchain

sizes:
	@scripts/check-sizes

fmt-check:
	cargo fmt --all --check

fmt:
	cargo fmt --all

lint:
	cargo clippy --workspace --all-targets --locked -- -D warnings

doc:
	RUSTDOCFLAGS=-Dwarnings cargo doc --workspace --locked --no-deps --document-private-items

unit:
	@test -d "$(MUNSHI_TEST_DATA)" || echo 'Tests over real documents are not run: there is no $(MUNSHI_TEST_DATA) (MUNSHI_TEST_DATA).'
	cargo test --workspace --locked

# Each parser of bytes from outside, for a few seconds.
fuzz:
	@scripts/fuzz $(or $(FUZZ_SECONDS),2)

# Every operation of the API, for a bounded time.
fuzz-api:
	@scripts/fuzz-api $(or $(FUZZ_API_SECONDS),60)

# The service against a proxy of the protocol that is not ours; installs it once.
litellm-check:
	@scripts/litellm-check

bench:
	cargo bench --locked

clean:
	cargo clean
