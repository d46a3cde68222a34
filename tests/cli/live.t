Live input. A stream that states a latency is cut there and sent at once; the same recording gives the same bytes, live or not.

  $ ln -s $ROOT/testdata t; T=t
  $ kymo() { timeout 60 kymo "$@"; }    # what waits for ever fails, and does not hang
  $ kymo read --latency 250 $T/demo > whole; kymo read < whole | wc -c | awk '{ print ($1 > 300000) }'
  1
  $ grep -ao '"latency_ns":[0-9]*' whole
  "latency_ns":250000000
  $ kymo read -s II < whole | grep -ao '"latency_ns":[0-9]*'
  "latency_ns":250000000
  $ cat whole | kymo filter --band 0.5-40 | grep -ao '"latency_ns":[0-9]*'
  "latency_ns":250000000
  $ kymo qrs < whole | cmp - <(kymo qrs $T/demo)

What a command passes on leaves while its input is still open: here each waits for the other.

  $ mkfifo in out
  $ head -c 60000 whole > begin; tail -c +60001 whole > rest
  $ (cat begin; head -c 1 < out > /dev/null; cat rest) > in &
  $ kymo read < in | tee copy | { dd bs=1 count=20000 > first 2> /dev/null; echo x > out; cat > second; }; wait
  $ cat first second | cmp - copy && kymo qrs < copy | cmp - <(kymo qrs $T/demo)
  $ (cat begin; head -c 1 < out > /dev/null; cat rest) > in &
  $ kymo qrs --online < in | { read -r head; read -r beat; echo x > out; echo "$beat" | cut -d, -f4; cat > more; }; wait
  N

A beat is out within 3 s of it, as a row and as an event of the stream: when a stream breaks off at 20 s, that of 17 s is there. The
stream tells how late its events come.

  $ for ms in 100 500; do kymo read --latency $ms -t 20 $T/demo | head -c -40 | kymo qrs -q --online -O kymo 2> err > cut
  >     grep -ao '"event_delay_ns":[0-9]*' cut; kymo events -a qrs cut 2> err | grep N | tail -1 | cut -d, -f1-4; done
  "event_delay_ns":2600000000
  17.12,4280,II,N
  "event_delay_ns":3000000000
  17.12,4280,II,N
  $ for s in 0.8 3; do kymo read --latency 100 -t 20 $T/demo | head -c -40 | kymo qrs -q --online --look-ahead $s 2> err | grep ,N, | tail -1 | cut -d, -f1-4; done
  18.78,4695,II,N
  16.304,4076,II,N
  $ for s in 0.8 3; do kymo qrs --online --look-ahead $s -O kymo < whole | grep -ao '"event_delay_ns":[0-9]*'; done
  "event_delay_ns":1950000000
  "event_delay_ns":3250000000
  $ cat whole | kymo qrs --fast -O kymo | kymo filter --band 0.5-40 | grep -ao '"event_delay_ns":[0-9]*'
  "event_delay_ns":30500000000

A file that is being recorded: EDF, until its header has the number of records.

  $ kymo convert -q $T/demo d.edf
  $ head -c 30001 d.edf > g.edf; printf -- '-1      ' | dd of=g.edf bs=1 seek=236 conv=notrunc 2> /dev/null
  $ kymo read --follow g.edf | { dd bs=1 count=20000 2> /dev/null; tail -c +30002 d.edf >> g.edf
  >     dd if=d.edf of=g.edf bs=1 skip=236 seek=236 count=8 conv=notrunc 2> /dev/null; cat; } > g.kymo
  $ kymo convert g.kymo g2.edf && cmp d.edf g2.edf

WFDB without a number of samples, CSV, and a stream that ends; what does not grow ends after --idle.

  $ sed 's/demo/w/; 1s/ 75000 / 0 /' $T/demo.hea > w.hea; head -c 50001 $T/demo.dat > w.dat
  $ kymo read --follow --idle 0.3 w | { dd bs=1 count=20000 2> /dev/null; tail -c +50002 $T/demo.dat >> w.dat; cat; } | kymo qrs | cmp - <(kymo qrs $T/demo)
  $ kymo convert -q $T/demo c.csv; head -c 200001 c.csv > g.csv
  $ kymo read --follow --idle 0.3 g.csv | { dd bs=1 count=20000 2> /dev/null; tail -c +200002 c.csv >> g.csv; cat; } | kymo qrs | cmp - <(kymo qrs c.csv)
  $ head -c 60000 whole > g.kymo; kymo read --follow g.kymo | { dd bs=1 count=20000 2> /dev/null; tail -c +60001 whole >> g.kymo; cat; } | kymo qrs | cmp - <(kymo qrs $T/demo)
  $ head -c 60000 whole > g.kymo; kymo read --follow --idle 0.1 g.kymo > /dev/null
  kymo read: g.kymo:60000: stream cut off: it ends inside a frame of 276 bytes
  [1]
  $ head -c 30001 d.edf > g.edf; kymo read --follow --idle 0.1 g.edf > /dev/null
  kymo read: warning: g.edf:30001: input ends after 28 of 300 data records and a piece of one

A signal ends it too, with an end mark.

  $ command kymo read --follow w > s.kymo & pid=$!; until [ -s s.kymo ] || ! kill -0 $pid; do :; done; kill -INT $pid; wait $pid; kymo info s.kymo | cut -d, -f6
  label
  II
  V5

Bare samples: integers of each width and order are those that od sees.

  $ head -c 2400 $T/demo.dat > bytes
  $ for f in u8 s8 s16le s24le s32le s16be f64le; do
  >     kymo read --raw $f --rate 100 < bytes | kymo read -o $f.csv && tail -n +2 $f.csv | cut -d, -f2 > $f.txt; done
  $ for p in u8:u1 s8:d1 s16le:d2 s32le:d4; do od -An -v -w1 -t ${p#*:} -w${p#*:?} bytes | tr -d ' ' | cmp - ${p%:*}.txt; done
  $ od -An -v -t d2 -w2 --endian=big bytes | tr -d ' ' | cmp - s16be.txt
  $ od -An -v -t u1 -w3 bytes | awk '{ v = $1 + 256 * $2 + 65536 * $3; print (v >= 8388608 ? v - 16777216 : v) }' | cmp - s24le.txt
  $ printf '\1\0\2\0\3\0\4\0\5' | kymo read --raw s16le --rate 1/2 --channels 2 --labels ECG,SpO2 --unit mV,% --gain 2,1 --baseline 1,0 -o x.csv; cat x.csv
  kymo read: warning: stdin:9: input ends 1 bytes into a sample of 4 bytes: they are left out
  time_s,ECG [mV],SpO2 [%]
  0,0,2
  2,1,4
  $ printf '1 2\n3;-\n\n 5, 6\n7 8' | kymo read --raw text --rate 250 --channels 2 -o x.csv; cat x.csv
  kymo read: warning: stdin:5: the last line has no end: it may be a piece of one, and is left out
  time_s,ch1,ch2
  0,1,2
  0.004,3,
  0.008,5,6

What cannot be.

  $ printf '1 x\n' | kymo read --raw text --rate 250 --channels 2 > /dev/null
  kymo read: stdin:1: "x" is no number
  [1]
  $ printf '1\n' | kymo read --raw text --rate 250 --channels 2 > /dev/null
  kymo read: stdin:1: 1 numbers for 2 channels
  [1]
  $ for o in '--raw s16le' '--raw s16 --rate 1' '--raw f32le --rate 1 --gain 2' '--raw u8 --rate 1 --gain 0' '--raw u8 --rate 1 --channels 0' '--labels a' '--latency 5' '--idle 3' '--follow --idle -1'; do kymo read $o < bytes 2>&1 > /dev/null | head -1; done
  kymo read: bare samples do not tell their rate: give --rate
  kymo read: --raw "s16" is none of no|u8|s8|s16le|s16be|s24le|s24be|s32le|s32be|f32le|f64le|text
  kymo read: --gain and --baseline are for integers: these samples have their values
  kymo read: --gain "0" is no number that it can be
  kymo read: --channels 0 is not 1..65536
  kymo read: --channels, --labels, --gain and --baseline tell of bare samples: --raw
  kymo read: --latency 5 is not 10..3600000 ms
  kymo read: --idle is for live input: --follow, --raw or --latency
  kymo read: --idle -1 is not 0..1000000 s
