Rules on signals and on the heart rate; a line when an alarm begins and one when it ends.

  $ ln -s $ROOT/testdata t; T=t
  $ kymo alarm -r 'hr > 70 for 10s hysteresis 2' -t 2:40 $T/demo
  {"time_s":12.128,"state":"on","name":"hr","priority":"medium","since_s":2.128,"value":72.376357,"rule":"hr > 70 for 10s hysteresis 2","record":"demo"}
  {"time_s":89.676,"state":"off","name":"hr","priority":"medium","since_s":2.128,"value":67.758329,"rule":"hr > 70 for 10s hysteresis 2","record":"demo"}
  {"time_s":110.432,"state":"on","name":"hr","priority":"medium","since_s":100.432,"value":71.813285,"rule":"hr > 70 for 10s hysteresis 2","record":"demo"}
  $ kymo alarm -O csv -r 'spo2 < 95 for 5s priority high as low' $T/night.edf | cut -d, -f1-7 | head -3
  time_s,state,name,priority,since_s,value,rule
  36,on,low,high,31,91,spo2 < 95 for 5s priority high as low
  50,off,low,high,31,95,spo2 < 95 for 5s priority high as low

The same lines however the recording is cut, and from a stream as from a file.

  $ set -- -O csv -r 'hr > 70 for 5s' -r 'II > 1' -r 'V5 < -0.2' -r 'event N' -r bradycardia -r tachycardia -r 'no data' --tachy 72
  $ kymo alarm "$@" $T/demo > file.csv; wc -l < file.csv
  3089
  $ for ms in 10 100 333 5000; do kymo read --latency $ms $T/demo | kymo alarm "$@" | cmp - file.csv; done
  $ kymo alarm -O csv -r 'hr > 70 for 5s' $T/demo > hr.csv
  $ kymo qrs --online -O kymo $T/demo | kymo alarm -O csv -r 'hr > 70 for 5s' | cmp - hr.csv

Beats that come long after their samples, as a live stream tells, are no pauses.

  $ for o in --fast '--online --look-ahead 0.8' ''; do
  >     kymo read --latency 100 $T/demo | kymo qrs $o -O kymo | kymo alarm -O csv -r asystole -r pause -r 'hr > 70 for 5s' | cmp - hr.csv; done

A heart that stands still, and one that is too fast, are told within 1 s: when the stream breaks off so long behind the condition, the
alarm is there. From 8 s on the ECG has the value that it had then. The last beat is at 7.896 s, so asystole is met at 11.896 s; here the
stream breaks off at 12.88 s. The rate's rule is met at 4.728 s, between beats; there it breaks off at 5.7 s.

  $ kymo read $T/demo -t 20 -s II -o d.csv
  $ awk -F, 'NR > 1 { if ($1 < 8) last = $2; else $2 = last; print $2 }' d.csv > flat
  $ live() { head -n $1 flat | kymo read --raw text --rate 250 --labels II | head -c -40 | kymo alarm -q -O csv -r asystole -r 'hr > 70 for 2.6s' 2> err | cut -d, -f2-5; }
  $ live 1425
  state,name,priority,since_s
  on,hr,medium,2.128
  $ live 3220
  state,name,priority,since_s
  on,hr,medium,2.128
  on,asystole,medium,7.896

Missing data: in a gap, where samples have no value, of one signal; by the recording's time.

  $ kymo alarm -O csv -r 'no data for 1s' -r 'no data of ecg for 2s as ecg' $T/gap.edf | cut -d, -f1-5
  time_s,state,name,priority,since_s
  9,on,no data,medium,8
  10,on,ecg,medium,8
  15.4,off,no data,medium,8
  15.4,off,ecg,medium,8
  22.3,on,no data,medium,21.3
  23.3,on,ecg,medium,21.3
  23.4,off,no data,medium,21.3
  23.4,off,ecg,medium,21.3

A gap is no asystole; but that no beat comes, from the beginning or behind a gap, is one: here the ECG is flat to 10 s, and once more,
behind a gap that lasts from 20 to 30 s, to 40 s.

  $ kymo alarm -O csv -r asystole -r pause $T/gap.edf
  time_s,state,name,priority,since_s,value,rule,record
  $ tail -n +2 d.csv | cut -d, -f2 > ecg; still() { yes "$1" | head -n 2500; }
  $ (still 0; head -n 2500 ecg; still -; still 0; head -n 2500 ecg) | kymo read --raw text --rate 250 --labels II |
  >     kymo alarm -O csv -r asystole | cut -d, -f1-5
  time_s,state,name,priority,since_s
  4.8,on,asystole,medium,0
  11.3,off,asystole,medium,0
  34.8,on,asystole,medium,30
  41.3,off,asystole,medium,30

Text as a device sends it; what it cannot read, it says.

  $ (yes '1 97' | head -1000; yes '1 80' | head -2000; yes '1 -' | head -4000) |
  >     kymo read --raw text --rate 100 --channels 2 --labels x,SpO2 --unit ,% |
  >     kymo alarm -r 'spo2 < 88 for 15s' -r 'no data of spo2'
  {"time_s":25,"state":"on","name":"spo2","priority":"medium","since_s":10,"value":80,"rule":"spo2 < 88 for 15s","record":null}
  {"time_s":40,"state":"on","name":"no data","priority":"medium","since_s":30,"value":null,"rule":"no data of spo2","record":null}

A stream that breaks off raises all alarms of missing data, whatever they wait for.

  $ kymo read --latency 100 $T/demo | head -c 30000 | kymo alarm -O csv -r 'no data for 10min' > cut.csv
  kymo alarm: stdin:30000: stream cut off: it ends inside a frame of 124 bytes
  [1]
  $ cut -d, -f1-5 cut.csv
  time_s,state,name,priority,since_s
  20.8,on,no data,medium,20.8
  $ (kymo read --latency 100 -t 30 $T/demo; kymo read --latency 100 -t 30 $T/demo) | kymo alarm -O csv -r 'no data' | cut -d, -f1-3
  kymo alarm: stdin:42839: more data behind the end mark
  time_s,state,name
  30,on,no data

Blocks that were lost, or came twice.

  $ kymo read --latency 100 -t 30 $T/demo > whole; at=$(($(wc -c < whole) - 40 - 200 * 140))
  $ (head -c $at whole; tail -c +$((at + 141)) whole) | kymo alarm -O csv -r 'no data' | cut -d, -f1-3
  kymo alarm: stdin:14807: samples of II were lost on the way: sample 2525 follows 2499
  time_s,state,name
  10,on,no data
  $ (head -c $at whole; head -c $at whole | tail -c 140; tail -c +$((at + 1)) whole) | kymo alarm -O csv -r 'no data' | cut -d, -f1-3
  kymo alarm: stdin:14807: samples of II came twice on the way: sample 2475 follows 2499
  time_s,state,name
  10,on,no data

One that stands still is told by the clock on the wall: here a fifo stays open until the alarm is there.

  $ mkfifo live seen
  $ kymo read --latency 100 -t 20 $T/demo | head -c 20000 > part
  $ (cat part; read -r line < seen; echo "$line" | cut -d, -f1-4 | sed 's/^[0-9.]*/T/' >&2) > live &
  $ kymo alarm -O csv -r 'no data for 300ms' < live 2> err | tee all.csv | grep --line-buffered on, > seen; wait
  T,on,no data,medium
  $ sed 's/stdin:[0-9]*/stdin:N/; s/of [0-9]* bytes/of N bytes/' err
  kymo alarm: stdin:N: stream cut off: it ends inside a frame of N bytes

Rules from a file, and their errors.

  $ printf '# two\n\nhr > 70 for 10s\n  asystole priority high\n' > rules
  $ kymo alarm -r @rules -O csv -t 1:00 $T/demo | cut -d, -f1-4
  time_s,state,name,priority
  12.128,on,hr,medium
  32.08,off,hr,medium
  42.904,on,hr,medium
  $ echo 'hr > ' >> rules
  $ kymo alarm -q -r @rules $T/demo 2>&1 | head -1
  kymo alarm: rules:5: rule "hr >": expected a number, not "", at its byte 4
  $ for r in 'hr' 'spo2 < 88' 'hr > 3 mV' 'II > 3 uV' vt af 'no data of x' @missing; do kymo alarm -q -r "$r" $T/demo 2>&1 | head -1; done
  kymo alarm: rule "hr": no episode "hr"; kymo-alarm(1) lists them, and a limit needs its sign
  kymo alarm: rule "spo2 < 88": no signal of kind spo2 by its label among 0..1 (II, V5): choose with -s
  kymo alarm: rule "hr > 3 mV": the heart rate is in /min, not in mV
  kymo alarm: rule "II > 3 uV": II is in mV, not in uV
  kymo alarm: rule "vt": live beats do not tell vt; of a recording that has ended, send the events of kymo rhythm
  kymo alarm: rule "af": live beats do not tell af; of a recording that has ended, send the events of kymo rhythm
  kymo alarm: rule "no data of x": no signal "x" among 0..1 (II, V5)
  kymo alarm: missing: No such file or directory
  $ kymo alarm $T/demo 2>&1 | head -1
  kymo alarm: no rule: say with -r what alarms are about, as -r 'hr > 120 for 10s'
  $ kymo alarm -r asystole missing 2>&1 | head -1
  kymo alarm: missing: No such file or directory
  $ kymo alarm -r 'hr > 70' $T/demo > /dev/full
  kymo alarm: standard output: cannot be written: No space left on device
  [1]

The decisions of kymo rhythm, for the five alarms of a monitor.

  $ kymo rhythm -O kymo --brady 70 $T/demo | kymo alarm -O csv -r bradycardia -r asystole -r vt -r vf -r tachycardia |
  >     awk -F, '$2 == "on" { print $5 }' > alarms
  $ kymo rhythm --brady 70 $T/demo | awk -F, '$7 == "(SBR" { print $1 }' | cmp - alarms && wc -l < alarms
  18

A command for each line: what is in a recording or a rule is no part of a command line, and a failure is said.

  $ kymo alarm -r 'II > 1 as "$(touch bad) `touch bad`; touch bad"' -t 2 --exec 'printf "%s|%s|%s\n" "$KYMO_ALARM_STATE" "$KYMO_ALARM_NAME" "$KYMO_ALARM_VALUE" >> ran; cat >> lines' $T/demo > out; wc -l < out
  4
  $ sort ran | uniq -c | awk '{ $1 = ""; print }' | head -2
   off|$(touch bad) `touch bad`; touch bad|0.905
   off|$(touch bad) `touch bad`; touch bad|0.99
  $ grep -c time_s lines; ls bad 2>&1 | sed 's/.*: //'
  4
  No such file or directory
  $ kymo alarm -r 'II > 1 refractory 1h' -t 2 --exec 'exit 3' $T/demo > /dev/null
  kymo alarm: warning: --exec: the command failed with status 3
  kymo alarm: warning: --exec: the command failed with status 3
