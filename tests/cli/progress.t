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

So does check.

  $ on_terminal "kymo check --progress -o found.csv $D $ROOT/testdata/night.edf $D" | grep -o '[#]* 3 of 3 recordings' | tail -1
   3 of 3 recordings
  $ kymo check --progress -o found.csv $D $D

What is made, and not read, tells too: of a week, until that was seen. The first line of a typescript names the command.

  $ cat > until_told <<'END'
  > while head -c 1000000 | grep -q . && ! sed 1d typescript | grep -q ' of 168:00:00, '; do :; done
  > END
  $ script -qefc "kymo synth --progress -d 604800 | bash until_told" typescript > /dev/null < /dev/null
  $ sed 1d typescript | grep -o ' of 168:00:00, ' | head -1
   of 168:00:00, 
