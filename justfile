# The one entry to everything that is done with this repository. `just` lists it.

export PATH := justfile_directory() / "target/tools/bin" + ":" + env("PATH")

shared := env("SPANDREL_SHARED", "")

[private]
default:
    @just --list --unsorted

# Build the release binary: target/release/spandrel
build:
    cargo build --release --locked

# Run all tests; they need no network and nothing outside the repository
test *ARGS:
    cargo test --workspace --locked {{ ARGS }}

# Check the format, clippy, the documentation and the dependency tree
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --locked -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --lib --no-deps --locked
    cargo deny --locked check bans licenses sources
    cargo machete

# Format the code
fmt:
    cargo fmt --all

# Build the documentation of the crates and open it
doc:
    cargo doc --workspace --lib --no-deps --locked --open

# Serve the example document, answered by the mock
run *ARGS:
    cargo run --release --locked -- serve specs/bookshop.yaml --mock {{ ARGS }}

# Write docs/cli.md from the command's own help
cli-reference: build
    docs/cli.sh target/release/spandrel > docs/cli.md

# Check that docs/cli.md is what the command says today
check-cli-reference: build
    docs/cli.sh target/release/spandrel | diff -u docs/cli.md -

# Run the tests over real documents: SPANDREL_SHARED names the folder that holds corpus/
corpus:
    @test -n "{{ shared }}" || { echo "SPANDREL_SHARED is not set: there is no corpus to read" >&2; exit 1; }
    cargo test --workspace --locked --lib corpus -- --nocapture
    cargo test --workspace --locked --test corpus --test json_schema_suite --test official -- --nocapture

# Run each fuzz target for SECONDS; needs cargo-fuzz, and no nightly toolchain. Findings: target/fuzz/artifacts
fuzz SECONDS *TARGETS:
    fuzz/run.sh {{ SECONDS }} {{ TARGETS }}

# Compare what compiled schemas accept with what the documents' own accept, by other implementations
judge-schemas *ARGS:
    tests/judges/schema/run.sh {{ ARGS }}

# Compare the request of every tool with the one that swagger-client builds
judge-requests *ARGS:
    tests/judges/requests/run.sh {{ ARGS }}

# Call sampled tools over MCP with Prism as the API: --sample N of each document, documents as arguments
judge-prism *ARGS:
    tests/judges/requests/prism.sh {{ ARGS }}

# Write the requests of specs/ to fixtures/requests, judged by swagger-client
record-requests:
    tests/judges/requests/run.sh --record

# Build the project that `spandrel new` writes, and run its test
new-project: build
    tests/new_project.sh target/release/spandrel

# Run real MCP clients (Python, FastMCP, TypeScript 1.x and 2.x, the Inspector, rmcp) against the mock of each document
clients *ARGS:
    tests/clients/run.sh {{ ARGS }}

# Run the official conformance suite of MCP against a server of a fixture
conformance:
    tests/conformance/run.sh

# Put a server between faulty backends and faulty clients: descriptors, memory and answers are checked
faults:
    tests/faults/run.sh

# Put load on a server and on a hand-written floor beside it, and print ratios with the goals: SPANDREL_SHARED names the folder that holds bench/ and corpus/
bench *ARGS: build
    @test -n "{{ shared }}" || { echo "SPANDREL_SHARED is not set: there is no load generator" >&2; exit 1; }
    cargo build --release --locked --package spandrel-runtime --example static_file
    python3 tests/load.py target/release/spandrel target/release/examples/static_file "{{ shared }}" {{ ARGS }}

# Show the time from process start to the first tools/list, the peak memory and the size of the binary
measure *SPECS="specs/bookshop.yaml specs/parameters.yaml": build
    python3 tests/measure.py target/release/spandrel {{ SPECS }}

# Time and memory from a document's bytes to its tools, beside serde_json's for the same bytes; then a series that grows
measure-compiler *DOCUMENTS="specs/bookshop.yaml":
    cargo run --release --locked --quiet -p spandrel-compiler --example measure -- {{ DOCUMENTS }}
    cargo run --release --locked --quiet -p spandrel-compiler --example memory -- {{ DOCUMENTS }}
    cargo run --release --locked --quiet -p spandrel-compiler --example measure -- --series

# Show what the tools of a document cost a model: the plain list, shortened, and by search; and what a search takes. Without documents, the ten largest of SPANDREL_SHARED/corpus
measure-context *DOCUMENTS:
    #!/usr/bin/env bash
    set -euo pipefail
    documents=({{ DOCUMENTS }})
    if ((${#documents[@]} == 0)); then
      test -n "{{ shared }}" || { echo "SPANDREL_SHARED is not set: there is no corpus to measure" >&2; exit 1; }
      mapfile -t documents < <(ls -S "{{ shared }}"/corpus/*.{json,yaml} | head -10)
    fi
    cargo run --release --locked --quiet -p spandrel --example context -- "${documents[@]}"

# Measure what it costs to map a response: time and allocations
bench-mapping *ARGS:
    cargo bench -p spandrel-plan --bench response -- {{ ARGS }}

# Measure what it costs to render a request: time and allocations
bench-rendering *ARGS:
    cargo bench -p spandrel-plan --bench render -- {{ ARGS }}

# Measure what a search finds of fixtures/search/intents, beside plain BM25 and substring search, and how long it takes: SPANDREL_SHARED names the folder that holds corpus/
measure-search *ARGS: build
    @test -n "{{ shared }}" || { echo "SPANDREL_SHARED is not set: there is no corpus to search" >&2; exit 1; }
    python3 tests/search/recall.py target/release/spandrel "{{ shared }}/corpus" --baselines {{ ARGS }}
    cargo run --release --locked --quiet -p spandrel-search --example search_time -- "{{ shared }}/corpus/github.json" "create an issue" "someone left the company, make sure they cannot get in any more"

# Check the dependencies against the database of advisories; needs the network
advisories:
    cargo deny --locked check advisories

# Do what the build server does
ci:
    .ci/run
