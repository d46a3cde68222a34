Parts of a batch by GNU parallel itself, of the Debian package that `make slurm-deps` installs.

  $ . $ROOT/tests/cli/slurm.sh
  $ parallel_is_there || exit 80
  $ export HOME=$PWD PARALLEL='-j 2'
  $ for i in 1 2 3 4 5 6; do kymo synth -d 60 --seed $i > r$i.kymo; done; mv r6.kymo "it's 6.kymo"
  $ kymo batch -j1 -o one.csv -- kymo qrs ::: *.kymo

All of it: the same bytes, one line of the manifest for each. Again, it does nothing.

  $ script=$(kymo batch --script-only=parallel --chunk 2 -o many.csv -- kymo qrs ::: *.kymo)
  $ sh $script && kymo batch --collect -o many.csv && cmp one.csv many.csv && wc -l < many.csv.batch/manifest.jsonl
  6
  $ sh $script && kymo batch --collect -o many.csv && cmp one.csv many.csv && wc -l < many.csv.batch/manifest.jsonl
  6

A task is killed: parallel tells it, the others go on, and the same script does the rest.

  $ cat > mortal.sh << 'END'
  > [ "$1" != r3.kymo ] || [ -e once ] || { : > once; kill -KILL $PPID; }
  > exec kymo qrs "$1"
  > END
  $ script=$(kymo batch --script-only=parallel --chunk 2 -o killed.csv -- sh mortal.sh ::: *.kymo)
  $ sh $script 2> complaints
  [1]
  $ kymo batch --status -o killed.csv | tail -1 | cut -d, -f4-
  6,5,0,1
  $ sh $script && kymo batch --collect -o killed.csv && cmp one.csv killed.csv && wc -l < killed.csv.batch/manifest.jsonl
  6

A recording that fails: the others are in the table, its reason is told.

  $ head -c 5000 r1.kymo > cut.kymo
  $ sh $(kymo batch --script-only=parallel --chunk 1 -o some.csv -- kymo qrs ::: cut.kymo r2.kymo) 2> complaints
  [1]
  $ kymo batch --collect -o some.csv; cut -d, -f1 some.csv | uniq
  kymo batch: cut.kymo: kymo qrs: cut.kymo:5000: stream cut off: it ends inside a frame of 30012 bytes
  record
  r2.kymo
