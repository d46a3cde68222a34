Real oximeters: a monitor's numbers once a second, and its analog output at 250 Hz, with deep apnoeas.

  $ [ -n "$KYMO_DATA" ] || exit 80
  $ for i in 01 02 03 04; do kymo desat --cleaning "$KYMO_DATA/bidmc/bidmc_${i}_Numerics.csv" | sed -n 2p; done
  kept,468,468,97.297
  kept,481,481,100
  kept,481,481,100
  kept,481,481,100
  $ for r in 100 101 104 105 115; do kymo desat --rule aasm4 "$KYMO_DATA/challenge2014/$r" | grep -c ,desat,; done
  4
  0
  1
  8
  9
  $ kymo desat "$KYMO_DATA/challenge2014/115" | cut -d, -f1-6 | head -3
  time_s,sample,signal,type,duration_s,value
  18.12,4530,SO2,desat,66.4,62.020067
  94.88,23720,SO2,desat,31.16,66.622074
