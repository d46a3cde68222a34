A command for each of many recordings: one table, in the order of their names, and a folder that remembers.

  $ T=$ROOT/testdata
  $ for i in 1 2 3 4 5; do kymo synth -d 60 --seed $i > r$i.kymo; done
  $ kymo batch -j2 -- kymo hrv -a beats --measures nn50 ::: r*.kymo | cut -d, -f1-6
  record,n_beats,n_nn,n_corrected,pct_excluded,nn50
  r1.kymo,60,59,0,0,0
  r2.kymo,60,59,0,0,0
  r3.kymo,60,59,0,0,0
  r4.kymo,60,59,0,0,0
  r5.kymo,60,59,0,0,0

A table without such a column gets one; words with {}; a pipe; lists, folders, patterns.

  $ kymo batch -- kymo events -a beats {} -t 2 ::: r1.kymo r2.kymo | cut -d, -f1,2,5
  record,time_s,type
  r1.kymo,* (glob)
  r1.kymo,* (glob)
  r2.kymo,* (glob)
  r2.kymo,* (glob)
  $ printf 'r2.kymo\n# not this\n\nr1.kymo\n' > list
  $ kymo batch -- sh -c 'kymo qrs {} | kymo hrv --measures nn50' ::: @list | cut -d, -f1,2
  record,n_beats
  r2.kymo,60
  r1.kymo,60
  $ mkdir cohort && cp r3.kymo r1.kymo cohort/ && kymo batch -- kymo hrv -a beats --measures nn50 ::: cohort | cut -d, -f1,2
  record,n_beats
  cohort/r1.kymo,60
  cohort/r3.kymo,60
  $ printf 'r3.kymo\n' > cohort/RECORDS && kymo batch -- kymo hrv -a beats --measures nn50 ::: cohort/ cohort/RECORDS
  kymo batch: cohort/r3.kymo is named twice
  usage: kymo batch [OPTION]... -- COMMAND [WORD]... ::: RECORDING...
  [2]
  $ kymo batch -- kymo hrv -a beats --measures nn50 ::: 'r[12].kymo' | cut -d, -f1,2
  record,n_beats
  r1.kymo,60
  r2.kymo,60

Any number of workers, in one go or in many, gives the same bytes.

  $ kymo batch -j1 -o one.csv -- kymo qrs ::: r*.kymo
  $ kymo batch -j4 -o four.csv -- kymo qrs ::: r*.kymo
  $ cmp one.csv four.csv
  $ kymo batch -o many.csv -- kymo qrs ::: r1.kymo
  $ kymo batch -o many.csv -- kymo qrs ::: r*.kymo
  $ cmp one.csv many.csv
  $ wc -l < many.csv.batch/manifest.jsonl
  5

What is done is not done again; what has changed, failed, or lost its table, is. Other words do everything again.

  $ kymo batch -o many.csv -- kymo qrs ::: r*.kymo && wc -l < many.csv.batch/manifest.jsonl
  5
  $ touch r1.kymo && kymo batch -o many.csv -- kymo qrs ::: r*.kymo && wc -l < many.csv.batch/manifest.jsonl
  5
  $ kymo synth -d 61 --seed 9 > r1.kymo && kymo batch -o many.csv -- kymo qrs ::: r*.kymo && wc -l < many.csv.batch/manifest.jsonl
  6
  $ rm "$(ls many.csv.batch/parts/*.csv | head -1)" && kymo batch -o many.csv -- kymo qrs ::: r*.kymo && wc -l < many.csv.batch/manifest.jsonl
  7
  $ printf '{"record":"r1.kymo","comm' >> many.csv.batch/manifest.jsonl
  $ kymo batch -o many.csv -- kymo qrs ::: r*.kymo && wc -l < many.csv.batch/manifest.jsonl
  7
  $ kymo batch -o many.csv -- kymo qrs --fast ::: r*.kymo && grep -c '"--fast"' many.csv.batch/manifest.jsonl
  5

One that fails is reported, the others go on; it is tried again.

  $ head -c 5000 r2.kymo > cut.kymo
  $ kymo batch -j1 -o some.csv -- kymo hrv -a beats --measures nn50 ::: r1.kymo cut.kymo missing r3.kymo
  kymo batch: cut.kymo: kymo hrv: cut.kymo:* (glob)
  kymo batch: missing: no such recording
  [3]
  $ cut -d, -f1 some.csv
  record
  r1.kymo
  r3.kymo
  $ cp r2.kymo cut.kymo
  $ kymo batch -o some.csv -- kymo hrv -a beats --measures nn50 ::: r1.kymo cut.kymo r3.kymo && cut -d, -f1 some.csv
  record
  r1.kymo
  cut.kymo
  r3.kymo
  $ kymo batch -j1 -- sh -c 'kill -9 $$' ::: r1.kymo
  kymo batch: r1.kymo: killed by signal 9 (Killed)
  [3]
  $ kymo batch -- sh -c 'echo {} > names; echo x; echo 1; echo more >> {}' ::: cut.kymo
  kymo batch: cut.kymo: its files changed while they were read
  [3]
  $ kymo batch -- nosuchprogram ::: r1.kymo
  kymo batch: r1.kymo: nosuchprogram: No such file or directory
  [3]
  $ kymo batch -- sh -c 'echo {}; echo 1' ::: r1.kymo r2.kymo
  kymo batch: r2.kymo: its table has other columns than that of r1.kymo
  [1]

An interrupted batch goes on where it was. Two in one folder: the second is refused.

  $ cat > slow.sh << 'END'
  > while [ ! -e go ]; do sleep 0.01; done
  > exec kymo hrv -a beats --measures nn50 "$1"
  > END
  $ kymo batch -j1 -o slow.csv -- sh slow.sh ::: r*.kymo 2> first.err & first=$!
  $ while [ ! -e slow.csv.batch/lock ] || [ -z "$(ls slow.csv.batch/parts 2> /dev/null)" ]; do :; done
  $ kymo batch -o slow.csv -- sh slow.sh ::: r*.kymo
  kymo batch: slow.csv.batch: another batch works in this folder
  [1]
  $ kill -TERM $first; wait $first
  [1]
  $ cat first.err
  kymo batch: stopped by signal 15: 0 of 5 recordings are done, and the same command goes on
  $ touch go; kymo batch -j2 -o slow.csv -- sh slow.sh ::: r*.kymo && kymo batch -j1 -- kymo hrv -a beats --measures nn50 ::: r*.kymo | cmp slow.csv
  $ wc -l < slow.csv
  6

A full disk; a closed pipe; quotes in cells; wrong use.

  $ kymo batch -- kymo hrv -a beats ::: r2.kymo > /dev/full
  kymo batch: standard output: cannot be written: No space left on device
  [1]
  $ kymo batch -- kymo hrv -a beats --measures nn50 ::: r2.kymo r3.kymo | head -1 | cut -d, -f1
  record
  $ cp r2.kymo 'a,"b".kymo' && kymo batch -- sh -c 'printf "record,text\n{},\"two\nlines\"\n" > /dev/null; printf "record,text\nx,\"two\nlines\"\n"' ::: 'a,"b".kymo' r2.kymo
  record,text
  "a,""b"".kymo","two
  lines"
  r2.kymo,"two
  lines"
  $ kymo batch kymo hrv r1.kymo
  kymo batch: no ::: between the command and the recordings
  usage: kymo batch [OPTION]... -- COMMAND [WORD]... ::: RECORDING...
  [2]
  $ kymo batch -- kymo hrv :::
  kymo batch: no recordings behind :::
  usage: kymo batch [OPTION]... -- COMMAND [WORD]... ::: RECORDING...
  [2]
  $ ls -d "${TMPDIR:-/tmp}"/kymo-batch-* 2> /dev/null
  [2]
