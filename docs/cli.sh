#!/usr/bin/env bash
# Prints docs/cli.md: the help of the command named, page by page.
set -euo pipefail
binary=$(readlink -f "$1")
# The help names the command as it was started.
cd "$(dirname "$binary")"
name=$(basename "$binary")

page() {
  printf '\n## `spandrel%s`\n\n```text\n' "${1:+ $1}"
  # shellcheck disable=SC2086
  COLUMNS=100 "./$name" $1 --help | sed 's/[[:space:]]*$//'
  printf '```\n'
}

printf '# The command line\n\nWritten by `just cli-reference` from the command'\''s own help.\n'
page ''
for command in serve call inspect search check selftest compile diff new overlay 'overlay init' 'overlay apply'; do
  page "$command"
done
