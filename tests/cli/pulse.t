Pulses stand in where the ECG cannot be read: an ECG of 144 beats that is lost from 0:40 to 1:20, with a pressure whose wave
comes 0.3 s after each.

  $ kymo synth --duration 120 --hr 72 --seed 3 -o s.kymo
  $ kymo convert -q --lossy s.kymo s.csv
  $ kymo events s.kymo | awk -F, 'NR > 1 {print $1}' > beats
  $ awk -F, -v OFS=, 'NR == FNR {b[NR] = $1; n = NR; next}
  >   FNR == 1 {print "time_s,II (mV),ABP (mmHg)"; j = 1; next}
  >   {while (j < n && b[j + 1] <= $1) j++;
  >    d = $1 - b[j] - 0.3
  >    x = ($1 >= 40 && $1 < 80) ? 0 : $2
  >    printf "%s,%s,%.2f\n", $1, x, 80 + 40 * exp(-d * d / 0.0098) + 8 * exp(-(d - 0.3) * (d - 0.3) / 0.0098)}' \
  >   beats s.csv > icu.csv
  $ wc -l < beats
  144
  $ kymo qrs icu.csv > fused.csv; grep -c ,N, fused.csv; kymo qrs --pulse off icu.csv | grep -c ,N,
  144
  96
  $ awk -F, '$7 == "ABP" {n++; if ($1 < 40 || $1 >= 80) bad++} END {print n, bad + 0}' fused.csv
  48 0

Every beat lies within 40 ms of its own, in order of time, and in a stream as in a table.

  $ grep ,N, fused.csv | cut -d, -f1 | paste -d, - beats | awk -F, '{d = $1 - $2; if (d * d > 0.0016) print}'
  $ sort -c -t, -g -k1,1 fused.csv
  $ cut -d, -f1-7 fused.csv > plain.csv; kymo qrs -O kymo icu.csv | kymo events | cmp - plain.csv
  $ kymo read icu.csv | kymo qrs | cmp - fused.csv
