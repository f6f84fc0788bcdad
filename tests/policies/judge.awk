# judge.awk: reads what tests said under each change: a line `= NAME|GROUND` before each, the first without both, nothing
# changed; `< FILE` before the tests of a file. Prints for each change that has a name whether a test of these files turned red
# that is green on its ground. A test that did not run is not green.
#   -v wanted=N     that many changes must come      -v outside=1     callers see it: nobody need
/^= / {
  judge()
  split(substr($0, 3), part, "|")
  shown = part[1] != ""
  name = shown ? part[1] : part[2]
  ground = shown ? part[2] : ""
  files = 0
  runs++
  delete green
}
/^< / { file[++files] = $2 }
/^ok / { green[$0]++; test[name, file[files], ++n[name, file[files]]] = $0 }
/^not ok / && runs == 1 { print } # before anything is changed
END {
  judge()
  if (runs != wanted + 1) printf "not ok every change is tried (%d of %d)\n", runs - 1, wanted
}

function judge(    f, i, said, red, first) {
  if (!shown) return
  for (f = 1; f <= files; f++)
    for (i = 1; i <= n[ground, file[f]]; i++) {
      said = test[ground, file[f], i]
      if (green[said]-- > 0) continue
      if (!red++) first = substr(said, 4)
    }
  if (red) printf "ok %s turns %d %stest%s red (first: %s)\n", name, red, outside ? "access " : "", red == 1 ? "" : "s", first
  else     printf "%s %s turns no %stest red\n", outside ? "#" : "not ok", name, outside ? "access " : ""
}
