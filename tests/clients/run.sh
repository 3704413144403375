#!/usr/bin/env bash
# Runs real MCP clients (Python, FastMCP, TypeScript 1.x and 2.x, the Inspector, rmcp) against the mock of each document.
# Needs python3 with venv, node and npm; installs the pinned clients under target/clients.
set -euo pipefail
cd "$(dirname "$0")/../.."

out=$PWD/target/clients
binary=${SPANDREL_BINARY:-${CARGO_TARGET_DIR:-target}/release/spandrel}
mkdir -p "$out/node"

if [[ -z ${SPANDREL_BINARY:-} ]]; then
  cargo build --release --locked
fi

stamp=$out/python.stamp
if ! cmp -s tests/clients/python/requirements.txt "$stamp"; then
  python3 -m venv --clear "$out/venv"
  "$out/venv/bin/pip" install --quiet --disable-pip-version-check -r tests/clients/python/requirements.txt
  cp tests/clients/python/requirements.txt "$stamp"
fi

# Copied, so that node_modules stays out of the source tree.
cp tests/clients/node/{package.json,package-lock.json,check.mjs} "$out/node/"
if ! cmp -s tests/clients/node/package-lock.json "$out/node.stamp"; then
  (cd "$out/node" && npm ci --silent --no-audit --no-fund --ignore-scripts)
  cp tests/clients/node/package-lock.json "$out/node.stamp"
fi

CARGO_TARGET_DIR="$out/rmcp" cargo build --quiet --locked --manifest-path tests/clients/rmcp/Cargo.toml

exec "$out/venv/bin/python" tests/clients/run.py --binary "$binary" "$@"
