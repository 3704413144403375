#!/usr/bin/env bash
# Calls sampled tools over MCP with Prism behind Spandrel: of the documents of this repository and, where
# $SPANDREL_SHARED/corpus is set, of some of those. Documents named as arguments take their place; --sample N
# says how many tools of each are called.
# Needs node and npm; installs the pinned Prism under target/judges.
set -euo pipefail
cd "$(dirname "$0")/../../.."
source tests/judges/requests/install.sh

options=() documents=()
while (($#)); do
  case $1 in
    --sample) options+=("$1" "$2"); shift 2 ;;
    *) documents+=("$1"); shift ;;
  esac
done
if ((!${#documents[@]})); then
  documents=(specs/*)
  if [[ -n ${SPANDREL_SHARED:-} ]]; then
    for name in petstore3.yaml resend.yaml qdrant.json spotify.yaml slack.json; do
      documents+=("$SPANDREL_SHARED/corpus/$name")
    done
  else
    echo 'NOTE: SPANDREL_SHARED is not set: real documents were SKIPPED'
  fi
fi
exec node "$out/prism.mjs" --binary "$binary" "${options[@]}" "${documents[@]}"
