# shellcheck shell=bash
# service.sh: the API as a process: its settings, start, readiness, tokens, stop. Sourced after common.sh.

# service_config FILE RELEASE SOCKET_DIR DATABASE SECRET PORT ADMIN_PORT: the seal keys lie beside the secret.
service_config() {
  printf '%s\n' "listen = 127.0.0.1:$6" "admin_listen = 127.0.0.1:$7" \
    "database = host=$3 dbname=$4 user=cpwg_api" \
    "contract_dir = $2/share/cpwg/openapi" "operations_dir = $2/share/cpwg/db/operations" \
    "secret_file = $5" "seal_key_file = ${5%/*}/seal_keys" >"$1"
}

# service_unlimited FILE: settings under which tests and benches are never answered 429 from the one address that they call from; what
# counts still counts, and tells so. A test of limits sets its own.
service_unlimited() {
  local limit
  for limit in anonymous client credentials case_key case_key_day filing; do
    printf 'limit_%s = 100000000\n' "$limit" >>"$1"
  done
}

# service_secret FILE: makes the secret unless it is there.
service_secret() {
  [ -s "$1" ] && return
  (umask 077 && od -An -v -tx1 -N48 /dev/urandom | tr -d ' \n' >"$1.new")
  give_to_service "$1.new"
  mv "$1.new" "$1"
}

# service_seal_keys FILE [CONNINFO]: makes the key that seals texts unless it is there. The database remembers that it has one: what
# was sealed is lost with its key, so a lost file is not made anew over it.
service_seal_keys() {
  [ -s "$1" ] && return
  if [ -n "${2:-}" ] && [ "$(psql -XAtq "$2" -c "select current_setting('cpwg.seal_keys', true)")" = made ]; then
    die "$1 is gone, and with it what the database's sealed texts open with: put it back from a backup"
  fi
  (umask 077 && od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n' >"$1.new" && echo >>"$1.new")
  give_to_service "$1.new"
  mv "$1.new" "$1"
  [ -z "${2:-}" ] || psql -XAtq "$2" -c "do \$\$ begin execute format('alter database %I set cpwg.seal_keys = made', current_database()); end \$\$"
}

# service_seal_command RELEASE FILE: seals demo data with the keys of FILE, for db/migrate.
service_seal_command() { printf 'CPWG_SEAL_KEY_FILE=%q %q seal' "$2" "$1/bin/cpwg"; }

# service_start RELEASE CONFIG LOG PID_FILE: starts it apart from the terminal.
service_start() {
  (become_service setsid "$1/bin/cpwg" serve --config "$2") >>"$3" 2>&1 </dev/null &
  pid_write "$4" "$!"
}

# service_wait PID_FILE ADMIN_PORT SECONDS LOG: waits until it is ready; false when it ended, the time is over, or the SQL does
# not fit the database, which waiting does not mend.
service_wait() {
  local n=$(($3 * 20))
  until curl -fs -o /dev/null --noproxy '*' --max-time 2 "http://127.0.0.1:$2/readyz"; do
    pid_alive "$1" && [ "$((n -= 1))" -gt 0 ] && ! grep -q '"text":"contract-error: ' "$4" || return 1
    sleep 0.05
  done
}

# service_token RELEASE CONFIG ROLE [OPTION...]: options as of `cpwg token`.
service_token() { as_service "$1/bin/cpwg" token "$3" --config "$2" "${@:4}"; }

# service_demo_options SEED ROLE: what a token of the role names in the demo data of SEED, as options of `cpwg token`, one a line: the
# source that pushes, or the first active organization of the role's kind.
service_demo_options() {
  perl -MJSON::PP -e '
    my ($seed, $role) = @ARGV;
    my $read = sub { local (@ARGV, $/) = "$seed/$_[0].json"; decode_json(<>) };
    my %kind = (police_staff => "police_department", city => "city_department", partner => "community_organization");
    if ($role eq "police_source") {
      print "--source\n", $read->("sources")->[0]{code}, "\n";
    } elsif (my $kind = $kind{$role}) {
      my ($first) = grep { $_->{kind} eq $kind && $_->{state} eq "active" } @{ $read->("organizations") };
      print "--organization\n", $first->{id}, "\n";
    }' "$1" "$2"
}

# service_example RELEASE RESOURCE: the contract's example of what POST /v1/RESOURCE takes, quoted for a shell.
service_example() {
  local json
  json=$(perl -MJSON::PP -0777 -ne '
    my $body = decode_json($_)->{paths}{"/v1/'"$2"'"}{post}{requestBody}{content}{"application/json"};
    print JSON::PP->new->ascii->canonical->encode($body->{example} // (values %{$body->{examples}})[0]{value})' \
    "$1/share/cpwg/openapi/$2.json")
  printf "'%s'" "${json//\'/\'\\\'\'}"
}

# service_roles RELEASE: the roles of the contract that a token can hold.
service_roles() {
  perl -MJSON::PP -0777 -ne 'print "$_\n" for grep { $_ ne "public" && $_ ne "case" } sort keys %{ decode_json($_)->{"x-roles"} }' \
    "$1/share/cpwg/openapi/openapi.json"
}
