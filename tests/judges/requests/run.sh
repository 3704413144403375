#!/usr/bin/env bash
# Compares the requests of Spandrel with those of swagger-client: of the documents of this repository, which
# are recorded under fixtures/requests with --record, and of those of $SPANDREL_SHARED/corpus where that is set.
# Needs node and npm; installs the pinned client under target/judges.
set -euo pipefail
cd "$(dirname "$0")/../../.."

source tests/judges/requests/install.sh

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
