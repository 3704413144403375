#!/usr/bin/env bash
# Compares the requests of Spandrel with those of swagger-client: of the documents of this repository, which
# are recorded under fixtures/requests with --record, and of those of $SPANDREL_SHARED/corpus where that is set.
# Needs node and npm; installs the pinned client under target/judges.
set -euo pipefail
cd "$(dirname "$0")/../../.."

out=$PWD/target/judges/requests
binary=${SPANDREL_BINARY:-${CARGO_TARGET_DIR:-target}/release/spandrel}
if [[ -z ${SPANDREL_BINARY:-} ]]; then
  cargo build --release --locked
fi
mkdir -p "$out"
# Copied, so that node_modules stays out of the source tree.
cp tests/judges/requests/{package.json,package-lock.json,*.mjs} "$out/"
if ! cmp -s tests/judges/requests/package-lock.json "$out/installed"; then
  (cd "$out" && npm ci --silent --no-audit --no-fund)
  cp tests/judges/requests/package-lock.json "$out/installed"
fi

if [[ ${1:-} == --record ]]; then
  shift
  exec node "$out/judge.mjs" --binary "$binary" --record fixtures/requests "$@" specs/*
fi
documents=(specs/*)
if [[ -n ${SPANDREL_SHARED:-} ]]; then
  documents+=("$SPANDREL_SHARED"/corpus/*.{json,yaml} "$SPANDREL_SHARED"/corpus/synthetic/*.json)
else
  echo 'NOTE: SPANDREL_SHARED is not set: real documents were SKIPPED'
fi
exec node "$out/judge.mjs" --binary "$binary" "$@" "${documents[@]}"
