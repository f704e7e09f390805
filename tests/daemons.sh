# Brings real balancers to the tests without installing them: a Debian package would start and
# enable a service. Sourced by ./test, which sets $root; needs packages.sh.

tools=$root/build/tools

# Programs that the machine has are taken as they are. The others, and the libraries that they lack,
# are unpacked below build/tools/unpacked and started by a script in build/tools/bin.
daemons_unpack() {
  local wanted=() name
  mapfile -t wanted < <(packages_missing $(packages_listed daemon))
  if ((${#wanted[@]} == 0)) || [[ -e $tools/${wanted[*]}.unpacked ]]; then return; fi
  echo "Unpacking ${wanted[*]} below build/tools ..." >&2
  mkdir -p "$tools/archives/partial" "$tools/bin" "$tools/unpacked"
  run_quietly daemons_download "${wanted[@]}" 2>/dev/null ||
    { run_quietly as_root apt-get update && run_quietly daemons_download "${wanted[@]}"; } || exit 2
  for name in "$tools"/archives/*.deb; do dpkg-deb --extract "$name" "$tools/unpacked"; done
  for name in "$tools"/unpacked/usr/sbin/{nginx,haproxy,named,apache2}; do
    if [[ -x $name ]]; then daemons_wrap "$name"; fi
  done
  touch "$tools/${wanted[*]}.unpacked"
}

daemons_download() {
  apt-get install --yes --download-only --no-install-recommends \
    -o Dir::Cache::archives="$tools/archives" -o Debug::NoLocking=1 "$@"
}

daemons_wrap() {  # PROGRAM
  local script=$tools/bin/$(basename "$1")
  printf '#!/bin/sh\nLD_LIBRARY_PATH="%s" exec "%s" "$@"\n' \
    "$tools/unpacked/usr/lib/$(gcc -print-multiarch)" "$1" >"$script"
  chmod +x "$script"
}
