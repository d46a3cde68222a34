Signals that are computed of others: behind those that there are, in the unit of the first of them or in that which is said.

  $ cp $ROOT/testdata/demo.* $ROOT/testdata/*.edf .
  $ kymo calc --signal 'X = II - V5' -e 'avg = mean(II..V5) * 1000 [uV]' -e 'half = X / 2' demo -o new.kymo; kymo info new.kymo | cut -d, -f6-13
  label,kind,unit,rate_hz,samples,gain_per_unit,baseline,storage
  II,ecg,mV,250,75000,200,1024,i16
  V5,ecg,mV,250,75000,200,1024,i16
  X,ecg,mV,250,75000,,,f32
  avg,ecg,uV,250,75000,,,f32
  half,ecg,mV,250,75000,,,f32
  $ kymo convert new.kymo - -O csv | head -3
  time_s,II [mV],V5 [mV],X [mV],avg [uV],half [mV]
  0,-0.105,-0.04,-0.065,-72.5,-0.0325
  0.004,-0.135,-0.12,-0.015,-127.5,-0.0075
  $ kymo convert new.kymo - -O csv | awk -F, 'NR > 1 {d = $4 - ($2 - $3); e = $5 - 500 * ($2 + $3); f = $6 - $4 / 2
  >     if (d * d + e * e / 1e6 + f * f > 1e-11) bad++; n++} END {print n, bad + 0}'
  75000 0
  $ kymo convert --raw -s 0,1 new.kymo - -O csv | cksum; kymo convert --raw demo - -O csv | cksum
  3033147994 1274821
  3033147994 1274821

With --only the source's signals go; then a name may be one of theirs, and events of theirs are those of the recording.

  $ kymo calc --only -a atr -e 'II = -II' demo -o minus.kymo; kymo info minus.kymo | cut -d, -f6-13
  label,kind,unit,rate_hz,samples,gain_per_unit,baseline,storage
  II,ecg,mV,250,75000,,,f32
  $ kymo events minus.kymo | head -2
  time_s,sample,signal,type,duration_s,value,text
  0,0,,+,,,(N
  $ (kymo convert -s II demo - -O csv; kymo convert --lossy -q minus.kymo - -O csv) | awk -F, '{s += $2} END {printf "%.6f\n", s * s}'
  0.000000
  $ kymo calc -e 'II = -II' demo
  kymo calc: there is a signal II already; --only leaves those of the source out
  usage: kymo calc [OPTION]... [RECORD]
  [2]

The beats of a lead that was turned round:

  $ kymo calc --only -e 'II = II' demo | kymo qrs | cksum > there; kymo calc --only -e 'II = -(-II)' demo | kymo qrs | cksum | cmp - there

Labels with blanks, in another case, by index; labels that differ by case.

  $ kymo calc --only -e '"my x" = clip("ECG II", -0.1, 0.1) [mV]' -e 'y = "ecg ii" + #0' night.edf | kymo convert --lossy -q - - -O csv | head -2
  time_s,my x [mV],y [mV]
  0,-0.1,-0.205
  $ kymo calc -e 'a = II' -e 'A = II' -e 'b = a + A' demo | kymo info | cut -d, -f6
  label
  II
  V5
  a
  A
  b

Signals of other rates; a signal that is not there.

  $ kymo calc -e 'x = SpO2 - Flow' night.edf
  kymo calc: x = SpO2 - Flow: SpO2 has 1 Hz, Flow 32 Hz; kymo resample makes them one
  usage: kymo calc [OPTION]... [RECORD]
  [2]
  $ kymo calc -e 'x = SpO2 * 2 - "my x"' night.edf
  kymo calc: x = SpO2 * 2 - "my x":22: no signal "my x"; there are ECG II, SpO2, Flow
  usage: kymo calc [OPTION]... [RECORD]
  [2]
  $ kymo calc -e 'x = x + II' demo
  kymo calc: x = x + II:7: no signal "x"; there are II, V5
  usage: kymo calc [OPTION]... [RECORD]
  [2]
  $ kymo resample -r 32 night.edf | kymo calc --only -e 'x = SpO2 - Flow' | kymo info | cut -d, -f6-10
  label,kind,unit,rate_hz,samples
  x,other,%,32,1920

Missing stays missing; what has no value is missing, and counted.

  $ printf 'time_s,a (mV),b (mV)\n0,1,2\n1,,3\n2,-4,0\n3,9,\n4,16,4\n' > few.csv
  $ kymo calc -e 'q = a / b' -e 'r = sqrt(a)' -e 's = max(a, b)' -e 't = a * 1e30 * 1e10' few.csv | kymo convert - - -O csv
  kymo calc: warning: q: 1 samples are missing: a division by zero, the root of a negative number, or too large
  kymo calc: warning: r: 1 samples are missing: a division by zero, the root of a negative number, or too large
  kymo calc: warning: t: 4 samples are missing: a division by zero, the root of a negative number, or too large
  time_s,a [mV],b [mV],q [mV],r [mV],s [mV],t [mV]
  0,1,2,0.5,1,2,
  1,,3,,,,
  2,-4,0,,,0,
  3,9,,,3,,
  4,16,4,4,4,16,
  $ kymo calc --strict -e 'q = a / b' few.csv > few.kymo
  kymo calc: q: 1 samples are missing: a division by zero, the root of a negative number, or too large
  [1]
  $ kymo calc -q -e 'q = a / b' few.csv | kymo info | cut -d, -f6-10
  label,kind,unit,rate_hz,samples
  a,other,mV,1,
  b,other,mV,1,
  q,other,mV,1,

Gaps stay.

  $ gaps() { kymo convert --lossy -q $1 - -O csv | awk -F, 'NR > 2 && $1 - last > 0.1 {print last, $1} {last = $1} END {print last}'; }
  $ gaps gap.edf; kymo calc --only -e 'x = ECG * 2' gap.edf | gaps -
  7.995 15.3
  21.295 23.3
  29.295
  7.995 15.3
  21.295 23.3
  29.295

As a file of any format, through a pipe or not.

  $ kymo calc -q -e 'X = II - V5' demo -o x.edf; kymo info x.edf | cut -d, -f6-12
  label,kind,unit,rate_hz,samples,gain_per_unit,baseline
  II,ecg,mV,250,75000,200,1024
  V5,ecg,mV,250,75000,200,1024
  X,other,mV,250,75000,1000,0
  $ kymo read demo | kymo calc -e 'X = II - V5' | kymo convert - piped.csv; kymo calc -e 'X = II - V5' demo | kymo convert - named.csv
  $ cmp piped.csv named.csv

What is no expression:

  $ for x in '' 'II - V5' 'x = ' 'x = II +' 'x = 3' 'x = II / (1 - 1)' 'x = II II' 'x = sin(II)' 'x = II..V5' 'x = mean(V5..II)' 'x = (II' \
  >     'x = "II' 'x = #2' 'x = II [mV' 'x = clip(II, 2, 1)'; do kymo calc -e "$x" demo 2>&1 | head -1; done
  kymo calc: expected NAME = EXPRESSION, the name in double quotes where it has blanks
  kymo calc: II - V5:4: expected NAME = EXPRESSION, the name in double quotes where it has blanks
  kymo calc: x = :5: ends where a value is expected
  kymo calc: x = II +:9: ends where a value is expected
  kymo calc: x = 3:6: names no signal
  kymo calc: x = II / (1 - 1):17: divides by zero
  kymo calc: x = II II:8: expected an operator or the end
  kymo calc: x = sin(II):9: no function sin, only abs, sqrt, clip, min, max, mean, sum
  kymo calc: x = II..V5:7: a range of signals is for min, max, mean and sum only
  kymo calc: x = mean(V5..II):16: a range from signal 1 back to signal 0
  kymo calc: x = (II:8: expected a closing bracket
  kymo calc: x = "II:5: a quotation mark without its other
  kymo calc: x = #2:7: an index that is none of the 2 signals'
  kymo calc: x = II [mV:9: expected the closing bracket of the unit
  kymo calc: x = clip(II, 2, 1):18: clip from 2 up to 1
  $ kymo calc demo
  kymo calc: which signal? --signal 'NAME = EXPRESSION'
  usage: kymo calc [OPTION]... [RECORD]
  [2]
  $ kymo calc -e 'x = II' nothing
  kymo calc: nothing: No such file or directory
  [1]
  $ kymo calc -e 'x = II' demo > /dev/full
  kymo calc: standard output: cannot be written: No space left on device
  [1]
  $ kymo calc -e 'x = II' demo | head -c 10 | wc -c
  10
