What wearables and their apps give out: each layout read, and compared with the truth that its maker wrote beside it
(testdata/ORIGIN). Values are the same, and times too, but where sensors keep clocks of their own: there, as near as
kymo-devices(7) says.

  $ D="$ROOT/testdata/devices"
  $ compare() {
  >     kymo convert -q --lossy "$1" - -O csv > read.csv || return
  >     awk -F, -v name="${1##*/}" -v most="$3" '
  >         NR == FNR { truth[FNR] = $0; n = FNR; next }
  >         FNR > 1 { m = split(truth[++k], a, ","); d = $1 - a[1]; if (d < 0) d = -d; if (d > most + 1e-6) bad++
  >             for (i = 2; i <= m; i++) if (($i == "") != (a[i] ~ /^-+$/) || ($i != "" && $i + 0 != a[i] + 0)) bad++ }
  >         END { print name, k " rows of " n ", " bad + 0 " others than the truth" }' "$2" read.csv; }
  $ compare "$D/apple-ecg.csv" "$D/apple-ecg.truth" 0
  apple-ecg.csv 3072 rows of 3072, 0 others than the truth
  $ compare "$D/apple-ecg-pt.csv" "$D/apple-ecg.truth" 0
  apple-ecg-pt.csv 3072 rows of 3072, 0 others than the truth
  $ for f in o2ring checkme vihealth; do compare "$D/viatom-$f.csv" "$D/viatom.truth" 0; done
  viatom-o2ring.csv 200 rows of 200, 0 others than the truth
  viatom-checkme.csv 200 rows of 200, 0 others than the truth
  viatom-vihealth.csv 200 rows of 200, 0 others than the truth
  $ compare "$D/dexcom.csv" "$D/dexcom.truth" 75
  dexcom.csv 90 rows of 90, 0 others than the truth
  $ compare "$D/libre.csv" "$D/libre.truth" 0
  libre.csv 40 rows of 40, 0 others than the truth
  $ compare "$D/libre-mmol.csv" "$D/libre-mmol.truth" 0
  libre-mmol.csv 40 rows of 40, 0 others than the truth
  $ for f in ACC BVP EDA HR TEMP; do compare "$D/empatica/$f.csv" "$D/empatica/$f.truth" 0; done
  ACC.csv 640 rows of 640, 0 others than the truth
  BVP.csv 1280 rows of 1280, 0 others than the truth
  EDA.csv 80 rows of 80, 0 others than the truth
  HR.csv 10 rows of 10, 0 others than the truth
  TEMP.csv 80 rows of 80, 0 others than the truth
  $ compare "$D/nonin.txt" "$D/nonin.truth" 0
  nonin.txt 60 rows of 60, 0 others than the truth
  $ compare "$D/nonin-nvision.asc" "$D/nonin-nvision.truth" 0
  nonin-nvision.asc 100 rows of 100, 0 others than the truth
  $ compare "$D/nonin-lifesense.csv" "$D/nonin-lifesense.truth" 0
  nonin-lifesense.csv 100 rows of 100, 0 others than the truth
  $ for f in kubios-rr.txt polar-rr.txt polar.hrm polar-phone.txt; do
  >     kymo events "$D/$f" | awk -F, 'NR > 1 { print $1 + 0 }' | cmp - <(awk '{ print $1 + 0 }' "$D/rr.truth") && echo "$f same"; done
  kubios-rr.txt same
  polar-rr.txt same
  polar.hrm same
  polar-phone.txt same

What they say of the recording, and which layout it is.

  $ for f in apple-ecg.csv apple-ecg-pt.csv viatom-o2ring.csv dexcom.csv libre-mmol.csv empatica/ACC.csv empatica/IBI.csv \
  >     empatica/tags.csv nonin.txt nonin-nvision.asc nonin-lifesense.csv polar.hrm; do kymo info "$D/$f" | sed "1d; s|^$D/||" | cut -d, -f1-10; done
  apple-ecg.csv,apple-ecg,2031-05-08T07:21:39,,0,ECG I,ecg,\xc2\xb5V,512.25, (esc)
  apple-ecg-pt.csv,apple-ecg,2031-05-08T07:21:39,,0,ECG I,ecg,\xc2\xb5V,512.25, (esc)
  viatom-o2ring.csv,viatom,2031-05-08T23:53:20,860,0,SpO2,spo2,%,0.25,200
  viatom-o2ring.csv,viatom,2031-05-08T23:53:20,860,1,Pulse rate,pulse-rate,bpm,0.25,200
  viatom-o2ring.csv,viatom,2031-05-08T23:53:20,860,2,Motion,other,,0.25,200
  dexcom.csv,dexcom,2031-05-08T20:00:13,29406,0,Glucose,glucose,mg/dL,0.003333333,90
  libre-mmol.csv,libre,2031-05-08T20:00:00,36000,0,Glucose,glucose,mmol/L,0.001111111,40
  empatica/ACC.csv,empatica-acc,2031-05-08T07:21:39,,0,ACC X,other,g,32,
  empatica/ACC.csv,empatica-acc,2031-05-08T07:21:39,,1,ACC Y,other,g,32,
  empatica/ACC.csv,empatica-acc,2031-05-08T07:21:39,,2,ACC Z,other,g,32,
  empatica/IBI.csv,rr,2031-05-08T07:21:39,,,,,,,
  empatica/tags.csv,empatica-tags,2031-05-08T07:21:43.25,,,,,,,
  nonin.txt,nonin,,,0,SpO2,spo2,%,1,
  nonin.txt,nonin,,,1,Pulse rate,pulse-rate,bpm,1,
  nonin-nvision.asc,nonin-nvision,2031-05-08T23:56:40,400,0,Pulse rate,pulse-rate,bpm,0.25,100
  nonin-nvision.asc,nonin-nvision,2031-05-08T23:56:40,400,1,SpO2,spo2,%,0.25,100
  nonin-lifesense.csv,nonin-lifesense,2031-05-08T12:00:00,100,0,SpO2,spo2,%,1,100
  nonin-lifesense.csv,nonin-lifesense,2031-05-08T12:00:00,100,1,Pulse rate,pulse-rate,bpm,1,100
  nonin-lifesense.csv,nonin-lifesense,2031-05-08T12:00:00,100,2,EtCO2,other,,1,100
  nonin-lifesense.csv,nonin-lifesense,2031-05-08T12:00:00,100,3,Breath rate,other,/min,1,100
  polar.hrm,rr,2031-05-08T07:21:39,,,,,,,

Words, scans, meals, reminders and tags are events; none of them is lost.

  $ for f in dexcom libre-mmol viatom-o2ring; do kymo events "$D/$f.csv" | sed 1d; done
  3009,,,note,,45,"Carbs, Carb Value (grams): 45"
  6005,,,note,,,Glucose: Low
  6303,,,note,,,Glucose: High
  8999,,,note,,118,"Calibration, Glucose Value (mg/dL): 118"
  1920,,,note,,10.3,"Scan Glucose mmol/L: 10,3"
  6420,,,note,,15.4,"Scan Glucose mmol/L: 15,4"
  7800,,,note,,30,Carbohydrates (grams): 30
  10920,,,note,,18.7,"Scan Glucose mmol/L: 18,7"
  15420,,,note,,18.4,"Scan Glucose mmol/L: 18,4"
  16800,,,note,,,Notes: a long walk
  19920,,,note,,14.6,"Scan Glucose mmol/L: 14,6"
  24420,,,note,,9.5,"Scan Glucose mmol/L: 9,5"
  28920,,,note,,5.7,"Scan Glucose mmol/L: 5,7"
  33420,,,note,,5.3,"Scan Glucose mmol/L: 5,3"
  300,,,note,,,SpO2 Reminder: 1
  $ kymo events "$D/empatica/tags.csv" | sed 1d
  0,,,note,,,tag
  12.25,,,note,,,tag
  $ kymo events "$D/empatica/IBI.csv" | sed 1d
  2.59375,,,N,,,
  3.4375,,,N,,,
  4.265625,,,N,,,
  5.125,,,N,,,
  5.125,,,gap,5,,
  10.125,,,N,,,
  11,,,N,,,
  11.890625,,,N,,,
  $ kymo events "$D/nonin.txt" | sed 1d
  40,,,note,,,event marker

There and back through a kymo stream, an HDF5 file and a pipe: the same.

  $ for f in "$D"/*.csv "$D"/nonin.txt "$D"/empatica/*.csv; do
  >     for kind in kymo h5; do
  >         kymo convert -q "$f" there.$kind || continue
  >         cmp <(kymo convert -q --lossy "$f" - -O csv 2>&1 | sed 's/^.*: //') <(kymo convert -q --lossy there.$kind - -O csv 2>&1 | sed 's/^.*: //')
  >         cmp <(kymo events "$f") <(kymo events there.$kind); done
  >     case $f in */EDA.csv|*/TEMP.csv) ;; *) cmp <(kymo events "$f") <(kymo events - < "$f") ;; esac; done

The files of a sleep machine are EDF: a sum beside each record is a signal like others, events come from a file of their own.

  $ for f in BRP SAD EVE; do kymo info "$D/resmed_$f.edf" | sed "1d; s|^$D/||" | cut -d, -f1-10; done
  resmed_BRP.edf,edf,2031-05-08T22:15:00,120,0,Flow.40ms,resp,L/s,25,3000
  resmed_BRP.edf,edf,2031-05-08T22:15:00,120,1,Press.40ms,pressure,cmH2O,25,3000
  resmed_BRP.edf,edf,2031-05-08T22:15:00,120,2,Crc16,other,,0.016666667,2
  resmed_SAD.edf,edf,2031-05-08T22:15:00,120,0,Pulse.1s,pulse-rate,bpm,1,120
  resmed_SAD.edf,edf,2031-05-08T22:15:00,120,1,SpO2.1s,spo2,%,1,120
  resmed_SAD.edf,edf,2031-05-08T22:15:00,120,2,Crc16,other,,0.016666667,2
  resmed_EVE.edf,edf,2031-05-08T22:15:00,,,,,,,
  $ kymo convert -q "$D/resmed_BRP.edf" - -O csv -s Crc16
  time_s,Crc16
  0,-12345
  60,23456
  $ kymo events "$D/resmed_EVE.edf"
  time_s,sample,signal,type,duration_s,value,text
  0,,,note,,,Recording starts
  52,,,note,13,,Obstructive Apnea
  $ for f in BRP SAD EVE; do kymo check "$D/resmed_$f.edf" | sed "1d; s|$D/||g"; done
  resmed_BRP.edf,resmed_BRP.edf,192,reserved,EDF,note,"not empty, and neither EDF+C nor EDF+D"
  resmed_BRP.edf,resmed_BRP.edf,560,signal 2: dimension,,note,no dimension: the signal is uncalibrated
  resmed_SAD.edf,resmed_SAD.edf,192,reserved,EDF,note,"not empty, and neither EDF+C nor EDF+D"
  resmed_SAD.edf,resmed_SAD.edf,560,signal 2: dimension,,note,no dimension: the signal is uncalibrated
  $ kymo spo2 "$D/resmed_SAD.edf" 2>&1 | sed "1d; s|$D/||g" | cut -c1-70
  resmed_SAD.edf,recording,0,120,0.033333,0.031111,,1,30,32.142857,,30,3

Named, where content does not do.

  $ cp "$D/empatica/TEMP.csv" data.csv
  $ kymo info data.csv
  kymo info: data.csv:0: one of Empatica's files, but which? --as empatica-eda, empatica-temp ... tells it
  [1]
  $ kymo info --as empatica-temp data.csv | sed 1d | cut -d, -f1-9
  data.csv,empatica-temp,2031-05-08T07:21:39,,0,Temp,temperature,degC,4
  $ kymo info --as empatica-temp "$D/dexcom.csv" 2>&1 | sed "s|$D/||"
  kymo info: dexcom.csv:1: no start of each column: "\xef\xbb\xbf"Index","Timestamp (YYYY-MM-DDThh:mm:ss)","Event Type","E" (esc)
  $ head -c 1500 "$D/nonin-nvision.asc" > cut.asc; kymo info cut.asc | cut -d, -f1-10
  kymo info: warning: cut.asc:67: the last line is cut off, and left out
  record,format,start,duration_s,signal,label,kind,unit,rate_hz,samples
  cut.asc,nonin-nvision,2031-05-08T23:56:40,196,0,Pulse rate,pulse-rate,bpm,0.25,49
  cut.asc,nonin-nvision,2031-05-08T23:56:40,196,1,SpO2,spo2,%,0.25,49
  $ sed 's/=3,0/=4/' "$D/nonin-nvision.asc" | kymo info -q --strict - | wc -l
  kymo info: stdin:1: a version that kymo does not know: read as version 3
  0
  $ sed 's/=3,0/=4/' "$D/nonin-nvision.asc" | kymo info - > /dev/null
  kymo info: warning: stdin:1: a version that kymo does not know: read as version 3
  $ sed '30s/,[0-9]*.$//' "$D/nonin-nvision.asc" | kymo info -
  kymo info: stdin:30: a row that is too short: "13,2031,5,8,23,57,28,64"
  [1]
  $ kymo info --as nonin-nvision "$D/nonin.txt" 2>&1 | sed "s|$D/||"
  kymo info: nonin.txt:0: no row of 9 numbers, as nonin-nvision has them
  $ kymo convert "$D/nonin-nvision.asc" - -O kymo | kymo convert -q - who.edf; head -c 88 who.edf | tail -c 80
  A-17 F 05-FEB-1961 Ada_Example                                                   (no-eol)
  $ kymo info --as freestyle "$D/libre.csv"
  kymo info: --as "freestyle" is none of csv tsv apple-ecg dexcom empatica empatica-acc empatica-bvp empatica-eda empatica-hr empatica-tags empatica-temp libre nonin nonin-lifesense nonin-nvision viatom edf bdf events hdf5 kymo raw rr wfdb
  usage: kymo info [OPTION]... [RECORD]...
  [2]
  $ kymo info --as libre "$D/dexcom.csv" 2>&1 | sed "s|$D/||"
  kymo info: dexcom.csv:0: no line that names the columns of libre
  $ kymo info --as csv "$D/viatom-o2ring.csv" 2>&1 | sed "s|$D/||"
  kymo info: viatom-o2ring.csv:2: no time: "11:53:20PM May 08, 2031"
  $ printf '800\n810\n' | kymo events --as rr | sed 1d
  0,,,N,,,
  0.8,,,N,,,
  1.61,,,N,,,

Days and months: told by a number above 12, or by the rows that follow each other; else said.

  $ rows() { echo Time,Oxygen Level,Pulse Rate,Motion; for t; do echo "$t,97,60,0"; done; }
  $ rows '23:59:58 05/06/2031' '00:00:02 06/06/2031' | kymo info | sed 1d | cut -d, -f3,4 | head -1
  2031-06-05T23:59:58,8
  $ rows '23:59:58 06/05/2031' '00:00:02 06/06/2031' | kymo info | sed 1d | cut -d, -f3,4 | head -1
  2031-06-05T23:59:58,8
  $ rows '10:00:00 05/06/2031' '10:00:04 05/06/2031' | kymo info | sed 1d | cut -d, -f3,4 | head -1
  kymo info: warning: stdin:2: day and month cannot be told apart: taken as day first
  2031-06-05T10:00:00,8
  $ rows '10:00:00PM 05/06/2031' '10:00:04PM 05/06/2031' | kymo info -q | sed 1d | cut -d, -f3,4 | head -1
  2031-05-06T22:00:00,8
  $ rows '10:00:00 13/06/2031' '10:00:04 06/13/2031' | kymo info
  kymo info: stdin:3: rows before have day and month the other way round: "10:00:04 06/13/2031"
  [1]
  $ rows '10:00:00 13/06/2031' '10:00:04 13/06/2031' '09:00:00 13/06/2031' | kymo info
  kymo info: stdin:4: time runs backwards by 3604 s
  [1]
  $ rows '02:59:56 13/06/2031' '02:00:00 13/06/2031' '02:00:04 13/06/2031' | kymo convert --lossy - - -O csv
  kymo convert: warning: stdin:3: the clock was set back by an hour: from here on it is an hour ahead
  time_s,SpO2 [%],Pulse rate [bpm],Motion
  0,97,60,0
  4,97,60,0
  8,97,60,0
  $ rows '10:00:00 13/06/2031' '10:00:04 13/06/2031' '10:00:04 13/06/2031' '10:00:08 13/06/2031' | kymo events
  kymo events: warning: stdin: 1 rows have the time of rows before them: notes
  time_s,sample,signal,type,duration_s,value,text
  4,,,note,,,"SpO2: 97, Pulse rate: 60, Motion: 0"

Who it was is taken out.

  $ for f in apple-ecg.csv dexcom.csv libre.csv; do
  >     kymo deid --audit "$D/$f" | sed "s|^$D/||"
  >     kymo convert -q "$D/$f" who.kymo; kymo deid -q who.kymo -o nobody.kymo
  >     grep -c -a -e Person -e 1961 -e 05-FEB -e TEST nobody.kymo; done
  record,field,value
  apple-ecg.csv,subject name,Test Person
  apple-ecg.csv,subject birth,05-FEB-1961
  apple-ecg.csv,start date,2031-05-08T07:21:39
  apple-ecg.csv,recording,"Watch9,1 software 2.0"
  apple-ecg.csv,note,classification: Sinus Rhythm
  apple-ecg.csv,note,"symptoms: Fatigue, Dizziness"
  0
  record,field,value
  dexcom.csv,subject name,Test Person
  dexcom.csv,subject birth,05-FEB-1961
  dexcom.csv,start date,2031-05-08T20:00:13
  dexcom.csv,recording,Dexcom G6 Mobile App android G6
  dexcom.csv,note,device: android G6
  dexcom.csv,note,"Alert, Event Subtype: Fall"
  dexcom.csv,note,"Alert, Event Subtype: High, Glucose Value (mg/dL): 200"
  dexcom.csv,note,"Alert, Event Subtype: Low, Glucose Value (mg/dL): 70"
  dexcom.csv,note,"Alert, Event Subtype: Signal Loss, Duration (hh:mm:ss): 00:20:00"
  dexcom.csv,note,device: android G6 8TEST1
  dexcom.csv,text of event,"Carbs, Carb Value (grams): 45"
  dexcom.csv,text of event,"Calibration, Glucose Value (mg/dL): 118"
  0
  record,field,value
  libre.csv,subject name,Test Person
  libre.csv,start date,2031-05-08T20:00:00
  libre.csv,recording,FreeStyle LibreLink 0TEST-1
  libre.csv,text of event,Scan Glucose mg/dL: 103
  libre.csv,text of event,Scan Glucose mg/dL: 154
  libre.csv,text of event,Carbohydrates (grams): 30
  libre.csv,text of event,Scan Glucose mg/dL: 187
  libre.csv,text of event,Scan Glucose mg/dL: 184
  libre.csv,text of event,Notes: a long walk
  libre.csv,text of event,Scan Glucose mg/dL: 146
  libre.csv,text of event,Scan Glucose mg/dL: 95
  libre.csv,text of event,Scan Glucose mg/dL: 57
  libre.csv,text of event,Scan Glucose mg/dL: 53
  0
  [1]

What is wrong is said, with the line.

  $ sed '20s/.*/abc/' "$D/apple-ecg.csv" | kymo convert --lossy - - -O csv 2>&1 | tail -1
  kymo convert: stdin:20: no number: "abc"
  $ head -c 300 "$D/apple-ecg.csv" | kymo convert - - -O csv | tail -3
  kymo convert: warning: stdin:21: the last line has no end; taken as it stands
  0.009760859,-115.076
  0.011713031,-114.795
  0.013665203,-114.5
  $ head -12 "$D/apple-ecg.csv" | kymo info
  kymo info: stdin:12: no sample
  [1]
  $ sed '9s/200/much/; 30s/EGV","[^"]*","","","android G6","[0-9]*/EGV","","","","android G6","much/' "$D/dexcom.csv" | kymo info
  kymo info: stdin:30: column Glucose Value (mg/dL): "much" is no number
  [1]
  $ head -2 "$D/viatom-vihealth.csv" | sed 's/96,/many,/; s/97,/many,/' | kymo info
  kymo info: stdin:2: column Oxygen Level: "many" is no number
  [1]
  $ head -1 "$D/viatom-vihealth.csv" | kymo info
  kymo info: stdin:1: no row with samples
  [1]
  $ printf '1935991299.0\n64\n1\n2,3\n' | kymo convert - - -O csv
  time_s,BVP
  0,1
  0.015625,2.3
  $ printf '1935991299.0,1935991299.0,1935991299.0\n32,32,32\n1,2\n' | kymo convert - - -O csv
  kymo convert: stdin:3: too few numbers: "1,2"
  [1]

A ring that is taken off writes numbers that are no readings.

  $ printf 'Time,SpO2(%%),Pulse Rate(bpm),Motion,SpO2 Reminder,PR Reminder,\n' > off.csv
  $ printf '"08:48:26PM Nov 27, 2025",96,72,0,0,0,\n"08:48:30PM Nov 27, 2025",95,255,0,0,0,\n"08:48:34PM Nov 27, 2025",255,65535,3,0,0,\n' >> off.csv
  $ kymo convert off.csv - -O csv
  time_s,SpO2 [%],Pulse rate [bpm],Motion
  0,96,72,0
  4,95,255,0
  8,,,3
