#!/usr/bin/env bash
# Puts a server of the binary between faulty backends and faulty clients. Needs python3 and nothing else.
set -euo pipefail
cd "$(dirname "$0")/../.."

binary=${SPANDREL_BINARY:-${CARGO_TARGET_DIR:-target}/release/spandrel}
[[ -n ${SPANDREL_BINARY:-} ]] || cargo build --release --locked
exec python3 tests/faults/run.py "$binary" "$@"
