Identity is planted in every field of an EDF+ file, and found.

  $ put() { printf "%-$2s" "$3" | dd of=$f bs=1 seek=$1 conv=notrunc 2>/dev/null; }
  $ plant() {
  >     put 8 80 "MRN-4711 F 02-MAY-1921 Planted_Person PLANTWORD"
  >     put 88 80 "Startdate 14-MAR-2024 PLANTADM Planted_Tech PLANTEQ"; put 202 30 " PLANTRES"
  >     for i in 0 1 2; do put $((256 + 48 + 80 * i)) 80 PLANTTRANS$i; put $((256 + 136 * 3 + 80 * i)) 80 PLANTPRE$i
  >         put $((256 + 224 * 3 + 32 * i)) 32 PLANTSIG$i; done; put 256 16 "ECG Person"; }
  $ kymo convert -q -t 10 $ROOT/testdata/demo plain.edf; cp plain.edf p.edf; f=p.edf; plant
  $ kymo deid --audit p.edf
  record,field,value
  p.edf,subject id,MRN-4711
  p.edf,subject name,Planted Person
  p.edf,subject birth,02-MAY-1921
  p.edf,start date,2024-03-14T08:15:30
  p.edf,recording,Startdate 14-MAR-2024 PLANTADM Planted_Tech PLANTEQ
  p.edf,label of signal 0,ECG Person
  p.edf,transducer of ECG,PLANTTRANS0
  p.edf,prefilter of ECG,PLANTPRE0
  p.edf,transducer of V5,PLANTTRANS1
  p.edf,prefilter of V5,PLANTPRE1
  p.edf,patient field,PLANTWORD
  p.edf,reserved field,PLANTRES
  p.edf,reserved field of signal 0 of the file,PLANTSIG0
  p.edf,reserved field of signal 1 of the file,PLANTSIG1
  p.edf,reserved field of signal 2 of the file,PLANTSIG2
  p.edf,transducer field of signal 2 of the file,PLANTTRANS2
  p.edf,prefilter field of signal 2 of the file,PLANTPRE2
  [1]

A copy in any format has none of it, and the audit agrees; so has a file changed in place, which is the same as the copy. Samples stay.

  $ printf 0123456789abcdef > key; chmod 600 key
  $ none() { grep -i -a -c -E 'plant|person|4711|1921|2024' "$@"; kymo deid --audit "$@"; }
  $ for o in edf bdf h5 csv kymo; do kymo deid -k key p.edf -o copy.$o && none copy.$o; done
  0
  record,field,value
  0
  record,field,value
  0
  record,field,value
  0
  record,field,value
  0
  record,field,value
  $ kymo deid -q -k key p.edf -o copy.hea; cat copy.hea copy.dat | grep -i -a -c -E 'plant|person|4711|1921|2024'; kymo deid --audit copy
  0
  record,field,value
  $ cat copy.hea
  copy 2 250 2500 08:15:30 12/12/2014
  copy.dat 16 200(1024)/mV 11 1024 1003 -15728 0 ECG
  copy.dat 16 200(1024)/mV 11 1024 1016 -28240 0 V5
  # subject: PQKZH7CVRFR2A
  # sex: F
  # birth: 01-JAN-1924
  # recording: deidentified, dates moved
  # history: kymo 0.1.0 deid
  $ kymo deid -k key p.edf | kymo deid --audit -
  record,field,value
  $ cp p.edf place.edf; kymo deid -k key --in-place place.edf && cmp place.edf copy.edf
  $ for r in p copy; do kymo convert --raw $r.edf $r.csv; done; sed 1d p.csv | cmp - <(sed 1d copy.csv)

One subject has one pseudonym, and one number of days, however the id is spelled; another key makes others of it. Somebody else has others.

  $ cp plain.edf again.edf; f=again.edf; put 8 80 "mrn_4711 F X X"; put 88 80 "Startdate 24-MAR-2024 X X X"; put 168 8 24.03.24
  $ cp plain.edf other.edf; f=other.edf; put 8 80 "MRN-4712 F X X"
  $ head -c 64 /dev/zero | tr '\0' k > key2; chmod 600 key2
  $ who() { kymo deid "$@" -o who.hea -q; sed -n '1s/.*:30 //p; s/^# subject: //p' who.hea | paste -sd' '; }
  $ who -k key p.edf; who -k key again.edf; who -k key other.edf; who -k key2 p.edf; who -k key plain.edf --subject MRN-4711
  12/12/2014 PQKZH7CVRFR2A
  22/12/2014 PQKZH7CVRFR2A
  24/09/2017 P6QW6AKJ7NBYH
  16/11/2020 P3BQJYIQ5ZK6Z
  12/12/2014 PQKZH7CVRFR2A

Whole weeks keep the day of the week; the limit is one.

  $ for k in key key2; do who -k $k p.edf --weekday | awk '{split($1, d, "/"); print d[3] "-" d[2] "-" d[1]}' | date -f - +%a; done; date -d 2024-03-14 +%a
  Thu
  Thu
  Thu
  $ who -k key p.edf --weekday --shift-days 7 | cut -d' ' -f1
  07/03/2024

Without a key there is no pseudonym and no date. The time of day stays.

  $ kymo deid p.edf -o none.edf && head -c 184 none.edf | cut -c9-
  X F X X                                                                         Startdate X X X X deidentified                                                  01.01.8508.15.30
  $ kymo deid plain.edf -o none.edf -k key
  kymo deid: the recording does not say whose it is: --subject tells
  [1]

Who is who is written down for the owner of the table alone.

  $ kymo deid -k key p.edf -o copy.edf --table who.csv; kymo deid -k key again.edf -o copy2.edf --table who.csv; cat who.csv; stat -c %a who.csv
  pseudonym,days,id,name,birth,record
  PQKZH7CVRFR2A,3380,MRN-4711,Planted Person,02-MAY-1921,p.edf
  PQKZH7CVRFR2A,3380,mrn_4711,,,again.edf
  600
  $ chmod 644 who.csv; kymo deid -k key other.edf -o copy3.edf --table who.csv; ls copy3.edf
  kymo deid: who.csv: others may read this table (mode 644): chmod 600 makes it yours alone
  ls: cannot access 'copy3.edf': No such file or directory
  [2]
  $ chmod 644 key; kymo deid -k key p.edf -o copy3.edf; chmod 600 key
  kymo deid: key: others may read this key (mode 644): chmod 600 makes it yours alone
  $ kymo deid --new-key new; stat -c '%a %s' new; kymo deid --new-key new
  600 65
  kymo deid: new: File exists
  [1]

Texts of events: standard ones stay, others go, or stay by a list; none stays with the name in it. A note whose text goes is gone.

  $ cat > e.csv << END
  > time_s,type,text
  > 1,note,Lights off
  > 2,note,talks of Dr. Miller
  > 3,note,cough
  > 4,note,Planted coughs
  > 5,N,odd
  > 6,+,(AFIB
  > END
  $ kymo convert -q e.csv e.edf; f=e.edf; put 8 80 "X X X Planted_Person"
  $ kymo deid e.edf -o kept.edf; kymo events kept.edf | cut -d, -f1,4,7
  kymo deid: warning: e.edf: 4 texts of events and 0 notes are left out or changed
  time_s,type,text
  1,note,Lights off
  5,N,
  6,+,(AFIB
  $ echo Cough > list; kymo deid -q e.edf --keep-text list | kymo events | cut -d, -f7
  text
  Lights off
  cough
  
  (AFIB
  $ kymo deid e.edf --text flag -o kept.edf; kymo events kept.edf | cut -d, -f7; kymo deid --audit kept.edf
  kymo deid: warning: e.edf: text of event kept: "talks of Dr. Miller"
  kymo deid: warning: e.edf: text of event kept: "cough"
  kymo deid: warning: e.edf: text of event kept: "odd"
  kymo deid: warning: e.edf: 1 texts of events and 0 notes are left out or changed
  text
  Lights off
  talks of Dr. Miller
  cough
  odd
  (AFIB
  record,field,value
  kept.edf,text of event,talks of Dr. Miller
  kept.edf,text of event,cough
  kept.edf,text of event,odd
  [1]
  $ kymo deid --in-place e.edf; kymo deid --in-place kept.edf; printf 'odd\ncough\ntalks of Dr. Miller\n' > list; kymo deid --in-place kept.edf --keep-text list
  kymo deid: e.edf: 4 events carry free text, which cannot be changed in place: write a copy (-o), or let it stay (--keep-text, --text keep)
  kymo deid: kept.edf: 3 events carry free text, which cannot be changed in place: write a copy (-o), or let it stay (--keep-text, --text keep)

Each header of WFDB: comments, dates, what its reader does not read, segments.

  $ cat > n.hea << END
  > # recorded for Doe, Jane
  > n 1 250 100 12:30:00 14/03/2024 left over
  > n.dat 16 200(0)/mV 12 0 0 0 0 ECG
  > more lines 4711
  > # <age>: 93 <sex>: F  <diagnoses> Plantitis
  > # name: Jane Doe
  > # subject: MRN 77
  > # kymo baseline 0: 0.5
  > # 69 M 1085 x1
  > END
  $ head -c 200 /dev/zero > n.dat; kymo deid --audit n; kymo deid --in-place -k key n; cat n.hea; kymo deid --audit n
  record,field,value
  n,start date,2024-03-14T12:30:00
  n,note,<age>: 93 <sex>: F  <diagnoses> Plantitis
  n,note,name: Jane Doe
  n,note,subject: MRN 77
  n,note,69 M 1085 x1
  n,record line,left over
  n,comment,"recorded for Doe, Jane"
  n,line of the header,more lines 4711
  n 1 250 100 12:30:00 17/07/2018
  n.dat 16 200(0)/mV 12 0 0 0 0 ECG
  # kymo baseline 0: 0.5
  # <age>: 90 <sex>: F
  # subject: PMH7KGR2UXOYW
  # recording: deidentified, dates moved
  # history: kymo 0.1.0 deid
  record,field,value
  $ mkdir seg; cp $ROOT/testdata/demo16.* seg; cat > seg/s.hea << END
  > s/2 1 250 20
  > a 10
  > b 10
  > END
  $ for s in a b; do printf "$s 1 250 10 1:00:00 1/2/2003\ndemo16.dat 16 200 12 0 0 0 0 II\n# of Jane\n" > seg/$s.hea; done; kymo deid -q --audit seg/s; kymo deid --audit seg/s
  record,field,value
  seg/s,start date of segment a,1/2/2003
  seg/s,comment of segment a,of Jane
  seg/s,start date of segment b,1/2/2003
  seg/s,comment of segment b,of Jane
  [1]
  $ kymo deid --in-place seg/s
  kymo deid: seg/s.hea: each segment of the record has a header of its own: write a copy instead
  [1]

What cannot be is said.

  $ kymo deid --audit missing p.edf | tail -1
  kymo deid: missing: No such file or directory
  p.edf,prefilter field of signal 2 of the file,PLANTPRE2
  $ head -c 300 p.edf > cut.edf; kymo deid --in-place cut.edf; kymo deid --in-place copy.h5; kymo deid --in-place -
  kymo deid: cut.edf:300: file ends inside the header of 3 signals
  kymo deid: copy.h5: headers of hdf5 cannot be changed in place: write a copy (-o)
  usage: kymo deid [OPTION]... [RECORD]...
  kymo deid: --in-place changes files: name one
  usage: kymo deid [OPTION]... [RECORD]...
  [2]
  $ kymo deid --audit -k key p.edf 2>&1 | head -1; kymo deid --in-place p.edf -o x 2>&1 | head -1; kymo deid p.edf again.edf 2>&1 | head -1
  kymo deid: --audit changes nothing: it goes without --in-place, --key and --table
  kymo deid: --in-place writes no other file: it goes without -o
  kymo deid: one recording becomes one copy, not 2
  $ kymo deid p.edf --shift-days 3 2>&1 | head -1; kymo deid p.edf --table t.csv 2>&1 | head -1; kymo deid p.edf -o /dev/full
  kymo deid: --shift-days is 7 to 36525
  kymo deid: --table needs --key: without it nobody has a pseudonym
  kymo deid: /dev/full: cannot be written: No space left on device
  [1]
  $ kymo deid --audit p.edf -o /dev/full; kymo deid --audit p.edf | head -1; printf short > tiny; chmod 600 tiny; kymo deid -k tiny p.edf -o x.edf
  kymo deid: /dev/full: cannot be written: No space left on device
  record,field,value
  kymo deid: tiny: a key has 16 to 4096 bytes, this file has 5
  [1]

Pages that Kymo made: what they mark is gone, and the name is wherever else it stands. Of others, and of drawn ones, nobody knows.

  $ cp plain.edf n.edf; f=n.edf; plant; kymo report n.edf -o r.html; kymo plot n.edf -o p.svg; kymo plot n.edf -o p.png
  $ kymo deid --audit r.html p.svg
  record,field,value
  r.html,title,n.edf
  r.html,text," of n.edf"
  r.html,Name,Planted Person
  r.html,Number,MRN-4711
  r.html,Born,02-MAY-1921
  r.html,Recording,n.edf
  r.html,"Recorded by, with",Startdate 14-MAR-2024 PLANTADM Planted_Tech PLANTEQ
  r.html,Begins,2024-03-14T08:15:30
  r.html,text,n.edf
  p.svg,title,n.edf
  p.svg,text,n.edf begins 2024-03-14T08:15:30
  [1]
  $ kymo deid r.html -o rr.html; kymo deid p.svg --subject Person -o pp.svg; kymo deid --audit rr.html pp.svg
  record,field,value
  $ grep -i -c 'plant\|person\|4711\|1921\|2024\|n\.edf' r.html rr.html p.svg pp.svg
  r.html:15
  rr.html:0
  p.svg:4
  pp.svg:0
  $ grep -c '<title>' r.html rr.html; grep -o '<title>[^<]*' pp.svg; sed 's/<[^>]*>//g' r.html | wc -l; sed 's/<[^>]*>//g' rr.html | wc -l
  r.html:6
  rr.html:6
  <title>ECG
  460
  460
  $ kymo deid p.png; echo '<!DOCTYPE html><p class="identity">Doe</p>' > other.html; kymo deid other.html; kymo deid --audit other.html
  kymo deid: p.png: a drawn page cannot be changed: make it again with --deidentify
  kymo deid: other.html: no page that kymo made: what in it is identity is not marked
  kymo deid: other.html: no page that kymo made: what in it is identity is not marked
  [1]

A recording that is encrypted goes through a pipe: nothing is on the disk in clear, and the beats are those of the file.

  $ mkdir tmp; export TMPDIR=$PWD/tmp; age-keygen -o age.key 2> /dev/null; me=$(age-keygen -y age.key); age -r $me plain.edf > plain.edf.age
  $ age -d -i age.key plain.edf.age | kymo deid | kymo qrs > piped.csv; kymo qrs plain.edf | cmp - piped.csv
  $ age -d -i age.key plain.edf.age | kymo deid | age -r $me > deid.kymo.age; ls tmp
  $ age -d -i age.key deid.kymo.age | kymo deid --audit -; grep -c -a 'Startdate\|deidentified' plain.edf.age deid.kymo.age
  record,field,value
  plain.edf.age:0
  deid.kymo.age:0
  [1]

Comments above a table of samples, or a list of intervals, are notes of its, and go with the others.

  $ printf '# patient: Planted Name\ntime_s,SpO2\n0,97\n1,96\n2,95\n' > c.csv; kymo deid --audit c.csv
  record,field,value
  c.csv,note,patient: Planted Name
  [1]
  $ kymo deid -q c.csv -o gone.csv; kymo deid --audit gone.csv; grep -c Planted gone.csv
  record,field,value
  0
  [1]
  $ printf '%% Planted Name\n800\n810\n790\n800\n' > c.txt; kymo deid --audit c.txt; kymo deid -q c.txt | kymo deid --audit -
  record,field,value
  c.txt,note,Planted Name
  record,field,value
