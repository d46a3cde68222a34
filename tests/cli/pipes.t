From samples to beats to heart-rate variability, through pipes.

  $ kymo synth -d 120 --hr 75 --noise 0.02 -o s.kymo
  $ kymo info s.kymo
  record,format,start,duration_s,signal,label,kind,unit,rate_hz,samples,gain_per_unit,baseline,storage,note
  s.kymo,kymo,,120,0,II,ecg,mV,250,30000,1000,0,i16,

The beats found are the beats made: as many, and none further away than 20 ms.

  $ kymo qrs s.kymo > found.csv
  $ head -1 found.csv
  time_s,sample,signal,type,duration_s,value,text,quality
  $ kymo hrv s.kymo -O jsonl | grep -o '"n_beats":[0-9]*'
  "n_beats":150
  $ kymo hrv found.csv -O jsonl | grep -o '"n_beats":[0-9]*'
  "n_beats":150
  $ kymo read s.kymo | kymo qrs -O kymo | kymo hrv -a qrs -O jsonl | grep -o '"n_beats":[0-9]*'
  "n_beats":150

The same recording gives the same bytes, from a file and through a pipe.

  $ cat s.kymo | kymo qrs | cmp - found.csv
  $ kymo read s.kymo | kymo read | kymo qrs - | cmp - found.csv
  $ kymo synth -d 10 | cmp - <(kymo synth -d 10)

A selection keeps the times and sample numbers of the whole.

  $ kymo read s.kymo -f 0:01:00 -t 0:01:30 | kymo qrs | awk -F, 'NR == 2 { print ($1 >= 60 && $1 < 61.5), ($2 == int($1 * 250 + 0.5)) }'
  1 1
  $ kymo read s.kymo -f 60 -t 90 -o part.kymo
  $ kymo hrv part.kymo -O jsonl | grep -o '"n_beats":[0-9]*'
  "n_beats":38
  $ kymo hrv s.kymo -f 60 -t 90 -O jsonl | grep -o '"n_beats":[0-9]*'
  "n_beats":38

Every form of a table.

  $ kymo qrs s.kymo -O tsv | head -1 | tr '\t' ' '
  time_s sample signal type duration_s value text quality
  $ kymo qrs s.kymo -O json | python3 -c 'import json, sys; print(len(json.load(sys.stdin)))'
  150
  $ kymo qrs s.kymo -O jsonl | wc -l
  150
  $ kymo events found.csv -O text | awk '{ print $1, $2 }' | head -1
  time_s sample

No beats is an answer, not an error.

  $ kymo read s.kymo -t 0.1 | kymo qrs
  kymo qrs: warning: stdin: no beats
  time_s,sample,signal,type,duration_s,value,text,quality
  $ kymo read s.kymo -t 0.1 | kymo qrs | kymo hrv --measures time | cut -d, -f1-6,21
  kymo qrs: warning: stdin: no beats
  record,n_beats,n_nn,n_corrected,pct_excluded,mean_nn_ms,iqr_nn_ms
  stdin,0,0,0,,,

A table of events as a spreadsheet leaves it: a byte order mark, columns in another order.

  $ printf '\xef\xbb\xbftype,note,"time_s"\r\nN,x,1\r\nN,,2\r\nV,,2.5\r\nN,,4\r\n' | kymo hrv -O jsonl | grep -o '"n_beats":[0-9]*,"n_nn":[0-9]*'
  "n_beats":4,"n_nn":1

A pipe that has a name is one too, for commands that read a recording more than once.

  $ kymo synth -d 60 -o named.kymo; kymo report named.kymo -o named.json; kymo plot named.kymo -o named.svg
  $ kymo report <(cat named.kymo) -o piped.json; grep -c '"beats"' piped.json
  3
  $ kymo plot <(cat named.kymo) -o piped.svg; cmp named.svg piped.svg

Commands that find beats one behind the other: the last word counts, nothing is found again. Tracks of others have to be named.

  $ kymo qrs -O kymo "$ROOT/testdata/demo" | kymo beats -O kymo > both.kymo
  $ kymo hrv --measures nn50 both.kymo | cut -d, -f2-6; kymo rhythm both.kymo | cmp - <(kymo rhythm "$ROOT/testdata/demo")
  n_beats,n_nn,n_corrected,pct_excluded,nn50
  360,345,0,3.9,46
  $ kymo hrv -a qrs --measures nn50 both.kymo | cut -d, -f2-6
  n_beats,n_nn,n_corrected,pct_excluded,nn50
  360,359,0,0,67

Pipes that have names can be joined, too.

  $ kymo cat -q <(kymo read -t 100 "$ROOT/testdata/demo") <(kymo read -f 200 "$ROOT/testdata/demo") | kymo qrs | wc -l
  242
  $ kymo read -f 200 "$ROOT/testdata/demo" | kymo cat -q <(kymo read -t 100 "$ROOT/testdata/demo") - | kymo qrs | wc -l
  242
