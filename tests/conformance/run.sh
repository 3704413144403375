#!/usr/bin/env bash
# Runs the official conformance suite against a server of openapi.yaml, answered by backend.py.
# Needs python3, node and npm; installs the pinned suite, and the Node that it asks for, under target/conformance.
set -euo pipefail
cd "$(dirname "$0")/../.."

here=$PWD/tests/conformance
out=$PWD/target/conformance
binary=${SPANDREL_BINARY:-${CARGO_TARGET_DIR:-target}/release/spandrel}
[[ -n ${SPANDREL_BINARY:-} ]] || cargo build --release --locked

# Copied, so that node_modules stays out of the source tree.
mkdir -p "$out"
cp "$here"/package{,-lock}.json "$out/"
if ! cmp -s "$here/package-lock.json" "$out/installed"; then
  (cd "$out" && npm ci --silent --no-audit --no-fund)
  cp "$here/package-lock.json" "$out/installed"
fi

coproc backend { python3 "$here/backend.py"; }
backend_pid=$backend_PID
server=
trap 'kill $server $backend_pid 2>/dev/null || true' EXIT
read -r port <&"${backend[0]}"

"$binary" serve "$here/openapi.yaml" --base-url "http://127.0.0.1:$port" --listen 127.0.0.1:0 2>"$out/server.log" &
server=$!
url=
for _ in $(seq 100); do
  url=$(sed -n 's/^Listening on //p' "$out/server.log")
  [[ -z $url ]] || break
  sleep 0.1
done
[[ -n $url ]] || { echo 'the server did not start:'; cat "$out/server.log"; exit 1; }

failed=0
for revision in 2025-11-25 2026-07-28; do
  printf '\n=== MCP %s\n' "$revision"
  rm -rf "${out:?}/$revision"
  "$out/node_modules/.bin/node" "$out/node_modules/.bin/conformance" server --url "$url" --requirements "$revision" \
    --expected-failures "$here/expected-$revision.yml" -o "$out/$revision" >"$out/$revision.log" 2>&1 || failed=1
  sed -n '/=== SUMMARY/,$p' "$out/$revision.log"
done
exit "$failed"
