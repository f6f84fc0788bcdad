# shellcheck shell=bash
# packages.sh: installs from Debian what is missing, and only then asks for rights or the network. Sourced.

# Each word: what is looked for (a command, or a Debian package written +package), then =package when it differs.
BUILD_NEEDS=(gcc cmake ninja=ninja-build pkg-config +libc6-dev +libpq-dev +libjansson-dev +libpcre2-dev
  +libssl-dev +libsodium-dev +libcurl4-openssl-dev)
RUN_NEEDS=(psql=postgresql-client sqitch +libdbd-pg-perl curl)

POSTGRES_OLDEST=15

# postgres_bin MAJOR: the folder of PostgreSQL's programs: that version, or with "any" the newest that is new enough.
postgres_bin() {
  local dir version
  while read -r version dir; do
    if [ "$version" -ge "$POSTGRES_OLDEST" ] && [ "${1/any/$version}" = "$version" ]; then
      printf '%s' "$dir"
      return
    fi
  done < <(for dir in /usr/lib/postgresql/*/bin; do
    if [ -x "$dir/initdb" ] && [ -x "$dir/postgres" ]; then
      version=${dir%/bin}
      printf '%s %s\n' "${version##*/}" "$dir"
    fi
  done | sort -rn)
  return 1
}

# missing_packages NEED...: prints the packages to install, one a line.
missing_packages() {
  local need packages=() installed
  for need; do
    case $need in
      +*) packages+=("${need#+}") ;;
      *) command -v "${need%=*}" >/dev/null || printf '%s\n' "${need#*=}" ;;
    esac
  done
  [ ${#packages[@]} -gt 0 ] || return 0
  installed=" $(dpkg-query -W -f '${db:Status-Status}=${Package} ' "${packages[@]}" 2>/dev/null || true) "
  for need in "${packages[@]}"; do
    [[ $installed == *" installed=$need "* ]] || printf '%s\n' "$need"
  done
}

# need_packages LOG NEED...: installs what is missing of these and of PostgreSQL.
need_packages() {
  local log=$1 packages
  shift
  command -v apt-get >/dev/null || die "this needs Debian: there is no apt-get"
  mapfile -t packages < <(missing_packages "$@")
  postgres_bin any >/dev/null || packages+=(postgresql)
  [ ${#packages[@]} -eq 0 ] || apt_install "$log" "${packages[@]}"
  postgres_bin any >/dev/null || die "PostgreSQL $POSTGRES_OLDEST or newer is not to be had from this system's packages"
}

# apt_install LOG PACKAGE...
apt_install() {
  local log=$1
  shift
  local root=(env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8)
  if ! is_root; then
    command -v sudo >/dev/null || die "missing right: root or sudo must install: $*"
    sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; } || die "missing right: sudo refused; root must install: $*"
    root=(sudo "${root[@]}")
  fi
  say "Installing from Debian: $*"
  need_space /usr 1000
  # The service has a cluster of its own: Debian's should not come into being beside it.
  local no_cluster=/etc/postgresql-common/createcluster.d/cpwg.conf
  "${root[@]}" sh -c "mkdir -p ${no_cluster%/*} && echo 'create_main_cluster = false' >$no_cluster" || die "cannot write $no_cluster"
  # Nor should servers of Debian's start.
  local policy=/usr/sbin/policy-rc.d ours=
  if [ ! -e "$policy" ]; then
    ours=$policy
    printf '#!/bin/sh\nexit 101\n' | "${root[@]}" install -m 0755 /dev/stdin "$policy" || die "cannot write $policy"
  fi
  "${root[@]}" apt-get -q update >>"$log" 2>&1 </dev/null || true # offline, the install says what is missing
  local status=0
  "${root[@]}" apt-get -qy -o DPkg::Lock::Timeout=300 install --no-install-recommends "$@" >>"$log" 2>&1 </dev/null || status=$?
  "${root[@]}" rm -f "$no_cluster" ${ours:+"$ours"}
  hash -r
  [ "$status" = 0 ] || die "apt-get could not install: $(why_failed "$log") (all of it: $log)"
}
