The first eleven minutes of 118e12 (12 dB), made anew with the noise that 118e00 (0 dB) has over record 118: the difference of the
two, times 10^(-12/20). The samples of both lack the 1024 steps of 118's zero, their headers do not. The program that made them
rounded towards 0 and kept offsets as whole numbers: at each of the three changes of gain, in both records, up to a step (5 uV)
is lost for good, and one more at each sample: 3 + 3 x 0.25 + 1 + 0.25 + our half.

  $ [ -n "$KYMO_DATA" ] || exit 80
  $ for r in mitdb/118 nstdb/118e00 nstdb/118e12; do kymo convert -t 660 $KYMO_DATA/$r ${r##*/}.csv; done
  $ paste -d, 118.csv 118e00.csv | awk -F, 'NR == 1 {print "time_s,n0 (mV),n1 (mV)"; next} {print $1 "," $5-$2 "," $6-$3}' > n.csv
  $ kymo noise --add n.csv --gain $(awk 'BEGIN {print 10^(-12/20)}') $KYMO_DATA/mitdb/118 -o made.kymo
  $ kymo convert -t 660 made.kymo made.csv
  $ paste -d, made.csv 118e12.csv | awk -F, 'NR > 1 {for (i = 2; i < 4; i++) {d = 200 * ($i - $(i + 3)) - 1024; if (d < 0) d = -d
  >     if (d > worst) worst = d}} END {print NR - 1, (worst <= 5.5 ? "samples alike" : worst)}'
  237600 samples alike

The size of its QRS complexes, by another program: an awk over samples and annotations.

  $ kymo events -a atr $KYMO_DATA/mitdb/118 | awk -F, '$4 ~ /^[NLRaJASj\/QBenf]$/ {print $2}' | head -300 > beats
  $ kymo convert --raw $KYMO_DATA/mitdb/118 raw.csv
  $ awk -F, 'NR == FNR {for (i = -18; i <= 18; i++) at[$1 + i] = NR; n = NR; next} (FNR - 2) in at {b = at[FNR - 2]
  >     if (!(b in lo) || $2 < lo[b]) lo[b] = $2; if (!(b in hi) || $2 > hi[b]) hi[b] = $2}
  >     END {for (b in lo) print hi[b] - lo[b]}' beats raw.csv | sort -n | sed '1,15d' | head -270 | awk '{s += $1} END {print s / NR / 200}'
  2.74309
  $ kymo noise --kind muscle -a atr $KYMO_DATA/mitdb/118 -o m.hea; grep -o 'QRS [0-9.]*' m.hea | head -1
  QRS 2.74309
