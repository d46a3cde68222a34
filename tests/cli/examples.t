Every line under EXAMPLES of a manual page (".Dl kymo ...") runs from the repository's root.

  $ cd "$ROOT"
  $ grep -l '^\.Dl kymo' man/*.[1-9] | wc -l | awk '{ print ($1 >= 10) }'
  1
  $ grep -h '^\.Dl kymo' man/*.[1-9] | sed 's/^\.Dl //; s/\\-/-/g; s/\\(dq/"/g' | while IFS= read -r line; do
  >     bash -c "$line" > "$CRAMTMP/out" 2>&1 < /dev/null || echo "exit $? of: $line: $(head -3 "$CRAMTMP/out")"
  > done
