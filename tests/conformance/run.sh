#!/usr/bin/env bash
# Runs the official conformance suite against a server of openapi.yaml, answered by backend.py: without sessions, and the
# revision that has them once more with sessions. The suite changes the document by a tool, and the server watches it.
# Needs python3, node and npm; installs the pinned suite, and the Node that it asks for, under target/conformance.
set -euo pipefail
cd "$(dirname "$0")/../.."

here=$PWD/tests/conformance
out=$PWD/target/conformance
binary=${SPANDREL_BINARY:-${CARGO_TARGET_DIR:-target}/release/spandrel}
[[ -n ${SPANDREL_BINARY:-} ]] || cargo build --release --locked

# Copied, so that node_modules stays out of the source tree.
mkdir -p "$out"
cp "$here"/package{,-lock}.json "$here/openapi.yaml" "$out/"
if ! cmp -s "$here/package-lock.json" "$out/installed"; then
  (cd "$out" && npm ci --silent --no-audit --no-fund)
  cp "$here/package-lock.json" "$out/installed"
fi

coproc backend { python3 "$here/backend.py" "$out/openapi.yaml"; }
backend_pid=$backend_PID
server=
trap 'kill $server $backend_pid 2>/dev/null || true' EXIT
read -r port <&"${backend[0]}"

# Starts a server with these options; its URL is then in $url.
start() {
  "$binary" serve "$out/openapi.yaml" --watch --base-url "http://127.0.0.1:$port" --listen 127.0.0.1:0 "$@" 2>"$out/server.log" &
  server=$!
  url=
  for _ in $(seq 100); do
    url=$(sed -n 's/^Listening on //p' "$out/server.log")
    [[ -z $url ]] || return 0
    sleep 0.1
  done
  echo 'the server did not start:'
  cat "$out/server.log"
  exit 1
}

stop() {
  kill "$server"
  wait "$server" || true
}

failed=0
# Runs the suite of a revision, with the baseline of that name.
judge() {
  local revision=$1 name=$2
  printf '\n=== MCP %s\n' "$name"
  rm -rf "${out:?}/$name"
  "$out/node_modules/.bin/node" "$out/node_modules/.bin/conformance" server --url "$url" --requirements "$revision" \
    --expected-failures "$here/expected-$name.yml" -o "$out/$name" >"$out/$name.log" 2>&1 || failed=1
  sed -n '/=== SUMMARY/,$p' "$out/$name.log"
}

start
judge 2025-11-25 2025-11-25
judge 2026-07-28 2026-07-28
stop
start --sessions
judge 2025-11-25 2025-11-25-sessions
stop
exit "$failed"
