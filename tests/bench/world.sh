# shellcheck shell=bash
# world.sh: what benches measure: the release build against a private PostgreSQL cluster of 100,000 organizations and 100,000 complaints.
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

# world_postgres FILE...: the cluster, with what these files of SQL insert. No autovacuum, which would fall into somebody's sample.
world_postgres() {
  local file
  say "Making a PostgreSQL cluster of 100,000 organizations and 100,000 complaints" >&2
  BIN=$(postgres_bin any)
  cluster_create "$BIN" "$WORK/pg" "$LOG"
  cluster_configure "$WORK/pg" "autovacuum = off"
  SOCKET=$(private_dir)
  touch "$WORK/postgres.log"
  give_to_service "$WORK/postgres.log"
  cluster_start "$BIN" "$WORK/pg" "$SOCKET" "$WORK/postgres.log"
  DATABASE="host=$SOCKET user=postgres dbname=bench"
  run_logged "$LOG" "cannot make the database" psql -XAtq "${DATABASE/bench/postgres}" -c "create database bench"
  run_logged "$LOG" "the migration failed" "$SOURCE/db/migrate" --database "$DATABASE"
  for file; do
    run_logged "$LOG" "cannot insert what $file has" psql -XAtq "$DATABASE" -v ON_ERROR_STOP=1 -f "$BENCH/$file"
  done
}

# world_service PORT ADMIN_PORT: under its default settings but for limits too high to reach.
world_service() {
  service_secret "$WORK/secret"
  service_seal_keys "$WORK/seal_keys"
  service_config "$WORK/cpwg.conf" "$WORK/release" "$SOCKET" bench "$WORK/secret" "$1" "$2"
  service_unlimited "$WORK/cpwg.conf"
  service_start "$WORK/release" "$WORK/cpwg.conf" "$WORK/api.log" "$WORK/api.pid"
  service_wait "$WORK/api.pid" "$2" 20 "$WORK/api.log" || die "the service does not start: $(why_failed "$WORK/api.log")"
}

# world_end: stops and removes all of it, however much was made.
world_end() {
  [ -n "${WORK:-}" ] || return 0
  pid_stop "$WORK/api.pid" TERM 30 || pid_stop "$WORK/api.pid" KILL 5 || true
  [ ! -d "$WORK/pg" ] || cluster_stop "$BIN" "$WORK/pg" || true
  rm -rf "$WORK" "${SOCKET:-$WORK}"
}
