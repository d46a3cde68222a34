Recordings as tasks of a real Slurm, of one node, which this test starts and ends. It needs root and the Debian packages that
`make slurm-deps` installs.

  $ . $ROOT/tests/cli/slurm.sh
  $ slurm_is_there || exit 80
  $ slurm_start $PWD/slurm
  $ trap slurm_stop EXIT

The example of README.

  $ sed -n '/^```console/,/^```/p' $ROOT/README.md | sed '/^```/d; s/^/  /' > readme.t && mkdir readme && cd readme
  $ cram3 --shell=/bin/bash ../readme.t | tail -1; cd ..
  # Ran 1 tests, 0 skipped, 0 failed.
  $ for i in 1 2 3 4 5 6 7 8 9; do kymo synth -d 60 --seed $i > r$i.kymo; done
  $ kymo batch -j1 -o one.csv -- kymo qrs ::: r?.kymo
  $ kymo batch -j2 -o two.csv -- kymo qrs ::: r?.kymo && cmp one.csv two.csv

One job array, waited for: the same bytes, and one manifest.

  $ kymo batch --slurm --chunk 3 --sbatch=--partition=all --sbatch=--time=5 -o slurm.csv -- kymo qrs ::: r?.kymo && cmp one.csv slurm.csv
  $ wc -l < slurm.csv.batch/manifest.jsonl
  9
  $ sed "s|$PWD|HERE|; s|'/[^']*/kymo'|KYMO|; s|list\.[0-9a-f]*|list.DIGEST|" slurm.csv.batch/tasks/slurm.sh
  #!/bin/sh
  # Made by kymo batch *: task N of 3, at most 3 recordings in each. (glob)
  #SBATCH --job-name=kymo-batch
  #SBATCH --array=1-3
  #SBATCH --output="HERE/slurm.csv.batch/tasks/%a.log"
  #SBATCH --partition=all
  #SBATCH --time=5
  cd 'HERE' || exit
  exec KYMO batch -j "${SLURM_CPUS_PER_TASK:-1}" --chunk 3 --task "${SLURM_ARRAY_TASK_ID:-$1}" -d 'slurm.csv.batch' -- \
      'kymo' 'qrs' ::: @'slurm.csv.batch/tasks/list.DIGEST'

Again: nothing is left, so nothing is submitted. Here, after Slurm: neither.

  $ kymo batch --slurm -o slurm.csv -- kymo qrs ::: r?.kymo && cmp one.csv slurm.csv
  $ kymo batch -o slurm.csv -- kymo qrs ::: r?.kymo && cmp one.csv slurm.csv && wc -l < slurm.csv.batch/manifest.jsonl
  9

Not waited for. While the job has tasks nobody else works in the folder. One task is killed: what it had not done is sent again.

  $ cat > held.sh << 'EOF'
  > echo $PPID > $1.pid
  > while [ ! -e go ]; do sleep 0.01; done
  > exec kymo qrs $1
  > EOF
  $ kymo batch --slurm --no-wait --chunk 3 -o held.csv -- sh held.sh ::: r?.kymo
  Slurm job *: 3 tasks for 9 recordings; kymo batch --collect -d held.csv.batch makes the table (glob)
  $ poll test -s r1.kymo.pid && poll test -s r4.kymo.pid
  $ kymo batch --status -o held.csv
  job,tasks_running,tasks_waiting,recordings,done,failed,left
  *,2,1,9,0,0,9 (glob)
  $ kymo batch --slurm -o held.csv -- sh held.sh ::: r?.kymo
  kymo batch: held.csv.batch: another batch works in this folder
  [1]
  $ kymo batch -o held.csv -- sh held.sh ::: r?.kymo
  kymo batch: held.csv.batch: another batch works in this folder
  [1]
  $ kymo batch --collect -o held.csv 2> waits & waits=$!
  $ kill -KILL $(cat r4.kymo.pid)
  $ poll test -s r7.kymo.pid
  $ touch go; wait $waits; cat waits
  kymo batch: the cluster lost 3 recordings: they are sent again
  $ sed 's/,"seconds.*//' held.csv.batch/manifest.jsonl | sort | uniq -c | awk '$1 > 1'
  $ cmp one.csv held.csv && wc -l < held.csv.batch/manifest.jsonl && kymo batch --status -o held.csv
  9
  job,tasks_running,tasks_waiting,recordings,done,failed,left
  0,0,0,9,9,0,0

Waiting that is ended leaves the job; a job that is cancelled leaves what it had done, and the same command goes on.

  $ rm go *.pid; kymo batch --slurm --chunk 9 -o stop.csv -- sh held.sh ::: r?.kymo 2> stopped & first=$!
  $ poll test -s r1.kymo.pid; kill -TERM $first; wait $first
  [1]
  $ cat stopped
  kymo batch: stopped by signal *: Slurm job * goes on, and kymo batch --collect -d stop.csv.batch waits for it (glob)
  $ scancel $(sed -n 's/.*Slurm job \([0-9]*\) .*/\1/p' stopped); touch go
  $ poll eval 'kymo batch --status -o stop.csv | grep -q "^[0-9]*,0,0,"'
  $ kymo batch --slurm --chunk 5 -o stop.csv -- sh held.sh ::: r?.kymo && cmp one.csv stop.csv

Recordings that fail are not sent again; a job that Slurm refuses.

  $ head -c 5000 r1.kymo > cut.kymo
  $ kymo batch --slurm -d fail -- kymo qrs ::: r1.kymo cut.kymo missing > some.csv
  kymo batch: cut.kymo: kymo qrs: cut.kymo:5000: stream cut off: it ends inside a frame of 30012 bytes
  kymo batch: missing: no such recording
  [3]
  $ cut -d, -f1 some.csv | uniq
  record
  r1.kymo
  $ kymo batch --collect -d fail | cmp some.csv
  kymo batch: cut.kymo: kymo qrs: cut.kymo:5000: stream cut off: it ends inside a frame of 30012 bytes
  kymo batch: missing: no such recording
  $ kymo batch --slurm --sbatch=--partition=none -d refused -- kymo qrs ::: r1.kymo
  kymo batch: sbatch fails: sbatch: error: Batch job submission failed: Invalid partition name specified
  [1]
  $ kymo batch -d refused -- kymo qrs ::: r1.kymo | wc -l
  61
