# Finds and installs the packages of packages.txt; sourced by ./lbsim and ./test, which set $root.

packages_listed() {  # KIND: their names
  awk -v kind="$1" '$1 == kind { print $2 }' "$root/cmake/packages.txt"
}

packages_missing() {  # NAME...: those that are not installed
  local installed name
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null || true)
  for name; do
    grep -qx "installed $name" <<<"$installed" || echo "$name"
  done
}

is_debian_12() {
  [[ -r /etc/os-release ]] && (. /etc/os-release && [[ ${ID-} == debian && ${VERSION_ID-} == 12 ]])
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

# Makes all packages of some kinds present, or says which are missing and exits 2.
packages_require() {  # yes|no: may it install?, KIND...
  local may_install=$1 kind names=() missing=()
  for kind in "${@:2}"; do mapfile -t -O "${#names[@]}" names < <(packages_listed "$kind"); done
  mapfile -t missing < <(packages_missing "${names[@]}")
  ((${#missing[@]})) || return 0

  echo "lbsim needs these Debian 12 packages, which are not installed:" >&2
  echo "  ${missing[*]}" >&2
  if [[ $may_install == no ]]; then
    exit 2
  elif ! is_debian_12; then
    echo "This is not Debian 12: install what corresponds to them, then build with" >&2
    echo "  cmake --preset release -DLBSIM_TESTS=OFF && cmake --build --preset release" >&2
    echo "and run build/release/lbsim." >&2
    exit 2
  elif ((EUID != 0)) && ! command -v sudo >/dev/null; then
    echo "There is no sudo here. As root: apt-get install --no-install-recommends ${missing[*]}" >&2
    exit 2
  fi
  echo "Installing them with apt-get$( ((EUID == 0)) || echo ' through sudo') ..." >&2
  # An update that fails for one source of several need not stop us: the installation decides.
  run_quietly as_root env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 bash -c '
    apt-get update
    exec apt-get install -y --no-install-recommends "$@"' apt-get "${missing[@]}" || exit 2
}

# Shows the command's output only if it fails, and returns its status.
run_quietly() {
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || status=$?
  ((status == 0)) || cat "$log" >&2
  rm -f "$log"
  return "$status"
}
