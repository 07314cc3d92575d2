#!/usr/bin/env bash
# Installs a server from Debian's packages, unless it is there: install-server.sh PACKAGE PROGRAM…
# Ends within 2 minutes, whatever the network does; when the server is still missing it says why and exits with 1.
set -uo pipefail
package=$1
shift

is_there() {
  local program
  for program in "$@"; do
    PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v "$program" >/dev/null && return 0
  done
  return 1
}

give_up() {
  echo "There is no $package here: $1"
  exit 1
}

is_there "$@" && exit 0
command -v apt-get >/dev/null || give_up "this system has no apt-get"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  sudo -n true 2>/dev/null || give_up "installing it takes root"
  as_root=(sudo -n)
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# The tests start servers of their own: RUNLEVEL=1 keeps the package from starting one.
options=(-o Acquire::Retries=1 -o Acquire::http::Timeout=15 -o DPkg::Lock::Timeout=20)
environment=(env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive)
"${as_root[@]}" timeout -k 5 45 "${environment[@]}" apt-get "${options[@]}" update >"$log" 2>&1 </dev/null ||
  echo "apt-get update failed; trying with the lists that are there."
"${as_root[@]}" timeout -k 5 60 "${environment[@]}" apt-get "${options[@]}" install -y --no-install-recommends "$package" \
  >>"$log" 2>&1 </dev/null || {
  tail -n 5 "$log"
  give_up "apt-get install $package failed"
}
is_there "$@" || give_up "$package does not contain it"
