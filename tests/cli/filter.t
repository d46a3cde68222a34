Bands and notches of kymo filter. How exact they are is in tests/unit; here is that the options reach them, and what happens to a
recording.

  $ cp $ROOT/testdata/demo.* $ROOT/testdata/gap.edf .
  $ kymo filter --band 0.5-40 demo | kymo info
  record,format,start,duration_s,signal,label,kind,unit,rate_hz,samples,gain_per_unit,baseline,storage,note
  -,kymo,2024-03-14T08:15:30,300,0,II,ecg,mV,250,75000,,,f32,
  -,kymo,2024-03-14T08:15:30,300,1,V5,ecg,mV,250,75000,,,f32,

Only what was chosen is filtered; the rest, and the events, are the source's.

  $ kymo filter --band 0.5-40 -s V5 -a atr demo -o v5.kymo && kymo info v5.kymo | cut -d, -f5-
  signal,label,kind,unit,rate_hz,samples,gain_per_unit,baseline,storage,note
  0,II,ecg,mV,250,75000,200,1024,i16,
  1,V5,ecg,mV,250,75000,,,f32,
  $ for r in demo v5.kymo; do kymo convert -q --lossy -s II --raw $r - -O csv | grep -v '^#' | cksum; done | uniq | wc -l
  1
  $ for r in demo v5.kymo; do kymo events -a atr $r | cksum; done | uniq | wc -l
  1

The response, and what the history tells of the delay.

  $ kymo filter --low 40 --order 4 --phase causal --response -s 0 demo | sed -n '1,2p;170,172p;$p'
  signal,frequency_hz,gain_db,phase_deg,delay_s
  II,0,0,0,0.009507
  II,41.39139,-3.7801,171.3472,0.017005
  II,42.845973,-4.6853,162.6267,0.016272
  II,44.351674,-5.7155,154.0478,0.015362
  II,125,,,
  $ kymo filter --low 40 --order 4 --response -s 0 demo | sed -n '2p;170,172p'
  II,0,0,0,0
  II,41.39139,-7.5603,0,0
  II,42.845973,-9.3707,0,0
  II,44.351674,-11.431,0,0
  $ kymo filter --stop 40-60 --response demo -s 0 -O tsv | awk -F'\t' '$3 < -3 { print $2 }' | sed -n '1p;$p'
  38.628693
  60.521546
  $ said() { kymo filter "$@" demo | strings | grep -o 'filter: [^"]*'; }
  $ said --band 5-15 --phase causal
  filter: HP:5Hz LP:15Hz of signals at 250 Hz, causal, 0.0449 s late at 8.66 Hz
  $ said --band 5-15 --phase compensated
  filter: HP:5Hz LP:15Hz of signals at 250 Hz, compensated, 0.0008966 s late at 8.66 Hz
  $ said --band 5-15 --fir kaiser --phase causal
  filter: HP:5Hz LP:15Hz of signals at 250 Hz, causal, 0.26 s late at 8.66 Hz
  $ said --preset ecg-diagnostic
  filter: HP:0.05Hz of signals at 250 Hz, zero phase
  $ said --preset qrs --low 20 --notch 50,3
  filter: N:50Hz*1-2 HP:5Hz LP:20Hz of signals at 250 Hz, zero phase
  $ said --stop 48-52 --family chebyshev2 --order 3
  filter: BS:48-52Hz of signals at 250 Hz, zero phase

Zero phase, FIR and IIR, keep peaks where they are; a pipe gives what a file gives.

  $ peak() { kymo filter "$@" -s II demo | kymo convert -f 1 -t 2 - - -O csv | grep -v '^#' | awk -F, 'NR > 1 && $2 > y { y = $2; t = $1 } END { print t }'; }
  $ kymo convert -s II -f 1 -t 2 demo - -O csv | grep -v '^#' | awk -F, 'NR > 1 && $2 > y { y = $2; t = $1 } END { print t }'
  1.296
  $ peak --band 0.5-40; peak --band 0.5-40 --fir kaiser; peak --low 40 --phase compensated; peak --low 40 --phase causal
  1.296
  1.296
  1.296
  1.3
  $ kymo read demo | kymo filter --band 0.5-40 | kymo convert - - -O csv | grep -v '^#' | cksum > piped
  $ kymo filter --band 0.5-40 demo | kymo convert - - -O csv | grep -v '^#' | cksum | cmp - piped

A gap stays one, and what is behind it begins anew.

  $ kymo filter --high 0.5 gap.edf -o gap.kymo; for f in edf kymo; do kymo convert -q --lossy gap.$f $f.csv; done
  $ for f in edf kymo; do grep -v '^#' $f.csv | cut -d, -f1 | sed 1d | cksum; done | uniq | wc -l
  1

Formats of integers get the filtered signals scaled; the prefilter field tells what was done.

  $ kymo filter --band 0.5-40 --notch 50 demo -o f.edf
  kymo filter: warning: f.edf: 2 notes of the source have no place in EDF
  kymo filter: warning: f.edf: signal II, 75000 samples in -0.915873..2.24771 mV: scaled to steps of 4.83e-05
  kymo filter: warning: f.edf: signal V5, 75000 samples in -2.22623..1.38256 mV: scaled to steps of 5.51e-05
  $ dd if=f.edf bs=1 skip=$((256 + 3 * 136)) count=160 2> /dev/null; echo
  N:50Hz HP:0.5Hz LP:40Hz                                                         N:50Hz HP:0.5Hz LP:40Hz                                                         
  $ kymo filter --band 0.5-40 demo -o f.hea && kymo info f | cut -d, -f5-10,13
  kymo filter: warning: f.hea: values of II rounded, by up to 2.41419e-05 mV
  kymo filter: warning: f.hea: values of V5 rounded, by up to 2.75408e-05 mV
  kymo filter: warning: f.hea: WFDB has no fields for the subject, who recorded, transducers and prefilters: they are written as info lines
  signal,label,kind,unit,rate_hz,samples,storage
  0,II,ecg,mV,250,75000,i16
  1,V5,ecg,mV,250,75000,i16
  $ kymo filter --band 0.5-40 demo -o f.csv && grep -v '^#' f.csv | sed -n 1,3p
  time_s,II [mV],V5 [mV]
  0,-0.06005265,-0.06332179
  0.004,-0.07031019,-0.06869201

What cannot be is told, before anything is written.

  $ kymo filter demo > out
  kymo filter: what filter? --band, --high, --low, --stop, --notch, --preset, --baseline, --median, --average, --savgol, --derivative or --wavelet
  usage: kymo filter [OPTION]... [RECORD]
  [2]
  $ kymo filter --band 0.5-200 demo 2>&1 > out | head -1
  kymo filter: cannot filter II (250 Hz): an upper edge at 200 Hz is not between the lower at 0.5 and 125 Hz, half the rate
  $ kymo filter --low 125 demo 2>&1 > out | head -1
  kymo filter: cannot filter II (250 Hz): an edge at 125 Hz is not between 0 and 125 Hz, half the rate
  $ kymo filter --high -3 demo 2>&1 > out | head -1
  kymo filter: cannot filter II (250 Hz): an edge at -3 Hz is not between 0 and 125 Hz, half the rate
  $ kymo filter --band 40 demo 2>&1 > out | head -1
  kymo filter: cannot filter II (250 Hz): --band "40" is not two frequencies such as 0.5-40
  $ kymo filter --notch 150 demo 2>&1 > out | head -1
  kymo filter: cannot filter II (250 Hz): a notch at 150 Hz is not between 0 and 125 Hz, half the rate
  $ kymo filter --notch fifty demo 2>&1 > out | head -1
  kymo filter: cannot filter II (250 Hz): --notch "fifty" is not a frequency, 50 or 60,harmonics or 50,3
  $ kymo filter --low 40 --order 33 demo 2>&1 > out | head -1
  kymo filter: cannot filter II (250 Hz): order 33, not 1..32
  $ kymo filter --low 40 --family elliptic --attenuation 0.1 demo 2>&1 > out | head -1
  kymo filter: cannot filter II (250 Hz): an attenuation of 0.1 dB, not 1..250 and above the ripple
  $ kymo filter --low 40 -s aVR demo 2>&1 > out | head -1
  kymo filter: no signal "aVR" among 0..1 (II, V5)
  $ kymo filter --preset holter demo 2>&1 > out | head -1
  kymo filter: cannot filter II (250 Hz): no preset "holter", only ecg-monitor, ecg-diagnostic, qrs, ppg, abp, eog, emg
  $ kymo filter --preset ppg demo 2>&1 > out | head -1
  kymo filter: no signal of kind ppg by its label among 0..1 (II, V5): choose with -s
  $ kymo filter --low 40 --fir boxcar demo 2>&1 > out | head -1
  kymo filter: cannot filter II (250 Hz): no FIR filter "boxcar", only kaiser, equiripple
  $ kymo filter --low 124 --transition 10 --fir kaiser demo 2>&1 > out | head -1
  kymo filter: cannot filter II (250 Hz): a transition of 10 Hz does not fit between the edges, 0 and 125 Hz, half the rate
  $ kymo filter --band 0.1-40 --fir equiripple demo 2>&1 > out | head -1
  kymo filter: cannot filter II (250 Hz): 3837 taps, not an odd number 3..1023: a wider transition, or kaiser
  $ kymo filter --high 0.00001 demo 2>&1 > out | head -1
  kymo filter: cannot filter II (250 Hz): too slow a filter for zero phase: it would look more than 4194304 samples ahead
  $ kymo filter --baseline two-median --response demo 2>&1 > out | head -1
  kymo filter: II: a filter that is not linear has no response
  $ kymo filter --low 40 nothing 2>&1 > out | head -1
  kymo filter: nothing: No such file or directory
  $ wc -c < out
  0

A full disk, a closed pipe, input cut off.

  $ kymo filter --low 40 demo > /dev/full
  kymo filter: standard output: cannot be written: No space left on device
  [1]
  $ kymo filter --low 40 demo | head -c 1
  \x89 (no-eol) (esc)
  $ kymo read demo | head -c 100000 | kymo filter --low 40 > cut.kymo
  kymo filter: stdin:100000: stream cut off: it ends inside a frame of 100024 bytes
  [1]
