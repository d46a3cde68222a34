Signals at another rate: length, start, calibration and notes stay; the filter is said.

  $ cp $ROOT/testdata/demo.* $ROOT/testdata/*.edf .
  $ kymo resample -r 257 demo -o 257.kymo; kymo info 257.kymo
  record,format,start,duration_s,signal,label,kind,unit,rate_hz,samples,gain_per_unit,baseline,storage,note
  257.kymo,kymo,2024-03-14T08:15:30,300,0,II,ecg,mV,257,77100,200,1024,i16,
  257.kymo,kymo,2024-03-14T08:15:30,300,1,V5,ecg,mV,257,77100,200,1024,i16,
  $ kymo convert 257.kymo 257.hea; grep -v '^#' 257.hea; grep 'prefilter\|history' 257.hea
  kymo convert: warning: 257.hea: WFDB has no fields for the subject, who recorded, transducers and prefilters: they are written as info lines
  257 2 257 77100 08:15:30 14/03/2024
  257.dat 16 200(1024)/mV 16 0 1003 20867 0 II
  257.dat 16 200(1024)/mV 16 0 1014 -31485 0 V5
  # prefilter of II: LP:118.8Hz
  # prefilter of V5: LP:118.8Hz
  # history: kymo 0.1.0 resample -r 257 demo -o 257.kymo
  # history: kymo 0.1.0 convert 257.kymo 257.hea

There and back the ECG is itself, to the steps of the converter and the noise in the filter's transition: within 5 uV, RMS.

  $ kymo resample -r 360 demo | kymo resample -r 250 -o back.kymo
  $ for r in demo back.kymo; do kymo convert --raw $r $r.csv; done
  $ paste -d, demo.csv back.kymo.csv | awk -F, 'NR > 1 {d = $5 - $2; n++; s += d * d} END {print n, (s < n ? "near" : s / n)}'
  75000 near

A recording that has the rate passes bit for bit; so do signals that are not named.

  $ kymo resample -r 250 demo | kymo convert --raw - same.csv; cmp same.csv demo.csv
  $ kymo resample -r 128 -s ecg night.edf -o ecg.edf; kymo info ecg.edf | cut -d, -f6-10
  label,kind,unit,rate_hz,samples
  ECG II,ecg,mV,128,7680
  SpO2,spo2,%,1,60
  Flow,resp,L/min,32,1920
  $ for r in night ecg; do kymo convert --raw --lossy -q -s SpO2 $r.edf $r.csv; done; cmp night.csv ecg.csv
  $ kymo resample -r 1/30 night.edf | kymo info | cut -d, -f6-10
  label,kind,unit,rate_hz,samples
  ECG II,ecg,mV,0.033333333,2
  SpO2,spo2,%,0.033333333,2
  Flow,resp,L/min,0.033333333,2
  $ kymo resample -r 2 --real -s SpO2 night.edf | kymo info | cut -d, -f6-13
  label,kind,unit,rate_hz,samples,gain_per_unit,baseline,storage
  ECG II,ecg,mV,256,15360,10000,0,i16
  SpO2,spo2,%,2,120,,,f32
  Flow,resp,L/min,32,1920,20,0,i16

Each sample of one rate for all, in one table:

  $ kymo resample -r 4 night.edf | kymo convert --lossy -q - - -O csv | head -3
  time_s,ECG II [mV],SpO2 [%],Flow [L/min]
  0,-0.1059,97,3.3
  0.25,0.03,97,14.75

Gaps stay, with their times.

  $ gaps() { kymo convert --lossy -q $1 - -O csv | awk -F, 'NR > 2 && $1 - last > 0.1 {print last, $1} {last = $1} END {print last}'; }
  $ gaps gap.edf; kymo resample -r 40 gap.edf -o gap40.edf; gaps gap40.edf; kymo resample -r 37 gap.edf | gaps -
  7.995 15.3
  21.295 23.3
  29.295
  7.975 15.3
  21.275 23.3
  29.275
  7.972972973 15.3
  21.272972973 23.3
  29.272972973

Missing samples stay missing, and no others are.

  $ awk 'BEGIN {print "time_s,x (mV)"; for (i = 0; i < 1000; i++) printf "%.2f,%s\n", i / 100, (i >= 400 && i < 500 ? "" : 5)}' > hole.csv
  $ kymo resample -r 25 hole.csv | kymo convert - - -O csv | awk -F, 'NR > 1 {print ($2 == "" ? "none" : $2 + 0)}' | uniq -c | sed 's/^ *//'
  100 5
  25 none
  125 5

Events keep their time; their samples are those of the new rate.

  $ kymo resample -r 500 -a atr demo | kymo events | head -3
  time_s,sample,signal,type,duration_s,value,text
  0,0,,+,,,(N
  0.436,218,,N,,,
  $ kymo events -a atr demo | head -3
  time_s,sample,signal,type,duration_s,value,text
  0,0,,+,,,(N
  0.436,109,,N,,,
  $ kymo resample -r 500 -a atr demo -o 500.hea && kymo events -a atr 500 | cut -d, -f1-4 | head -3
  kymo resample: warning: 500.hea: WFDB has no fields for the subject, who recorded, transducers and prefilters: they are written as info lines
  time_s,sample,signal,type
  0,0,,+
  0.436,218,,N

A sinusoid of the pass-band is the same at any rate: 40 Hz, of size 1, as floating point; one that does not fit is gone.

  $ awk 'BEGIN {for (i = 0; i < 9000; i++) printf "%.17g\n", sin(2 * 3.14159265358979 * 40 * i / 360)}' > sine
  $ (echo "x (mV)"; cat sine) > sine.csv
  $ error() { kymo resample --source-rate 360 -r $1 sine.csv | kymo convert - - -O csv | awk -F, -v rate=$1 -v size=$2 '
  >     NR > 1 && $1 > 5 && $1 < 20 {d = $2 - size * sin(2 * 3.14159265358979 * 40 * (NR - 2) / rate); s += d * d; n++}
  >     END {print (n > 100 && 10 * log(2 * s / n + 1e-30) / log(10) < -120 ? "as it should" : 10 * log(2 * s / n) / log(10))}'; }
  $ for rate in 250 257 499.95 1000 128.5; do error $rate 1; done
  as it should
  as it should
  as it should
  as it should
  as it should
  $ error 77 0
  as it should

Pipes, blocks and files give the same bytes.

  $ kymo resample -r 99.9 night.edf | kymo convert --raw --lossy -q - one.csv
  $ kymo read night.edf | kymo resample -r 99.9 | kymo convert --raw --lossy -q - two.csv; cmp one.csv two.csv
  $ kymo resample -r 100 demo | head -c 100 | wc -c
  100

What is no rate:

  $ for r in 0 -5 1e9 1e13 abc 1/0 ''; do kymo resample -r "$r" demo 2>&1 | head -1; done
  kymo resample: --rate 0: not above 0 and up to 1e+06 Hz
  kymo resample: --rate -5: not above 0 and up to 1e+06 Hz
  kymo resample: --rate 1e9: not above 0 and up to 1e+06 Hz
  kymo resample: --rate "1e13" is no number, as 250, 499.95 or 1/30
  kymo resample: --rate "abc" is no number, as 250, 499.95 or 1/30
  kymo resample: --rate "1/0" is no number, as 250, 499.95 or 1/30
  kymo resample: --rate "" is no number, as 250, 499.95 or 1/30
  $ kymo resample demo
  kymo resample: to which rate? -r HZ
  usage: kymo resample [OPTION]... [RECORD]
  [2]
  $ kymo resample -r 100 -s V9 demo
  kymo resample: no signal "V9" among 0..1 (II, V5)
  usage: kymo resample [OPTION]... [RECORD]
  [2]
  $ kymo resample -r 0.0001 demo
  kymo resample: cannot bring II from 250 to 0.0001 Hz: one rate is more than 100000 times the other
  usage: kymo resample [OPTION]... [RECORD]
  [2]
  $ kymo resample -r 200 --pass 1 demo -o x.kymo
  kymo resample: cannot bring II from 250 to 200 Hz: a pass-band of 1, not 0.1..0.99 of half the lower rate
  usage: kymo resample [OPTION]... [RECORD]
  [2]
  $ kymo resample -r 200 --attenuation 20 demo -o x.kymo
  kymo resample: cannot bring II from 250 to 200 Hz: an attenuation of 20 dB, not 60..180
  usage: kymo resample [OPTION]... [RECORD]
  [2]
  $ kymo resample -r 100 nothing
  kymo resample: nothing: No such file or directory
  [1]
  $ kymo resample -r 100 demo > /dev/full
  kymo resample: standard output: cannot be written: No space left on device
  [1]
  $ head -c 50000 257.kymo | kymo resample -r 100 > part.kymo
  kymo resample: stdin:50000: stream cut off: it ends inside a frame of 102824 bytes
  [1]
  $ ls x.kymo 2> /dev/null
  [2]

Bigger than the integers hold: told, not wrapped.

  $ awk 'BEGIN {for (i = 0; i < 2000; i++) print (int(i / 20) % 2 ? 32767 : -32767)}' > values
  $ echo 'square 1 100 2000
  > square.dat 16 1/count' > square.hea
  $ awk '{v = $1 < 0 ? $1 + 65536 : $1; printf "\\x%02x\\x%02x", v % 256, int(v / 256)}' values | xargs -0 printf > square.dat
  $ kymo resample -r 200 square -o square2.kymo 2>&1 | sed 's/[0-9]* samples/many samples/'; kymo convert square2.kymo - -O csv | cut -d, -f2 | sort -n | sed -n '2p;$p'
  kymo resample: warning: signal 0: many samples clipped at -32767..32767
  -32767
  32767
