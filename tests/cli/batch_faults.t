What can go wrong with a batch: nothing is lost, nothing is there twice.

  $ for i in 0 1 2 3 4 5 6 7 8 9; do kymo synth -d 60 --seed 1$i > r$i.kymo; done
  $ kymo batch -j1 -o whole.csv -- kymo qrs ::: r?.kymo

Workers killed a hundred times, at a time of no plan: the recording is reported, and done when the same command runs again. Each is
done once, and the table is that of a batch in peace.

  $ cat > mortal.sh << 'EOF'
  > echo $$ >> workers
  > kymo qrs "$1"
  > kymo qrs "$1" > /dev/null
  > EOF
  $ killed() { cat killed.csv.batch/manifest.jsonl 2> /dev/null | grep -c '"status":-9'; }
  $ : > workers; RANDOM=1
  $ while [ "$(killed)" -lt 100 ]; do
  >     rm -f killed.csv.batch/parts/*
  >     kymo batch -j2 -o killed.csv -- sh mortal.sh ::: r?.kymo 2>> complaints & batch=$!
  >     while kill -0 $batch 2> /dev/null; do
  >         victim=$(tail -n 1 workers)
  >         [ -z "$victim" ] || [ "$victim" = "$last" ] || [ $((RANDOM % 4)) -eq 0 ] || kill -KILL "$victim" 2> /dev/null
  >         last=$victim
  >     done
  >     wait $batch || :
  > done
  $ [ "$(grep -c 'killed by signal 9 (Killed)$' complaints)" -eq "$(killed)" ] && sort complaints | sed 's/r[0-9]/rN/' | uniq
  kymo batch: rN.kymo: killed by signal 9 (Killed)
  $ kymo batch -o killed.csv -- sh mortal.sh ::: r?.kymo && cmp whole.csv killed.csv
  $ before=$(wc -l < killed.csv.batch/manifest.jsonl)
  $ kymo batch -o killed.csv -- sh mortal.sh ::: r?.kymo && [ "$before" -eq "$(wc -l < killed.csv.batch/manifest.jsonl)" ]

The batch itself killed: what it had done stays done.

  $ cat > slow.sh << 'EOF'
  > [ "$1" != r5.kymo ] || [ -e go ] || { : > at5; while [ ! -e go ]; do sleep 0.01; done; }
  > exec kymo qrs "$1"
  > EOF
  $ kymo batch -j1 -o dead.csv -- sh slow.sh ::: r?.kymo & batch=$!
  $ while [ ! -e at5 ]; do sleep 0.01; done; kill -KILL $batch; wait $batch 2> /dev/null; wc -l < dead.csv.batch/manifest.jsonl
  5
  $ touch go; kymo batch -o dead.csv -- sh slow.sh ::: r?.kymo && cmp whole.csv dead.csv && wc -l < dead.csv.batch/manifest.jsonl
  10

A manifest and a table that cannot grow, as on a full disk: the lines that it has are good, and one that was not ended is passed over.

  $ kymo batch -o small.csv -- kymo hrv -a beats --measures nn50 ::: r?.kymo
  $ (ulimit -f 2; trap '' XFSZ; kymo batch -j1 -d full -- kymo hrv -a beats --measures nn50 ::: r?.kymo)
  kymo batch: full/manifest.jsonl: cannot be written: * (glob)
  [1]
  $ [ "$(grep -c '}$' full/manifest.jsonl)" -lt 10 ]
  $ kymo batch -d full -- kymo hrv -a beats --measures nn50 ::: r?.kymo | cmp small.csv
  $ grep -c '}$' full/manifest.jsonl
  10
  $ kymo batch -d parts -- sh -c 'ulimit -f 1; trap "" XFSZ; exec kymo qrs {}' ::: r0.kymo
  kymo batch: r0.kymo: kymo qrs: standard output: cannot be written: File too large
  [3]

The folder is removed meanwhile.

  $ cat > remove.sh << 'EOF'
  > rm -rf gone.csv.batch
  > exec kymo qrs "$1"
  > EOF
  $ kymo batch -j1 -o gone.csv -- sh remove.sh ::: r?.kymo
  kymo batch: r0.kymo: its table cannot be kept: No such file or directory
  kymo batch: gone.csv.batch/manifest.jsonl: No such file or directory
  [1]
  $ kymo batch -o gone.csv -- kymo qrs ::: r?.kymo && cmp whole.csv gone.csv

A recording is cut while it is read; when it is whole again, the batch goes on.

  $ cp r3.kymo keep && cat > cut.sh << 'EOF'
  > kymo qrs "$1" || exit
  > [ "$1" != r3.kymo ] || [ -e once ] || { : > once; truncate -s 5000 "$1"; }
  > EOF
  $ kymo batch -o cut.csv -- sh cut.sh ::: r?.kymo
  kymo batch: r3.kymo: its files changed while they were read
  [3]
  $ cut -d, -f1 cut.csv | uniq | grep -c r3
  0
  [1]
  $ cp keep r3.kymo && kymo batch -o cut.csv -- sh cut.sh ::: r?.kymo && cmp whole.csv cut.csv
