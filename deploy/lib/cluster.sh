# shellcheck shell=bash
# cluster.sh: a private PostgreSQL cluster: no TCP, a socket in a private folder. Sourced after common.sh and packages.sh.

# cluster_create BIN DIR LOG: makes it, whole or not at all.
cluster_create() {
  local new=$2.new
  rm -rf "$new"
  mkdir -m 0700 "$new"
  give_to_service "$new"
  run_logged "$3" "cannot make the PostgreSQL cluster" \
    as_service "$1/initdb" -D "$new" -U postgres -A peer -E UTF8 --locale=C.UTF-8
  mv "$new" "$2"
}

# cluster_configure DIR [SETTING...]: settings and who may connect. The kernel tells PostgreSQL who is at the socket:
# whoever started this is the superuser, the service user is cpwg_api, nobody else is anybody.
cluster_configure() {
  local dir=$1
  shift
  {
    printf '%s\n' "listen_addresses = ''" "unix_socket_permissions = 0700" "max_connections = 60" \
      "shared_buffers = 128MB" "jit = off" "max_wal_senders = 0" "max_wal_size = 512MB" \
      "timezone = 'UTC'" "log_timezone = 'UTC'" "log_line_prefix = '%m [%p] '" \
      "# What people wrote stays out of the log: no statements, no details." \
      "log_min_error_statement = panic" "log_error_verbosity = terse"
    printf '%s\n' "$@"
  } >"$dir/postgresql.conf"
  printf '%s\n' "local all postgres peer map=cpwg" "local all cpwg_api peer map=cpwg" >"$dir/pg_hba.conf"
  printf 'cpwg "%s" %s\n' "$(id -un)" postgres "$(id -un)" cpwg_api "$SERVICE_USER" cpwg_api | sort -u >"$dir/pg_ident.conf"
  give_to_service "$dir/postgresql.conf" "$dir/pg_hba.conf" "$dir/pg_ident.conf"
}

# cluster_alive DIR: whether a server runs on it. A lock file left behind by a power cut may name somebody else's process.
cluster_alive() {
  local pid
  [ -f "$1/postmaster.pid" ] && pid=$(head -n 1 "$1/postmaster.pid") && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = postgres ] &&
    [ "$(readlink "/proc/$pid/cwd")" = "$(readlink -f "$1")" ]
}

# cluster_start BIN DIR SOCKET_DIR LOG: starts and waits until it answers.
cluster_start() {
  local try before
  cluster_alive "$2" || rm -f "$2/postmaster.pid"
  before=$(stat -c %s "$4" 2>/dev/null || echo 0)
  for try in 1 2 3 4 5 6; do
    if as_service "$1/pg_ctl" -D "$2" -w -t 120 -s -o "-k $3" -l "$4" start 9>&- >/dev/null 2>&1; then
      return
    fi
    # Backends of a killed server may hold its memory for a moment.
    if [ "$try" -lt 6 ] && tail -n 5 "$4" | grep -q 'shared memory block'; then
      sleep 1
    else
      break
    fi
  done
  die "PostgreSQL does not start: $(tail -c +"$((before + 1))" "$4" | why_failed /dev/stdin) (all of it: $4)"
}

# cluster_stop BIN DIR: what was committed is on disk.
cluster_stop() {
  cluster_alive "$2" || return 0
  as_service "$1/pg_ctl" -D "$2" -w -t 120 -s -m fast stop >/dev/null
}
