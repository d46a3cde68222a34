A stream that was cut off is never taken for a whole one, wherever the cut lies.

  $ kymo synth -d 20 -o s.kymo
  $ size=$(stat -c %s s.kymo)
  $ for n in $(seq 1 397 $((size - 1))) $((size - 1)); do
  >     head -c $n s.kymo | kymo qrs -O csv > out.csv 2> err && echo "taken for whole at $n"
  >     test "$(wc -l < err)" -eq 1 || echo "no single line at $n: $(cat err)"
  > done
  $ head -c 5000 s.kymo | kymo read > /dev/null
  kymo read: stdin:5000: stream cut off: it ends inside a frame of [0-9]+ bytes (re)
  [1]

Nor do the commands behind print a result of what came through.

  $ head -c 9000 s.kymo | kymo qrs 2> /dev/null | kymo hrv
  kymo hrv: stdin:2: whoever made this table failed: stdin:9000: stream cut off: it ends inside a frame of [0-9]+ bytes (re)
  [1]
  $ kymo qrs s.kymo | head -c 300 | kymo hrv
  kymo hrv: stdin:[0-9]+: the last line is cut off: "" (re)
  [1]

A changed byte is noticed; so is what stands behind the end.

  $ python3 - << 'END'
  > b = bytearray(open('s.kymo', 'rb').read())
  > b[7000] ^= 1
  > open('changed.kymo', 'wb').write(b)
  > END
  $ kymo read changed.kymo > /dev/null
  kymo read: changed.kymo:[0-9]+: checksum of frame DATA does not match: damaged (re)
  [1]
  $ cat s.kymo s.kymo | kymo read > /dev/null
  kymo read: stdin:[0-9]+: more data behind the end mark (re)
  [1]

The header of a part tells where it ends, and no number of samples that are not in it.

  $ kymo read -f 10 -t 20 "$ROOT/testdata/demo" | kymo info -s II | cut -d, -f4,10,14
  duration_s,samples,note
  20,,number of samples not told
