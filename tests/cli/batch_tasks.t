Parts of a batch by whatever runs a script with a number: --task, --script-only, --collect. (Slurm itself: batch_slurm.t.)

  $ . $ROOT/tests/cli/slurm.sh
  $ for i in 1 2 3 4 5; do kymo synth -d 60 --seed $i > r$i.kymo; done; cp r5.kymo "it's 5.kymo"; rm r5.kymo
  $ kymo batch -j1 -o one.csv -- kymo qrs ::: *.kymo

The script, by hand and all at once; tasks do what is left of their part, each under its own lock.

  $ script=$(kymo batch --script-only=parallel --chunk 2 -o many.csv -- kymo qrs ::: *.kymo); echo $script
  many.csv.batch/tasks/parallel.sh
  $ sed "s|$PWD|HERE|; s|'/[^']*/kymo'|KYMO|; s|list\.[0-9a-f]*|list.DIGEST|" $script
  #!/bin/sh
  # Made by kymo batch *: task N of 3, at most 2 recordings in each. (glob)
  # Options of parallel: in the environment, PARALLEL='-j 4'.
  [ $# -gt 0 ] || { seq 3 | parallel sh "$0"; exit; }
  cd 'HERE' || exit
  exec KYMO batch -j 1 --chunk 2 --task "$1" -d 'many.csv.batch' -- \
      'kymo' 'qrs' ::: @'many.csv.batch/tasks/list.DIGEST'
  $ kymo batch --status -o many.csv
  job,tasks_running,tasks_waiting,recordings,done,failed,left
  0,0,0,5,0,0,5
  $ sh $script 2 && kymo batch --status -o many.csv
  job,tasks_running,tasks_waiting,recordings,done,failed,left
  0,0,0,5,2,0,3
  $ kymo batch --collect -o some.csv -d many.csv.batch
  kymo batch: it's 5.kymo: came to no end: see many.csv.batch/tasks
  kymo batch: r1.kymo: came to no end: see many.csv.batch/tasks
  kymo batch: r4.kymo: came to no end: see many.csv.batch/tasks
  [3]
  $ cut -d, -f1 some.csv | uniq
  record
  r2.kymo
  r3.kymo
  $ seq 3 | xargs -P 3 -n 1 sh $script && kymo batch --collect -o many.csv && cmp one.csv many.csv
  $ wc -l < many.csv.batch/manifest.jsonl
  5
  $ kymo batch --collect -o many.csv --provenance p.json && grep -o '"path": ".*"' p.json
  "path": "it's 5.kymo"
  "path": "r1.kymo"
  "path": "r2.kymo"
  "path": "r3.kymo"
  "path": "r4.kymo"
  "path": "many.csv"
  $ sh $script 4 2>&1 | head -1
  kymo batch: --task 4 is not 1..3: 5 recordings, 2 for each
  $ kymo batch --script-only=slurm -o many.csv -- kymo qrs ::: *.kymo
  kymo batch: nothing is left to do: --collect makes the table
  [1]

A script of an earlier cut does nothing. A task runs once at a time, and not beside a batch.

  $ kymo batch --script-only=slurm --chunk 4 -o many.csv -- kymo qrs --fast ::: *.kymo && sh $script 1
  many.csv.batch/tasks/slurm.sh
  kymo batch: many.csv.batch/tasks/list.*: No such file or directory (glob)
  [1]
  $ cat > slow.sh << 'EOF'
  > echo > began
  > while [ ! -e go ]; do sleep 0.01; done
  > exec kymo qrs "$1"
  > EOF
  $ printf 'r1.kymo\nr2.kymo\n' > list
  $ kymo batch -d two --chunk 1 --task 1 -- sh slow.sh ::: @list & poll test -e began
  $ kymo batch -d two --chunk 1 --task 1 -- sh slow.sh ::: @list
  kymo batch: two: another run of this task works in this folder
  [1]
  $ kymo batch -d two -- sh slow.sh ::: @list
  kymo batch: two: another batch works in this folder
  [1]
  $ touch go; kymo batch -d two --chunk 1 --task 2 -- sh slow.sh ::: @list; wait
  $ kymo batch -d two -- sh slow.sh ::: @list | cut -d, -f1 | uniq -c | awk '{ print $1, $2 }'
  1 record
  60 r1.kymo
  60 r2.kymo
  $ wc -l < two/manifest.jsonl; ls two/tasks
  2
  1.lock
  2.lock

A batch that was killed as it moved the lines of tasks: they are there once.

  $ tail -1 two/manifest.jsonl > two/tasks/2.jsonl && kymo batch -d two -- sh slow.sh ::: @list > /dev/null && wc -l < two/manifest.jsonl
  2

Wrong use; what no list can name; another folder.

  $ kymo batch --slurm -- kymo qrs ::: r1.kymo 2>&1 | head -1
  kymo batch: no folder for the job, on a file system that all machines see: -d FOLDER or -o FILE
  $ kymo batch --slurm --status -d two 2>&1 | head -1
  kymo batch: only one of --slurm, --script-only, --status, --collect and --task
  $ kymo batch --task 1 -d two -- kymo qrs ::: r1.kymo 2>&1 | head -1
  kymo batch: --task without --chunk
  $ kymo batch --status -d two
  kymo batch: two: no job was handed over in this folder
  [1]
  $ cp r1.kymo '#1.kymo' && kymo batch --script-only=slurm -d odd -- kymo qrs ::: '#1.kymo' 2>&1 | head -1
  kymo batch: "#1.kymo" cannot stand in a list
  $ mkdir elsewhere && cd elsewhere && kymo batch --status -d ../many.csv.batch 2>&1 | sed "s|${PWD%/*}|HERE|"
  kymo batch: ../many.csv.batch/tasks/job.json: this batch was begun in HERE: go there
