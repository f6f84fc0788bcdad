# shellcheck shell=bash
# report.sh: counts `ok` and `not ok` lines and shows what failed. Sourced by tests/run.

PASSED=0 FAILED=0

# report_suite NAME LOG STATUS SECONDS: a suite that failed without saying which test, or that ran none, is a failure too.
report_suite() {
  local passed failed
  failed=$(grep -cE '^(not ok|ok .*# SKIP)' "$2" || true)
  passed=$(($(grep -cE '^ok ' "$2" || true) - $(grep -cE '^ok .*# SKIP' "$2" || true)))
  if [ "$((passed + failed))" = 0 ]; then
    printf 'not ok %s ran no test (status %s)\n' "$1" "$3" >>"$2"
    failed=1
  elif [ "$3" != 0 ] && [ "$failed" = 0 ]; then
    printf 'not ok %s ended with status %s\n' "$1" "$3" >>"$2"
    failed=1
  fi
  PASSED=$((PASSED + passed)) FAILED=$((FAILED + failed))
  say "$1: $passed passed, $failed failed ($4 s)"
  if [ "$failed" != 0 ]; then
    grep -vE '^ok ' "$2" | tail -n 400 | cut -c1-1000 | sed 's/^/    /'
    say "    (all of it: $2)"
  fi
}

report_end() {
  say "$PASSED passed, $FAILED failed"
  [ "$FAILED" = 0 ]
}
