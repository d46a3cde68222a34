Leads are named by label, index or kind; the first is the one that events count by. A stream has all signals.

  $ D=$ROOT/testdata/demo
  $ for s in 1 V5 1,0 V5,II 0 ecg; do kymo qrs -s $s -t 1 $D | sed -n 2p; done
  0.444,111,V5,N,,1,
  0.444,111,V5,N,,1,
  0.444,111,V5,N,,0.999,
  0.444,111,V5,N,,0.999,
  0.444,111,II,N,,0.999,
  0.444,111,II,N,,0.999,
  $ for s in 1 V5 1,0 V5,II 0 ecg; do kymo qrs -O kymo -s $s -t 1 $D | kymo events | sed -n 2p; done
  0.444,111,V5,N,,1,
  0.444,111,V5,N,,1,
  0.444,111,V5,N,,0.999,
  0.444,111,V5,N,,0.999,
  0.444,111,II,N,,0.999,
  0.444,111,II,N,,0.999,
  $ kymo qrs -s 2 $D
  kymo qrs: no signal "2" among 0..1 (II, V5)
  usage: kymo qrs [OPTION]... [RECORD]
  [2]
