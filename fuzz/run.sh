#!/usr/bin/env bash
# Runs each fuzz target for SECONDS, one after the other: run.sh SECONDS [TARGET…]
# Findings are kept under target/fuzz/artifacts. Needs cargo-fuzz (0.13); any toolchain will do.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:?how many seconds for each target}
shift
targets=("$@")
((${#targets[@]})) || targets=(document schema render response)

out=$PWD/target/fuzz
export CARGO_TARGET_DIR=$out/build CARGO_INCREMENTAL=0
mkdir -p "$out/artifacts"
python3 fuzz/seeds.py "$out/seeds"
# No sanitizer: this code forbids `unsafe`, and sanitizers need a nightly toolchain.
cargo fuzz build --sanitizer none
for target in "${targets[@]}"; do
  mkdir -p "$out/corpus/$target" "$out/seeds/$target"
  "$out/build/x86_64-unknown-linux-gnu/release/$target" "$out/corpus/$target" "$out/seeds/$target" \
    -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=20 -max_len=20000 -dict=fuzz/openapi.dict \
    -artifact_prefix="$out/artifacts/$target-" -print_final_stats=1
done
