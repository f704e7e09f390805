# Configures and builds build/release; sourced by ./lbsim and ./test, which set $root and $build.

cached() {  # NAME: its value in CMake's cache
  sed -n "s/^$1:[A-Z]*=//p" "$build/CMakeCache.txt" 2>/dev/null || true
}

configure() {  # CMAKE-ARGUMENT...
  # CMake refuses a build folder that was moved or copied along with its checkout.
  if [[ -e $build/CMakeCache.txt && $(cached CMAKE_HOME_DIRECTORY) != "$root" ]]; then
    find "$build" -mindepth 1 -not -name 'launcher.*' -delete
  fi
  (cd "$root" && run_quietly cmake --preset release "$@") || exit 70
}

# Progress on a terminal, silence elsewhere, the log on failure.
build_targets() {  # TARGET...
  local started=$build/launcher.started begin=$SECONDS
  touch "$started"
  if [[ ! -e $build/build.ninja || $(cached CMAKE_HOME_DIRECTORY) != "$root" ]]; then
    configure -DLBSIM_TESTS=OFF
  fi
  if [[ -t 2 ]]; then
    NINJA_STATUS='[%f/%t, %es] ' ninja -C "$build" "$@" >&2 || exit 70
  else
    echo "Building $* ..." >&2
    run_quietly ninja -C "$build" "$@" || exit 70
  fi
  mv "$started" "$build/launcher.stamp"
  echo "Built in $((SECONDS - begin)) s." >&2
}
