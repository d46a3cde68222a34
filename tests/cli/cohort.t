Tables of recordings, joined: how measures lie, what is far off, who needs a person.

  $ T=$ROOT/testdata
  $ cp $T/cohort.csv $T/subjects.csv .
  $ kymo cohort cohort.csv
  measure,value,n,missing,mean,sd,min,q1,median,q3,max,mad,outliers,note
  n_beats,,10,0,29169.3,7275.38323,9120,29937.75,30882.5,31880,35021,1070.5,1,
  pct_excluded,,10,0,5.86,13.6401531,0.4,0.925,1.55,2.325,44.6,0.7,1,
  sdnn_ms,,9,1,120.033333,21.3410988,88.7,104.8,122.9,131.6,155,18.1,0,
  rmssd_ms,,9,1,54.7111111,69.8282436,22.5,27.4,31.7,38.1,240.2,5.6,1,
  recipe,"exclude, welch",10,0,,,,,,,,,,
  $ kymo cohort cohort.csv --subjects subjects.csv -g sex --measures 'sdnn_ms,*ssd_ms' -O text
  kymo cohort: warning: subjects.csv: 1 of 10 subjects have no recording, the first s11
  kymo cohort: warning: subjects.csv: 1 of 10 recordings are not in it, the first night/s10.edf
  measure   sex  value  n  missing        mean          sd    min     q1  median      q3    max   mad  outliers  note
  sdnn_ms   F           5        0      122.14  28.0737956   88.7   98.4   127.4   141.2    155  27.6         0
  sdnn_ms   M           3        1       121.6  10.7093417  110.3  116.6   122.9  127.25  131.6   8.7            too few values to tell outliers
  sdnn_ms               1        0       104.8              104.8  104.8   104.8   104.8  104.8     0            too few values to tell outliers
  rmssd_ms  F           5        0        33.4  7.69610291   22.5     29    35.5    38.1   41.9   6.4         0
  rmssd_ms  M           3        1  99.7666667  121.637837   27.4  29.55    31.7  135.95  240.2   4.3            too few values to tell outliers
  rmssd_ms              1        0        26.1               26.1   26.1    26.1    26.1   26.1     0            too few values to tell outliers
  $ kymo cohort cohort.csv --subjects subjects.csv -g arm,sex --measures 'age,note' -q
  measure,arm,sex,value,n,missing,mean,sd,min,q1,median,q3,max,mad,outliers,note
  age,1,F,,3,0,48.6666667,4.72581563,45,46,47,50.5,54,2,,too few values to tell outliers
  age,1,M,,2,0,69,4.24264069,66,67.5,69,70.5,72,3,,too few values to tell outliers
  age,2,F,,2,0,45,8.48528137,39,42,45,48,51,6,,too few values to tell outliers
  age,2,M,,2,0,59.5,2.12132034,58,58.75,59.5,60.25,61,1.5,,too few values to tell outliers
  age,,,,0,1,,,,,,,,,,no values
  note,1,F,,0,3,,,,,,,,,,no values
  note,1,M,ectopic: sdnn_ms rmssd_ms,1,1,,,,,,,,,,
  note,2,F,short: sdnn_ms,1,1,,,,,,,,,,
  note,2,M,,0,2,,,,,,,,,,no values
  note,,,,0,1,,,,,,,,,,no values
  $ kymo cohort cohort.csv --outliers
  record,measure,value,median,mad,distance
  night/s08.edf,n_beats,9120,30882.5,1070.5,-13.71
  night/s04.edf,pct_excluded,44.6,1.55,0.7,41.48
  night/s07.edf,rmssd_ms,240.2,31.7,5.6,25.11
  $ kymo cohort cohort.csv --triage
  rank,record,score,failed,absent,verdict,excluded,missing,outliers,notes,reasons
  1,night/s04.edf,7,0,0,0,3,3,0,1,"pct_excluded 44.6, above 20; 2 of 3 measures missing; note: ectopic: sdnn_ms rmssd_ms"
  2,night/s08.edf,2,0,0,0,0,0,1,1,n_beats 9120 is 13.7 robust SD below the median 30882.5; note: short: sdnn_ms
  3,night/s07.edf,1,0,0,0,0,0,1,0,rmssd_ms 240.2 is 25.1 robust SD above the median 31.7

A table that batch made.

  $ for i in 1 2 3; do kymo synth -d 60 --seed $i > r$i.kymo; done
  $ kymo batch -o hrv.csv -- kymo hrv -a beats --measures nn50 ::: r*.kymo
  $ kymo cohort hrv.csv --measures n_beats,nn50,pct_excluded | cut -d, -f1-12
  measure,value,n,missing,mean,sd,min,q1,median,q3,max,mad
  n_beats,,3,0,60,0,60,60,60,60,60,0
  nn50,,3,0,0,0,0,0,0,0,0,0
  pct_excluded,,3,0,0,0,0,0,0,0,0,0
  $ kymo batch -- kymo hrv -a beats --measures nn50 ::: r*.kymo | kymo cohort - --measures n_beats | cut -d, -f1,3
  measure,n
  n_beats,3

Recordings that failed have no row: --triage has them first, from the folder of the batch, with the reason; another table may know them.

  $ head -c 5000 r2.kymo > cut.kymo; kymo batch -o some.csv -- kymo hrv -a beats --measures nn50 ::: r1.kymo cut.kymo nosuch r3.kymo 2> /dev/null
  [3]
  $ kymo cohort some.csv --triage | sed 's/cut.kymo:[0-9].*/ETC/'
  rank,record,score,failed,absent,verdict,excluded,missing,outliers,notes,reasons
  1,cut.kymo,10,10,0,0,0,0,0,0,failed: kymo hrv: ETC
  2,nosuch,10,10,0,0,0,0,0,0,failed: no such recording
  $ printf 'record,verdict\nr1.kymo,good\ncut.kymo,poor\nr3.kymo,unusable\n' > verdicts.csv
  $ mv some.csv.batch elsewhere; kymo cohort some.csv -d elsewhere verdicts.csv --triage -q | sed 's/cut.kymo:[0-9][^;]*/ETC/'
  rank,record,score,failed,absent,verdict,excluded,missing,outliers,notes,reasons
  1,nosuch,15,10,5,0,0,0,0,0,failed: no such recording; not in verdicts.csv
  2,cut.kymo,13,10,0,3,0,0,0,0,failed: kymo hrv: ETC; verdict poor
  3,r3.kymo,5,0,0,5,0,0,0,0,verdict unusable
  $ kymo cohort some.csv --triage | wc -l
  1
  $ cp r2.kymo cut.kymo; kymo batch -d elsewhere -o some.csv -- kymo hrv -a beats --measures nn50 ::: r1.kymo cut.kymo r3.kymo
  $ kymo cohort some.csv -d elsewhere --triage | cut -d, -f2
  record
  nosuch

Joined: columns of one name, recordings that are in one table only, their order; JSON has numbers where a column is one of them.

  $ printf 'record,x,note\na/2.edf,2.50,\na/1.edf,1,"so, so"\n' > one.csv
  $ printf 'record\ty\tnote\na/1.edf\t10\tn\na/3.edf\tNA\t\na/2.edf\t30\t\n' > two.tsv
  $ kymo cohort one.csv two.tsv --joined
  kymo cohort: warning: one.csv: 1 of 3 recordings are not in it, the first a/3.edf
  record,x,note,y,two.note
  a/2.edf,2.50,,30,
  a/1.edf,1,"so, so",10,n
  a/3.edf,,,,
  $ kymo cohort one.csv two.tsv --joined -q -O jsonl
  {"record":"a/2.edf","x":2.5,"note":null,"y":30,"two.note":null}
  {"record":"a/1.edf","x":1,"note":"so, so","y":10,"two.note":"n"}
  {"record":"a/3.edf","x":null,"note":null,"y":null,"two.note":null}
  $ kymo cohort one.csv two.tsv --strict > none.csv
  kymo cohort: one.csv: 1 of 3 recordings are not in it, the first a/3.edf
  [1]
  $ kymo cohort two.tsv one.csv -q --joined -O tsv
  record\ty\tnote\tx\tone.note (esc)
  a/1.edf\t10\tn\t1\tso, so (esc)
  a/3.edf\t\t\t\t (esc)
  a/2.edf\t30\t\t2.50\t (esc)
  $ kymo cohort one.csv one.csv --joined | head -1
  record,x,note,one.x,one.note

Subjects by file name, by name without ending, by a column of the tables; what fits twice is not taken.

  $ printf 'id,age\n1,40\n2.edf,50\n' > s.csv && kymo cohort one.csv --subjects s.csv --joined
  record,x,note,id,age
  a/2.edf,2.50,,2.edf,50
  a/1.edf,1,"so, so",1,40
  $ printf 'id,age\na/1.edf,40\n1,41\n2.dat,50\n2.edf,51\n' > s.csv && kymo cohort one.csv --subjects s.csv --joined
  kymo cohort: warning: s.csv: 2 of 4 subjects have no recording, the first 1
  record,x,note,id,age
  a/2.edf,2.50,,2.edf,51
  a/1.edf,1,"so, so",a/1.edf,40
  $ printf 'id,age\n2.dat,50\n2.bdf,51\n1,40\n' > s.csv && kymo cohort one.csv --subjects s.csv --joined
  kymo cohort: warning: s.csv: 2 of 3 subjects have no recording, the first 2.dat
  kymo cohort: warning: s.csv: 1 of 2 recordings are not in it, the first a/2.edf
  record,x,note,id,age
  a/2.edf,2.50,,,
  a/1.edf,1,"so, so",1,40
  $ printf 'age,id\n40,p1\n50,p2\n' > s.csv && printf 'record,id,x\na,p1,1\nb,p2,2\nc,p1,3\n' > many.csv
  $ kymo cohort many.csv --subjects s.csv --subject-key id --joined
  record,id,x,age
  a,p1,1,40
  b,p2,2,50
  c,p1,3,40
  $ kymo cohort many.csv --by x --joined | head -2
  record,id,x
  a,p1,1
  $ printf 'id,age\nq1,40\n' > s.csv && kymo cohort one.csv --subjects s.csv
  kymo cohort: s.csv: no recording is in it: its column id begins with "q1", theirs with "a/2.edf" (--subject-key, --by)
  [1]

Verdicts with their reasons, recordings that a table does not have, in a stable order.

  $ printf 'record,verdict,reasons,gaps\na,good,,0\nb,unusable,flat;noise,0\nc,usable,noise,0\nd,Poor,,1\n' > quality.csv
  $ printf 'record,x,pct_excluded\na,1,0\nc,2,55\nd,3,20\ne,,\n' > x.csv
  $ kymo cohort quality.csv x.csv --triage -q
  rank,record,score,failed,absent,verdict,excluded,missing,outliers,notes,reasons
  1,b,10,0,5,5,0,0,0,0,not in x.csv; verdict unusable (flat;noise)
  2,e,8,0,5,0,0,3,0,0,not in quality.csv; 1 of 1 measures missing
  3,c,4,0,0,1,3,0,0,0,"verdict usable (noise); pct_excluded 55, above 20"
  4,d,3,0,0,3,0,0,0,0,verdict Poor
  $ kymo cohort quality.csv x.csv --triage -q --excluded 60 -O jsonl | tail -1
  {"rank":4,"record":"c","score":1,"failed":0,"absent":0,"verdict":1,"excluded":0,"missing":0,"outliers":0,"notes":0,"reasons":"verdict usable (noise)"}
  $ kymo cohort x.csv --triage --measures x | cut -d, -f2-3
  record,score
  c,3
  e,3

A long note is cut, not in the middle of a character; what most recordings have to note gives no points.

  $ awk 'BEGIN { printf "record,note,notes\na,x"; while (n++ < 90) printf "\303\244"; print ",all\nb,,all\nc,,all" }' > long.csv
  $ kymo cohort long.csv --triage | cut -d, -f2-10
  record,score,failed,absent,verdict,excluded,missing,outliers,notes
  a,1,0,0,0,0,0,0,1
  $ kymo cohort long.csv --triage | sed 1d | cut -d, -f11 | tr -d '\303\244'
  note: x ...; notes: all
  $ kymo cohort long.csv --triage | iconv -f UTF-8 -t UTF-8 > none.txt

Values of text: the most frequent, and the rest of them; groups are ordered by size, those without a value last.

  $ printf 'record,w,g\na,u,10\nb,v,9\nc,v,\nd,,9\ne,z,9\nf,v,10\ng,t,9\n' > w.csv
  $ kymo cohort w.csv --values 1 -g g | cut -d, -f1-5,15
  measure,g,value,n,missing,note
  w,9,t,1,1,
  w,9,,2,1,2 other values
  w,10,u,1,0,
  w,10,,1,0,1 other values
  w,,v,1,0,
  $ kymo cohort w.csv --values 0 --measures w | cut -d, -f1-4,14
  measure,value,n,missing,note
  w,,6,1,4 other values

Numbers that are none, decimal commas; a column of which half are none is text.

  $ printf 'record;x;y\r\na;1,5;1\r\nb;2;?\r\nc;err;2\r\nd;;?\r\n' > comma.csv
  $ kymo cohort comma.csv | cut -d, -f1-5
  kymo cohort: warning: comma.csv:4: x: 1 of 4 cells are no numbers, and count as missing; the first is "err"
  kymo cohort: warning: comma.csv: x: 1 of 2 numbers have a decimal comma
  measure,value,n,missing,mean
  x,,2,2,1.75
  y,?,2,0,
  y,1,1,0,
  y,2,1,0,

What cannot be used is said with its place.

  $ kymo cohort nothing.csv
  kymo cohort: nothing.csv: No such file or directory
  [1]
  $ printf 'record,x\n' > empty.csv && kymo cohort empty.csv
  kymo cohort: empty.csv: no rows
  [1]
  $ printf 'record,x\na,1\nb\n' > short.csv && kymo cohort short.csv
  kymo cohort: short.csv:3: 1 cells, where the line of names has 2
  [1]
  $ printf 'record,x\na,1\na,2\n' > twice.csv && kymo cohort twice.csv
  kymo cohort: twice.csv:3: record a is in line 2 too, and there may be but one row of each
  [1]
  $ printf 'record,x\na,1\n,2\n' > nameless.csv && kymo cohort nameless.csv
  kymo cohort: nameless.csv:3: nothing in column record
  [1]
  $ printf 'record,x\na,"1\n' > open.csv && kymo cohort open.csv
  kymo cohort: open.csv:2: quotation marks that do not close
  [1]
  $ kymo cohort cohort.csv --by subject
  kymo cohort: cohort.csv: no column "subject": its first is "record", of 7
  usage: kymo cohort [OPTION]... TABLE...
  [2]
  $ kymo cohort cohort.csv -g sex
  kymo cohort: --group: no column "sex"
  usage: kymo cohort [OPTION]... TABLE...
  [2]
  $ kymo cohort cohort.csv --measures 'z*'
  kymo cohort: --measures: no column "z*"
  usage: kymo cohort [OPTION]... TABLE...
  [2]
  $ kymo cohort cohort.csv -g record,record
  kymo cohort: --group: record twice
  usage: kymo cohort [OPTION]... TABLE...
  [2]
  $ kymo cohort cohort.csv --triage --joined
  kymo cohort: --joined, --outliers and --triage are three tables: take one
  usage: kymo cohort [OPTION]... TABLE...
  [2]
  $ kymo cohort cohort.csv -k 0
  kymo cohort: -k 0 is not above 0
  usage: kymo cohort [OPTION]... TABLE...
  [2]
  $ kymo cohort cohort.csv --subject-key id
  kymo cohort: --subject-key is a column of the table of subjects: which (--subjects)?
  usage: kymo cohort [OPTION]... TABLE...
  [2]
  $ kymo cohort - - < cohort.csv
  kymo cohort: standard input is one table, not 2
  usage: kymo cohort [OPTION]... TABLE...
  [2]
  $ kymo cohort cohort.csv > /dev/full
  kymo cohort: standard output: cannot be written: No space left on device
  [1]
  $ kymo cohort cohort.csv -o out.csv && cmp out.csv <(kymo cohort - < cohort.csv)
