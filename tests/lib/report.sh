# shellcheck shell=bash
# report.sh: counts `ok` and `not ok` lines and shows what failed. Lanes write it, tests/run shows it.

PASSED=0 FAILED=0

# report_suite NAME LOG STATUS SECONDS FILE: writes passed and failed, then what is said of it. A suite that failed without saying which
# test, or that ran none, is a failure too.
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
  {
    say "$passed $failed" "$1: $passed passed, $failed failed ($4 s)"
    if [ "$failed" != 0 ]; then
      grep -vE '^ok ' "$2" | tail -n 400 | cut -c1-1000 | sed 's/^/    /'
      say "    (all of it: $2)"
    fi
  } >"$5.new"
  mv "$5.new" "$5"
}

# report_when_over NAME FILE: waits for the report and shows it; a lane that broke off writes none.
report_when_over() {
  local passed=0 failed=1
  until [ -f "$2" ] || [ -z "$(jobs -pr)" ]; do sleep 0.1; done
  if [ -f "$2" ]; then
    read -r passed failed <"$2"
    sed 1d "$2"
  else
    say "$1: not run, for its lane broke off"
  fi
  PASSED=$((PASSED + passed)) FAILED=$((FAILED + failed))
}

report_end() {
  say "$PASSED passed, $FAILED failed"
  [ "$FAILED" = 0 ]
}
