Events of a recording as a table.

  $ T=$ROOT/testdata
  $ kymo events -a atr $T/demo | head -3
  time_s,sample,signal,type,duration_s,value,text
  0,0,,+,,,(N
  0.436,109,,N,,,
  $ kymo events -a atr $T/demo --all -O tsv | sed -n 2p | tr '\t' ' '
  0 0  +   (N atr 0 0
  $ kymo events $T/night.edf
  time_s,sample,signal,type,duration_s,value,text
  0,,,note,,,Lights off
  20,,,note,18,,Apn\xc3\xa9e obstructive (esc)
  27,,,note,25,,D\xc3\xa9saturation (esc)
  38.25,,,note,3.2,,Arousal
  $ kymo events $T/demo
  time_s,sample,signal,type,duration_s,value,text
  $ kymo events -a nosuch $T/demo
  kymo events: no annotations "nosuch": */testdata/demo.nosuch: No such file or directory (glob)
  [1]

By type, class and time.

  $ kymo events -a atr --type V $T/demo | wc -l
  8
  $ kymo events -a atr --type V,+ $T/demo | wc -l
  9
  $ kymo events -a atr --type V --type + $T/demo | wc -l
  9
  $ kymo events -a atr --type beats $T/demo | wc -l
  361
  $ kymo events -a atr --type normal $T/demo | wc -l
  354
  $ kymo events -a atr -f 60 -t 62 $T/demo
  time_s,sample,signal,type,duration_s,value,text
  60.36,15090,,N,,,
  61.26,15315,,N,,,

Through a pipe, a table as well as a recording; every form.

  $ kymo qrs $T/demo > beats.csv
  $ kymo events beats.csv | cut -d, -f1,2,4-7 | cmp - <(cut -d, -f1,2,4-7 beats.csv)
  $ kymo qrs -O kymo $T/demo | kymo events -a qrs | cmp - <(cut -d, -f1-7 beats.csv)
  $ kymo events -a atr $T/demo -O kymo | kymo events --all | cmp - <(kymo events -a atr --all $T/demo)
  $ kymo events -a atr $T/demo -O json | python3 -c 'import json, sys; print(len(json.load(sys.stdin)))'
  361
  $ kymo events -a atr -t 2 $T/demo -O jsonl
  {"time_s":0,"sample":0,"signal":null,"type":"+","duration_s":null,"value":null,"text":"(N"}
  {"time_s":0.436,"sample":109,"signal":null,"type":"N","duration_s":null,"value":null,"text":null}
  {"time_s":1.296,"sample":324,"signal":null,"type":"N","duration_s":null,"value":null,"text":null}
  $ kymo events -a atr -t 2 $T/demo -O text
  time_s  sample  signal  type  duration_s  value  text
       0       0          +                        (N
   0.436     109          N
   1.296     324          N

Several merged by time.

  $ printf 'time_s,type,text\n2,note,b\n0.5,note,a\n' > a.csv
  $ printf 'time_s,type,text\n0.5,V,\n1,N,\n' > b.csv
  $ kymo events a.csv b.csv
  time_s,sample,signal,type,duration_s,value,text
  0.5,,,note,,,a
  0.5,,,V,,,
  1,,,N,,,
  2,,,note,,,b
  $ kymo events b.csv a.csv -O kymo | kymo events --all
  time_s,sample,signal,type,duration_s,value,text,track,subtype,num
  0.5,,,V,,,,events,0,0
  0.5,,,note,,,a,events,0,0
  1,,,N,,,,events,0,0
  2,,,note,,,b,events,0,0

Without the signal file, and of a stream that was cut off.

  $ cp $T/demo.hea $T/demo.atr .
  $ kymo events -a atr --type + demo
  time_s,sample,signal,type,duration_s,value,text
  0,0,,+,,,(N
  $ kymo read -a atr $T/demo | head -c 50000 | kymo events | tail -1
  kymo events: stdin:50000: stream cut off: it ends inside a frame of 100024 bytes
  ,,,error,,,stdin:50000: stream cut off: it ends inside a frame of 100024 bytes
