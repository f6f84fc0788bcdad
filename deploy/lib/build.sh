# shellcheck shell=bash
# build.sh: configures and builds a preset of CMakePresets.json, and lays out what runs. Sourced; SOURCE is the checkout.

# build_preset PRESET LOG [TARGET...]: incremental; two at once take turns. A build folder that was made elsewhere (a moved
# checkout) is made anew.
build_preset() {
  local preset=$1 log=$2 dir=$SOURCE/build/$1 target
  shift 2
  mkdir -p "$dir" 2>/dev/null || die "missing right: cannot make $dir"
  [ -w "$dir" ] || die "missing right: cannot write $dir (it belongs to $(stat -c %U "$dir"))"
  exec 8>"$dir.lock"
  flock 8
  if [ -f "$dir/CMakeCache.txt" ] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$SOURCE" "$dir/CMakeCache.txt"; then
    rm -rf "$dir"
  fi
  if [ ! -f "$dir/build.ninja" ]; then
    run_logged "$log" "cmake cannot configure the build" cmake -S "$SOURCE" --preset "$preset"
  fi
  local targets=()
  for target; do targets+=(--target "$target"); done
  run_logged "$log" "the build failed" cmake --build "$dir" "${targets[@]}"
  exec 8>&-
}

# install_release PRESET DIR LOG: DIR/bin/cpwg and DIR/share/cpwg, whole or not at all.
install_release() {
  rm -rf "$2.new"
  run_logged "$3" "cannot copy the program" cmake --install "$SOURCE/build/$1" --prefix "$2.new"
  chmod -R go+rX "$2.new"
  rm -rf "$2"
  mv "$2.new" "$2"
}
