A database into a folder, from a web server on loopback (tests/server.py), its files verified by the sums that it has.

  $ . "$ROOT/tests/cli/web.sh"
  $ mkdir -p web/demodb/1.0.0/x && cp "$ROOT"/testdata/demo.* web/demodb/1.0.0/ && cp "$ROOT"/testdata/plain.edf web/demodb/1.0.0/x/
  $ (cd web/demodb/1.0.0 && sha256sum demo.* x/* > SHA256SUMS.txt && cp SHA256SUMS.txt ../../sums) && serve
  $ export KYMO_PHYSIONET=$U/ok

  $ kymo fetch physionet:demodb/1.0.0 -O text
  file          bytes  sha256                                                            state
  demo.atr        730  6f0fd57eb9823dc2b11a11b24ab9ea0bff334773daae2cbb6590a98fdd443121  fetched
  demo.bdf       8448  4a99d0c14c89cd82fc4acee4a3c7fec2d61b16c5c1d36db7c7480d605da88646  fetched
  demo.dat     225000  110e000ab334be88a59c735ff05571517d2f13ef95778f04cebc82c9603aa782  fetched
  demo.hea        195  a555c6a12cf353fa2ac2633adff48034b97582d079b708de9fa7a13adb44643c  fetched
  x/plain.edf    6528  c36b97bfa1f8ed4d258208e8ef619dc9cb5510c5a247066a339e6dc9651a392a  fetched
  $ asked | sort; diff -r web/demodb/1.0.0 demodb && kymo qrs demodb/demo | wc -l
  /ok/demodb/1.0.0/SHA256SUMS.txt 200
  /ok/demodb/1.0.0/demo.atr 200
  /ok/demodb/1.0.0/demo.bdf 200
  /ok/demodb/1.0.0/demo.dat 200
  /ok/demodb/1.0.0/demo.hea 200
  /ok/demodb/1.0.0/x/plain.edf 200
  361

Again: nothing is fetched but the list. What was lost or changed is, and the folder can be looked at without a network.

  $ kymo fetch physionet:demodb/1.0.0 | cut -d, -f1,4; asked
  file,state
  demo.atr,kept
  demo.bdf,kept
  demo.dat,kept
  demo.hea,kept
  x/plain.edf,kept
  /ok/demodb/1.0.0/SHA256SUMS.txt 200
  $ rm demodb/demo.atr; printf x | dd of=demodb/demo.dat bs=1 seek=1000 conv=notrunc status=none
  $ kymo fetch --verify demodb > table; echo $?; cut -d, -f1,2,4 table
  kymo fetch: demodb/demo.atr: No such file or directory
  kymo fetch: demodb/demo.dat: sha256 048e13d79366463a951f40e992c56c20ecbea6fc93bdbe6ae2c3eab7f9af4b9d, which SHA256SUMS.txt says is 110e000ab334be88a59c735ff05571517d2f13ef95778f04cebc82c9603aa782
  3
  file,bytes,state
  demo.atr,,missing
  demo.bdf,8448,right
  demo.dat,225000,wrong
  demo.hea,195,right
  x/plain.edf,6528,right
  $ kymo fetch physionet:demodb/1.0.0/ | cut -d, -f1,4; asked | sort
  file,state
  demo.atr,fetched
  demo.bdf,kept
  demo.dat,fetched
  demo.hea,kept
  x/plain.edf,kept
  /ok/demodb/1.0.0/SHA256SUMS.txt 200
  /ok/demodb/1.0.0/demo.atr 200
  /ok/demodb/1.0.0/demo.dat 200
  $ kymo fetch --verify demodb | cut -d, -f4 | sort | uniq -c
        5 right
        1 state

However many at once, the same comes out.

  $ for j in 1 2 16; do kymo fetch -j $j -o with$j physionet:demodb/1.0.0 > table$j; diff -r web/demodb/1.0.0 with$j; cmp table1 table$j; done
  $ for j in 1 3; do kymo fetch -j $j --verify with2 > table$j; done; cmp table1 table3; asked > /dev/null

Only some: records, files, patterns.

  $ kymo fetch -o some --only demo $U/ok/demodb/1.0.0 | cut -d, -f1,4; kymo fetch -o some --only 'x/*' --only '*.hea' $U/ok/demodb/1.0.0 | cut -d, -f1,4
  file,state
  demo.atr,fetched
  demo.bdf,fetched
  demo.dat,fetched
  demo.hea,fetched
  file,state
  demo.hea,kept
  x/plain.edf,fetched
  $ try kymo fetch -o some --only nonsense $U/ok/demodb/1.0.0
  kymo fetch: no file of the database fits --only nonsense
  usage: kymo fetch [OPTION]... DATABASE
  [2]

Connections that break; one that was interrupted goes on where it stopped.

  $ kymo fetch -o broken $U/break100000/demodb/1.0.0 | cut -d, -f4 | sort | uniq -c; asked | grep dat; diff -r web/demodb/1.0.0 broken
        5 fetched
        1 state
  /ok/demodb/1.0.0/demo.dat 200
  /break100000/demodb/1.0.0/demo.dat 200
  /break100000/demodb/1.0.0/demo.dat bytes=100000- 206
  /break100000/demodb/1.0.0/demo.dat bytes=200000- 206
  $ rm broken/demo.dat; head -c 150000 web/demodb/1.0.0/demo.dat > broken/demo.dat.part
  $ printf '"%s"' $(md5sum < web/demodb/1.0.0/demo.dat | cut -d' ' -f1) > broken/demo.dat.part.tag
  $ kymo fetch -o broken --only demo.dat $U/ok/demodb/1.0.0 | cut -d, -f4; asked | grep dat; diff -r web/demodb/1.0.0 broken
  state
  fetched
  /ok/demodb/1.0.0/demo.dat bytes=150000- 206

Without a part's version nobody knows what it is part of: from the beginning.

  $ rm broken/demo.dat; head -c 150000 web/demodb/1.0.0/demo.dat > broken/demo.dat.part
  $ kymo fetch -o broken --only demo.dat $U/ok/demodb/1.0.0 | cut -d, -f4; asked | grep dat; diff -r web/demodb/1.0.0 broken
  state
  fetched
  /ok/demodb/1.0.0/demo.dat 200

A file that does not have its sum, and one that is not there; the others are fetched.

  $ sed 's/^6f/70/; s/demo.bdf/demo.bxx/' web/sums > web/demodb/1.0.0/SHA256SUMS.txt
  $ try kymo fetch -o wrong $U/ok/demodb/1.0.0 > table; echo $?; cat table; ls -A wrong wrong/x
  3
  kymo fetch: URL/ok/demodb/1.0.0/demo.atr: sha256 6f0fd57eb9823dc2b11a11b24ab9ea0bff334773daae2cbb6590a98fdd443121, which URL/ok/demodb/1.0.0/SHA256SUMS.txt says is 700fd57eb9823dc2b11a11b24ab9ea0bff334773daae2cbb6590a98fdd443121: removed
  kymo fetch: URL/ok/demodb/1.0.0/: the server has no demo.bxx
  file,bytes,sha256,state
  demo.atr,,,wrong
  demo.bxx,,,missing
  demo.dat,225000,110e000ab334be88a59c735ff05571517d2f13ef95778f04cebc82c9603aa782,fetched
  demo.hea,195,a555c6a12cf353fa2ac2633adff48034b97582d079b708de9fa7a13adb44643c,fetched
  x/plain.edf,6528,c36b97bfa1f8ed4d258208e8ef619dc9cb5510c5a247066a339e6dc9651a392a,fetched
  wrong:
  SHA256SUMS.txt
  demo.dat
  demo.hea
  x
  
  wrong/x:
  plain.edf

No server; one that goes away: no use to try the other files. The same command goes on later.

  $ cp web/sums web/demodb/1.0.0/SHA256SUMS.txt
  $ try kymo fetch -o gone http://127.0.0.1:1/demodb/1.0.0 2>&1 | sed 's/ after .*//'
  kymo fetch: http://127.0.0.1:1/demodb/1.0.0/SHA256SUMS.txt: Failed to connect to 127.0.0.1 port 1
  $ try kymo fetch -j1 -o gone $U/die3/demodb/1.0.0 | sed 's/ port [0-9]* after.*//; s/,[0-9a-f]\{64\},/,SUM,/'; echo ${PIPESTATUS[0]}
  kymo fetch: given up after 5 tries: URL/die3/demodb/1.0.0/demo.dat: Failed to connect to 127.0.0.1
  kymo fetch: 2 more files were not tried; the same command goes on from here
  file,bytes,sha256,state
  demo.atr,730,SUM,fetched
  demo.bdf,8448,SUM,fetched
  demo.dat,,,failed
  3
  $ serve; kymo fetch -o gone $U/ok/demodb/1.0.0 | cut -d, -f1,4
  file,state
  demo.atr,kept
  demo.bdf,kept
  demo.dat,fetched
  demo.hea,fetched
  x/plain.edf,fetched

A list that leads elsewhere, or is none.

  $ sed 's| demo.bdf| ../demo.bdf|' web/sums > web/demodb/1.0.0/SHA256SUMS.txt; try kymo fetch -o evil $U/ok/demodb/1.0.0; ls -A evil; ls ../demo.bdf
  kymo fetch: evil/SHA256SUMS.txt:2: "../demo.bdf" is no path within a folder
  SHA256SUMS.txt
  ls: cannot access '../demo.bdf': No such file or directory
  [2]
  $ echo '<html>' > web/demodb/1.0.0/SHA256SUMS.txt; try kymo fetch -o evil $U/ok/demodb/1.0.0
  kymo fetch: evil/SHA256SUMS.txt:1: "<html>" is no SHA-256 sum with a name behind it
  [1]

Without sums, RECORDS tells the records, and their headers the files: here records of several segments, in a folder that has a RECORDS
of its own, with annotations that only some have.

  $ mkdir -p web/old/y && cp "$ROOT"/testdata/demo.* web/old/ && cp "$ROOT"/testdata/plain.edf web/old/ && cp "$ROOT"/testdata/demo16.* web/old/y
  $ printf 'demo\nplain.edf\ny/\n' > web/old/RECORDS; printf 'atr\treference beats\n' > web/old/ANNOTATORS
  $ printf 'both/2 2 250 150000\ndemo16 75000\n~ 75000\n' > web/old/y/both.hea; echo both > web/old/y/RECORDS
  $ kymo fetch $U/ok/old | cut -d, -f1,2,4; ls -A old old/y
  file,bytes,state
  RECORDS,18,fetched
  demo.hea,195,fetched
  plain.edf,6528,fetched
  y/RECORDS,5,fetched
  demo.dat,225000,fetched
  demo.atr,730,fetched
  y/both.hea,41,fetched
  y/demo16.hea,180,fetched
  y/demo16.dat,60000,fetched
  old:
  ANNOTATORS
  RECORDS
  demo.atr
  demo.dat
  demo.hea
  plain.edf
  y
  
  old/y:
  RECORDS
  both.hea
  demo16.dat
  demo16.hea
  $ kymo fetch $U/ok/old | cut -d, -f4 | sort | uniq -c
        2 fetched
        7 kept
        1 state
  $ rm -r old; kymo fetch --only demo $U/ok/old | cut -d, -f1,4
  file,state
  RECORDS,fetched
  demo.hea,fetched
  y/RECORDS,fetched
  demo.dat,fetched
  demo.atr,fetched
  $ printf 'evil 1 250 100\n../../x 16\n' > web/old/demo.hea; rm -r old; try kymo fetch $U/ok/old | cut -d, -f1,4; ls -A old
  kymo fetch: what belongs to demo.hea is not known: old/demo.hea: "../../x" is no path within a folder
  file,state
  RECORDS,fetched
  demo.hea,fetched
  plain.edf,fetched
  y/RECORDS,fetched
  y/both.hea,fetched
  y/demo16.hea,fetched
  y/demo16.dat,fetched
  ANNOTATORS
  RECORDS
  demo.hea
  plain.edf
  y
  $ rm web/old/RECORDS; try kymo fetch -o nothing $U/ok/old
  kymo fetch: URL/ok/old/: has neither SHA256SUMS.txt nor RECORDS: no database?
  [1]

Wrong use.

  $ for x in demodb physionet:demodb ftp://x/y; do try kymo fetch $x 2>&1 | head -1; done
  kymo fetch: "demodb" is no database: name a URL, or physionet:DB/VERSION
  kymo fetch: physionet:demodb/ has no database and version, as in physionet:mitdb/1.0.0/100
  kymo fetch: "ftp://x/y" is no database: name a URL, or physionet:DB/VERSION
  $ try kymo fetch --verify $U/ok/demodb 2>&1 | head -1; try kymo fetch --verify nonsense; try kymo fetch 2>&1 | head -1; try kymo fetch -j 0 x 2>&1 | head -1
  kymo fetch: --verify looks at a folder, which is its operand
  kymo fetch: nonsense/SHA256SUMS.txt: No such file or directory
  kymo fetch: 0 of at least 1 operands
  kymo fetch: -j 0 is not 1..16
  $ cp web/sums web/demodb/1.0.0/SHA256SUMS.txt; KYMO_PHYSIONET=$U/ok kymo fetch physionet:demodb/1.0.0 > /dev/full
  kymo fetch: standard output: cannot be written: No space left on device
  [1]
