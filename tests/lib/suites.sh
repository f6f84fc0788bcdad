# shellcheck shell=bash
# suites.sh: prepares and runs suites: builds, a cluster to copy, a server for each suite that wants one. Sourced by tests/run.

# prepare SUITE...: packages and, for what was asked, the sanitizer build and the cluster.
prepare() {
  local log=$LOGS/setup.log asked=" ${*%%:*} " suite
  : >"$log"
  need_test_packages "$log"
  choose_service_user
  WORK=$(mktemp -d /tmp/cpwg-test-XXXXXX)
  chmod 0755 "$WORK"
  mkdir "$WORK/ports"
  export CPWG_PORTS=$WORK/ports
  for suite in unit $SERVER_SUITES $DATABASE_SUITES; do
    if [[ $asked == *" $suite "* ]]; then
      say "Building with the sanitizers"
      build_preset asan "$log"
      break
    fi
  done
  for suite in $SERVER_SUITES $DATABASE_SUITES; do
    if [[ $asked == *" $suite "* ]]; then
      prepare_cluster "$log"
      break
    fi
  done
}

# A cluster with the migrated database cpwg_template: every lane gets a copy of the cluster, every suite one of the database. It need not
# survive a power cut.
prepare_cluster() {
  local admin
  say "Making a PostgreSQL cluster"
  BIN=$(postgres_bin any)
  PG_DIR=$WORK/pg
  cluster_create "$BIN" "$PG_DIR" "$1"
  cluster_configure "$PG_DIR" "fsync = off" "synchronous_commit = off" "full_page_writes = off" \
    "max_connections = 120" # a suite may have a dozen services at once
  printf 'cpwg "%s" postgres\n' "$SERVICE_USER" >>"$PG_DIR/pg_ident.conf" # tests connect from inside it, too
  SOCKET=$(private_dir)
  touch "$WORK/postgres.log"
  give_to_service "$WORK/postgres.log"
  cluster_start "$BIN" "$PG_DIR" "$SOCKET" "$WORK/postgres.log"
  admin="host=$SOCKET user=postgres"
  run_logged "$1" "cannot make a database" psql -XAtq "$admin dbname=postgres" -c "create database cpwg_template"
  install_release asan "$WORK/release" "$1"
  service_seal_keys "$WORK/seal_keys"
  service_secret "$WORK/secret"
  CPWG_SEAL=$(service_seal_command "$WORK/release" "$WORK/seal_keys") \
    run_logged "$1" "the migration failed" "$SOURCE/db/migrate" --database "$admin dbname=cpwg_template" --demo
  cluster_stop "$BIN" "$PG_DIR"
  rm -rf "$SOCKET"
  SOCKET=
}

# database_for SUITE: prints the connection string of a fresh copy.
database_for() {
  PGOPTIONS='-c client_min_messages=warning' psql -XAtq "host=$SOCKET user=postgres dbname=postgres" -c "drop database if exists test_$1 with (force)" \
    -c "create database test_$1 template cpwg_template" >/dev/null || return 1
  printf 'host=%s user=postgres dbname=test_%s' "$SOCKET" "$1"
}

# run_suite NAME FILTER REPORT
run_suite() {
  local name=$1 log=$LOGS/$1.log status=0 began=$SECONDS
  export CPWG_FILTER=$2
  unset CPWG_TEST_DATABASE # the suite's before: unit tests would take it for their own
  case $name in
    unit | clang | tsan | fuzz) "suite_$name" >"$log" 2>&1 </dev/null || status=$? ;;
    *) suite_folder "$name" >"$log" 2>&1 </dev/null || status=$? ;;
  esac
  report_suite "$name" "$log" "$status" "$((SECONDS - began))" "$3"
}

suite_folder() {
  local status=0 args=() seconds=1500
  [ -z "$CPWG_FULL" ] || seconds=3600
  if [ ! -x "$SOURCE/tests/$1/run" ]; then
    say "not ok tests/$1/run is missing"
    return 1
  fi
  if [[ $DATABASE_SUITES$SERVER_SUITES == *" $1 "* ]]; then
    lane_cluster
    CPWG_TEST_DATABASE=$(database_for "$1") || return 1
    export CPWG_TEST_DATABASE
  fi
  if [[ $DATABASE_SUITES == *" $1 "* ]]; then
    args=("$CPWG_TEST_DATABASE")
  fi
  if [[ $SERVER_SUITES == *" $1 "* ]]; then
    server_start "$1" || return 1
  fi
  # In the background, so that Ctrl-C is heeded at once; in a process group of its own, which ends as a whole.
  timeout -k 10 "$seconds" "$SOURCE/tests/$1/run" "${args[@]}" &
  SUITE=$!
  wait "$SUITE" || status=$?
  SUITE=
  [ "$status" != 124 ] || say "not ok $1: it took too long and was ended"
  if [[ $SERVER_SUITES == *" $1 "* ]]; then
    server_check "$1"
  fi
  return "$status"
}

# --- servers

# server_start SUITE: a server with the sanitizers, and the environment that tells the suite of it.
server_start() {
  local port admin_port role name token
  read -r port admin_port < <("$SOURCE/tests/lib/free-ports" 2)
  export CPWG_URL=http://127.0.0.1:$port CPWG_ADMIN_URL=http://127.0.0.1:$admin_port
  export CPWG_BIN=$WORK/release/bin/cpwg CPWG_CONFIG=$WORK/$1.conf
  SERVER_PID=$WORK/$1.pid SERVER_LOG=$LOGS/$1-server.log
  export CPWG_SERVER_LOG=$SERVER_LOG CPWG_POSTGRES_LOG=$LANE/postgres.log
  SERVICE_ENV=(ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1)
  service_config "$CPWG_CONFIG" "$WORK/release" "$SOCKET" "test_$1" "$WORK/secret" "$port" "$admin_port"
  service_unlimited "$CPWG_CONFIG"
  : >"$SERVER_LOG"
  service_start "$WORK/release" "$CPWG_CONFIG" "$SERVER_LOG" "$SERVER_PID"
  SERVER=$!
  if ! service_wait "$SERVER_PID" "$admin_port" 20 "$SERVER_LOG"; then
    say "not ok the server starts: $(why_failed "$SERVER_LOG")"
    tail -n 40 "$SERVER_LOG"
    server_stop || true
    return 1
  fi
  for role in $(service_roles "$WORK/release"); do
    name=CPWG_TOKEN_${role^^}
    token=$(service_token "$WORK/release" "$CPWG_CONFIG" "$role") || return 1
    export "$name=$token"
  done
}

# server_stop: ends the running server, if any; its exit status.
server_stop() {
  local server=${SERVER:-}
  [ -n "$server" ] || return 0
  SERVER=
  pid_stop "$SERVER_PID" TERM 30 || pid_stop "$SERVER_PID" KILL 5
  wait "$server"
}

# server_check SUITE: stops the server and judges how it ended and what it wrote.
server_check() {
  local status=0
  server_stop || status=$?
  if [ "$status" = 0 ]; then
    say "ok $1: the server ends with status 0 at SIGTERM"
  else
    say "not ok $1: the server ended with status $status"
    tail -n 20 "$SERVER_LOG"
  fi
  if grep -nE -m 5 -A 30 'Sanitizer|runtime error:' "$SERVER_LOG"; then
    say "not ok $1: the sanitizers reported something (above)"
  else
    say "ok $1: the sanitizers reported nothing"
  fi
}

# --- unit tests and what builds them in other ways

suite_unit() { run_unit_tests asan; }

# run_unit_tests PRESET: every test program, as many at once as there are cores.
run_unit_tests() {
  unit_programs | xargs -I {} -P "$(nproc)" "$SOURCE/tests/lib/unit" "$SOURCE/build/$1/tests/{}"
}

suite_clang() {
  (build_preset clang "$LOGS/build-clang.log") || { say "not ok clang builds it without a warning" && return 1; }
  say "ok clang builds it without a warning"
  run_unit_tests clang
}

suite_tsan() {
  (build_preset tsan "$LOGS/build-tsan.log") || { say "not ok it builds with the thread sanitizer" && return 1; }
  run_unit_tests tsan
}

# Each fuzz target runs for half a minute on its seeds and words (tests/fuzz/<name>/ and <name>.dict, when there).
suite_fuzz() {
  local target name seeds words
  (build_preset fuzz "$LOGS/build-fuzz.log") || { say "not ok the fuzz targets build" && return 1; }
  for target in "$SOURCE"/build/fuzz/tests/*_fuzz; do
    [ -x "$target" ] || continue
    name=$(basename "$target" _fuzz)
    [[ $name == *"$CPWG_FILTER"* ]] || continue
    mkdir -p "$WORK/fuzz/$name"
    seeds=$SOURCE/tests/fuzz/$name
    [ -d "$seeds" ] || seeds=$WORK/fuzz/$name
    words=()
    [ ! -f "$seeds.dict" ] || words=("-dict=$seeds.dict")
    if "$target" -max_total_time=30 -timeout=10 -rss_limit_mb=1024 -artifact_prefix="$LOGS/fuzz-$name-" "${words[@]}" \
      "$WORK/fuzz/$name" "$seeds" >"$LOGS/fuzz-$name.log" 2>&1; then
      say "ok fuzz $name"
    else
      say "not ok fuzz $name"
      tail -n 40 "$LOGS/fuzz-$name.log"
    fi
  done
}
