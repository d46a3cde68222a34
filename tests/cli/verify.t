Rows of a table made again: the same, or which cells are not, or why it cannot be told.

  $ for i in 1 2 3 4 5; do kymo synth -d 60 --seed $i > r$i.kymo; done
  $ kymo batch -o b.csv -- kymo qrs ::: r?.kymo && cp b.csv keep.csv
  $ kymo verify --sample 4 b.csv
  row,record,result,cells,note
  *,r?.kymo,same,, (glob)
  *,r?.kymo,same,, (glob)
  *,r?.kymo,same,, (glob)
  *,r?.kymo,same,, (glob)
  $ kymo verify b.csv > ten && wc -l < ten && kymo verify -j1 b.csv | cmp ten
  11
  $ kymo verify --seed 2 b.csv | cmp -s ten
  [1]
  $ kymo verify --all b.csv | cut -d, -f2- | sort | uniq -c | awk '{ print $1, $2 }'
  60 r1.kymo,same,,
  60 r2.kymo,same,,
  60 r3.kymo,same,,
  60 r4.kymo,same,,
  60 r5.kymo,same,,
  1 record,result,cells,note
  $ ls "${TMPDIR:-/tmp}"/kymo-batch-* 2> /dev/null; wc -l < b.csv.batch/manifest.jsonl; cmp b.csv keep.csv
  5

A cell that somebody changed; a row less; a recording that nobody ran; rows in another order are found.

  $ sed '3s/,N,/,V,/' keep.csv > b.csv; kymo verify --all b.csv > all; echo $?; grep -v ,same all
  1
  row,record,result,cells,note
  2,r1.kymo,different,"type: V, now N",
  $ sed 3d keep.csv > b.csv; kymo verify --all b.csv | grep -v ,same | cut -d, -f3- | sort | uniq -c | awk '$1 > 1' | head -3; grep -c . b.csv
  300
  $ kymo verify --all b.csv | sed -n '2p; $p'
  1,r1.kymo,different,,"59 rows, now 60"
  299,r5.kymo,same,,
  $ sed '2s/r1/r9/' keep.csv > b.csv; kymo verify --all b.csv | sed -n 2p
  1,r9.kymo,cannot,,no run of it in the manifest
  $ (head -1 keep.csv; tail -n +2 keep.csv | sort -t, -k2,2n -s) > b.csv; kymo verify --all b.csv | cut -d, -f3 | sort -u
  result
  same
  $ sed 's/,[^,]*$//' keep.csv > b.csv; kymo verify --sample 1 b.csv | cut -d, -f3-
  result,cells,note
  different,,"*, now *" (glob)
  $ cp keep.csv b.csv

Inputs that changed are not run; the rest is; 3 tells it. One that is gone. A copy of other time is the same.

  $ cp r2.kymo r2.keep; kymo synth -d 60 --seed 9 > r2.kymo; touch r3.kymo; rm r4.kymo
  $ kymo verify --all b.csv > all; echo $?; cut -d, -f2- all | uniq
  3
  record,result,cells,note
  r1.kymo,same,,
  r2.kymo,input changed,,r2.kymo
  r3.kymo,same,,
  r4.kymo,input changed,,r4.kymo
  r5.kymo,same,,
  $ mv r2.keep r2.kymo; kymo synth -d 60 --seed 4 > r4.kymo; kymo verify --all b.csv | cut -d, -f3 | sort -u
  result
  same

Another version made it: that is the reason where they differ, and a note where they do not.

  $ sed -i 's/"version":"[^"]*"/"version":"0.0.1"/' b.csv.batch/manifest.jsonl
  $ kymo verify --all b.csv | cut -d, -f3- | sort -u
  result,cells,note
  same,,made by kymo 0.0.1
  $ sed -i '3s/,N,/,V,/' b.csv; kymo verify --all b.csv > all; echo $?; grep V all
  1
  2,r1.kymo,version changed,"type: V, now N",made by kymo 0.0.1

A command that fails now, or another table now; a folder elsewhere.

  $ printf 'echo x; echo 1\n' > made.sh; kymo batch -d state -- sh made.sh ::: r1.kymo r2.kymo > t.csv; kymo verify -d state t.csv
  row,record,result,cells,note
  1,r1.kymo,same,,
  2,r2.kymo,same,,
  $ printf 'echo y; echo 1\n' > made.sh; kymo verify -d state t.csv
  row,record,result,cells,note
  1,r1.kymo,different,"x: 1, now no such column",
  2,r2.kymo,different,"x: 1, now no such column",
  [1]
  $ printf 'echo no >&2; exit 1\n' > made.sh; kymo verify -d state t.csv
  row,record,result,cells,note
  1,r1.kymo,cannot,,no
  2,r2.kymo,cannot,,no
  [3]

The table of one command, by its provenance.

  $ kymo qrs r1.kymo -o q.csv --provenance q.csv.json && cp q.csv q.keep && cp q.csv.json json.keep
  $ kymo verify --all q.csv | cut -d, -f3 | sort | uniq -c | awk '{ print $1, $2 }'
  1 result
  60 same
  $ cmp q.csv q.keep && cmp q.csv.json json.keep
  $ kymo qrs r1.kymo --provenance p.json > p.csv; kymo verify --made p.json p.csv > /dev/null; kymo verify p.csv
  kymo verify: p.csv: nothing says how it was made: no p.csv.batch, no p.csv.json (-d, --made)
  [1]
  $ sed '2s/[0-9]/7/' q.keep > q.csv; kymo verify --all q.csv | grep different
  1,,different,"time_s: 7*, now *",* (glob)
  $ kymo synth -d 60 --seed 9 > r1.kymo; kymo verify --sample 1 q.csv | cut -d, -f3-
  result,cells,note
  input changed,,r1.kymo
  $ kymo qrs < r2.kymo --provenance q.csv.json > q.csv; kymo verify --sample 1 q.csv | cut -d, -f3-
  result,cells,note
  cannot,,it read standard input
  $ kymo qrs <(cat r2.kymo) --provenance q.csv.json > q.csv; kymo verify --sample 1 q.csv | cut -d, -f3-
  result,cells,note
  cannot,,it read standard input
  $ cp $ROOT/testdata/night.edf . && kymo check night.edf --fix fixed.edf -o c.csv --provenance c.csv.json; rm -f fixed.edf
  $ printf 'record,file\nnight.edf,x\n' > c.csv; kymo verify c.csv | cut -d, -f3-; ls fixed.edf
  result,cells,note
  cannot,,it wrote more than the table
  ls: cannot access 'fixed.edf': No such file or directory
  [2]

Wrong use.

  $ kymo verify --made b.csv b.csv
  kymo verify: b.csv:1: '[' or '{' expected near 'record'
  [1]
  $ echo '{"command": ["ls", "x"]}' > x.json; kymo verify --made x.json b.csv
  kymo verify: x.json: no provenance: it has no command of kymo
  [1]
  $ kymo batch -o x.csv --provenance x.json -- kymo qrs ::: r2.kymo; kymo verify --made x.json x.csv 2>&1 | head -1
  kymo verify: x.json: of a batch: its folder says more (-d)
  $ kymo verify -d nosuch b.csv
  kymo verify: nosuch: no folder of a batch: it has no manifest.jsonl
  [1]
  $ kymo verify --sample 0 b.csv 2>&1 | head -1
  kymo verify: --sample 0 is not above 0
  $ kymo verify b.csv > /dev/full
  kymo verify: standard output: cannot be written: No space left on device
  [1]
