#!/usr/bin/env bash
# Compares what compiled schemas accept with what the documents' own schemas accept: the documents of
# this repository, and those of $SPANDREL_SHARED/corpus where that is set.
# Needs python3 with venv; installs the pinned validators under target/judges.
set -euo pipefail
cd "$(dirname "$0")/../../.."

venv=$PWD/target/judges/schema
binary=${SPANDREL_BINARY:-${CARGO_TARGET_DIR:-target}/release/spandrel}
if [[ -z ${SPANDREL_BINARY:-} ]]; then
  cargo build --release --locked
fi

if ! cmp -s tests/judges/schema/requirements.txt "$venv/installed"; then
  python3 -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r tests/judges/schema/requirements.txt
  cp tests/judges/schema/requirements.txt "$venv/installed"
fi

documents=(specs/*.yaml specs/*.json fixtures/compile/*/openapi.yaml)
if [[ -n ${SPANDREL_SHARED:-} ]]; then
  documents+=("$SPANDREL_SHARED"/corpus/*.{json,yaml} "$SPANDREL_SHARED"/corpus/synthetic/*.json)
else
  echo 'NOTE: SPANDREL_SHARED is not set: real documents were SKIPPED'
fi
judge() {
  "$venv/bin/python" tests/judges/schema/judge.py --binary "$binary" "$@" "${documents[@]}"
}
judge "$@"
# Shorter schemas must accept the same; fewer tools and values find what moving schemas about can break.
printf '\nThe same of compacted tools\n'
judge --compile=--compact=strongest --tools 60 --values 6 "$@"
