Heart-rate variability: what kymo hrv reads, which intervals it counts, and the forms of its rows.

  $ T=$ROOT/testdata
  $ kymo synth -d 600 --seed 3 --pvc 0.02 > s.kymo
  $ kymo events -a beats s.kymo | awk -F, 'NR > 1 { if (t) printf "%.6f\n", 1000 * ($1 - t); t = $1 }' > rr.txt

Beats of an annotation file, a table, a stream; a list of intervals has no labels.

  $ for in in "-a atr $T/demo" "$T/events.csv" "-a beats s.kymo" rr.txt; do kymo hrv --measures mean_nn_ms,sdnn_ms $in | sed "1d; s,$T/,," | cut -d, -f1-7; done
  demo,360,345,0,3.9,833.008696,35.199802
  events.csv,20,16,0,11.111,792.75,22.872108
  s.kymo,600,573,0,4.341,1000.00124,16.728429
  rr.txt,600,599,0,0,999.998225,84.795754
  $ kymo hrv --measures mean_nn_ms rr.txt | cut -d, -f2- | sed 1d > a

Seconds are seen to be seconds, times beside the intervals are seen to be times, and all give the same.

  $ awk '{ printf "%.9f\n", $1 / 1000 }' rr.txt | kymo hrv --measures mean_nn_ms | cut -d, -f2- | sed 1d | diff a -
  $ awk '{ t += $1 / 1000; printf "%.9f;%.6f\n", t, $1 }' rr.txt | kymo hrv --measures mean_nn_ms | cut -d, -f2- | sed 1d | diff a -
  $ (echo "time_s,rr_ms"; awk '{ t += $1 / 1000; printf "%.9f,%.6f\n", t, $1 }' rr.txt) | kymo hrv --measures mean_nn_ms | cut -d, -f2- | sed 1d | diff a -
  $ (printf '[Params]\r\nVersion=106\r\nInterval=238\r\n\r\n[HRData]\r\n'; sed 's/$/\r/' rr.txt) | kymo hrv --measures mean_nn_ms | cut -d, -f2- | sed 1d | diff a -

A recording with an ECG and no beats: they are found and classified, so that ventricular beats do not count.

  $ kymo hrv --measures rmssd_ms $T/demo | sed "s,$ROOT/,,"
  record,n_beats,n_nn,n_corrected,pct_excluded,rmssd_ms,recipe,note
  testdata/demo,360,345,0,3.9,32.793573,taskforce nn=label others=exclude welch detrend=constant 4Hz-cubic 300s,
  $ kymo read $T/demo | kymo hrv --measures rmssd_ms | cut -d, -f1-6
  record,n_beats,n_nn,n_corrected,pct_excluded,rmssd_ms
  stdin,360,345,0,3.9,32.793573
  $ kymo hrv --measures rmssd_ms $T/night.edf | cut -d, -f2-6
  n_beats,n_nn,n_corrected,pct_excluded,rmssd_ms
  72,71,0,0,24.09784

Which intervals count.

  $ for nn in none label malik lipponen; do kymo hrv -a atr --nn $nn --measures rmssd_ms $T/demo | sed 1d | cut -d, -f2-6; done
  360,359,0,0,119.718851
  360,345,0,3.9,33.413159
  360,345,0,3.9,33.413159
  360,359,14,0,32.666795
  $ kymo hrv -a atr --nn label --others correct --measures rmssd_ms $T/demo | sed 1d | cut -d, -f2-6
  360,359,14,0,32.666795
  $ kymo hrv -a atr --nn lipponen --others exclude --measures rmssd_ms $T/demo | sed 1d | cut -d, -f4
  0

Windows; the last that is not whole is no row. Around events.

  $ kymo hrv -a atr --window 120 --step 60 --measures nn50 $T/demo | cut -d, -f2-8
  from_s,to_s,n_beats,n_nn,n_corrected,pct_excluded,nn50
  0,120,144,137,0,4.196,26
  60,180,144,136,0,4.895,12
  120,240,144,139,0,2.797,19
  180,300,144,139,0,2.797,20
  $ kymo hrv -a atr --around V --before 10 --after 20 --measures mean_hr_per_min -f 60 -t 180 $T/demo | cut -d, -f2-4
  from_s,to_s,n_beats
  72.58,102.58,36
  82.616,112.616,35
  130.096,160.096,36
  169.228,199.228,13
  $ kymo hrv -a atr --window 1000 $T/demo 2>&1 > x | sed "s,$ROOT/,,"
  kymo hrv: warning: testdata/demo: shorter than a window of 1000 s
  $ wc -l < x
  1
  $ kymo hrv -a atr --around AFIB $T/demo 2>&1 > x | sed "s,$ROOT/,,"
  kymo hrv: warning: testdata/demo: no event "AFIB"

A measure that cannot be given is empty, and the note says why; --force gives it all the same.

  $ kymo hrv -a atr -t 30 --measures lf_ms2,hf_ms2,hti,dfa_alpha1 $T/demo | sed 1d | cut -d, -f6-9,11
  ,,,,few: dfa_alpha1; short: hti lf_ms2 hf_ms2
  $ kymo hrv -a atr -t 30 --measures hti,dfa_alpha1 --force $T/demo | sed 1d | cut -d, -f6-7 | grep -c '^[0-9.]*,[0-9.]*$'
  1
  $ printf '800\n800\n800\n800\n' | kymo hrv --measures sdnn_ms,cvsd_pct,sd1_sd2 | sed 1d | cut -d, -f2-8,10
  5,4,0,0,0,0,,undefined: sd1_sd2
  $ printf '800\n' | kymo hrv --measures mean_nn_ms,sdnn_ms | sed 1d | cut -d, -f2-7,9
  2,1,0,0,800,,few: sdnn_ms

JSON nests measures with units and definitions; a sheet is for people.

  $ kymo hrv -a atr -O json --measures sdnn_ms,hti $T/demo | tail -n +3 | sed "s,$ROOT/,,"
   "record": "testdata/demo",
   "recipe": "taskforce nn=label others=exclude welch detrend=constant 4Hz-cubic 300s",
   "n_beats": 360,
   "n_nn": 345,
   "n_corrected": 0,
   "pct_excluded": 3.89972144847,
   "time": {
    "sdnn_ms": {
     "value": 35.199802371,
     "unit": "ms",
     "definition": "standard deviation of NN, n - 1",
     "source": "Task Force 1996, table 1"
    }
   },
   "geometry": {
    "hti": {
     "value": null,
     "reason": "short",
     "unit": "1",
     "definition": "NN / the tallest bin of their histogram, bins of 7.8125 ms",
     "source": "Task Force 1996, table 1"
    }
   }
  }
  ]
  $ kymo hrv -a atr -O text --measures sdnn_ms,hti $T/demo | sed "s,$ROOT/,,; s/  */ /g"
  testdata/demo
   360 beats, 345 NN intervals, 0 of them corrected; 3.9 % excluded; recipe taskforce nn=label others=exclude welch detrend=constant 4Hz-cubic 300s
  time
   sdnn_ms 35.1998 ms standard deviation of NN, n - 1
  geometry
   hti short 1 NN / the tallest bin of their histogram, bins of 7.8125 ms
  $ kymo hrv -a atr -O json --window 100 --measures nn50 $T/demo | grep -c from_s
  3

Every measure that --list names is in the page.

  $ kymo hrv --list | sed 1d | cut -d, -f1 | grep -v -E '^r?c?mse_' | while read m; do grep -q -E "Cm.* $m[ *]|Cm $m\$|Cm $m | $m\$|$m\*" $ROOT/man/kymo-hrv.1 || echo "$m is not in the page"; done
  w1_pct is not in the page
  w2_pct is not in the page
  $ kymo hrv --list -O text | head -2
  measure                     group          standard  unit   least_nn  least_s  definition                                                                                source
  mean_nn_ms                  time           yes       ms            1        0  mean of NN                                                                                Task Force 1996, table 1

The spectrum: its sum is the power of the bands.

  $ kymo hrv -a atr --psd $T/demo | awk -F, 'NR > 2 && $4 >= 0.15 && $4 < 0.4 { s += $5 * d } { d = $4 - f; f = $4 } END { printf "%.2f\n", s }'
  566.68
  $ kymo hrv -a atr --measures hf_ms2 $T/demo | sed 1d | cut -d, -f6
  566.677119
  $ for o in "--method lomb" "--method burg" "--method burg --order 0" "--preset kubios" "--preset physionet" "--detrend linear --resample 8 --interpolation linear --segment 120"; do kymo hrv -a atr $o --measures hf_ms2 $T/demo | sed 1d | cut -d, -f6-7; done
  653.466353,taskforce nn=label others=exclude lomb detrend=constant 300s
  629.907845,taskforce nn=label others=exclude burg detrend=constant 4Hz-cubic order=32
  624.608537,taskforce nn=label others=exclude burg detrend=constant 4Hz-cubic order=AIC
  548.239372,kubios nn=lipponen others=correct welch detrend=smooth 4Hz-cubic 300s
  653.466353,physionet nn=label others=exclude lomb detrend=constant
  527.824029,taskforce nn=label others=exclude welch detrend=linear 8Hz-linear 120s

Wrong use.

  $ kymo hrv --measures sdnn $T/demo
  kymo hrv: no measure or group "sdnn": kymo hrv --list names them
  usage: kymo hrv [OPTION]... [BEATS]
  [2]
  $ kymo hrv --band lf=0.2 $T/demo
  kymo hrv: --band "lf=0.2" is not NAME=LO-HI in Hz, as vlf=0.003-0.04
  usage: kymo hrv [OPTION]... [BEATS]
  [2]
  $ kymo hrv --method lomb --detrend smooth $T/demo
  kymo hrv: --detrend smooth needs samples on an even grid: --method welch or burg
  usage: kymo hrv [OPTION]... [BEATS]
  [2]
  $ kymo hrv --step 60 $T/demo
  kymo hrv: --step without --window
  usage: kymo hrv [OPTION]... [BEATS]
  [2]
  $ kymo hrv --window -3 $T/demo
  kymo hrv: --window -3 is not 0..1e+09
  usage: kymo hrv [OPTION]... [BEATS]
  [2]

Lists that are none, or broken.

  $ printf 'to be\nor not\n' | kymo hrv
  kymo hrv: stdin:0: no recording that kymo knows (it begins 74 6f 20 62; see kymo-formats(7))
  [1]
  $ printf '800\n810\n-20\n' | kymo hrv
  kymo hrv: stdin:3: interval is not positive: "-20"
  [1]
  $ printf '800\n810\n0.8\n' | kymo hrv
  kymo hrv: stdin:3: seconds among intervals in ms? "0.8"
  [1]
  $ printf '0.8 0.8\n1.6 0.8\n2.4 0.8\n1.9 0.8\n' | kymo hrv
  kymo hrv: stdin:4: time runs backwards: "1.9"
  [1]
  $ printf '15\n16\n' | kymo hrv
  kymo hrv: stdin: intervals around 16: ms or s? say so with --unit
  [1]
  $ printf '15\n16\n' | kymo hrv --unit ms --measures mean_nn_ms | sed 1d | cut -d, -f6
  15.5
  $ kymo hrv missing
  kymo hrv: missing: No such file or directory
  [1]
  $ kymo hrv -a atr $T/demo > /dev/full
  kymo hrv: standard output: cannot be written: No space left on device
  [1]
  $ kymo hrv -a atr --psd $T/demo | head -1
  record,from_s,to_s,frequency_hz,psd_ms2_per_hz

An annotator who stops where the electrodes were off, and goes on behind it without a word: no interval is so long, unless asked for; the
recipe tells which numbers were asked for.

  $ seq 0 0.8 400 | awk '$1 < 100 || $1 > 160 { printf "%.9g,N\n", $1 + NR % 3 / 100 }' | sed '1i time_s,type' > hole.csv
  $ kymo hrv --measures max_nn_ms,lf_ms2 hole.csv | cut -d, -f3-8
  kymo hrv: warning: hole.csv: intervals longer than 3 s, as beside a gap that nothing tells of: 1, up to 61.59 s; they do not count (--longest)
  n_nn,n_corrected,pct_excluded,max_nn_ms,lf_ms2,recipe
  423,0,0.236,810,0,taskforce nn=label others=exclude welch detrend=constant 4Hz-cubic 300s
  $ kymo hrv --longest 0 --shortest 1 --pnn 30 --measures max_nn_ms hole.csv | cut -d, -f3-7
  n_nn,n_corrected,pct_excluded,max_nn_ms,recipe
  424,0,0,61590,taskforce nn=label others=exclude shortest=1 longest=0 pnn=30 welch detrend=constant 4Hz-cubic 300s
  $ kymo hrv --strict -q --measures max_nn_ms hole.csv
  kymo hrv: hole.csv: intervals longer than 3 s, as beside a gap that nothing tells of: 1, up to 61.59 s; they do not count (--longest)
  [1]

The sum over 20 scales is given where the last of them is.

  $ seq 1500 | awk '{ print 800 + $1 * $1 % 97 }' | kymo hrv --measures mse_area,mse_15,mse_16 | cut -d, -f6-8,10
  mse_area,mse_15,mse_16,note
  ,0.71388,,few: mse_area mse_16

A list of heart rates looks like the intervals of a mouse.

  $ seq 300 | awk '{ print 75 + $1 % 3 }' > rates.txt; kymo hrv --measures mean_nn_ms rates.txt | cut -d, -f6
  kymo hrv: warning: rates.txt: intervals around 76, taken for ms: of a small animal, or are they heart rates? --unit ms says so
  mean_nn_ms
  76
  $ kymo hrv --unit ms --measures mean_nn_ms rates.txt | cut -d, -f6
  mean_nn_ms
  76

Beats in fibrillation, as annotations have it until the next rhythm, or with its duration.

  $ { echo time_s,type,duration_s,text; seq 100 | awk '{ print $1 ",N,," } $1 == 20 { print "20.5,+,,(AFIB" } $1 == 50 { print "50.5,+,,(N" }'; } > until.csv
  $ { echo time_s,type,duration_s,text; seq 100 | awk '{ print $1 ",N,," } $1 == 20 { print "20.5,+,10,(AFL" }'; } > lasts.csv
  $ for f in until lasts; do kymo hrv --measures nn50 $f.csv > row; done
  kymo hrv: warning: until.csv: 30 of 100 beats lie in atrial fibrillation or flutter, by the track: what their intervals tell is not of the sinus
  kymo hrv: warning: lasts.csv: 10 of 100 beats lie in atrial fibrillation or flutter, by the track: what their intervals tell is not of the sinus
