# Builds the binary unless $SPANDREL_BINARY names one, and installs the judges; sets `binary` and `out`.
# To be sourced from the top of the repository.
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
