Leads are named by label, index or kind; the first is the one that events count by. A stream has all signals.

  $ D=$ROOT/testdata/demo
  $ for s in 1 V5 1,0 V5,II 0 ecg; do kymo qrs -s $s -t 1 $D | sed -n 2p; done
  0.444,111,V5,N,,0.995,,0.989
  0.444,111,V5,N,,0.995,,0.989
  0.444,111,V5,N,,0.994,,0.988
  0.444,111,V5,N,,0.994,,0.988
  0.444,111,II,N,,0.994,,0.988
  0.444,111,II,N,,0.994,,0.988
  $ for s in 1 V5 1,0 V5,II 0 ecg; do kymo qrs -O kymo -s $s -t 1 $D | kymo events | sed -n 2p; done
  0.444,111,V5,N,,0.995,
  0.444,111,V5,N,,0.995,
  0.444,111,V5,N,,0.994,
  0.444,111,V5,N,,0.994,
  0.444,111,II,N,,0.994,
  0.444,111,II,N,,0.994,
  $ kymo qrs -s 2 $D
  kymo qrs: no signal "2" among 0..1 (II, V5)
  usage: kymo qrs [OPTION]... [RECORD]
  [2]

Beats and gaps come in order of time, the same from a file and through a pipe, with their blocks of other lengths; so do stretches
without samples at the start, between and at the end.

  $ kymo qrs $ROOT/testdata/gap.edf > gap.csv; sort -c -t, -g -k1,1 gap.csv && kymo read $ROOT/testdata/gap.edf | kymo qrs | cmp - gap.csv
  $ kymo qrs -O kymo $ROOT/testdata/gap.edf | kymo events -a qrs | cmp - <(cut -d, -f1-7 gap.csv); grep -c gap gap.csv
  2
  $ kymo convert $D demo.csv; awk -F, -v OFS=, 'NR > 1 && ($1 < 2 || $1 >= 10 && $1 < 14.5 || $1 >= 298) {$2 = $3 = ""} {print}' demo.csv > holes.csv
  $ kymo qrs holes.csv > found.csv; grep gap found.csv; sort -c -t, -g -k1,1 found.csv
  0,,,gap,2,,,
  10,,,gap,4.5,,,
  298,,,gap,2,,,
  $ kymo convert holes.csv holes.kymo; kymo read holes.kymo | kymo qrs | cmp - found.csv

A quick heart: 72 beats per minute, played 25/3 times as fast, are 600. With its range the detector finds them, each within 4
samples; times are those of the recording. A slow heart needs no option.

  $ kymo synth -d 120 --hr 72 --hr-sd 2 -q -o person.hea
  $ sed 's/ 250 / 2083.333 /' person.hea > mouse.hea
  $ kymo events -a beats person > made.csv
  $ near() { paste -d, $1 $2 | awk -F, 'NR > 1 {d = $9 - $2; if (d < 0) d = -d; if (d > worst) worst = d}
  >     END {print NR - 1, worst <= 4 ? "near" : "far"}'; }
  $ kymo qrs --rate-range 200-800 mouse > quick.csv; near made.csv quick.csv
  144 near
  $ kymo qrs mouse > unasked.csv; near made.csv unasked.csv
  144 far
  $ awk -F, 'NR > 1 && ($1 - $2 / 2083.333) ^ 2 > 1e-16' quick.csv
  $ kymo read mouse | kymo qrs --rate-range 200-800 | cmp - quick.csv
  $ kymo qrs -O kymo --rate-range 200-800 mouse | kymo events -a qrs | cmp - <(cut -d, -f1-7 quick.csv)
  $ kymo synth -d 300 --hr 20 --hr-sd 0.5 -q -o slow.hea; kymo events -a beats slow > made.csv
  $ kymo qrs slow > slow.csv; near made.csv slow.csv
  100 near

What is missing for 5 ms is a gap to a mouse, not to a person.

  $ kymo convert mouse mouse.csv; awk -F, -v OFS=, 'NR > 5000 && NR <= 5010 {$2 = ""} {print}' mouse.csv > hole.csv
  $ kymo qrs --rate-range 200-800 hole.csv | grep -c gap; kymo qrs hole.csv | grep -c gap
  1
  0
  [1]

The default is a person's range; a wider one goes by its fastest rate.

  $ kymo qrs --rate-range 15-300 $D | cmp - <(kymo qrs $D)
  $ kymo qrs --rate-range 1-300 $D | cmp - <(kymo qrs $D)
  $ kymo qrs --rate-range 30-150 $D | cmp - <(kymo qrs $D)

What is no range, and rates that do not go with the sampling.

  $ for r in 300 300-200 0-300 -5-300 15-300x 15- ''; do kymo qrs --rate-range "$r" $D 2>&1 | head -1; done
  kymo qrs: --rate-range "300" is not two rates, the lower one first, as 15-300
  kymo qrs: --rate-range "300-200" is not two rates, the lower one first, as 15-300
  kymo qrs: --rate-range "0-300" is not two rates, the lower one first, as 15-300
  kymo qrs: --rate-range "-5-300" is not two rates, the lower one first, as 15-300
  kymo qrs: --rate-range "15-300x" is not two rates, the lower one first, as 15-300
  kymo qrs: --rate-range "15-" is not two rates, the lower one first, as 15-300
  kymo qrs: --rate-range "" is not two rates, the lower one first, as 15-300
  $ kymo qrs --rate-range 300-1500 mouse | wc -l
  145
  $ kymo qrs --rate-range 300-1500 $D 2>&1 | sed "s|$ROOT/||"
  kymo qrs: warning: II: left out: 250 samples per second, not 600..100000 (at --rate-range 300-1500)
  kymo qrs: warning: V5: left out: 250 samples per second, not 600..100000 (at --rate-range 300-1500)
  kymo qrs: warning: testdata/demo.hea: no beats: no lead has a rate to find them at
  time_s,sample,signal,type,duration_s,value,text,quality
  $ kymo qrs --rate-range 1-2 mouse
  kymo qrs: warning: II: left out: 2083.33 samples per second, not 1.26491..210.819 (at --rate-range 1-2)
  kymo qrs: warning: mouse.hea: no beats: no lead has a rate to find them at
  time_s,sample,signal,type,duration_s,value,text,quality
  $ kymo qrs -s SpO2 $ROOT/testdata/night.edf 2>&1 | sed "s|$ROOT/||"
  kymo qrs: warning: SpO2: left out: 1 samples per second, not 60..10000 (at --rate-range 15-300)
  kymo qrs: warning: testdata/night.edf: no beats: no lead has a rate to find them at
  time_s,sample,signal,type,duration_s,value,text,quality

Beats have a quality, what is no beat has none, and in stretches of noise it is low; online there are no such stretches.

  $ kymo noise --kind motion --snr -12 --clean 1:00 $D > hard.kymo; kymo qrs hard.kymo > hard.csv
  $ awk -F, 'NR > 1 {if ($4 == "N") {if ($1 < to && $8 >= 0.75) high++; if ($8 < 0 || $8 > 1 || $8 == "") odd++} else {to = $1 + $5; n++; if ($6 $8 != "") odd++}}
  >     END {print (n > 0 ? "noise" : "none"), high + 0, odd + 0}' hard.csv
  noise 0 0
  $ kymo qrs $D | grep -c noise
  0
  [1]
  $ kymo qrs --online hard.kymo | grep -c noise
  0
  [1]

Modes, and models of halves. A clean recording is the same to all of them; each is the same through a pipe.

  $ for o in --fast --online '--model all' '--model odd' '--model even'; do kymo qrs $o $D > mode.csv; wc -l < mode.csv
  >     kymo read $D | kymo qrs $o | cmp - mode.csv; done
  361
  361
  361
  361
  361
  $ kymo qrs --model all $D | cmp - <(kymo qrs $D)
  $ for m in odd even; do kymo qrs --model $m hard.kymo | cmp -s - hard.csv || echo other; done
  other
  other
  $ kymo qrs --model none $D 2>&1 | head -1
  kymo qrs: --model "none" is none of all|odd|even

What holds no heart gives an empty table and a note: ten samples, one value, no value, one sample each second, hum.

  $ made() { awk -v n=$1 -v rate=$2 "BEGIN {print \"time_s,II (mV)\"; for (i = 0; i < n; i++) printf \"%.4f,%s\\n\", i / rate, $3}" > x.csv; kymo qrs x.csv; }
  $ made 10 250 i
  kymo qrs: warning: x.csv: no beats
  time_s,sample,signal,type,duration_s,value,text,quality
  $ made 5000 250 5
  kymo qrs: warning: x.csv: no beats: the leads never change
  time_s,sample,signal,type,duration_s,value,text,quality
  $ made 5000 250 '""'
  kymo qrs: warning: x.csv: no beats: the leads have no samples
  time_s,sample,signal,type,duration_s,value,text,quality
  0,,,gap,20,,,
  $ made 500 1 i%7
  kymo qrs: warning: II: left out: 1 samples per second, not 60..10000 (at --rate-range 15-300)
  kymo qrs: warning: x.csv: no beats: no lead has a rate to find them at
  time_s,sample,signal,type,duration_s,value,text,quality
  $ made 5000 250 'sin(i*1.2566)'
  kymo qrs: warning: x.csv: no beats
  time_s,sample,signal,type,duration_s,value,text,quality

Of more leads than the detector takes, the first that is left out is told.

  $ awk 'BEGIN { printf "time_s"; for (j = 0; j < 40; j++) printf ",ECG %d", j; print ""; for (i = 0; i < 1500; i++) { printf "%g", i / 250; for (j = 0; j < 40; j++) printf ",%d", i % 250 < 8; print "" } }' > many.csv
  $ kymo qrs many.csv | wc -l
  kymo qrs: warning: ECG 32: left out, as all behind it: more than 32 leads
  6
