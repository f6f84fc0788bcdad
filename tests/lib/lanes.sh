# shellcheck shell=bash
# lanes.sh: suites beside each other. A lane runs its suites one after another in a process group of its own, with a cluster of its own:
# a long transaction of one suite would hold back what others wait for, and settings of the cluster are some test's to change. Sourced by tests/run.

# start_lanes SUITE[:FILTER]...: each into its lane of LANES.
start_lanes() {
  local lane name number=0 chosen=()
  mkdir "$WORK/report"
  for name; do
    for lane in "${!LANES[@]}"; do
      [[ ${LANES[lane]} != *" ${name%%:*} "* ]] || chosen[lane]+=" $number"
    done
    number=$((number + 1))
  done
  set -m
  for lane in "${!chosen[@]}"; do
    (run_lane "$WORK/lane$lane" "${chosen[lane]}" "$@") &
  done
  set +m
}

# stop_lanes: ends those that still run.
stop_lanes() {
  local lane
  for lane in $(jobs -pr); do
    kill -- "-$lane" || true
  done
  wait
}

# run_lane DIR NUMBERS SUITE[:FILTER]...: those of the numbers.
run_lane() {
  local number numbers=$2 name
  LANE=$1
  shift 2
  set +m
  trap finish_lane EXIT
  trap 'exit 130' INT TERM HUP
  mkdir "$LANE"
  for number in $numbers; do
    name=${*:number + 1:1}
    run_suite "${name%%:*}" "$([[ $name != *:* ]] || printf '%s' "${name#*:}")" "$WORK/report/$number"
  done
}

finish_lane() {
  trap - EXIT
  trap '' INT TERM HUP
  [ -z "${SUITE:-}" ] || kill "$SUITE" || true
  server_stop || true
  if [ -n "${SOCKET:-}" ]; then
    cluster_stop "$BIN" "$LANE/pg" || true
    rm -rf "$SOCKET"
  fi
}

# lane_cluster: the lane's copy of the cluster, started with its first suite that needs one.
lane_cluster() {
  [ -z "${SOCKET:-}" ] || return 0
  cp -a "$PG_DIR" "$LANE/pg"
  touch "$LANE/postgres.log"
  give_to_service "$LANE/postgres.log"
  SOCKET=$(private_dir)
  cluster_start "$BIN" "$LANE/pg" "$SOCKET" "$LANE/postgres.log"
}
