# shellcheck shell=bash
# world.sh: what benches measure: the release build against databases of a private PostgreSQL cluster.
# Sourced after deploy/lib and tests/lib/needs.sh; LOG is where the making of it is told.

# world_prepare MEGABYTES: the folder WORK, and the build in it.
world_prepare() {
  choose_service_user ''
  need_space /var/tmp "$1"
  WORK=$(mktemp -d /var/tmp/cpwg-bench-XXXXXX) # a disk: /tmp may lie in memory
  chmod 0755 "$WORK"
  say "Building" >&2
  build_preset release "$LOG" cpwg
  install_release release "$WORK/release" "$LOG"
}

# world_postgres: the cluster. No autovacuum, which would fall into somebody's sample.
world_postgres() {
  BIN=$(postgres_bin any)
  cluster_create "$BIN" "$WORK/pg" "$LOG"
  cluster_configure "$WORK/pg" "autovacuum = off" "$@"
  SOCKET=$(private_dir)
  touch "$WORK/postgres.log"
  give_to_service "$WORK/postgres.log"
  cluster_start "$BIN" "$WORK/pg" "$SOCKET" "$WORK/postgres.log"
  DATABASE="host=$SOCKET user=postgres dbname=bench"
}

# world_database NAME COMPLAINTS FILE...: a database with what these files of SQL insert.
world_database() {
  local database=${DATABASE/%bench/$1} rows=$2 file
  say "Making a database of $rows complaints" >&2
  run_logged "$LOG" "cannot make the database" psql -XAtq "${DATABASE/%bench/postgres}" -c "create database $1"
  run_logged "$LOG" "the migration failed" "$SOURCE/db/migrate" --database "$database"
  for file in "${@:3}"; do
    run_logged "$LOG" "cannot insert what $file has" psql -XAtq "$database" -v ON_ERROR_STOP=1 -v rows="$rows" -f "$BENCH/$file"
  done
}

# world_service PORT ADMIN_PORT [DATABASE]: under its default settings but for limits too high to reach.
world_service() {
  local name=${3:-bench}
  service_secret "$WORK/secret"
  service_seal_keys "$WORK/seal_keys"
  service_config "$WORK/$name.conf" "$WORK/release" "$SOCKET" "$name" "$WORK/secret" "$1" "$2"
  service_unlimited "$WORK/$name.conf"
  service_start "$WORK/release" "$WORK/$name.conf" "$WORK/$name.log" "$WORK/$name.pid"
  service_wait "$WORK/$name.pid" "$2" 20 "$WORK/$name.log" || die "the service does not start: $(why_failed "$WORK/$name.log")"
}

# world_end: stops and removes all of it, however much was made.
world_end() {
  local pid_file
  [ -n "${WORK:-}" ] || return 0
  for pid_file in "$WORK"/*.pid; do
    pid_stop "$pid_file" TERM 30 || pid_stop "$pid_file" KILL 5 || true
  done
  [ ! -d "$WORK/pg" ] || cluster_stop "$BIN" "$WORK/pg" || true
  rm -rf "$WORK" "${SOCKET:-$WORK}"
}
