Several recordings become one; the joint is a new segment.

  $ cp $ROOT/testdata/demo.* $ROOT/testdata/night.edf .
  $ kymo cat --join demo demo | kymo info -O csv | cut -d, -f4,6,9,10
  duration_s,label,rate_hz,samples
  600,II,250,150000
  600,V5,250,150000
  $ kymo cat --join -a atr demo demo | kymo events | wc -l
  723
  $ kymo cat --join -a atr demo demo | kymo events --type + -O csv
  time_s,sample,signal,type,duration_s,value,text
  0,0,,+,,,(N
  300,75000,,+,,,(N
  $ kymo cat --join demo demo | kymo qrs | awk -F, '$4 == "gap" || $1 > 299.8 && $1 < 300.6'
  300,,,gap,,,,
  300.444,75111,II,N,,0.994,,0.989
  $ kymo cat --join -s II -o two.csv demo demo
  $ sed -n '75001,75003p' two.csv
  299.996,-0.065
  300,-0.105
  300.004,-0.135

One alone is as it was.

  $ kymo cat -a atr demo | kymo qrs | cmp - <(kymo qrs demo)
  $ kymo read -a atr demo | kymo cat - | kymo events | cmp - <(kymo events -a atr demo)

By their dates: a gap is kept and told, an overlap refused.

  $ sed 's/08:15:30/08:25:31.5/' demo.hea > later.hea
  $ kymo cat demo later | kymo qrs | grep gap
  kymo cat: warning: later: a gap of 301.5 s before it, by the dates
  300,,,gap,301.5,,,
  $ kymo cat demo later --strict -q -o long.kymo
  $ kymo info long.kymo -O csv | cut -d, -f4,6,9,10
  duration_s,label,rate_hz,samples
  901.5,II,250,150000
  901.5,V5,250,150000
  $ kymo cat later demo -o never.kymo
  kymo cat: demo: begins 901.5 s before the recording ahead of it ends; --join has it follow nevertheless
  [1]
  $ ls never.kymo
  ls: cannot access 'never.kymo': No such file or directory
  [2]

Parts of a recording fall into their places; joined, the time between them is left out.

  $ kymo read -a atr -t 60 demo -o a.kymo
  $ kymo read -a atr -f 120 -t 180 demo -o b.kymo
  $ kymo cat a.kymo b.kymo -q | kymo qrs | grep gap
  60,,,gap,60,,,
  $ kymo cat a.kymo b.kymo -q | kymo events | cmp - <(kymo events -a atr demo | awk -F, '$1 < 60 || $1 >= 120 && $1 < 180 || NR == 1')
  $ kymo cat --join a.kymo b.kymo | kymo qrs | grep gap
  60,,,gap,,,,
  $ kymo cat --join a.kymo b.kymo | kymo events | sed -n '73,76p'
  58.712,14678,,N,,,
  59.508,14877,,N,,,
  60.356,15089,,N,,,
  61.164,15291,,N,,,
  $ kymo cat --join -s II a.kymo b.kymo | kymo convert --lossy -q -t 60.01 - - -O csv | tail -2
  60.004,-0.255
  60.008,-0.265
  $ kymo convert -f 120 -t 120.01 -s II demo - -O csv | sed -n 2,3p
  120,-0.23
  120.004,-0.255
  $ kymo cat b.kymo a.kymo -o never.kymo
  kymo cat: a.kymo: begins 180 s before the recording ahead of it ends; --join has it follow nevertheless
  [1]

What does not fit is named.

  $ kymo cat demo night.edf
  kymo cat: night.edf: 3 signals, 2 in demo
  [1]
  $ sed 's/ 250 / 360 /' demo.hea > fast.hea
  $ kymo cat demo fast -o never.kymo
  kymo cat: fast: II has rate 360, 250 in demo
  [1]
  $ sed 's/mV/uV/' demo.hea > micro.hea
  $ kymo cat demo micro -o never.kymo
  kymo cat: micro: II has unit uV, mV in demo
  [1]
  $ sed 's/200(1024)/100(1024)/' demo.hea > gain.hea
  $ kymo cat demo gain -o never.kymo
  kymo cat: gain: II has gain 100, 200 in demo
  [1]
  $ sed 's/V5/V6/' demo.hea > label.hea
  $ kymo cat demo label -o never.kymo
  kymo cat: label: a signal V6 where demo has V5
  [1]
  $ kymo cat demo missing -o never.kymo
  kymo cat: missing: No such file or directory
  [1]
  $ kymo cat - - < two.csv -o never.kymo
  kymo cat: standard input can be named once only
  usage: kymo cat [OPTION]... RECORD...
  [2]
  $ kymo cat two.csv -o never.xyz
  kymo cat: --output never.xyz: no format by its ending
  usage: kymo cat [OPTION]... RECORD...
  [2]
  $ kymo cat 2>&1 | head -1
  kymo cat: 0 of at least 1 operands
  $ ls never*
  ls: cannot access 'never*': No such file or directory
  [2]

How long a file with gaps is, its last record tells, so that nobody has to read it all.

  $ kymo cat -q <(kymo read -t 100 "$ROOT/testdata/demo") <(kymo read -f 200 "$ROOT/testdata/demo") -o gap.edf
  $ kymo info -s II gap.edf | cut -d, -f4,6,10,14
  duration_s,label,samples,note
  300,II,50000,
