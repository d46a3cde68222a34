A record as a table, and back to the same integers.

  $ T=$ROOT/testdata
  $ kymo convert $T/demo demo.csv
  $ head -3 demo.csv
  time_s,II [mV],V5 [mV]
  0,-0.105,-0.04
  0.004,-0.135,-0.12
  $ kymo convert --raw -t 0.01 $T/demo - -O tsv | tr '\t' ' '
  time_s II V5
  0 1003 1016
  0.004 997 1000
  0.008 1002 1021
  $ kymo convert demo.csv demo.tsv
  $ tr , '\t' < demo.csv | cmp - demo.tsv
  $ cat demo.tsv | kymo convert - - -O csv | cmp - demo.csv
  $ kymo info demo.csv -O csv | cut -d, -f2,6-9,13
  format,label,kind,unit,rate_hz,storage
  csv,II,ecg,mV,250,f64
  csv,V5,ecg,mV,250,f64
  $ kymo qrs demo.csv | cmp - <(kymo qrs $T/demo)

The kymo stream, by ending and through a pipe.

  $ kymo convert -a atr $T/demo demo.kymo
  $ kymo convert -a atr $T/demo - -O kymo | kymo hrv | cmp - <(kymo hrv -a atr $T/demo | sed s,$T/demo,stdin,)
  $ kymo hrv demo.kymo -O csv | cut -d, -f2
  n_beats
  360

A part keeps its times; a gap is seen again.

  $ kymo convert -f 60.5 -t 60.51 $T/demo - -O csv
  time_s,II [mV],V5 [mV]
  60.5,0.2,0.275
  60.504,0.21,0.285
  60.508,0.225,0.31
  $ kymo convert -s ECG --lossy -t 17 $T/gap.edf gap.csv
  kymo convert: warning: gap.csv: 1 events left out
  $ kymo qrs gap.csv | grep gap
  8,,,gap,7.3,,,

What a table cannot hold is refused, or told of.

  $ kymo convert $T/night.edf night.csv
  kymo convert: csv holds one rate: ECG II has 256 Hz, SpO2 1 Hz; choose with -s, or have rows with empty cells by --lossy
  [1]
  $ kymo convert -a atr $T/demo events.csv
  kymo convert: csv holds samples, not events: leave them out with --lossy, list them with kymo events
  [1]
  $ ls night.csv events.csv
  ls: cannot access 'night.csv': No such file or directory
  ls: cannot access 'events.csv': No such file or directory
  [2]
  $ kymo convert --lossy -a atr $T/demo events.csv
  kymo convert: warning: events.csv: 361 events left out
  $ cmp events.csv demo.csv
  $ kymo convert --lossy -t 0.01 $T/night.edf - -O csv
  kymo convert: warning: standard output: 2 of 3 signals have another rate than ECG II, 256 Hz: rows with empty cells, which do not tell the rates
  kymo convert: warning: standard output: 1 events left out
  time_s,ECG II [mV],SpO2 [%],Flow [L/min]
  0,-0.1025,97,0
  0.00390625,-0.1299,,
  0.0078125,-0.1168,,
  $ kymo convert --lossy --strict $T/night.edf strict.csv 2> /dev/null
  [1]

Rates and units that the source does not tell.

  $ printf 'a,b_uV\n1,2\n,3\n' > plain.csv
  $ kymo convert plain.csv - -O csv
  kymo convert: plain.csv:1: no column of times (time_s, time, t, timestamp): kymo convert --rate HZ tells the rate
  [1]
  $ kymo convert --rate 1/30 --unit mmHg plain.csv - -O csv
  time_s,a [mmHg],b [uV]
  0,1,2
  30,,3
  $ kymo convert --rate no plain.csv - -O csv 2>&1 | head -1
  kymo convert: --rate "no" is no rate (250, 499.95, 1/30)
  $ kymo convert --rate -5 plain.csv - -O csv 2>&1 | head -1
  kymo convert: --rate "-5" is no rate (250, 499.95, 1/30)

Damage is named by its line.

  $ printf 'time_s,x\n0,1\n0.5,oops\n' > bad.csv
  $ kymo convert bad.csv - -O kymo > /dev/null
  kymo convert: bad.csv:3: column x: "oops" is no number
  [1]
  $ printf 'time_s\tx\n0\t0,1\n0.5\t0,2\n' > comma.tsv
  $ kymo info comma.tsv
  kymo info: comma.tsv:2: a decimal comma, which Kymo reads between semicolons alone: "0,1"
  [1]
  $ printf 'time_s;x\n0;0,1\n0,5;0,2\n' > comma.csv
  $ kymo convert comma.csv - -O csv | tail -1
  0.5,0.2
  $ printf 'time_s,x\n0,1\n1,2\n3,3\n2,4\n' > back.csv
  $ kymo info back.csv
  kymo info: back.csv:5: time does not increase; kymo convert --rate takes rows as equally spaced, whatever their times
  [1]

Formats that are none, or cannot be written.

  $ kymo convert demo.csv demo.xyz
  kymo convert: demo.xyz: no format by its ending: choose with -O among csv, tsv, * (glob)
  usage: kymo convert [OPTION]... IN OUT
  [2]
  $ kymo convert -O nonsense demo.csv demo.xyz 2>&1 | head -1
  kymo convert: no format "nonsense"; there are csv, tsv, * (glob)
  $ kymo convert -O events demo.csv demo.xyz 2>&1 | head -1
  kymo convert: kymo does not write events
  $ kymo convert demo.csv 2>&1 | head -1
  kymo convert: 1 of at least 2 operands
  $ kymo convert demo.csv nosuch/x.csv
  kymo convert: nosuch/x.csv: cannot be written: No such file or directory
  [1]

A failure leaves the old file, and nothing beside it.

  $ echo old > out.csv
  $ head -c 5000 demo.kymo | kymo convert - out.csv
  kymo convert: stdin:5000: stream cut off: it ends inside a frame of 100024 bytes
  [1]
  $ cat out.csv
  old
  $ kymo convert -O csv demo.csv /dev/full
  kymo convert: /dev/full: cannot be written: No space left on device
  [1]
  $ ls
  back.csv
  bad.csv
  comma.csv
  comma.tsv
  demo.csv
  demo.kymo
  demo.tsv
  events.csv
  gap.csv
  out.csv
  plain.csv

Annotations of an EDF file go into x.ann: x.edf stays.

  $ cp $ROOT/testdata/night.edf x.edf; kymo convert -q x.edf x.hea; cmp x.edf $ROOT/testdata/night.edf; ls x.*
  x.ann
  x.dat
  x.edf
  x.hea
  $ kymo events -a ann x | cmp - <(kymo events x.edf)
