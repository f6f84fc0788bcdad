# shellcheck shell=bash
# needs.sh: what the tests need beside what deploy/local installs. Sourced by tests/run and by suites.

TEST_NEEDS=(openssl +nginx +libcmocka-dev +json-schema-test-suite shellcheck ctags=universal-ctags clang-tidy readelf=binutils node=nodejs chromium)

# need_test_packages LOG: Debian's packages; npm only where no node is (other distributions of node bring their own npm).
need_test_packages() {
  local needs=("${BUILD_NEEDS[@]}" "${RUN_NEEDS[@]}" "${TEST_NEEDS[@]}" npm) rt
  if [ -n "$CPWG_FULL" ]; then
    need_packages "$1" clang
    rt=$(clang -dumpversion)
    needs+=(clang "+libclang-rt-${rt%%.*}-dev" valgrind)
  fi
  need_packages "$1" "${needs[@]}"
}

# npm_ci DIR: installs DIR/package-lock.json unless that is what lies in node_modules already.
npm_ci() {
  local stamp=$1/node_modules/.installed sum
  sum=$(sha256sum <"$1/package-lock.json")
  [ "$(cat "$stamp" 2>/dev/null)" = "$sum" ] && return
  (cd "$1" && npm ci --no-audit --no-fund --loglevel=error) && printf '%s\n' "$sum" >"$stamp"
}

# unit_programs: names of the programs of unit tests, by their sources: a build may still hold those of tests that are gone.
unit_programs() { find "$CPWG_SOURCE/tests/unit" -name '*_test.c' -printf '%P\n' | sed 's|/|_|g; s|\.c$||' | sort; }
