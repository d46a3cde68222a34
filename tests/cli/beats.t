Every beat of a recording gets its class; those of the detector, the same from a file, through a pipe, and with its beats given.

  $ D=$ROOT/testdata/demo
  $ kymo beats $D > beats.csv; head -1 beats.csv; sed -n 2,3p beats.csv | cut -d, -f1-4,14
  time_s,sample,signal,type,duration_s,value,text,quality,p_n,p_s,p_v,p_f,p_q,cluster
  0.444,111,II,N,0
  1.304,326,II,N,0
  $ cut -d, -f4 beats.csv | sort | uniq -c | sort -n
        1 type
        7 V
      353 N
  $ kymo score --from 0 beats.csv $D | cut -d, -f2-4,9-11
  n_ref,tp,missed,n_v,v_se_pct,v_pp_pct
  360,360,0,7,100,100
  $ kymo read $D | kymo beats | cmp - beats.csv
  $ kymo qrs -O kymo $D | kymo beats | cut -d, -f1-5,14 | cmp - <(cut -d, -f1-5,14 beats.csv)

Chances add up to 1, and the value is the largest of them.

  $ awk -F, 'NR > 1 { s = $9 + $10 + $11 + $12 + $13; m = $9; for (k = 10; k <= 13; k++) if ($k > m) m = $k
  >     if ((s - 1) ^ 2 > 9e-6 || (m - $6) ^ 2 > 1e-6) print }' beats.csv

Given beats keep their times, whatever their types were; by times alone, and where the signals are missing.

  $ kymo beats -a atr $D | cut -d, -f1,2 | cmp - <(kymo events -a atr --type beats $D | cut -d, -f1,2)
  $ kymo qrs $D | kymo beats > times.csv; cut -d, -f4,14 times.csv | sort | uniq -c
      353 N,
        7 V,
        1 type,cluster
  $ cp $D.hea $D.atr .; kymo beats -a atr demo | cut -d, -f4 | sort | uniq -c
      353 N
        7 V
        1 type

A recording with the beats in it, which is read twice.

  $ kymo beats -O kymo $D | kymo events -a beats | cmp - <(cut -d, -f1-7 beats.csv)
  $ kymo beats -O kymo $D | kymo convert - copy.edf && kymo info copy.edf | cut -d, -f2,4-8
  kymo convert: warning: copy.edf: 2 notes of the source have no place in EDF
  format,duration_s,signal,label,kind,unit
  edf,300,0,II,ecg,mV
  edf,300,1,V5,ecg,mV

Through a pipe it is kept meanwhile: the same samples and events, all signals, whatever was asked for.

  $ kymo beats -O kymo -f 10 -t 100 -s V5 $D > file.kymo; kymo read $D | kymo beats -O kymo -f 10 -t 100 -s V5 > pipe.kymo
  $ kymo info pipe.kymo | wc -l; kymo events pipe.kymo | cmp - <(kymo events file.kymo)
  3
  $ kymo convert --lossy pipe.kymo - -O csv 2> /dev/null | cmp - <(kymo convert --lossy file.kymo - -O csv 2> /dev/null)
  $ kymo qrs -O kymo $D | kymo beats -O kymo | kymo events -a qrs | cmp - <(kymo qrs -O kymo $D | kymo events -a qrs)
  $ kymo qrs $D | kymo beats -O kymo | kymo events -a beats | wc -l
  361
  $ kymo read $D | TMPDIR=missing kymo beats -O kymo > x.kymo
  kymo beats: cannot keep what the pipe brings: missing/kymo-beats: cannot be written: No such file or directory
  [1]
  $ kymo read $D | kymo beats -O kymo -o missing/x.kymo
  kymo beats: cannot keep what the pipe brings: missing/x.kymo: cannot be written: No such file or directory
  [1]
  $ kymo read $D | head -c 100000 | kymo beats -O kymo -o cut.kymo; ls cut*
  kymo beats: stdin:100000: stream cut off: it ends inside a frame of 100024 bytes
  ls: cannot access 'cut*': No such file or directory
  [2]

Of more than two leads those are looked at in which beats repeat.

  $ kymo calc -e 'a = II' -e 'b = V5' -o four.kymo $D
  $ kymo noise -s II -s V5 --snr -3 --kind motion --clean 0 --on 10:00 --off 0 four.kymo > bad.kymo
  $ kymo beats bad.kymo > four.csv; kymo score --from 0 four.csv $D | cut -d, -f2-4,9-11
  n_ref,tp,missed,n_v,v_se_pct,v_pp_pct
  360,360,0,7,100,100

Gaps stay gaps.

  $ kymo beats $ROOT/testdata/gap.edf | grep -c gap; kymo beats $ROOT/testdata/gap.edf | sort -c -t, -g -k1,1
  2

Groups of one shape, and a person who names them by number or by a beat.

  $ kymo beats --clusters $D
  cluster,type,beats,share_pct,n,s,v,f,q,mean_rr_s,first_s,example_s
  0,N,353,98.056,353,0,0,0,0,0.839693,0.444,150.516
  1,V,7,1.944,0,0,7,0,0,0.505714,25.128,140.108
  $ printf 'cluster,type\n1,F\n' > by_number.csv; kymo beats --assist by_number.csv $D | grep -c ,F,
  7
  $ printf 'type;time_s\r\n"F"; 25.1\r\n' > by_time.csv; kymo beats --assist by_time.csv $D | cmp - <(kymo beats --assist by_number.csv $D)
  $ kymo beats --assist by_number.csv --clusters $D | cut -d, -f1-3
  cluster,type,beats
  0,N,353
  1,F,7
  $ kymo beats --clusters --assist <(printf 'cluster,type\n0,L\n') $D | cut -d, -f1-3
  cluster,type,beats
  0,N,353
  1,V,7

What is wrong with such a table is said with its line.

  $ assist() { printf "$1" > table.csv; kymo beats --assist table.csv $D; }
  $ assist 'cluster,label\n1,V\n'
  kymo beats: table.csv: among the columns must be type, and cluster or time_s
  [1]
  $ assist 'cluster,type\n1,V\none,V\n'
  kymo beats: table.csv:3: cluster "one" is not the number of one
  [1]
  $ assist 'cluster,type\n-1,V\n'
  kymo beats: table.csv:2: cluster "-1" is not the number of one
  [1]
  $ assist 'cluster,type\n2,V\n'
  kymo beats: table.csv:2: cluster "2" is not the number of one
  [1]
  $ assist 'cluster,type\n1,X\n'
  kymo beats: table.csv:2: type "X" is not that of a beat, as N, S, V, F, Q
  [1]
  $ assist 'cluster,type\n1,V\n1,N\n'
  kymo beats: table.csv:3: cluster 1 is V already, and now N
  [1]
  $ assist 'time_s,type\n5000,V\n'
  kymo beats: table.csv:2: no beat with a shape within 150 ms of 5000 s
  [1]
  $ assist ''
  kymo beats: table.csv: nothing in it: no line of column names
  [1]
  $ kymo beats --assist missing.csv $D
  kymo beats: missing.csv: No such file or directory
  [1]
  $ kymo beats -O kymo --clusters $D > x
  kymo beats: --clusters prints a table: -O kymo is for beats
  usage: kymo beats [OPTION]... [RECORD]
  [2]
  $ kymo qrs $D | kymo beats --clusters
  kymo beats: beats without signals have no shape to be grouped by
  [1]

Beats that are not in order are refused, of several at one time one is used, and what lies behind the signals is told of.

  $ printf 'time_s,type\n1,N\n3,N\n2,N\n' > order.csv; kymo beats order.csv | tail -1
  kymo beats: order.csv: beat at 2 s does not lie behind the one at 3 s
  $ printf 'time_s,type\n1,N\n2,N\n2,V\n3,N\n' > double.csv; kymo beats double.csv | cut -d, -f1,4
  kymo beats: warning: double.csv: 1 beats at the time of the beat before: left out
  time_s,type
  1,N
  2,N
  3,N
  $ printf 'time_s,type\n1,N\n2,N\n3,zebra\n4,N\n' > zebra.csv; kymo beats zebra.csv | cut -d, -f1,4
  kymo beats: warning: zebra.csv: events of type "zebra", which is in no vocabulary, are not used
  time_s,type
  1,N
  2,N
  4,N
  $ kymo convert $D -t 100 short.hea && cp $D.atr short.atr && kymo beats -a atr short | wc -l
  kymo beats: warning: short.hea: 240 of 360 beats lie behind the end of the signals, at 100 s: are they of another recording?
  361

Few beats, one, and none.

  $ for n in 1 2 3; do kymo beats -t $n $D | cut -d, -f4 | tr '\n' ' '; done; echo
  type N type N N type N N N 
  $ printf 'time_s,type\n1,N\n' | kymo beats | cut -d, -f1,4
  time_s,type
  1,N
  $ printf 'time_s,type\n' | kymo beats
  time_s,sample,signal,type,duration_s,value,text,quality,p_n,p_s,p_v,p_f,p_q,cluster
  $ kymo beats -t 0.1 $D 2>&1 | sed "s|$ROOT/||"
  kymo beats: warning: testdata/demo.hea: no beats
  time_s,sample,signal,type,duration_s,value,text,quality,p_n,p_s,p_v,p_f,p_q,cluster
  $ kymo beats $D > /dev/full
  kymo beats: standard output: cannot be written: No space left on device
  [1]
  $ kymo beats $D | head -1 | cut -c1-6
  time_s
  $ kymo beats missing
  kymo beats: missing: No such file or directory
  [1]
