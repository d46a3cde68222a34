Ventricular fibrillation from 1:00 to 1:30, made of waves of about 5 per second that beat against each other, in an ECG of two leads.

  $ kymo synth --duration 120 --rate 125 --hr 70 --seed 3 -o s.kymo
  $ kymo convert -q --lossy s.kymo s.csv
  $ fibrillate() {
  >   awk -F, -v on="$1" -v off="$2" 'FNR == 1 {print "time_s,II [mV],V5 [mV]"; next}
  >     {x = $1 >= on && $1 < off; a = 31.4 * $1 + 2 * sin(0.9 * $1); b = 33.9 * $1
  >      printf "%s,%.4f,%.4f\n", $1, x ? 0.5 * cos(a) + 0.2 * cos(b) : $2, x ? 0.3 * cos(a + 1) - 0.2 * cos(b) : 0.7 * $2}' s.csv
  > }
  $ fibrillate 60 90 > vf.csv
  $ kymo rhythm -q vf.csv | awk -F, '$7 == "(VFL" {print $4, ($1 > 58 && $1 < 62), ($1 + $5 > 88 && $1 + $5 < 92), ($10 > 0.9)}'
  [ 1 1 1
  $ kymo rhythm -q s.kymo | grep -c VFL
  0
  [1]

In other units, at the end, and at the beginning.

  $ sed '1s/mV/uV/g' vf.csv | awk -F, -v OFS=, 'FNR > 1 {$2 *= 1000; $3 *= 1000} {print}' > uv.csv
  $ kymo rhythm -q vf.csv | grep VFL > vf.txt; kymo rhythm -q uv.csv | grep VFL | cmp - vf.txt
  $ fibrillate 100 999 > end.csv; kymo rhythm -q end.csv | awk -F, '$7 == "(VFL" {print $1 + $5}'
  120
  $ fibrillate 0 20 > begin.csv; kymo rhythm -q begin.csv | awk -F, '$7 == "(VFL" {print $1}'
  0

One lead alone says so too; beside one that shows beats it does not count.

  $ kymo rhythm -q -s V5 vf.csv | grep -c VFL
  1
  $ paste -d, vf.csv s.csv | awk -F, -v OFS=, 'FNR == 1 {$5 = "I [mV]"} {print $1, $2, $5}' > beside.csv
  $ kymo rhythm -q beside.csv | grep -c VFL
  0
  [1]

A pressure whose pulses go on speaks against it.

  $ kymo events s.kymo | awk -F, 'NR > 1 {print $1}' > beats
  $ awk -F, -v OFS=, 'NR == FNR {b[NR] = $1; n = NR; next}
  >   FNR == 1 {print $0, "ABP (mmHg)"; j = 1; next}
  >   {while (j < n && b[j + 1] <= $1) j++
  >    d = $1 - b[j] - 0.3
  >    printf "%s,%.2f\n", $0, 80 + 40 * exp(-d * d / 0.0098) + 8 * exp(-(d - 0.3) * (d - 0.3) / 0.0098)}' beats vf.csv > icu.csv
  $ kymo rhythm -q icu.csv | awk -F, '$7 == "(VFL" {print ($10 < 0.5)}'
  1
  $ kymo rhythm -q --pulse off icu.csv | awk -F, '$7 == "(VFL" {print ($10 > 0.9)}'
  1

A recording that ends in silence ends in asystole; one that ends in fibrillation, or in a gap, does not.

  $ awk -F, -v OFS=, 'FNR > 1 && $1 >= 113 {$2 = 0.01 * sin(37 * $1)} {print}' s.csv > silent.csv
  $ kymo rhythm -q silent.csv | awk -F, '$4 == "asystole" {print ($1 > 111), $1 + $5}'
  1 120
  $ kymo rhythm -q end.csv | grep -c asystole
  0
  [1]
  $ awk -F, -v OFS=, 'FNR > 1 && $1 >= 113 {$2 = ""} {print}' s.csv > gap.csv
  $ kymo rhythm -q gap.csv | grep -c asystole
  0
  [1]
