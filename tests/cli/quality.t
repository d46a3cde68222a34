A recording that is clean is good, in every form.

  $ kymo quality "$ROOT/testdata/demo" | cut -d, -f2-13 | sed "s|$ROOT/||"
  signal,kind,unit,verdict,quality,reasons,notes,windows,good_pct,usable_pct,unusable_pct,valid_pct
  II,ecg,mV,good,0.996,,,30,100,0,0,100
  V5,ecg,mV,good,0.996,,,30,100,0,0,100
  $ kymo quality --summary "$ROOT/testdata/demo" | sed "s|$ROOT/||"
  record,verdict,quality,reasons,notes,start,duration_s,signals,ecg_leads,best_lead,good_pct,usable_pct,unusable_pct,valid_pct,gaps,gap_s,beats,rate_per_min
  testdata/demo,good,0.996,,,2024-03-14T08:15:30,300,2,2,V5,100,0,0,100,0,0,360,71.8
  $ kymo quality --windows "$ROOT/testdata/demo" | head -3 | cut -d, -f2-9
  time_s,duration_s,signal,kind,verdict,quality,reasons,valid_pct
  0,10,II,ecg,good,0.998,,100
  10,10,II,ecg,good,0.997,,100
  $ kymo quality --windows "$ROOT/testdata/demo" | wc -l
  61
  $ kymo quality -O jsonl -s V5 "$ROOT/testdata/demo" | grep -c '"verdict":"good"'
  1
  $ kymo quality "$ROOT/testdata/demo" | cut -d, -f2- > a; kymo read "$ROOT/testdata/demo" | kymo quality - | cut -d, -f2- | cmp - a
  $ kymo quality --events "$ROOT/testdata/demo"
  time_s,sample,signal,type,duration_s,value,text

Noise at known places: from 1:00 on, two minutes of four.

  $ kymo synth --duration 600 --seed 5 -o clean.kymo
  $ kymo noise -q --kind muscle --snr=-8 --clean 1:00 clean.kymo | kymo quality --windows > w.csv
  $ awk -F, 'NR > 1 {k = $2 >= 60 && ($2 - 60) % 240 < 120 ? "noisy" : "clean"; n[k " " $6]++} END {for (i in n) print i, n[i]}' w.csv | sort
  clean good 30
  noisy unusable 16
  noisy usable 14
  $ kymo noise -q --kind muscle --snr=-20 --clean 1:00 clean.kymo | kymo quality --events
  time_s,sample,signal,type,duration_s,value,text
  60,,,noise,120,,noise;detectors;unsure;muscle;spikes;no-beats;rate
  300,,,noise,120,,noise;detectors;unsure;muscle;spikes
  540,,,noise,60,,noise;detectors;unsure;muscle;spikes

Such events keep beats out of the heart rate variability, whoever found the beats.

  $ kymo quality -q -O kymo "$ROOT/testdata/demo" | kymo events | cut -d, -f4 | sort | uniq -c
      360 N
        1 type
  $ kymo noise -q --kind muscle --snr=-20 --clean 1:00 clean.kymo | kymo quality -q -O kymo > n.kymo
  $ kymo hrv -q --measures mean_nn_ms n.kymo | cut -d, -f2-6
  n_beats,n_nn,n_corrected,pct_excluded,mean_nn_ms
  457,297,0,34.868,1000.013468
  $ kymo events n.kymo | grep -v noise | kymo hrv --measures mean_nn_ms | cut -d, -f2-6
  kymo hrv: warning: stdin: intervals longer than 3 s, as beside a gap that nothing tells of: 21, up to 16.99 s; they do not count (--longest)
  n_beats,n_nn,n_corrected,pct_excluded,mean_nn_ms
  457,435,0,4.605,1079.108046

Several signals: a copy, one upside down, another gain, limb leads of which one has the wrong sign, millivolts that are microvolts,
a flat one, one that is cut off, one of other units. I and III are made so that II = I + III.

  $ kymo convert -q --lossy clean.kymo clean.csv
  $ head -1 clean.csv
  time_s,II [mV]
  $ awk -F, 'NR == 1 {print "time_s,I [mV],II [mV],III [mV],V1 [mV],V5 [mV],Flat [mV],Pulse"; next}
  >   NR < 40000 {i = 0.6 * $2 + 0.1 * sin(NR / 7); printf "%s,%.4f,%.4f,%.4f,%.1f,%.4f,1,%s\n", $1, i, $2, $2 - i, 1000 * $2,
  >   0.5 - 2 * $2, NR % 500 ? "" : 150}' clean.csv > many.csv
  $ kymo quality many.csv | cut -d, -f2,3,5,7,8
  signal,kind,verdict,reasons,notes
  I,ecg,good,,
  II,ecg,good,,
  III,ecg,good,,
  V1,ecg,unusable,amplitude 100%,copy of II; QRS complexes of 1572 mV: is the unit uV?
  V5,ecg,good,,"copy of II upside down; QRS complexes point down: upside down
  Flat,other,unusable,flat 100%,
  Pulse,pulse-rate,unusable,missing 100%,does not fit the beats in 100 % of the windows
  $ kymo quality --summary many.csv | cut -d, -f2,4,5,8-10
  verdict,reasons,notes,signals,ecg_leads,best_lead
  good,,"no start time; V1: copy of II; QRS complexes of 1572 mV: is the unit uV?; V5: copy of II upside down; QRS complexes point down: upside down,159.992,7,5
  $ sed '1s/III/x/; 1s/,II /,III /; 1s/,x /,II /' many.csv | kymo quality --summary | cut -d, -f5 | grep -o 'I is upside down[^;]*'
  I is upside down
  $ awk -F, -v OFS=, 'NR > 1 {$4 = -$4} 1' many.csv | kymo quality --summary | cut -d, -f5 | grep -o 'III is upside down[^;]*'
  III is upside down

Arms exchanged: I is upside down, II and III change places, aVR and aVL too.

  $ awk -F, 'NR == 1 {print "time_s,I [mV],aVR [mV]"; next} NR < 20000 {printf "%s,%.4f,%.4f\n", $1, -0.6 * $2, 0.7 * $2 + 0.01 * sin(NR)}' \
  >   clean.csv | kymo quality --summary | cut -d, -f5
  notes
  "no start time; I points down and aVR up: arms exchanged?; I: QRS complexes point down: upside down

Clipping: at 0.1 mV, a rail which no header states; from 1:00 to 2:00 at 0, too.

  $ awk -F, -v OFS=, 'NR > 1 && $1 >= 60 && $1 < 120 {if ($2 > 0.1) $2 = 0.1; if ($2 < 0) $2 = 0} NR > 1 && $2 > 0.1 {$2 = 0.1} 1' clean.csv |
  >   kymo quality --windows -t 2:00 | cut -d, -f2,6,8 | sed -n '2p;9p'
  0,unusable,clipping
  70,unusable,clipping;detectors

A pulse signal, and a pressure whose transducer is flushed.

  $ awk 'BEGIN {print "time_s,ABP [mmHg],PPG"; for (i = 0; i < 7500; i++) {p = i % 100; v = 80 + 40 * exp(-(p - 30) ^ 2 / 200) + 3 * sin(i / 37)
  >   a = i >= 2500 && i < 3750 ? 290 : v; printf "%.3f,%.2f,%.3f\n", i / 125, a, v / 100}}' | kymo quality --windows |
  >   cut -d, -f2,4,6,8,12,28
  time_s,signal,verdict,reasons,rate_per_min,jsqi
  0,ABP,good,,75,1
  10,ABP,good,,75,1
  20,ABP,unusable,flat,,
  30,ABP,good,,75,1
  40,ABP,good,,75,1
  50,ABP,good,,75,1
  0,PPG,good,,75,
  10,PPG,good,,75,
  20,PPG,good,,75,
  30,PPG,good,,75,
  40,PPG,good,,75,
  50,PPG,good,,75,

What cannot be judged gets a row that says why.

  $ awk 'BEGIN {print "time_s,ECG [mV]"; for (i = 0; i < 7500; i++) print i / 250 ",1.5"}' | kymo quality -q --summary | cut -d, -f2,4,7,11-14
  verdict,reasons,duration_s,good_pct,usable_pct,unusable_pct,valid_pct
  unusable,flat 100%,30,0,0,100,100
  $ awk 'BEGIN {print "time_s,ECG [mV]"; for (i = 0; i < 7500; i++) print i / 250 ","}' | kymo quality -q --summary | cut -d, -f2,4,7,11-14
  verdict,reasons,duration_s,good_pct,usable_pct,unusable_pct,valid_pct
  unusable,missing 100%,30,0,0,100,0
  $ awk 'BEGIN {print "time_s,ECG [mV]"; for (i = 0; i < 300; i++) print i / 250 "," sin(i)}' | kymo quality -q --summary | cut -d, -f2,4,7,11-14
  verdict,reasons,duration_s,good_pct,usable_pct,unusable_pct,valid_pct
  unusable,short 100%,1.2,0,0,100,100
  $ awk 'BEGIN {print "time_s,ECG [mV]"; for (i = 0; i < 300; i++) print i "," sin(i)}' | kymo quality -q --summary | cut -d, -f2,4,7,11-14
  verdict,reasons,duration_s,good_pct,usable_pct,unusable_pct,valid_pct
  unusable,sampling 100%,300,0,0,100,100
  $ awk 'BEGIN {print "time_s,SpO2 [%]"; for (i = 0; i < 300; i++) print i ",97"}' | kymo quality -q --summary | cut -d, -f2,4,7,11-14
  verdict,reasons,duration_s,good_pct,usable_pct,unusable_pct,valid_pct
  good,,300,100,0,0,100

Gaps are told.

  $ awk -F, 'NR == 1 || $1 < 100 || $1 >= 200' clean.csv | kymo quality --summary -t 300 | cut -d, -f2,7,11-16
  verdict,duration_s,good_pct,usable_pct,unusable_pct,valid_pct,gaps,gap_s
  good,300,100,0,0,66.67,1,100
  $ awk -F, 'NR == 1 || $1 < 100 || $1 >= 200' clean.csv | kymo quality --events -t 300
  time_s,sample,signal,type,duration_s,value,text
  100,,,gap,100,,

Several recordings: one that cannot be read is reported, the others go on.

  $ kymo quality --summary clean.csv none.csv many.csv | cut -d, -f1,2; echo "${PIPESTATUS[0]}"
  kymo quality: none.csv: No such file or directory
  record,verdict
  clean.csv,good
  many.csv,good
  3

The way a recording is cut into blocks changes nothing; nor does a window that begins elsewhere.

  $ kymo quality --windows clean.kymo | cut -d, -f2- > a; kymo quality --windows clean.csv | cut -d, -f2- > b
  $ awk -F, 'NR == FNR {v[FNR] = $1 $5; next} v[FNR] != $1 $5 {n++} END {print n + 0}' a b
  0
  $ kymo quality --windows -f 100 -t 130 clean.kymo | cut -d, -f2,3,6
  time_s,duration_s,verdict
  100,10,good
  110,10,good
  120,10,good

Wrong use.

  $ kymo quality --window 1 clean.csv
  kymo quality: --window 1 is not 2..300 s
  usage: kymo quality [OPTION]... [RECORD]...
  [2]
  $ kymo quality --windows --summary clean.csv
  kymo quality: --windows, --summary and --events are different tables: ask for one
  usage: kymo quality [OPTION]... [RECORD]...
  [2]
  $ kymo quality --windows -O kymo clean.csv > x
  kymo quality: a table of --windows or --summary is no recording: choose another -O
  usage: kymo quality [OPTION]... [RECORD]...
  [2]
  $ kymo quality --events clean.csv many.csv
  kymo quality: events are those of one recording, not of 2
  usage: kymo quality [OPTION]... [RECORD]...
  [2]
  $ kymo quality -s V9 clean.csv
  kymo quality: no signal "V9" among 0..0 (II)
  usage: kymo quality [OPTION]... [RECORD]...
  [2]
  $ kymo quality clean.csv > /dev/full
  kymo quality: standard output: cannot be written: No space left on device
  [1]
  $ head -c 100000 clean.kymo | kymo quality --summary
  kymo quality: stdin:100000: stream cut off: it ends inside a frame of 100012 bytes
  [1]
