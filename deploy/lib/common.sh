# shellcheck shell=bash
# common.sh: messages, processes, ports and disk. Sourced by deploy/local and tests/run. Knows nothing of PostgreSQL.

export PATH=$PATH:/usr/sbin:/sbin # su leaves them out

# say LINE...
say() { printf '%s\n' "$@"; }

# die REASON: one line, and the end. Not for use inside $(...).
die() {
  printf 'cpwg: %s\n' "$*" >&2
  exit 1
}

# run_logged LOG REASON COMMAND...: runs quietly; when it fails, dies with REASON and the line that says why.
run_logged() {
  local log=$1 reason=$2
  shift 2
  if ! "$@" >>"$log" 2>&1 </dev/null; then
    die "$reason: $(why_failed "$log") (all of it: $log)"
  fi
}

# why_failed LOG: the line of a log, which may be a pipe, that says most about a failure.
why_failed() {
  local text line
  text=$(tail -n 200 "$1" 2>/dev/null) || true
  for pattern in 'no space left on device' '^E: |CMake Error|(fatal|panic|error|err):' '.'; do
    if line=$(grep -iE "$pattern" <<<"$text" | sed -n 1p) && [ -n "$line" ]; then
      line=$(sed -E 's/^\{.*"text":"(.*)"\}$/\1/; s/\\"/"/g' <<<"$line") # our own log is JSON
      printf '%s' "${line:0:300}"
      return
    fi
  done
  printf 'no message'
}

is_root() { [ "$(id -u)" = 0 ]; }

# as_service COMMAND...: runs it as $SERVICE_USER, from a folder that everybody may enter, with a bare environment.
as_service() { (become_service "$@"); }

# become_service COMMAND...: the same, in place of this shell, so that its process id stays.
become_service() {
  local bare=(env -i "PATH=$PATH" HOME=/ LANG=C.UTF-8 "${SERVICE_ENV[@]}")
  cd /
  if [ "$SERVICE_USER" = "$(id -un)" ]; then
    exec "${bare[@]}" "$@"
  fi
  exec setpriv --reuid="$SERVICE_USER" --regid="$(id -g "$SERVICE_USER")" --init-groups --inh-caps=-all "${bare[@]}" "$@"
}
SERVICE_ENV=()

# choose_service_user [DIR]: sets SERVICE_USER, who runs PostgreSQL and the API: whoever owns DIR, when there is one;
# else the caller, or for root a system user that is made when missing.
choose_service_user() {
  SERVICE_USER=$(id -un)
  is_root || return 0
  if [ -n "${1:-}" ] && [ -e "$1" ] && [ "$(stat -c %u "$1")" != 0 ]; then
    SERVICE_USER=$(stat -c %U "$1")
    return
  fi
  SERVICE_USER=cpwg
  if ! id "$SERVICE_USER" >/dev/null 2>&1; then
    say "Making the system user $SERVICE_USER"
    useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$SERVICE_USER" ||
      die "cannot make the system user $SERVICE_USER"
  fi
}

# give_to_service PATH...: makes paths the service user's.
give_to_service() {
  if is_root; then
    chown "$SERVICE_USER:" "$@"
  fi
}

# pid_write FILE PID / pid_alive FILE: a process id with its start time, so that a reused number is not mistaken.
# pid_started PID: when it started; nothing when it has ended, though its parent may not have looked yet.
pid_started() { sed -nE 's/.*\) [^ZX] ([^ ]+ ){18}([^ ]+).*/\2/p' "/proc/$1/stat" 2>/dev/null; }
pid_write() { printf '%s %s\n' "$2" "$(pid_started "$2")" >"$1"; }
pid_alive() {
  local pid started
  [ -f "$1" ] && read -r pid started <"$1" && [ -n "$started" ] && [ "$(pid_started "$pid")" = "$started" ]
}
pid_of() { cut -d' ' -f1 "$1"; }

# pid_stop FILE SIGNAL SECONDS: signals the process and waits for its end; false when it did not end in time.
pid_stop() {
  local pid n=$(($3 * 20))
  pid_alive "$1" || return 0
  pid=$(pid_of "$1")
  if ! kill -s "$2" "$pid" 2>/dev/null && pid_alive "$1"; then
    die "missing right: cannot stop process $pid (it belongs to $(stat -c %U "/proc/$pid"))"
  fi
  while pid_alive "$1"; do
    [ "$((n -= 1))" -gt 0 ] || return 1
    sleep 0.05
  done
}

# port_check PORT: dies when the service user cannot listen there.
port_check() {
  local why
  why=$(as_service perl -MIO::Socket::INET -e '
    IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => shift, Listen => 1, ReuseAddr => 1) and exit;
    print $!{EADDRINUSE} ? "is taken" : $!{EACCES} ? "needs a right that the service does not have" : "cannot be used: $!"' "$1")
  if [ -n "$why" ]; then
    die "port $1 $why; choose another with --port"
  fi
}

# need_space DIR MEGABYTES: dies when the disk of DIR (or of its nearest parent) has less.
need_space() {
  local dir=$1 free
  while [ ! -d "$dir" ]; do dir=$(dirname "$dir"); done
  free=$(df --output=avail -B1M "$dir" | tail -n 1 | tr -d ' ')
  [ "$free" -ge "$2" ] || die "the disk is full: $free MB free for $1, $2 MB are needed"
}

# private_dir: makes a folder that only the service user may enter, with a path short enough for a socket.
private_dir() {
  local base=/tmp dir
  if is_root && [ -d /run ]; then
    base=/run
  fi
  dir=$(mktemp -d "$base/cpwg-XXXXXX") && give_to_service "$dir" && printf '%s' "$dir"
}
