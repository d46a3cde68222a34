Nonsense in any field of a header is one clear line and status 1, or, where the rest can be read, a warning.

  $ cp "$ROOT/testdata/demo.dat" r.dat
  $ try() { kymo read "$1" > out 2> err; status=$?
  >     test "$(wc -l < err)" -le 1 || { echo "more than a line for $2:"; cat err; }
  >     test $status -le 1 || echo "status $status for $2"
  >     test $status -eq 0 || test -s err || echo "silent failure for $2"; echo "$status" >> statuses; }
  $ record() { printf 'r 2 250 75000 08:15:30 14/03/2024\nr.dat 212 200(1024)/mV 11 1024 1003 5214 0 II\nr.dat 212 200(1024)/mV 11 1024 1016 -28240 0 V5\n'; }

WFDB: each word of the record line and of a signal line.

  $ for nonsense in xyz -7 99999999999999999999 1e400 nan '' '%s%n' '((((' '////' ; do
  >     for word in 2 3 4 5 6; do
  >         record | awk -v w=$word -v x="$nonsense" 'NR == 1 { $w = x } 1' > r.hea; try r "record line, word $word: $nonsense"
  >     done
  >     for word in 1 2 3 4 5 6 7 8; do
  >         record | awk -v w=$word -v x="$nonsense" 'NR == 2 { $w = x } 1' > r.hea; try r "signal line, word $word: $nonsense"
  >     done
  > done
  $ sort statuses | uniq -c | awk '{ print ($1 > 10), $2 }'
  1 0
  1 1
  $ printf 'r 2 250 750\nr.dat 212 200(10\xff' > r.hea; kymo read r > /dev/null
  kymo read: r.hea:2: baseline "10\xff" is not an integer in -2147483648..2147483647 (esc)
  [1]

WFDB: lengths that differ, segments that do not fit together. No value of another unit passes for ours.

  $ head -c 2000 /dev/zero | tr '\0' '\1' > a.dat; printf 's 1 250 1000\na.dat 16 200/mV\n' > s.hea
  $ printf 'less 1 250 500\na.dat 16 200/mV\n' > less.hea; kymo read less > stream
  kymo read: warning: a.dat:2000: file holds 1000 samples, of which 500 are read
  $ printf 'pipe 1 250 500\n- 16 200/mV\n' > pipe.hea; head -c 600 a.dat | kymo read pipe > stream
  kymo read: warning: pipe.hea: samples end after 300 of 500
  $ printf 'long/2 1 250 3000\ns 1000\ns 900\n' > long.hea; kymo read long > stream
  kymo read: warning: long.hea:1: segments of 1900 samples together, the record line says 3000
  kymo read: warning: long.hea:3: segment s has 900 samples, its own header says 1000
  $ printf 'uv 1 250 1000\na.dat 16 100/uV\n' > uv.hea; printf 'unit/2 1 250 2000\ns 1000\nuv 1000\n' > unit.hea
  $ kymo convert -O csv unit - | sed -n '1000,1003p'; kymo read --strict unit > stream
  kymo convert: warning: unit.hea:3: segment uv has signal 0 in uV, not mV: missing there
  3.992,1.285
  3.996,1.285
  kymo read: unit.hea:3: segment uv has signal 0 in uV, not mV: missing there
  [1]
  $ printf 'two 2 250 500\na.dat 16 200/mV 12 0 0 -2572 0 V1\na.dat 16 200/mV\n' > two.hea
  $ printf 'names/3 1 250 2500\ns 1000\ntwo 500\ns 1000\n' > names.hea; kymo read names > stream
  kymo read: warning: names.hea:3: segment two has V1 in the place of signal 0: taken for it
  $ printf 'date 1 250 1000 1:02:03 31/02/2020\na.dat 16 200/mV\n' > date.hea; kymo info date | cut -d, -f3
  kymo info: warning: date.hea:1: start date "31/02/2020" is not DD/MM/YYYY: date unknown
  start
  01:02:03

EDF: each field of the header, by its place and width.

  $ rm statuses
  $ cat > damage.py << 'END'
  > import sys
  > b = bytearray(open(sys.argv[1], 'rb').read())
  > at, width, text = int(sys.argv[2]), int(sys.argv[3]), sys.argv[4].encode('latin-1')
  > b[at:at + width] = text.ljust(width)[:width]
  > open('x.edf', 'wb').write(b)
  > END
  $ for nonsense in xyz -7 99999999 1e99 nan '' '%s%n%n%n' 'ÿÿ'; do
  >     for place in 0,8 8,80 88,80 168,8 176,8 184,8 192,44 236,8 244,8 252,4 256,16 288,80 448,8 464,8 480,8 496,8 512,8 528,80 688,8; do
  >         /usr/bin/python3 damage.py "$ROOT/testdata/plain.edf" ${place%,*} ${place#*,} "$nonsense"; try x.edf "byte $place: $nonsense"
  >     done
  > done
  $ sort statuses | uniq -c | awk '{ print ($1 > 10), $2 }'
  1 0
  1 1

Samples that are missing at the end, a file that is not there, an empty one, a folder.

  $ record > r.hea; head -c 100000 "$ROOT/testdata/demo.dat" > r.dat; kymo qrs r | wc -l
  kymo qrs: warning: r.dat:100000: file ends after 33333 of 75000 samples
  161
  $ kymo qrs --strict r
  kymo qrs: r.dat:100000: file ends after 33333 of 75000 samples
  [1]
  $ rm r.dat; kymo qrs r
  kymo qrs: r.hea:2: no signal file "r.dat": r.dat: No such file or directory
  [1]
  $ kymo info r | cut -d, -f1,4,6,9,10,14
  kymo info: warning: r.hea:2: no signal file "r.dat": 2 signals have no samples
  record,duration_s,label,rate_hz,samples,note
  r,0,II,250,0,no samples
  r,0,V5,250,0,no samples
  $ : > empty.edf; kymo qrs empty.edf
  kymo qrs: empty.edf:0: no data at all
  [1]
  $ kymo qrs nosuch
  kymo qrs: nosuch: No such file or directory
  [1]
  $ mkdir d; kymo qrs d
  kymo qrs: d: is a directory, not a recording
  [1]
