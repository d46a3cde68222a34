--progress is for a terminal: elsewhere nothing is told. What it draws is in test_progress.c; nothing of it stays but what is for the
reader.

  $ D=$ROOT/testdata/demo
  $ on_terminal() { script -qec "$1" typescript > /dev/null < /dev/null; sed '1d;$d' typescript | tr '\r' '\n' | cat -v; }
  $ kymo qrs --progress $D 2>&1 > beats.csv
  $ on_terminal "kymo qrs --progress -o again.csv $D" | grep -v ' of 0:05:00, \|^^\[\[K$\|^$'
  [1]
  $ cmp beats.csv again.csv
  $ on_terminal "kymo qrs --progress -s nothing $D" | sed 's/^^\[\[K//' | head -1
  kymo qrs: no signal "nothing" among 0..1 (II, V5)

Of several recordings it counts these.

  $ on_terminal "kymo batch --progress -o both.csv -- kymo info ::: $D $ROOT/testdata/night.edf" | grep -o '[#]* 2 of 2 recordings' | tail -1
   2 of 2 recordings
  $ kymo batch --progress -o two.csv -- kymo info ::: $D $ROOT/testdata/night.edf

What is made, and not read, tells too.

  $ on_terminal "kymo synth --progress -d 43200 -o /dev/null" | grep -c ' of 12:00:00, ' | awk '{ print ($1 > 0) }'
  1
