How an output was made: --provenance FILE, of every command, the same bytes each time.

  $ cp $ROOT/testdata/demo.hea $ROOT/testdata/demo.dat $ROOT/testdata/demo.atr .
  $ kymo qrs demo -t 10 -o beats.csv --provenance p.json && cat p.json
  {
    "version": "*", (glob)
    "digests": "XXH3, 128 bits",
    "command": [
      "kymo",
      "qrs",
      "demo",
      "-t",
      "10",
      "-o",
      "beats.csv",
      "--provenance",
      "p.json"
    ],
    "options": {
      "signal": [],
      "from": null,
      "to": 10.0,
      "as": null,
      "rate-range": "15-300",
      "fast": false,
      "online": false,
      "look-ahead": 2.5,
      "pulse": "on",
      "model": "all",
      "output": "beats.csv",
      "output-format": "csv",
      "quiet": false,
      "strict": false,
      "progress": false,
      "debug": false,
      "provenance": "p.json"
    },
    "operands": [
      "demo"
    ],
    "inputs": [
      {
        "path": "demo.hea",
        "bytes": 195,
        "digest": "50b5ad1e72afff79884631d2c85e9b0d"
      },
      {
        "path": "demo.dat",
        "bytes": 225000,
        "digest": "6c12620f6ec9918b7694213d19f406ee"
      },
      {
        "path": "demo.atr",
        "bytes": 730,
        "digest": "0ead74314d40d76b81b0b83ed62d3891"
      }
    ],
    "output": [
      {
        "path": "beats.csv",
        "bytes": *, (glob)
        "digest": "*" (glob)
      }
    ],
    "counts": {
      "rows": 12
    },
    "n_warnings": 0,
    "warnings": [],
    "errors": [],
    "status": 0
  }
  $ [ "$(sed -n '/"output": \[/,$s/.*"bytes": \([0-9]*\),/\1/p' p.json)" -eq "$(wc -c < beats.csv)" ]
  $ cp p.json first.json; touch demo.dat demo.csv demo.txt; kymo qrs demo -t 10 -o beats.csv --provenance p.json && cmp first.json p.json

All commands have it; the table is the same with it.

  $ for c in $(kymo --help | sed -n 's/^  \([a-z0-9]*\)  .*/\1/p'); do kymo $c --help | grep -q -- --provenance || echo $c; done
  $ kymo qrs demo -t 10 | cmp beats.csv

What went in and out of commands that differ: pipes are not digested, and say so; files behind < and > are.

  $ show() { sed -n '/"inputs"/,$s/^ *//p' $1 | tr -d '\n' | sed 's/": /":/g; s/"n_warnings.*//; s/"digest":"[0-9a-f]\{32\}"/D/g; s/"bytes":[0-9]*/N/g'; echo; }
  $ kymo qrs demo | kymo hrv --measures nn50 --provenance p.json > hrv.csv; show p.json
  "inputs":[{"path":"-","note":"no file, but a pipe or a device: not digested"}],"output":[{"path":"-",N,D}],"counts":{"rows":1},
  $ kymo hrv --measures nn50 --provenance p.json < beats.csv >> hrv.csv; show p.json
  "inputs":[{"path":"-",N,D}],"output":[{"path":"-",N,D}],"counts":{"rows":1},
  $ kymo qrs demo --provenance p.json | kymo hrv --measures nn50 > hrv.csv; show p.json | sed 's/.*"output"/"output"/'
  "output":[{"path":"-","note":"no file, but a pipe or a device: not digested"}],"counts":{},
  $ kymo qrs <(kymo read demo) --provenance p.json | wc -l; show p.json | sed 's/,"output".*//'
  361
  "inputs":[{"path":"-","note":"no file, but a pipe or a device: not digested"}]
  $ kymo synth -d 10 -o s.edf --provenance p.json; show p.json
  "inputs":[],"output":[{"path":"s.edf",N,D}],"counts":{"signals":1,"samples":2500},
  $ kymo convert demo out.hea --provenance p.json; show p.json | sed 's/.*"output"/"output"/'
  "output":[{"path":"out.hea",N,D},{"path":"out.dat",N,D}],"counts":{"signals":2,"samples":150000},
  $ printf '\377.kymo' | xargs -0 sh -c 'kymo synth -d 10 > "$1"; kymo info "$1" --provenance p.json > /dev/null' sh; show p.json | grep -c 'ÿ.kymo'
  1
  $ printf 'record,age\ndemo,40\n' > s.csv; kymo batch -q -d state -o b.csv --provenance p.json -- kymo hrv -a atr --measures nn50 ::: demo nosuch
  kymo batch: nosuch: no such recording
  [3]
  $ show p.json; grep -A 2 '"errors\|"status": [0-9]' p.json
  "inputs":[{"path":"demo.hea",N,D},{"path":"demo.dat",N,D},{"path":"demo.atr",N,D},{"path":"nosuch","note":"no such recording"}],"output":[{"path":"b.csv",N,D}],"counts":{"rows":1},
    "errors": [
      "nosuch: no such recording"
    ],
    "status": 3
  }
  $ kymo cohort b.csv --subjects s.csv --joined -O jsonl --provenance p.json > j; show p.json
  "inputs":[{"path":"s.csv",N,D},{"path":"b.csv",N,D}],"output":[{"path":"-",N,D}],"counts":{"rows":1},

A record of WFDB is its header, what that names, segments with theirs, and annotations.

  $ mkdir m; printf 'm/3 1 100 300\na 100\n~ 100\nb 100\n' > m/m.hea
  $ for s in a b; do printf "$s 1 100 100\n$s.bin 16 200 16 0 0 0 0 I\n" > m/$s.hea; head -c 200 /dev/zero > m/$s.bin; done; touch m/m.atr m/m.qrs m/m.svg m/other
  $ kymo info m/m --provenance p.json > /dev/null; grep -o '"path": "m/.*"' p.json
  "path": "m/m.hea"
  "path": "m/a.hea"
  "path": "m/a.bin"
  "path": "m/b.hea"
  "path": "m/b.bin"
  "path": "m/m.atr"
  "path": "m/m.qrs"

Warnings are counted and quoted, also quiet ones; a failure says why, and names no output.

  $ kymo qrs demo -q -f 400 --provenance p.json > /dev/null; sed -n '/n_warnings/,$p' p.json
    "n_warnings": 2,
    "warnings": [
      "demo.hea: nothing from 400 s on: it is 300 s long",
      "demo.hea: no beats: the leads have no samples"
    ],
    "errors": [],
    "status": 0
  }
  $ kymo qrs nosuch -o none.csv --provenance p.json; sed -n '/"inputs"/,$p' p.json
  kymo qrs: nosuch: No such file or directory
    "inputs": [
      {
        "path": "nosuch",
        "note": "no such recording"
      }
    ],
    "n_warnings": 0,
    "warnings": [],
    "errors": [
      "nosuch: No such file or directory"
    ],
    "status": 1
  }

It takes the place of nothing that is read or written, and says at once where it cannot be written.

  $ cp demo.dat keep
  $ for f in demo.dat demo.hea ./demo.atr beats.csv -; do kymo qrs demo -o beats.csv --provenance $f 2>&1 | head -1; done; cmp keep demo.dat
  kymo qrs: --provenance demo.dat is a file that the command reads or writes
  kymo qrs: --provenance demo.hea is a file that the command reads or writes
  kymo qrs: --provenance ./demo.atr is a file that the command reads or writes
  kymo qrs: --provenance beats.csv is a file that the command reads or writes
  kymo qrs: --provenance needs a file of its own
  $ kymo qrs demo -o new.csv --provenance new.csv 2>&1 | head -1
  kymo qrs: --provenance new.csv is a file that the command reads or writes
  $ kymo deid --new-key key && kymo deid -k key demo -o d.edf --provenance key 2>&1 | head -1
  kymo deid: --provenance key is a file that the command reads or writes
  $ kymo deid -q -k key --subject me demo -o d.edf --provenance p.json; show p.json | grep -c '"path":"key"'
  0
  [1]
  $ kymo qrs demo --provenance nosuch/p.json
  kymo qrs: nosuch/p.json: cannot be written: No such file or directory
  [1]
  $ kymo qrs demo --provenance m
  kymo qrs: m: cannot be written: Is a directory
  [1]
  $ kymo qrs demo --provenance /dev/full > /dev/null
  kymo qrs: provenance: /dev/full: cannot be written: No space left on device
  [1]
  $ kymo qrs --nosuch demo --provenance none.json 2> /dev/null
  [2]
  $ ls *.json* none.csv 2> /dev/null
  first.json
  p.json
  [2]
