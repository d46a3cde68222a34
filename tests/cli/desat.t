Desaturations of a night that is made are found, each once, whatever brings it.

  $ kymo synth spo2 -d 7200 -o n.kymo
  $ kymo desat n.kymo > n.csv; head -2 n.csv
  time_s,sample,signal,type,duration_s,value,text,nadir_time_s,baseline_pct,nadir_pct,depth_pct,fall_pct_per_s,recovery_pct_per_s,area_pct_s,rule
  108,108,SpO2,desat,15,86,,117,96,86,10,1.1111,1.5,91,aasm3
  $ kymo score --what episodes --episodes desat -a dips --from 0 n.csv n.kymo | cut -d, -f2-8
  episodes,n_ref,missed,n_test,false,se_pct,pp_pct
  desat,42,0,42,0,100,100
  $ kymo desat < n.kymo | cmp - n.csv
  $ kymo convert -q --lossy n.kymo n.edf; kymo desat n.edf | cmp - n.csv
  $ kymo convert -q --lossy n.kymo s.csv; kymo desat s.csv | cmp - n.csv
  $ kymo desat -s 0 n.kymo | cmp - n.csv
  $ sort -c -t, -g -k1,1 n.csv

The events alone as a stream, and from there as annotations.

  $ cut -d, -f1,2,4-7 n.csv > plain.csv
  $ kymo desat -O kymo n.kymo | kymo events | cut -d, -f1,2,4-7 | cmp - plain.csv
  $ kymo desat -O kymo n.kymo | kymo convert - a.hea; kymo events -a desat a | cut -d, -f1,2,4-7 | cmp - plain.csv
  $ kymo desat -O kymo n.kymo | kymo convert - a.edf; kymo events a.edf | cut -d, -f1,2,4-7 | cmp - plain.csv

Rules, and what is changed of them.

  $ kymo desat --rules -O text
  rule    says
  aasm3   a drop of 3 below the mean of the highest fifth of the 120 s before, back by 0.5 of it, after 10 to 180 s, up to 15 s missing
  aasm4   a drop of 4 below the mean of the highest fifth of the 120 s before, back by 0.5 of it, after 10 to 180 s, up to 15 s missing
  levy3   a fall of 3 from its first sample that is 1 or more lower, back to 1 below that, or by 3, after 10 to 90 s, up to 90 s missing
  levy4   a fall of 4 from its first sample that is 1 or more lower, back to 1 below that, or by 4, after 10 to 90 s, up to 90 s missing
  hard90  below 90 %, of any length, up to 15 s missing
  $ for rule in aasm3 aasm4 levy3 levy4 hard90; do kymo desat --rule $rule n.kymo | grep -c ",desat,.*,$rule$"; done
  42
  42
  38
  38
  33
  $ kymo desat --drop 8 --baseline maximum --baseline-window 60 --recovery-within 2 --max 60 --merge 5 n.kymo | tail -1 | cut -d, -f15
  aasm3 baseline=maximum drop=8 baseline-window=60 recovery-within=2 max=60 merge=5
  $ kymo desat --fixed 95 n.kymo | tail -1 | cut -d, -f9,15
  95,aasm3 fixed=95
  $ kymo desat --rule hard90 --drop 85 n.kymo | cut -d, -f9,10,15 | head -2
  baseline_pct,nadir_pct,rule
  85,84,hard90 drop=85
  $ kymo desat --rule hard90 --baseline-window 60 n.kymo
  kymo desat: --baseline-window is no matter of rule hard90
  usage: kymo desat [OPTION]... [RECORD]
  [2]
  $ kymo desat --drop ten n.kymo 2>&1 | head -1
  kymo desat: --drop "ten" is not a number
  $ kymo desat --drop=-3 n.kymo 2>&1 | head -1
  kymo desat: --drop -3 is negative
  $ kymo desat --drop 0 n.kymo 2>&1 | head -1
  kymo desat: drop (%) 0 is not 0.1..100
  $ kymo desat --fixed 95 --baseline-window 60 n.kymo 2>&1 | head -1
  kymo desat: --fixed is the baseline: no --baseline, no --baseline-window
  $ kymo desat --rules --cleaning 2>&1 | head -1
  kymo desat: --rules and --cleaning are different tables: ask for one
  $ kymo desat --low 90 --high 80 n.kymo 2>&1 | head -1
  kymo desat: --low 90 is not below --high 80

A rule for one sample per second takes other rates by the median of each second; times and samples are the recording's.

  $ kymo synth spo2 -d 3600 -r 10 --averaging 0 --flicker 0 -o ten.kymo; kymo synth spo2 -d 3600 --averaging 0 --flicker 0 -o one.kymo
  $ kymo desat --rule levy3 ten.kymo | cut -d, -f1-5 | sed -n 2,3p; kymo desat --rule levy3 one.kymo | cut -d, -f1-5 | sed -n 2,3p
  105,1050,SpO2,desat,15
  558,5580,SpO2,desat,29
  105,105,SpO2,desat,16
  559,559,SpO2,desat,28

Codes of oximeters, spikes and held values are no readings, and are counted. Sample 1000 to 1009 has no finger in the oximeter,
1500 a spike.

  $ awk -F, -v OFS=, 'NR > 1001 && NR <= 1011 {$2 = 127; $3 = 511} NR == 1502 {$2 = 60} {print}' s.csv > bad.csv
  $ kymo desat --cleaning bad.csv
  readings,n,duration_s,pct
  kept,7181,7181,99.736
  missing,0,0,0
  code,10,10,0.139
  range,0,0,0
  jump,1,1,0.014
  edge,8,8,0.111
  flat,0,0,0
  motion,0,0,0
  $ kymo desat --cleaning --raw bad.csv | sed -n 1,3p
  readings,n,duration_s,pct
  kept,7200,7200,100
  missing,0,0,0
  $ kymo desat --cleaning --motion --edge 0 --steepest 0 bad.csv | sed 1d | cut -d, -f1,2 | tr '\n' ' '; echo
  kept,7189 missing,0 code,10 range,0 jump,0 edge,0 flat,0 motion,1 
  $ kymo desat --cleaning --keep-codes --high 200 --longest-flat 30 -O json bad.csv | head -3
  [
  {"readings":"kept","n":2607,"duration_s":2607,"pct":36.208},
  {"readings":"missing","n":0,"duration_s":0,"pct":0},
  $ cut -d, -f1,2 s.csv | kymo desat --motion
  kymo desat: stdin: no pulse rate to tell motion by (--motion)
  [1]
  $ kymo desat --raw --motion s.csv | cmp - n.csv

A hole is told, and cuts an event; the gap of a recording is one.

  $ awk -F, 'NR == 1 || $1 < 580 || $1 >= 600' s.csv | kymo desat | sed -n 3,4p | cut -d, -f1,4-10,13
  562,desat,17,87,cut,575,96,87,
  580,gap,20,,,,,,

Fractions are found out; per cents that say so are not.

  $ awk -F, -v OFS=, 'NR == 1 {print "time_s,SaO2"; next} {print $1, $2 / 100}' s.csv > f.csv; kymo desat f.csv | cut -d, -f1,2,4-7 | cmp - plain.csv
  kymo desat: warning: f.csv: signal "SaO2" holds fractions of 1: taken times 100, as per cent
  $ sed '1s/.*/time_s,SaO2 (%)/' f.csv | kymo desat | wc -l
  kymo desat: warning: stdin: no valid data: no reading lies in the range of a saturation (--low, --high)
  2

What is no oximetry is refused, and says why.

  $ kymo desat "$ROOT/testdata/demo"
  kymo desat: no signal of kind spo2 by its label among 0..1 (II, V5): choose with -s
  usage: kymo desat [OPTION]... [RECORD]
  [2]
  $ kymo desat -s II "$ROOT/testdata/demo" 2>&1 | sed "s|$ROOT/||"
  kymo desat: testdata/demo.hea: signal "II" is no SpO2: its kind is ecg, its unit mV
  $ kymo desat -s Pulse n.kymo
  kymo desat: n.kymo: signal "Pulse" is no SpO2: its kind is pulse-rate, its unit bpm
  [1]
  $ printf 'time_s,SpO2 (V)\n0,0.9\n1,0.9\n' | kymo desat
  kymo desat: stdin: signal "SpO2" is no SpO2 in per cent: its unit is V
  [1]
  $ kymo desat missing.edf
  kymo desat: missing.edf: No such file or directory
  [1]
  $ kymo desat -s none n.kymo 2>&1 | head -1
  kymo desat: no signal "none" among 0..1 (SpO2, Pulse)

Without a valid reading there are no events, not zeros: one sample, no finger, all missing, all out of range, and half a minute.

  $ printf 'SpO2\n97\n' | kymo desat --rate 1 | wc -l
  1
  $ printf 'time_s,SpO2\n0,0\n1,0\n2,-1\n3,127\n' | kymo desat
  kymo desat: warning: stdin: no valid data: all readings are codes of an oximeter that has none
  time_s,sample,signal,type,duration_s,value,text,nadir_time_s,baseline_pct,nadir_pct,depth_pct,fall_pct_per_s,recovery_pct_per_s,area_pct_s,rule
  $ printf 'time_s,SpO2\n0,\n1,---\n2,--\n' | kymo desat | wc -l
  kymo desat: warning: stdin: no valid data: the signal has no samples
  1
  $ printf 'time_s,SpO2\n0,20\n1,20\n2,30\n' | kymo desat --strict
  kymo desat: stdin: no valid data: no reading lies in the range of a saturation (--low, --high)
  [1]
  $ kymo desat "$ROOT/testdata/night.edf" | cut -d, -f1-6
  time_s,sample,signal,type,duration_s,value
  29,29,SpO2,desat,22,86

A signal about SpO2 is not SpO2; ones may be anything, and are no fractions.

  $ printf 'time_s,SpO2 quality,SaO2\n0,97,91\n1,97,92\n2,97,93\n' | kymo desat --fixed 96 --min 2 | cut -d, -f3,10
  signal,nadir_pct
  SaO2,91
  $ printf 'time_s,SpO2\n0,1\n1,1\n2,1\n' | kymo desat | wc -l
  kymo desat: warning: stdin: no valid data: no reading lies in the range of a saturation (--low, --high)
  1

Signals faster than any oximeter are thinned by the median, which a code among readings does not change; events keep the numbers
of their samples.

  $ kymo synth spo2 -d 600 -r 100 -o fast.kymo; kymo desat fast.kymo | sed -n 2p | awk -F, '{print $2 == $1 * 100, $2 % 4}'
  1 0
  $ awk 'BEGIN {print "time_s,SpO2"; for (i = 0; i < 400; i++) print i / 100 "," (i % 4 == 2 ? 0 : 97)}' | kymo desat --cleaning | sed -n '2p;4p'
  kept,100,4,100
  code,0,0,0

A part has the events of the whole; pipes and disks end as they should.

  $ kymo desat -f 0:20:00 n.kymo | sed -n 2p | cut -d, -f1-6; awk -F, '$1 + 0 > 1200' n.csv | head -1 | cut -d, -f1-6
  1274,1274,SpO2,desat,24,86
  1274,1274,SpO2,desat,24,86
  $ kymo desat n.kymo | head -1 > /dev/null
  $ kymo desat n.kymo > /dev/full
  kymo desat: standard output: cannot be written: No space left on device
  [1]
  $ head -c 20000 n.kymo | kymo desat 2>&1 | head -1 | cut -c1-60
  kymo desat: stdin:20000: stream cut off: it ends inside a fr
