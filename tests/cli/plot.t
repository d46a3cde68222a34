A strip: its page, its grid and its scales are millimetres. 10 s are 250 mm, with 8 mm left and right and 10 mm for the mark of
calibration, which is 10 mm high for 1 mV.

  $ D=$ROOT/testdata/demo
  $ kymo plot -s II -f 60 $D -o a.svg
  $ head -1 a.svg | grep -o 'width="[^"]*" height="[^"]*" viewBox="[^"]*"'
  width="276mm" height="61.5mm" viewBox="0 0 276 61.5"
  $ grep -A1 calibration a.svg | grep -o ' d=.*'
   d="M11 41l1 0 0 -10 3 0 0 10 1 0"/>
  $ grep -A2 'class="trace"' a.svg | grep -o '<rect[^/]*'
  <rect x="18" y="23.5" width="250" height="25"

The unit of paths is the millimetre and that of times the second: the distance between two samples at 250 Hz is 0.1 mm at 25 mm/s, and
0.2 mm at 50. A sawtooth of 2 mV, a second long, is 20 mm high and falls every 25 mm.

  $ awk 'BEGIN {print "time_s,saw (mV)"; for (i = 0; i < 2500; i++) printf "%.3f,%.3f\n", i / 250, i % 250 / 125}' > saw.csv
  $ path() { grep -A4 'class="trace"' "$1" | grep -o ' d="[^"]*' | cut -c5-; }
  $ measure() { path $1 | sed 's/M//; s/l/ /' | awk '{x = $1; for (i = 3; i <= NF; i += 2) {x += $i; if ($(i + 1) > 3) {print x - last, $(i + 1); last = x}}}' | sed -n 2,3p; }
  $ kymo plot -k strip -s saw saw.csv -o saw.svg && measure saw.svg
  25 19.92
  25 19.92
  $ kymo plot -k strip -s saw --speed 50 --gain 5 saw.csv -o saw.svg && measure saw.svg
  50 9.96
  50 9.96

Microvolts are drawn as millivolts. Where a lead does not fit, its scale is halved, and says so.

  $ sed 's/mV/uV/; 2,$s/$/e3/' saw.csv > micro.csv; kymo plot -k strip -s saw micro.csv -o saw.svg && measure saw.svg
  25 19.92
  25 19.92
  $ sed '2,$s/$/e2/' saw.csv > large.csv; kymo plot -k strip -s saw large.csv -o saw.svg && measure saw.svg; grep -o '[0-9.]* mm/mV' saw.svg
  25 249
  25 249
  1.25 mm/mV

The same bytes twice, in each form; a PNG has its size, and a PDF on paper that of the paper, one page or two.

  $ for f in svg png pdf; do for i in 1 2; do kymo plot -f 1:00 -t 1:30 $D -o $i.$f; done; cmp 1.$f 2.$f; done; ls
  1-2.png
  1-2.svg
  1-3.png
  1-3.svg
  1.pdf
  1.png
  1.svg
  2-2.png
  2-2.svg
  2-3.png
  2-3.svg
  2.pdf
  2.png
  2.svg
  a.svg
  large.csv
  micro.csv
  saw.csv
  saw.svg
  $ kymo plot --dpi 100 $D -o x.png; head -c 24 x.png | tail -c 8 | od -An -tu1
     0   0   4  63   0   0   1 105
  $ grep -a -o 'MediaBox.*]\|Count .*' 1.pdf
  MediaBox [ 0 0 841.889764 595.275591 ]
  MediaBox [ 0 0 841.889764 595.275591 ]
  Count 2
  $ kymo plot --paper letter -f 1:00 -t 1:30 $D -o x.pdf; grep -a -o 'MediaBox.*]\|Count .*' x.pdf | sort -u
  Count 2
  MediaBox [ 0 0 792 612 ]

Beats and rhythms of a track, from a file and from a pipe. What is no normal beat is bold.

  $ kymo plot -a atr -f 20 $D -o a.svg; sed -n '/class="marks"/,/<\/g>/p' a.svg | grep -o '[^>]*</text>' | sort | uniq -c
       12 N</text>
        1 V</text>
  $ kymo qrs -O kymo $D | kymo plot -t 5 -o a.svg; grep -c '>N</text>' a.svg
  6
  $ kymo events -a atr $D | awk -F, '$4 != "N" && NR > 1 && $1 > 20 && $1 < 30' | wc -l
  1

Signals below each other, each with its own unit; gaps stay gaps: a curve of three segments begins three times.

  $ kymo plot -k stack $ROOT/testdata/night.edf -o n.svg; grep -o '[^>]* / [^<]*' n.svg
  ECG II / mV
  SpO2 / %
  Flow / L/min
  $ kymo plot -k stack -s 0 $ROOT/testdata/gap.edf -o g.svg; path g.svg | tr -cd M | wc -c; kymo events $ROOT/testdata/gap.edf | cut -d, -f4 | sort | uniq -c
  3
        1 note
        1 type

What intervals show agrees with kymo hrv: 345 of 359 lie between normal beats.

  $ for k in tachogram poincare histogram psd; do kymo plot -k $k -a atr $D -o $k.svg; grep -h -o '[^>]*intervals between[^<]*\|SD1 [^<]*\|n [0-9].*SDNN[^<]*\|VLF [0-9][^<]*' $k.svg | sed 's/\xc2\xb2/2/g'; done
  0:00:00 to 0:05:00   360 beats, 345 intervals between normal ones
  0:00:00 to 0:05:00   360 beats, 345 intervals between normal ones
  SD1 23.7 ms   SD2 44.0 ms   337 pairs
  0:00:00 to 0:05:00   360 beats, 345 intervals between normal ones
  n 345   mean 833.0 ms   SDNN 35.2 ms   bins of 1/128 s
  0:00:00 to 0:05:00   360 beats, 345 intervals between normal ones
  VLF 2 ms2   LF 624 ms2   HF 567 ms2   LF/HF 1.10
  $ kymo hrv -a atr --measures mean_nn_ms,sdnn_ms,sd1_ms,sd2_ms,vlf_ms2,lf_ms2,hf_ms2,lf_hf $D | cut -d, -f2-3,6-13
  n_beats,n_nn,mean_nn_ms,sdnn_ms,vlf_ms2,lf_ms2,hf_ms2,lf_hf,sd1_ms,sd2_ms
  360,345,833.008696,35.199802,2.19982,624.340615,566.677119,1.101757,23.661468,43.965417

What kymo hrv withholds the charts withhold, too, with the reason.

  $ kymo plot -k psd -a atr -t 40 $D -o psd.svg; grep -o '[^>]*not given[^<]*' psd.svg
  VLF, LF, HF, LF/HF not given: the recording is too short
  $ awk 'BEGIN { print "time_s,type"; for (i = 0; i < 60; i++) print i * 0.8 + (i % 7) / 100 "," (i % 6 ? "N" : "V") }' > ectopic.csv
  $ for k in poincare histogram; do kymo plot -k $k ectopic.csv -o $k.svg; grep -h -o -E '[^>]*(not given|excluded<)[^<]*' $k.svg; done
  30 pairs   SD1, SD2 not given:
  more than 20 % of the intervals are excluded</text>
  n 40   mean 801.2 ms   SDNN not given:
  more than 20 % of the intervals are excluded</text>
  $ kymo hrv --measures sdnn_ms,sd1_ms,hf_ms2 ectopic.csv | cut -d, -f 6-8,10
  sdnn_ms,hf_ms2,sd1_ms,note
  ,,,short: hf_ms2; ectopic: sdnn_ms sd1_ms

The line of a tachogram does not go through what does not lie between normal beats: seven such beats part it into eight. An interval
alone is a dot.

  $ path tachogram.svg | tr -cd M | wc -c; grep -A4 'class="excluded"' tachogram.svg | grep -o 'h0' | wc -l
  8
  14
  $ printf 'time_s,type\n1,N\n2,N\n3,N\n4,V\n5,N\n6,N\n7,V\n' > beats.csv; kymo plot -k tachogram beats.csv -o t.svg; sed -n '/class="trace"/,/class="excluded"/p' t.svg | grep -o 'h0' | wc -l
  1

  $ printf '800\n810\n790\n' > rr.txt; kymo plot rr.txt -o rr.svg && grep -o '<title>.*' rr.svg
  <title>Tachogram of rr.txt</title>
  $ kymo synth -d 60 | kymo plot -k tachogram -o t.svg && grep -o '[^>]*intervals between[^<]*' t.svg
  0:00:00 to 0:01:00   60 beats, 59 intervals between normal ones
  $ printf '800\n' | kymo plot -k psd -o t.svg && grep -o '>no [^<]*' t.svg
  >no spectrum: too few intervals that follow each other
  $ kymo plot -k tachogram --term $D
  kymo plot: --term draws a strip or a stack
  usage: kymo plot [OPTION]... [RECORD]
  [2]

A night, with as many desaturations as kymo desat finds; a pulse of 511 is a code. A night without a reading says so.

  $ kymo synth spo2 -d 3600 --artefacts 0.1 -o n.edf; kymo plot n.edf -o n.svg; grep -o '[^>]*desaturations by[^<]*' n.svg
  0:00:00 to 1:00:00   valid 0.88 h   15 desaturations by aasm3, 17.1 per valid h   mean 95.6 %   below 90 %: 3.1 % of valid time
  $ kymo desat n.edf | grep -c ,desat,; sed -n '/class="marks"/,/<\/g>/p' n.svg | grep -c '<rect'; grep -c '>[3-9]00</text>' n.svg
  15
  15
  0
  [1]
  $ awk 'BEGIN {print "time_s,SpO2 (%)"; for (i = 0; i < 60; i++) print i "," 127}' | kymo plot -k spo2 -o n.svg; grep -o '>no [^<]*' n.svg
  >no valid reading

A day at a glance: as many ventricular beats as were made, as many episodes as kymo rhythm finds.

  $ kymo synth -d 7200 --pvc 0.02 -o day.kymo; kymo plot -k overview -a beats day.kymo -o o.svg; grep -o '[0-9]* beats\|>vent[^<]*' o.svg
  7200 beats
  >ventricular beats (168)
  $ kymo events day.kymo | grep -c ,V,; kymo rhythm -a beats day.kymo | cut -d, -f4,7 | sort | uniq -c
  168
        1 type,text

Twelve leads: 3 rows of 4 that begin 62.5 mm apart, and one of 250 mm; what is not there is told.

  $ awk 'BEGIN {n = split("I,II,III,aVR,aVL,aVF,V1,V2,V3,V4,V5,V6", l, ","); printf "time_s"; for (k = 1; k <= n; k++) printf ",%s (mV)", l[k]; print ""; for (i = 0; i < 2500; i++) {printf "%.3f", i / 250; for (k = 1; k <= n; k++) printf ",%.3f", i % 250 / 250; print ""}}' > leads.csv
  $ kymo plot leads.csv -o l.svg; grep -o '<title>.*' l.svg; grep -A2 'class="trace"' l.svg | grep -o '<rect[^/]*' | sort -t'"' -k4,4n -k2,2n
  <title>12-lead ECG of leads.csv</title>
  <rect x="18" y="19" width="62.5" height="35"
  <rect x="80.5" y="19" width="62.5" height="35"
  <rect x="143" y="19" width="62.5" height="35"
  <rect x="205.5" y="19" width="62.5" height="35"
  <rect x="18" y="54" width="62.5" height="35"
  <rect x="80.5" y="54" width="62.5" height="35"
  <rect x="143" y="54" width="62.5" height="35"
  <rect x="205.5" y="54" width="62.5" height="35"
  <rect x="18" y="89" width="62.5" height="35"
  <rect x="80.5" y="89" width="62.5" height="35"
  <rect x="143" y="89" width="62.5" height="35"
  <rect x="205.5" y="89" width="62.5" height="35"
  <rect x="18" y="124" width="250" height="35"
  $ grep -o 'font-weight="bold"[^<]*' l.svg | cut -d'>' -f2 | tr '\n' ' '
  leads.csv I II III aVR aVL aVF V1 V2 V3 V4 V5 V6 II  (no-eol)
  $ kymo plot -k 12lead $D -o l.svg; grep -c 'not recorded' l.svg
  10
  $ kymo plot -k 12lead n.edf -o l.svg
  kymo plot: n.edf: no signal has the label of a lead: I, II, aVR, V1 ...
  [1]

Full disclosure: five lines for five minutes, a page for an hour.

  $ kymo plot -k disclosure -a atr $D -o d.svg; grep -c 'class="trace"' d.svg; grep -o '[^>]*a line is[^<]*' d.svg; kymo events -a atr $D | grep -c ,V,
  5
  II   0:00:00 to 0:05:00   a line is 60 s   3.00 mm/s   1.25 mm/mV
  7
  $ sed -n '/class="marks"/,/<\/g>/p' d.svg | grep -c '<rect.*#d55e00'
  7

A sample that stands alone is there, and a day is less than 10 MB.

  $ awk 'BEGIN {print "time_s,spike (mV)"; for (i = 0; i < 15000; i++) printf "%.3f,%d\n", i / 250, i == 7777}' > spike.csv
  $ kymo plot -k disclosure -s 0 spike.csv -o d.svg; grep -o '[0-9.]* mm/mV' d.svg; grep -A4 'class="trace"' d.svg | grep -o ' d="[^"]*' | tr ' ' '\n' | awk '$1 > 2 || $1 < -2' | tail -2
  5 mm/mV
  4.98
  86.43
  $ kymo plot -k disclosure day.kymo -o d.pdf; [ $(stat -c %s d.pdf) -lt $((10000000 * 2 / 24)) ] && echo small
  small
  $ kymo plot -k disclosure -f 1:00 day.kymo -o d.svg; ls d.svg d-*; kymo read day.kymo | kymo plot -k disclosure -o d.pdf; grep -a -o 'Count .*' d.pdf
  d-2.svg
  d.svg
  Count 2

The shapes of beats, as many groups as kymo beats lists. Beats alone have no shape.

  $ kymo plot -k clusters -a beats day.kymo -o c.svg; grep -o '[^>]* beats, [0-9][^<]*' c.svg
  7200 beats, 0 of them in no group   means of groups, P, QRS and T   50 mm/s   5 mm/mV
  0: N   7032 beats, 97.7 %
  1: V   168 beats, 2.3 %
  $ kymo beats --clusters -a beats day.kymo | cut -d, -f1-3
  cluster,type,beats
  0,N,7032
  1,V,168
  $ kymo plot -k clusters rr.txt -o c.svg
  kymo plot: beats without signals have no shape to be grouped by
  [1]

Names are names.

  $ sed '1s/saw (mV)/<script>alert("x\&y")<\/script>/' saw.csv > s.csv; head -1 s.csv
  time_s,<script>alert("x&y")</script>
  $ kymo plot -s 0 s.csv -o s.svg; grep -c '<script' s.svg; grep -o '[^>]*script[^<]*' s.svg
  0
  &lt;script&gt;alert(&quot;x&amp;y&quot;)&lt;/script&gt;

To the terminal.

  $ kymo plot --term -k stack saw.csv > term; sed -n '1p;8p' term; sed -n 2,7p term | LC_ALL=C awk '{print length}' | uniq
  saw  0 to 1.992 mV
  0:00:00                                                                  0:00:10
  240
  $ head -3 term | tail -1 | od -An -tx1 | head -1
   e2 a0 80 e2 a0 80 e2 a0 80 e2 a0 80 e2 a0 80 e2

Above it beats and rhythms, of several beats in a place one that is not normal; an episode has a bar.

  $ kymo plot --term -a atr -f 20 -s II $D | head -2
  N
    N      N      N      N      N     N   V         N      N     N     N      N
  $ kymo plot --term -a atr -k stack -s II $D | head -1
  N
  $ kymo plot --term -k stack $ROOT/testdata/gap.edf | head -1
                       Electrode off--------

Without identity there is no name, no date, no note; rhythms stay.

  $ kymo plot -a atr -f 20 --deidentify $D -o x.svg; grep -c 'demo\|2024' x.svg; grep -o '<title>.*' x.svg
  0
  <title>ECG</title>
  $ kymo plot -a atr -f 20 --deidentify $D -o x.pdf; grep -a -c 'demo\|2024' x.pdf
  0
  [1]
  $ for o in '' --deidentify; do kymo plot -k stack $o $ROOT/testdata/gap.edf -o x.svg; grep -c 'Electrode' x.svg; grep -o '>note<' x.svg; done
  1
  0
  >note<
  $ kymo plot -a atr --deidentify -k overview $D -o x.svg; kymo plot -a atr --deidentify -k poincare $D -o y.svg; cat x.svg y.svg | grep -c 'demo\|2024'
  0
  [1]

What goes wrong leaves no file, and says what it is.

  $ rm -f x.*
  $ kymo plot $D
  kymo plot: where to? -o FILE.svg, .png or .pdf, or --term
  usage: kymo plot [OPTION]... [RECORD]
  [2]
  $ kymo plot --term $D -o x.svg
  kymo plot: where to? -o FILE.svg, .png or .pdf, or --term
  usage: kymo plot [OPTION]... [RECORD]
  [2]
  $ kymo plot $D -o x.jpg
  kymo plot: -o "x.jpg" does not end in .svg, .png or .pdf
  usage: kymo plot [OPTION]... [RECORD]
  [2]
  $ kymo plot --dpi 5000 $D -o x.png
  kymo plot: --dpi 5000 is not 30..600
  usage: kymo plot [OPTION]... [RECORD]
  [2]
  $ kymo plot --strip 600 $D -o x.png
  kymo plot: x.png: 88737 x 748 dots, not at most 32767: fewer to the inch, or .svg
  usage: kymo plot [OPTION]... [RECORD]
  [2]
  $ kymo plot -s nothing $D -o x.svg 2>&1 | head -1
  kymo plot: no signal "nothing" among 0..1 (II, V5)
  $ kymo plot -k strip -s SpO2 -f 1:00:00 $ROOT/testdata/night.edf -o x.svg 2>&1 | sed "s|$ROOT/||"
  kymo plot: warning: testdata/night.edf: nothing from 3600 s on: it is 60 s long
  kymo plot: testdata/night.edf: no samples from 3600 s on
  $ kymo synth spo2 -d 60 | kymo plot -k strip -o x.svg
  kymo plot: stdin: no signal of kind ecg; -s names others
  [1]
  $ head -c 60000 <(kymo read $D) | kymo plot -t 300 -o x.pdf
  kymo plot: stdin:60000: stream cut off: it ends inside a frame of 100024 bytes
  [1]
  $ kymo plot $D -o no/x.svg
  kymo plot: no/x.svg: cannot be written: No such file or directory
  [1]
  $ for f in svg png pdf; do ln -s /dev/full x.$f; kymo plot $D -o x.$f; done; rm x.*
  kymo plot: x.svg: cannot be written: No space left on device
  kymo plot: x.png: cannot be written: No space left on device
  kymo plot: x.pdf: cannot be written: No space left on device
  $ ls x* 2> /dev/null
  [2]

A lead's name stands free: where the trace would run through it, its row is a square higher.

  $ for at in 25 625; do awk -v at=$at 'BEGIN { print "time_s,ECG (mV)"; for (i = 0; i < 2500; i++) print i / 250 "," (i == at ? 1.5 : 0) }' > s.csv
  >   kymo plot s.csv -o s.svg; grep -o '<svg [^>]*height="[^"]*"' s.svg | grep -o 'height.*'; done
  height="61.5mm"
  height="56.5mm"

Beats of a stream are drawn, whether they come from a file or from a pipe, and however late they come behind the samples.

  $ kymo synth -d 60 -o s.kymo; drawn() { kymo plot "$@" -o s.svg; cat s*.svg | grep -c '>N</text>'; rm s*.svg; }
  $ drawn s.kymo; drawn s.kymo -f 5 -t 25; drawn - < s.kymo; kymo events s.kymo | awk -F, 'NR > 1 && $1 < 10' | wc -l
  10
  20
  10
  10

Of a drawing without identity, an audit finds none.

  $ kymo plot --deidentify -a atr $D -o x.svg; kymo deid --audit x.svg; kymo plot -a atr $D -o x.svg; kymo deid --audit x.svg
  record,field,value
  record,field,value
  x.svg,title,demo
  x.svg,text,demo begins 2024-03-14T08:15:30
  [1]

Where a recording lies is not said.

  $ mkdir a b; cp $ROOT/testdata/night.edf a; cp $ROOT/testdata/night.edf b; kymo plot a/night.edf -o a.svg; kymo plot b/night.edf -o b.svg; cmp a.svg b.svg
  $ grep -o '<title>[^<]*' a.svg | head -1
  <title>ECG of night.edf
