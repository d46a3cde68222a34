The stages of kymo filter that are no classic filters. What they do to samples is in tests/unit; here is that the options
reach them.

  $ cp $ROOT/testdata/demo.* $ROOT/testdata/gap.edf .
  $ samples() { kymo filter "$@" -s 0 demo | kymo convert -O csv -f 1 -t 1.02 - - | cut -d, -f2; }
  $ samples --median 0.1
  II [mV]
  0.005
  0.005
  0.01
  0.01
  0.015
  $ samples --average 0.1
  II [mV]
  0.0066
  0.0094
  0.013
  0.015
  0.0176
  $ samples --savgol 3,0.05
  II [mV]
  0.0013286714
  0.0069230767
  0.010594405
  0.016888112
  0.020769231
  $ samples --derivative
  II [mV/s]
  1.875
  1.25
  3.75
  0.625
  5
  $ samples --savgol 3,0.05 --derivative
  II [mV/s]
  1.0433316
  2.0233934
  2.101024
  1.8711497
  0.99988556
  $ samples --wavelet sure
  II [mV]
  0.0027481755
  0.006729286
  0.011355195
  0.016074525
  0.020619316
  $ samples --wavelet universal
  II [mV]
  0.00449038
  0.007995488
  0.011563462
  0.015031195
  0.018264962
  $ samples --baseline two-median
  II [mV]
  -0.055
  -0.06
  -0.045
  -0.03
  -0.04
  $ samples --baseline spline
  II [mV]
  -0.103570275
  -0.10896849
  -0.094364114
  -0.07975712
  -0.09014748

A median of three samples against sorting, a derivative against differences.

  $ kymo convert demo plain.csv; cut -d, -f2 plain.csv | tail -n +2 > x
  $ kymo filter --median 0.012 demo | kymo convert - median.csv; cut -d, -f2 median.csv | tail -n +2 > median
  $ awk '{x[NR] = $1} END {for (i = 2; i < NR; i++) {a = x[i-1]; b = x[i]; c = x[i+1]
  >     print (a > b ? (b > c ? b : a > c ? c : a) : a > c ? a : b > c ? c : b)}}' x > by_hand
  $ sed '1d;$d' median | paste by_hand - | awk '{d = $1 - $2; if (d > 1e-6 || d < -1e-6) n++} END {print NR, n + 0}'
  74998 0
  $ kymo filter --derivative demo | kymo convert - slope.csv; cut -d, -f2 slope.csv | tail -n +2 > slope
  $ awk '{x[NR] = $1} END {for (i = 2; i < NR; i++) print (x[i+1] - x[i-1]) * 125}' x > by_hand
  $ sed '1d;$d' slope | paste by_hand - | awk '{d = $1 - $2; if (d > 1e-3 || d < -1e-3) n++} END {print NR, n + 0}'
  74998 0

The mains is found, and taken out; where there is none nothing is.

  $ kymo synth -d 60 -r 250 --noise 0.005 --wander 0 -o clean.kymo
  $ kymo noise --kind mains --mains 60 --gain 0.1 --clean 0 --off 0 clean.kymo -o hum.kymo
  $ worst() { for i in 1 2; do kymo convert --lossy -q "${!i}" $i.csv; done
  >     paste -d, 1.csv 2.csv | tail -n +500 | head -14000 |
  >     awk -F, '{d = $2 - $4; if (d < 0) d = -d; if (d > most) most = d} END {printf "%.2f\n", most}'; }
  $ worst clean.kymo hum.kymo
  0.16
  $ kymo filter --notch auto hum.kymo > auto.kymo; kymo filter --notch 60 hum.kymo > 60.kymo; worst auto.kymo 60.kymo
  0.00
  $ kymo filter --notch auto,harmonics hum.kymo > auto.kymo; worst clean.kymo auto.kymo
  0.02
  $ kymo filter --notch auto clean.kymo > auto.kymo; worst clean.kymo auto.kymo
  0.00

A drift of the baseline goes.

  $ kymo noise --kind wander --gain 0.2 --clean 0 --off 0 clean.kymo -o drift.kymo; worst clean.kymo drift.kymo
  1.98
  $ kymo filter --baseline spline clean.kymo > a.kymo; kymo filter --baseline spline drift.kymo > b.kymo; worst a.kymo b.kymo
  0.71
  $ kymo filter --baseline two-median clean.kymo > a.kymo; kymo filter --baseline two-median drift.kymo > b.kymo
  $ worst a.kymo b.kymo
  0.34

All of them one after the other; unit and prefilter tell of it; gaps stay, and the length.

  $ kymo filter --median 0.02 --baseline spline --notch auto --band 0.5-40 --average 0.02 --wavelet sure --savgol 2,0.05 \
  >     --derivative demo > all.kymo
  $ kymo info all.kymo | tail -2
  all.kymo,kymo,2024-03-14T08:15:30,300,0,II,ecg,mV/s,250,75000,,,f32,
  all.kymo,kymo,2024-03-14T08:15:30,300,1,V5,ecg,mV/s,250,75000,,,f32,
  $ kymo convert all.kymo all.edf --lossy -q 2> /dev/null; head -c 700 all.edf | tail -c 300 | tr -s ' ' '\n' | grep :
  MED:0.02s
  BL:spline
  N:auto
  HP:0.5Hz
  $ kymo filter --median 0.1 --wavelet sure gap.edf > gap.kymo
  $ for r in gap.edf gap.kymo; do kymo convert --lossy -q $r - -O csv | awk -F, '{print $1, ($2 == "")}' | cksum; done |
  >     uniq | wc -l
  1

What cannot be is said.

  $ kymo filter --median 0.001 demo
  kymo filter: cannot filter II (250 Hz): --median 0.001 s is no window at 250 Hz: it takes 3 samples, 0.012 s, or more
  usage: kymo filter [OPTION]... [RECORD]
  [2]
  $ kymo filter --average -1 demo
  kymo filter: cannot filter II (250 Hz): --average -1 s is no window at 250 Hz: it takes 3 samples, 0.012 s, or more
  usage: kymo filter [OPTION]... [RECORD]
  [2]
  $ kymo filter --savgol 3 demo
  kymo filter: cannot filter II (250 Hz): --savgol "3" is not an order, 0..12, and a window in seconds: 3,0.05
  usage: kymo filter [OPTION]... [RECORD]
  [2]
  $ kymo filter --savgol 30,1 demo
  kymo filter: cannot filter II (250 Hz): --savgol "30,1" is not an order, 0..12, and a window in seconds: 3,0.05
  usage: kymo filter [OPTION]... [RECORD]
  [2]
  $ kymo filter --savgol 5,0.012 demo
  kymo filter: cannot filter II (250 Hz): no Savitzky-Golay filter of order 5 and derivative 0 over 3 samples: the order is 0..12 and below the samples, the derivative at most the order
  usage: kymo filter [OPTION]... [RECORD]
  [2]
  $ kymo filter --wavelet sure --levels 13 demo
  kymo filter: cannot filter II (250 Hz): no wavelets of 13 levels at 250 Hz: 1..12 levels, up to 1000000 Hz
  usage: kymo filter [OPTION]... [RECORD]
  [2]
  $ kymo filter --notch auto,x demo
  kymo filter: cannot filter II (250 Hz): --notch "50,x" is not a frequency, 50 or 60,harmonics or 50,3
  usage: kymo filter [OPTION]... [RECORD]
  [2]
  $ kymo synth -d 10 -r 100 | kymo filter --notch auto
  kymo filter: cannot filter II (100 Hz): cannot look for the mains at 100 Hz, only 125..1000000
  usage: kymo filter [OPTION]... [RECORD]
  [2]
  $ kymo filter --median 1 --response demo
  kymo filter: II: a filter that is not linear has no response
  usage: kymo filter [OPTION]... [RECORD]
  [2]
  $ kymo filter --savgol 2,0.1 --response demo | sed -n '1,2p;150p'
  signal,frequency_hz,gain_db,phase_deg,delay_s
  II,0,0,0,0
  II,20.744836,-13.1843,-180,0
  $ kymo filter --median 0.1 demo > /dev/full
  kymo filter: standard output: cannot be written: No space left on device
  [1]
  $ kymo filter --median 0.1 demo | head -c 1 | wc -c
  1
