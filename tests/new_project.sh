#!/usr/bin/env bash
# Builds the project that `spandrel new` writes, and runs its test: new_project.sh BINARY. Uses the workspace's
# target folder, and the versions of its lock file, so that nothing is fetched.
set -euo pipefail
binary=$(readlink -f "$1")
cd "$(dirname "$0")/.."
project=$(mktemp -d)
trap 'rm -rf "$project"' EXIT

"$binary" new "$project/bookshop-bridge" --from specs/bookshop.yaml --spandrel .
cp Cargo.lock "$project/bookshop-bridge/"
# As the workspace compiles dependencies, so that they need not be compiled again.
CARGO_TARGET_DIR=$PWD/target cargo test --offline --manifest-path "$project/bookshop-bridge/Cargo.toml" \
  --config 'profile.dev.debug="line-tables-only"' \
  --config 'profile.dev.package."*".opt-level=1' --config 'profile.dev.package."*".debug=false'
