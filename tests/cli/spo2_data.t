Monitors and exports as they are, without hand-holding ($KYMO_DATA).

  $ [ -d "$KYMO_DATA/bidmc" ] || exit 80
  $ cd $KYMO_DATA; for r in bidmc/*_Numerics.csv; do kymo spo2 $r | cut -d, -f1,5-6,8,22,26-28 | tail -n +2; done
  bidmc/bidmc_01_Numerics.csv,0.133611,0.13,0,0,96.916667,97,96
  bidmc/bidmc_02_Numerics.csv,0.133611,0.133611,0,0,99.989605,100,99
  bidmc/bidmc_03_Numerics.csv,0.133611,0.133611,0,0,95.75052,96,95
  bidmc/bidmc_04_Numerics.csv,0.133611,0.133611,0,0,93,93,92

SpO2 at 250 Hz in a WFDB record of a monitor; a record that has none lists what it has.

  $ cd $KYMO_DATA; for r in 100 101 104 105 115; do kymo spo2 challenge2014/$r -O tsv | cut -f1,5-6,8,22,26-28,87 | tail -n +2; done
  challenge2014/100\t0.166667\t0.166667\t6\t71\t89.372255\t89.352941\t83.529412\tnothing (esc)
  challenge2014/101\t0.166667\t0.166667\t1\t12.166667\t91.126753\t91.272727\t88.623377\tnothing (esc)
  challenge2014/104\t0.166667\t0.166667\t3\t1.5\t92.746852\t92.888723\t87.996624\tnothing (esc)
  challenge2014/105\t0.166667\t0.160278\t8\t28.942808\t90.713748\t93.966555\t72.508361\trange 0.04 s, jump 0.96 s, edge 28.36 s (esc)
  challenge2014/115\t0.166667\t0.166667\t9\t60.833333\t81.373289\t82.9699\t56.989967\tnothing (esc)
  $ cd $KYMO_DATA; kymo spo2 challenge2014/102 2>&1 | head -1
  kymo spo2: no signal of kind spo2 by its label among 0..3 (ECG, BP, EEG (C4-A1), Resp (sum)): choose with -s
