Noise is added in segments; before the first one the samples are the source's.

  $ cp $ROOT/testdata/demo.* .
  $ kymo noise --kind muscle --snr 0 -a atr --clean 60 --on 30 --off 30 demo -o noisy.hea
  $ for r in demo noisy; do kymo convert --raw -t 60 $r $r.csv; done; cmp demo.csv noisy.csv
  $ grep '^# history: noise\|^# noise' noisy.hea
  # history: noise: II + 0.568376 * muscle noise, seed 1: 0 dB, QRS 1.60761 mV from peak to peak, noise 1 RMS
  # history: noise: V5 + 0.709189 * muscle noise, seed 1: 0 dB, QRS 2.00589 mV from peak to peak, noise 1 RMS
  $ for r in demo noisy; do kymo events -a atr $r > $r.events; done; cmp demo.events noisy.events

Behind a noisy segment the samples are the source plus a constant; in one they are not.

  $ differences() { for r in demo noisy; do kymo convert --raw -f $1 -t $2 $r $r.csv; done
  >     paste -d, demo.csv noisy.csv | awk -F, 'NR > 1 {print $5-$2}' | sort -n | uniq | wc -l; }
  $ differences 90 120
  1
  $ [ $(differences 60 90) -gt 50 ] && echo noisy
  noisy

Without annotations the beats are found; what is given need not be measured, and may come through a pipe.

  $ kymo noise --kind muscle --snr 0 demo | kymo events -O json > events.json
  $ kymo noise --kind wander --gain 0.1 --clean 0 demo | cksum > by_name
  $ kymo read demo | kymo noise --kind wander --gain 0.1 --clean 0 | kymo convert --raw - piped.csv
  $ kymo noise --kind wander --gain 0.1 --clean 0 demo | kymo convert --raw - named.csv; cmp piped.csv named.csv
  $ kymo noise --kind wander --gain 0.1 --clean 0 demo | cksum | cmp - by_name
  $ kymo noise --kind wander --gain 0.1 --clean 0 --seed 2 demo | cksum | cmp -s - by_name
  [1]
  $ kymo read demo | kymo noise --kind motion --amplitude 1.2 --snr 12 | kymo info | tail -2 | cut -d, -f1-2,5-
  -,kymo,0,II,ecg,mV,250,75000,200,1024,i16,
  -,kymo,1,V5,ecg,mV,250,75000,200,1024,i16,

The noise of a recording: it is repeated, and brought to the rate of the signal.

  $ kymo synth -d 40 -r 100 --noise 0.1 -o hum.kymo
  $ kymo noise --add hum.kymo -a atr --clean 10 --off 0 demo -o long.kymo && kymo info long.kymo | tail -1 | cut -d, -f9-10
  250,75000
  $ kymo noise --add demo --gain 1 --clean 0 --off 0 demo | kymo convert - sum.csv
  $ kymo convert demo demo.csv; paste -d, demo.csv sum.csv | awk -F, 'NR == 2 {x = $2}
  >     NR > 1 {d = $5 - 2 * $2 + x; if (d < 0) d = -d; if (d > worst) worst = d} END {print (worst < 0.0051 ? "twice itself" : worst)}'
  twice itself

A slope of 10 s, again and again, is one slope of 300 s: 75000 samples but for 30 that begin a round, of 0.08 steps each.

  $ awk 'BEGIN {print "time_s,slope (mV)"; for (i = 0; i < 2500; i++) printf "%.3f,%.4f\n", i / 250, i * 0.0004}' > slope.csv
  $ kymo noise --add slope.csv --gain 1 --clean 0 --off 0 demo -o slope.kymo
  $ kymo convert --raw slope.kymo sum.csv; kymo convert --raw demo demo.csv
  $ paste -d, demo.csv sum.csv | awk -F, 'NR > 1 {d = $5 - $2; if (NR > 2 && (d < last || d > last + 1)) steps++; last = d}
  >     END {print last, steps + 0}'
  5998 0

Segments are marked where asked for, those of a second pass too.

  $ kymo noise --kind muscle --snr 6 --clean 100 --on 50 --mark demo -o 1.kymo
  $ kymo events 1.kymo
  time_s,sample,signal,type,duration_s,value,text
  100,25000,II,~,50,6,noise
  150,37500,II,~,,,clean
  270,67500,II,~,30,6,noise
  $ kymo noise --kind muscle --gain 0.1 --clean 0 --off 0 -s V5 --mark 1.kymo | kymo events -a noise2
  time_s,sample,signal,type,duration_s,value,text
  0,0,V5,~,300,,noise
  $ kymo read -f 120 1.kymo | kymo noise --kind muscle --gain 0.1 --clean 60 --on 70 --off 10 --mark | kymo events -a noise2
  time_s,sample,signal,type,duration_s,value,text
  120,30000,II,~,10,,noise
  130,32500,II,~,,,clean
  140,35000,II,~,70,,noise
  210,52500,II,~,,,clean
  220,55000,II,~,70,,noise
  290,72500,II,~,,,clean

Missing samples stay missing; what does not fit is clipped, and counted.

  $ printf 'time_s,ECG (mV)\n0,1\n0.01,2\n0.02,\n0.03,1\n' > hole.csv
  $ kymo noise --kind motion --gain 1 --clean 0 hole.csv | kymo convert - - -O csv | cut -d, -f1,2 | sed -n '2p;4p'
  0,1
  0.02,
  $ kymo noise --kind wander --gain 300 --clean 0 demo -s II | wc -c
  kymo noise: warning: II: [0-9]+ samples clipped at -32767..32767 (re)
  301[0-9]+ (re)
  $ kymo noise --kind wander --gain 300 --clean 0 demo -s II --strict -o strict.kymo
  kymo noise: II: [0-9]+ samples clipped at -32767..32767 (re)
  [1]
  $ ls strict.kymo
  ls: cannot access 'strict.kymo': No such file or directory
  [2]

Wrong use, and recordings that cannot be measured.

  $ kymo noise demo 2>&1 | head -1
  kymo noise: what noise? --kind or --add, one of them
  $ kymo noise --kind muscle --add demo demo 2>&1 | head -1
  kymo noise: what noise? --kind or --add, one of them
  $ kymo noise --kind pink demo 2>&1 | head -1
  kymo noise: no noise "pink", only wander, muscle, motion, mains
  $ kymo noise --kind muscle --on 0.5 demo 2>&1 | head -1
  kymo noise: --clean and --off are 0 s or more, --on 1 s or more, all below 36 years
  $ kymo noise --kind muscle --snr 101 demo 2>&1 | head -1
  kymo noise: --snr 101, not -100..100
  $ kymo read demo | kymo noise --kind muscle 2>&1 | head -1
  kymo noise: a pipe cannot be read twice: give --amplitude, or --gain
  $ kymo noise --kind muscle <(kymo read demo) 2>&1 | head -1 | sed 's/[0-9][0-9]*/N/'
  kymo noise: a pipe cannot be read twice: give --amplitude, or --gain
  $ kymo noise --add - --gain 1 demo 2>&1 | head -1
  kymo noise: a pipe cannot be read twice: noise must be a file
  $ kymo noise --add nothing demo
  kymo noise: nothing: No such file or directory
  [1]
  $ kymo noise --kind mains --mains 60 -s SpO2 --gain 1 $ROOT/testdata/night.edf 2>&1 | head -1
  kymo noise: no noise for SpO2: mains noise is for 132..10000 samples per second, not 1
  $ kymo noise --kind muscle $ROOT/testdata/night.edf -s SpO2 --amplitude 1 2>&1 | head -1
  kymo noise: no noise for SpO2: muscle noise is for 60..10000 samples per second, not 1
  $ printf 'time_s,ECG (mV)\n0,1\n1,1\n2,1\n3,1\n' > flat.csv
  $ kymo noise --add flat.csv demo
  kymo noise: flat.csv: 1 samples per second are too few to measure noise by
  [1]
  $ awk 'BEGIN {print "time_s,ECG (mV)"; for (i = 0; i < 1000; i++) printf "%.2f,1\n", i / 100}' > flat.csv
  $ kymo noise --add flat.csv demo
  kymo noise: flat.csv: no noise: no second of it is whole, or it is flat
  [1]
  $ kymo noise --kind muscle flat.csv
  kymo noise: no beats found to measure the signals by: give --amplitude
  [1]
  $ kymo noise --kind muscle --gain 1 demo > /dev/full
  kymo noise: standard output: cannot be written: No space left on device
  [1]
  $ kymo noise --kind muscle --gain 1 demo | head -c 100 | wc -c
  100
