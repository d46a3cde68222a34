One row of a night, whose desaturations are known: 20 an hour are planted. It is the same from a file of any format and through a pipe.

  $ kymo synth spo2 -d 14400 --seed 3 -q -o night.edf; kymo spo2 night.edf > night.csv; wc -l < night.csv
  2
  $ kymo spo2 night.edf | cut -d, -f1-20
  record,part,from_s,to_s,recording_h,valid_h,sleep_h,n_desats,odi_per_h,odi_per_valid_h,odi_per_sleep_h,odi2_per_h,odi2_per_valid_h,odi2_per_sleep_h,odi3_per_h,odi3_per_valid_h,odi3_per_sleep_h,odi4_per_h,odi4_per_valid_h,odi4_per_sleep_h
  night.edf,recording,0,14400,4,4,,83,20.75,20.75,,20.75,20.75,,20.75,20.75,,20.75,20.75,
  $ kymo convert -q night.edf copy.kymo; kymo spo2 copy.kymo | cut -d, -f2- | cmp - <(cut -d, -f2- night.csv)
  $ kymo read night.edf | kymo spo2 | cut -d, -f2- | cmp - <(cut -d, -f2- night.csv)
  $ kymo desat night.edf | awk -F, '$4 == "desat"' | wc -l
  83

The rule is told with all that it says, and its options are those of kymo desat.

  $ tail -1 night.csv | cut -d'"' -f2
  aasm3: a drop of 3 below the mean of the highest fifth of the 120 s before, back by 0.5 of it, after 10 to 180 s, up to 15 s missing; odi2 to odi4: the same with that drop
  $ kymo spo2 --rule aasm4 --min 20 night.edf | cut -d, -f8-9,86-
  n_desats,odi_per_h,rule,cleaned,note
  58,14.5,"aasm4 min=20: a drop of 4 below the mean of the highest fifth of the 120 s before, back by 0.5 of it, after 20 to 180 s, up to 15 s missing; odi2 to odi4: the same with that drop",nothing,
  $ kymo spo2 --rule hard90 night.edf | tail -1 | cut -d'"' -f2
  hard90: below 90 %, of any length, up to 15 s missing; odi2 to odi4: aasm3 with that drop

The list has all measures, each column once and in order.

  $ kymo spo2 --list | tail -n +2 | cut -d, -f1 | cmp - <(head -1 night.csv | tr , '\n' | sed '1,4d' | head -n -3)
  $ kymo spo2 --list -O tsv | awk -F'\t' '$5 ~ /^Levy/' | wc -l
  44
  $ kymo spo2 --list -O text | grep -E '^(measure|odi_per_h|t90|hb)'
  measure                 known_as                   unit    definition                                                                                        source
  odi_per_h               ODI                        1/h     n_desats / recording_h                                                                            Levy et al., npj Digit. Med. 4:1, 2021
  t90_pct                 T90                        %       readings below 90 %, of the valid ones
  hb_desat_pct_min_per_h  hypoxic burden, automatic  %min/h  area of desaturations below their own baselines / valid_h                                         after Esmaeili et al., Ann. Am. Thorac. Soc. 20:1633, 2023
  hb_pct_min_per_h        hypoxic burden             %min/h  area below the baseline of each respiratory event in sleep, in the window / valid hours of sleep  Azarbarzin et al., Eur. Heart J. 40:1149, 2019
  hb_from_s                                          s       begin of that window, from the end of an event                                                    Azarbarzin et al., Eur. Heart J. 40:1149, 2019
  hb_to_s                                            s       end of that window                                                                                Azarbarzin et al., Eur. Heart J. 40:1149, 2019

Hours and windows. The last hour is as long as it is; windows go on until one reaches the end.

  $ kymo spo2 -t 2:30:00 --by hour night.edf | cut -d, -f2-9
  part,from_s,to_s,recording_h,valid_h,sleep_h,n_desats,odi_per_h
  hour 1,0,3600,1,1,,18,18
  hour 2,3600,7200,1,1,,20,20
  hour 3,7200,9000,0.5,0.5,,12,24
  $ kymo spo2 --window 7200 --step 3600 night.edf | cut -d, -f2-6
  part,from_s,to_s,recording_h,valid_h
  window 1,0,7200,2,2
  window 2,3600,10800,2,2
  window 3,7200,14400,2,2
  $ kymo spo2 -f 1:00:00 -t 1:10:00 --window 300 night.edf | cut -d, -f2-6
  part,from_s,to_s,recording_h,valid_h
  window 1,3600,3900,0.083333,0.083333
  window 2,3900,4200,0.083333,0.083333

Sleep, from a hypnogram in the words of several programs: indices per hour of sleep, a row for each stage. Events count where
they begin, so that the rows add up.

  $ cat > scored.csv <<'EOF'
  > time_s,sample,signal,type,duration_s,value,text
  > 0,,,note,1800,,Sleep stage W
  > 1800,,,note,1800,,Sleep stage N1
  > 3600,,,note,3600,,Stage 2 sleep|2
  > 7200,,,note,1800,,SLEEP-S3
  > 9000,,,note,,,Stage R
  > 12600,,,note,1200,,Wake
  > 0,,,note,,,Position - Supine
  > 7200,,,note,,,left
  > EOF
  $ kymo spo2 --events scored.csv night.edf --by stage | cut -d, -f2,5-11
  part,recording_h,valid_h,sleep_h,n_desats,odi_per_h,odi_per_valid_h,odi_per_sleep_h
  recording,4,4,3,83,20.75,20.75,20.666667
  sleep,3,3,3,62,20.666667,20.666667,20.666667
  W,0.833333,0.833333,0,17,20.4,20.4,
  N1,0.5,0.5,0.5,7,14,14,14
  N2,1,1,1,20,20,20,20
  N3,0.5,0.5,0.5,12,24,24,24
  R,1,1,1,23,23,23,23
  unscored,0.166667,0.166667,0,4,24,24,
  $ kymo spo2 --events scored.csv night.edf --by position | cut -d, -f2,5-11
  part,recording_h,valid_h,sleep_h,n_desats,odi_per_h,odi_per_valid_h,odi_per_sleep_h
  recording,4,4,3,83,20.75,20.75,20.666667
  supine,2,2,1.5,38,19,19,18
  left,2,2,1.5,45,22.5,22.5,23.333333
  $ kymo spo2 --sleep-from-to 30:00-3:30:00 night.edf | cut -d, -f7-11
  sleep_h,n_desats,odi_per_h,odi_per_valid_h,odi_per_sleep_h
  3,83,20.75,20.75,20.666667
  $ printf 'Sleep stage 1\nS1\nNREM1\nSleep stage R\nREM\nREM sleep|5\nN4\nsleep-s0\nW\n1\nSleep stage ?\nR wave\nmovement\n' > words
  $ (head -1 scored.csv; awk '{print 60 * NR ",,,note,60,," $0}' words) > words.csv; kymo spo2 --events words.csv --by stage night.edf | cut -d, -f2,5 | awk -F, 'NR > 2 {print $1, $2 * 60}'
  sleep 7.00002
  W 1.99998
  N1 3
  N3 1.00002
  R 3
  unscored 231

A hypnogram in an EDF+ file of annotations alone, as Sleep-EDF has them.

  $ sort -t, -g -k1,1 scored.csv | kymo events -O kymo - | kymo convert -q - hypnogram.edf
  $ kymo spo2 --events hypnogram.edf night.edf --by stage | cmp - <(kymo spo2 --events scored.csv night.edf --by stage)

A recording without one; and one with signals of codes.

  $ kymo read night.edf | kymo spo2 --by stage
  kymo spo2: stdin: no sleep stages in it (-a names their track, --events their file)
  [1]
  $ awk 'BEGIN {print "SpO2,Position,Hypnogram"; for (i = 0; i < 6000; i++) print 95 + i % 3 "," int(i / 3000) + 1 "," int(i / 1000)}' > codes.csv
  $ kymo spo2 --rate 1 --by position codes.csv | cut -d, -f2,5,7
  part,recording_h,sleep_h
  recording,1.666667,1.388889
  position 1,0.833333,0.555556
  position 2,0.833333,0.833333
  $ kymo spo2 --rate 1 --by stage codes.csv | cut -d, -f2,5,7
  part,recording_h,sleep_h
  recording,1.666667,1.388889
  sleep,1.388889,1.388889
  W,0.277778,0
  N1,0.277778,0.277778
  N2,0.277778,0.277778
  N3,0.555556,0.555556
  R,0.277778,0.277778

Respiratory events with durations give the burden, its window, and the response of the pulse; a hundredth of a point is not asked for.

  $ (head -1 scored.csv; kymo events night.edf | awk -F, -v OFS=, 'NR > 1 {print $1 - 15, "", "", "note", 20, "", "Obstructive Apnoea"}') > apnoea.csv
  $ kymo spo2 --events apnoea.csv night.edf -O tsv | cut -f80-85
  hb_desat_pct_min_per_h\tn_respiratory\thb_pct_min_per_h\thb_from_s\thb_to_s\tpulse_rise_per_min (esc)
  43.232813\t83\t46.095833\t-14\t44\t14.939759 (esc)
  $ kymo spo2 --events apnoea.csv --events scored.csv night.edf -O tsv | cut -f81-82
  n_respiratory\thb_pct_min_per_h (esc)
  83\t44.733333 (esc)
  $ kymo spo2 night.edf -O tsv | cut -f80-85
  hb_desat_pct_min_per_h\tn_respiratory\thb_pct_min_per_h\thb_from_s\thb_to_s\tpulse_rise_per_min (esc)
  43.232813\t\t\t\t\t14.578313 (esc)

The burden of desaturations is the sum of what kymo desat gives as their areas.

  $ kymo desat night.edf | awk -F, '$4 == "desat" { s += $14 } END { printf "%.2f\n", s / 60 }' > areas
  $ kymo spo2 night.edf -O tsv | awk -F'\t' 'NR == 2 { printf "%.2f\n", $6 * $80 }' | diff areas - && [ -s areas ]

No oximeter attached: no valid data, and no zeros. One sample, a stretch without a valid one.

  $ (echo SpO2; yes 127 | head -400) > off.csv; kymo spo2 --rate 1 off.csv | tail -1 | tr -s ,
  off.csv,recording,0,400,0.111111,0,"aasm3: a drop of 3 below the mean of the highest fifth of the 120 s before, back by 0.5 of it, after 10 to 180 s, up to 15 s missing; odi2 to odi4: the same with that drop",code 400 s,no valid data: all readings are codes of an oximeter that has none
  $ printf 'SpO2\n97\n' | kymo spo2 --rate 1 | cut -d, -f5,6,9,26,28,86- | sed 's/"aasm[^"]*"/RULE/'
  recording_h,valid_h,odi_per_h,av_pct,min_pct,rule,cleaned,note
  0.000278,0.000278,0,97,97,RULE,nothing,"no desaturation: no lengths, depths, areas"
  $ (echo SpO2; yes 97 | head -300; yes -- -1 | head -300) > half.csv; kymo spo2 --rate 1 --window 300 half.csv -O tsv | cut -f2,5,6,8,9,26,87-
  part\trecording_h\tvalid_h\tn_desats\todi_per_h\tav_pct\tcleaned\tnote (esc)
  window 1\t0.083333\t0.082778\t0\t0\t97\tcode 300 s, edge 2 s\tno desaturation: no lengths, depths, areas (esc)
  window 2\t0.083333\t0\t\t\t\tcode 300 s, edge 2 s\tno valid data in this part (esc)

Fractions are per cent; signals of other rates have the same desaturations.

  $ kymo convert -q --lossy -t 3600 night.edf n.csv; awk -F, '{print NR == 1 ? "SpO2" : $2 / 100}' n.csv > fraction.csv
  $ for f in n.csv fraction.csv; do kymo spo2 -q --rate 1 $f | cut -d, -f8,22,26,28 | tail -1; done
  18,5,95.248889,84
  18,5,95.248889,84
  $ for r in 0.25 1 10; do kymo synth spo2 -d 7200 --seed 5 --rate $r -q -o r.kymo; kymo spo2 r.kymo | cut -d, -f5,6,8 | tail -1; done
  2,2,37
  2,2,37
  2,2,37

What cannot be.

  $ kymo spo2 $ROOT/testdata/demo
  kymo spo2: no signal of kind spo2 by its label among 0..1 (II, V5): choose with -s
  usage: kymo spo2 [OPTION]... [RECORD]
  [2]
  $ kymo spo2 -s II $ROOT/testdata/demo 2>&1 | sed "s|$ROOT/||"
  kymo spo2: testdata/demo.hea: signal "II" is no SpO2: its kind is ecg, its unit mV
  $ for o in '--step 3' '--window 9 --by hour' '--window -1' '--level 101' '--sleep-from-to 20:00' '--sleep-from-to 9-8' '--drop x' '--by position' '--events none.csv' '--by year'; do kymo spo2 $o night.edf 2>&1 > out | head -1; [ -s out ] && echo output; done
  kymo spo2: --step is one of windows: how long are they (--window)?
  kymo spo2: --window and --by are two ways to cut a recording: take one
  kymo spo2: --window -1 is not 0..2147483647
  kymo spo2: --level 101 is not 0..100
  kymo spo2: --sleep-from-to "20:00" is not two times with a - between, the later one behind
  kymo spo2: --sleep-from-to "9-8" is not two times with a - between, the later one behind
  kymo spo2: --drop "x" is not a number
  kymo spo2: night.edf: no positions in it (-a names their track, --events their file)
  kymo spo2: none.csv: No such file or directory
  kymo spo2: --by "year" is none of recording|hour|stage|position
  [1]
  $ kymo spo2 night.edf > /dev/full
  kymo spo2: standard output: cannot be written: No space left on device
  [1]
  $ kymo spo2 night.edf | head -c 6
  record (no-eol)
  $ head -c 20000 night.edf > cut.edf; kymo spo2 cut.edf | cut -d, -f1-6
  kymo spo2: warning: cut.edf:20000: file ends after 153 of 14400 data records and a piece of one
  record,part,from_s,to_s,recording_h,valid_h
  cut.edf,recording,0,153,0.0425,0.0425
