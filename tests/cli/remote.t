Recordings by URL, from a web server on loopback that misbehaves on demand (tests/server.py). No network is needed.

  $ . "$ROOT/tests/cli/web.sh"
  $ cp "$ROOT"/testdata/demo.* "$ROOT/testdata/plain.edf" web/ && serve

A WFDB record is several files, each fetched when it is needed, once. What comes out is what comes out of the files.

  $ kymo info $U/ok/demo | sed "s|$U/ok|$ROOT/testdata|" > remote && kymo info "$ROOT/testdata/demo" | cmp - remote
  $ asked
  /ok/demo.hea 200
  /ok/demo.dat 200
  $ kymo events -a atr $U/ok/demo > remote && kymo events -a atr "$ROOT/testdata/demo" | cmp - remote
  $ kymo qrs $U/ok/demo > remote && kymo qrs "$ROOT/testdata/demo" | cmp - remote
  $ asked
  /ok/demo.atr 200
  $ try kymo qrs -a nonsense $U/ok/demo > /dev/null; kymo events -a nonsense $U/ok/demo 2>&1 | sed "s|$U|URL|g"
  kymo events: no annotations "nonsense": URL/ok/demo.nonsense: the server has no such file
  $ find cache -type f | sed "s|$port|PORT|" | sort
  cache/http/127.0.0.1:PORT/ok/demo.atr
  cache/http/127.0.0.1:PORT/ok/demo.atr.seal
  cache/http/127.0.0.1:PORT/ok/demo.dat
  cache/http/127.0.0.1:PORT/ok/demo.dat.seal
  cache/http/127.0.0.1:PORT/ok/demo.hea
  cache/http/127.0.0.1:PORT/ok/demo.hea.seal

Every command that takes a recording takes a URL; other formats, too, and tables.

  $ kymo convert $U/ok/demo web/demo.h5 && kymo convert -t 60 $U/ok/demo web/demo.csv && asked > /dev/null
  $ for x in plain.edf demo.h5 demo.h5:/ demo.bdf demo.csv; do kymo info $U/ok/$x | tail -1 | cut -d, -f1-2,6 | sed "s|$U|URL|"; done
  URL/ok/plain.edf,edf,Resp thorax
  URL/ok/demo.h5,hdf5,V5
  URL/ok/demo.h5:/,hdf5,V5
  URL/ok/demo.bdf,bdf,Status
  URL/ok/demo.csv,csv,V5
  $ asked
  /ok/plain.edf 200
  /ok/demo.h5 200
  /ok/demo.bdf 200
  /ok/demo.csv 200
  $ kymo check $U/ok/demo $U/ok/demo.h5; kymo qrs $U/ok/demo | kymo score --from 0 - $U/ok/demo | cut -d, -f2-5
  record,file,offset,field,value,severity,finding
  n_ref,tp,missed,false
  360,360,0,0
  $ kymo cat --join $U/ok/demo $U/ok/demo | kymo info | cut -d, -f6,10
  label,samples
  II,150000
  V5,150000
  $ kymo noise --add $U/ok/demo --snr 6 $U/ok/demo | kymo info | cut -d, -f6,10
  label,samples
  II,75000
  V5,75000

Records of several segments; a segment that is not there is a gap, as in a folder.

  $ printf 'multi/3 2 250 225000\ndemo 75000\n~ 75000\nlost 75000\n' > web/multi.hea
  $ kymo qrs -q $U/ok/multi > remote && (cd web && kymo qrs -q multi | cmp - ../remote)
  $ asked
  /ok/multi.hea 200
  /ok/lost.hea 404
  /ok/lost.hea 404

Lists for batch, by URL as well.

  $ printf 'demo\n' > web/RECORDS && try kymo batch -o out.csv -- kymo hrv --measures nn50 ::: $U/ok/RECORDS $U/ok/plain.edf
  $ try cut -d, -f1-3 out.csv
  record,n_beats,n_nn
  URL/ok/demo,360,345
  URL/ok/plain.edf,24,23
  $ asked
  /ok/RECORDS 200

A copy that was damaged is noticed, and fetched again; so is one that has lost its seal.

  $ copy=cache/http/127.0.0.1:$port/ok/demo
  $ printf x | dd of=$copy.dat bs=1 seek=1000 conv=notrunc status=none; truncate -s 100 $copy.hea; rm $copy.atr.seal
  $ kymo events -a atr $U/ok/demo > remote && kymo events -a atr "$ROOT/testdata/demo" | cmp - remote && asked
  /ok/demo.hea 200
  /ok/demo.atr 200
  /ok/demo.dat 200

A connection that breaks, again and again: it goes on where it stopped. Where the server cannot do that, or the file is another
one by now, from the beginning; and where that does not get further either, not for ever.

  $ for how in break80000 piece80000 one80000 change80000; do kymo info $U/$how/demo > /dev/null; asked | grep dat; done
  /break80000/demo.dat 200
  /break80000/demo.dat bytes=80000- 206
  /break80000/demo.dat bytes=160000- 206
  /piece80000/demo.dat 200
  /piece80000/demo.dat bytes=80000- 206
  /piece80000/demo.dat bytes=160000- 206
  /one80000/demo.dat 200
  /one80000/demo.dat bytes=80000- 206
  /change80000/demo.dat 200
  /change80000/demo.dat bytes=80000- 200
  $ for how in break80000 piece80000 one80000 change80000; do cmp web/demo.dat cache/http/*/$how/demo.dat; done
  $ KYMO_TRIES=3 try kymo info $U/stuck80000/demo; asked | grep dat; find cache -name '*part*'
  kymo info: URL/stuck80000/demo.hea:2: no signal file "demo.dat": given up after 3 tries: URL/stuck80000/demo.dat:80000: transfer closed with 145000 bytes remaining to read
  /stuck80000/demo.dat 200
  /stuck80000/demo.dat 200
  /stuck80000/demo.dat 200
  /stuck80000/demo.dat 200

One that answers too slowly is given up; another time it may do better.

  $ KYMO_TIMEOUT=1 KYMO_TRIES=1 try kymo info $U/slow0/demo.bdf
  kymo info: URL/slow0/demo.bdf: Operation too slow. Less than 1 bytes/sec transferred the last 1 seconds
  [1]
  $ kymo info $U/slow0/demo.bdf | wc -l
  3
  $ asked | grep slow
  /slow0/demo.bdf 200
  /slow0/demo.bdf 200

What servers say.

  $ for how in err404 err410; do try kymo info $U/$how/demo; done; asked
  kymo info: URL/err404/demo: the server has no such file
  kymo info: URL/err410/demo: the server has no such file
  /err404/demo.hea 404
  /err404/demo 404
  /err410/demo.hea 410
  /err410/demo 410
  $ for how in err401 err403; do try kymo info $U/$how/demo; done; asked
  kymo info: URL/err401/demo.hea: the server answers 401: it wants a name and a password, which ~/.netrc can hold
  kymo info: URL/err403/demo.hea: the server answers 403: this file is not for everybody; ~/.netrc can hold a name and a password
  /err401/demo.hea 401
  /err403/demo.hea 403
  $ KYMO_TRIES=2 try kymo info $U/err500/demo; asked
  kymo info: given up after 2 tries: URL/err500/demo.hea: the server answers 500
  /err500/demo.hea 500
  /err500/demo.hea 500

It asks to wait: no time, instead of our pause of a minute; and longer than anybody would.

  $ KYMO_PAUSE=60 kymo info $U/busy503/demo | wc -l; asked
  3
  /busy503/demo.hea 503
  /busy503/demo.hea 200
  /busy503/demo.dat 503
  /busy503/demo.dat 200
  $ try kymo info $U/later429/demo
  kymo info: it asks to wait for 600 s, more than 300: try later: URL/later429/demo.hea: the server answers 429, too many requests
  [1]

Redirects, but not for ever, and not to anything but http.

  $ kymo info $U/goto4/demo.bdf | wc -l
  3
  $ for how in loop goto6 gotofile; do try kymo info $U/$how/demo; done
  kymo info: URL/loop/demo.hea: Maximum (5) redirects followed
  kymo info: URL/goto6/demo.hea: Maximum (5) redirects followed
  kymo info: URL/gotofile/demo.hea: Protocol "file" not supported or disabled in libcurl
  [1]

How long a file is: without a length, told wrong, or nothing at all. What may be a part is not taken for a whole.

  $ kymo info $U/chunked/demo.bdf | wc -l
  3
  $ export KYMO_TRIES=1; for how in half endless longer huge empty; do try kymo info $U/$how/demo.bdf; done; unset KYMO_TRIES
  kymo info: URL/half/demo.bdf:4224: transfer closed with outstanding read data remaining
  kymo info: URL/endless/demo.bdf: the server does not tell how long it is, nor where it ends
  kymo info: URL/longer/demo.bdf:8448: transfer closed with 10 bytes remaining to read
  kymo info: URL/huge/demo.bdf: more than 1099511627776 bytes: not believed
  kymo info: URL/empty/demo.bdf:0: no data at all

Nobody there; no folder for copies.

  $ try kymo info http://127.0.0.1:1/demo 2>&1 | sed 's/ after .*//'
  kymo info: http://127.0.0.1:1/demo.hea: Failed to connect to 127.0.0.1 port 1
  $ KYMO_CACHE=/dev/null/x try kymo info $U/ok/demo
  kymo info: /dev/null/x: Not a directory
  [1]

Names that could lead out of the cache, or that cannot be kept in it.

  $ for x in ../demo a//demo 'demo?download' 'demo#x'; do try kymo info "$U/ok/$x" 2>&1 | head -1; done
  kymo info: URL/ok/../demo is no URL of a file
  kymo info: URL/ok/a//demo is no URL of a file
  kymo info: URL/ok/demo?download: a URL with "?" is not taken
  kymo info: URL/ok/demo#x: a URL with "#" is not taken
  $ try kymo info http://me:secret@127.0.0.1/demo 2>&1 | head -1
  kymo info: a URL with a name or password in it is not taken: ~/.netrc can hold them
  $ for x in /etc/passwd ../../x "$U/ok/demo.dat"; do printf "evil 1 250 100\n$x 16\n" > web/evil.hea; rm -f cache/http/*/ok/evil.*; try kymo info $U/ok/evil; done
  kymo info: URL/ok/evil.hea:2: no signal file "/etc/passwd": URL/ok//etc/passwd is no URL of a file
  kymo info: URL/ok/evil.hea:2: no signal file "../../x": URL/ok/../../x is no URL of a file
  kymo info: URL/ok/evil.hea:2: no signal file "URL/ok/demo.dat": URL/ok/URL/ok/demo.dat is no URL of a file
  [1]

A header here names no file elsewhere.

  $ asked > /dev/null; cp web/evil.hea . && try kymo read evil; asked
  kymo read: evil.hea:2: no signal file "URL/ok/demo.dat": ./URL/ok/demo.dat: No such file or directory

Several at once: one fetches, the others wait for it.

  $ rm -r cache; for i in 1 2 3 4 5 6; do kymo qrs $U/ok/demo > out$i & done; wait; for i in 1 2 3 4 5 6; do cmp out1 out$i; done; wc -l < out1; asked | sort
  361
  /ok/demo.dat 200
  /ok/demo.hea 200
  $ find cache -name '*part*'

PhysioNet's names, here of a mirror. A database there has sums, and what does not have its sum is not used.

  $ mkdir -p web/demodb/1.0.0 && cp web/demo.hea web/demo.dat web/demo.atr web/demodb/1.0.0/ && (cd web/demodb/1.0.0 && sha256sum demo.* > SHA256SUMS.txt)
  $ export KYMO_PHYSIONET=$U/ok; kymo info physionet:demodb/1.0.0/demo | cut -d, -f1-4; asked
  record,format,start,duration_s
  physionet:demodb/1.0.0/demo,wfdb,2024-03-14T08:15:30,300
  physionet:demodb/1.0.0/demo,wfdb,2024-03-14T08:15:30,300
  /ok/demodb/1.0.0/SHA256SUMS.txt 200
  /ok/demodb/1.0.0/demo.hea 200
  /ok/demodb/1.0.0/demo.dat 200
  $ KYMO_PHYSIONET=$U/bad/ try kymo info physionet:demodb/1.0.0/demo
  kymo info: URL/bad/demodb/1.0.0/demo.hea: sha256 496d130fa9919e4201c216e0b6c843f820df7ab1e7afcf0d5f0529a854ddfa6d, which URL/bad/demodb/1.0.0/SHA256SUMS.txt says is a555c6a12cf353fa2ac2633adff48034b97582d079b708de9fa7a13adb44643c: removed
  [1]
  $ for x in demodb demodb/demo /1.0.0/demo; do try kymo info physionet:$x 2>&1 | head -1; done
  kymo info: physionet:demodb has no database and version, as in physionet:mitdb/1.0.0/100
  kymo info: physionet:demodb/demo has no database and version, as in physionet:mitdb/1.0.0/100
  kymo info: physionet:/1.0.0/demo has no database and version, as in physionet:mitdb/1.0.0/100
  $ KYMO_PHYSIONET=/x try kymo info physionet:demodb/1.0.0/demo 2>&1 | head -1
  kymo info: KYMO_PHYSIONET="/x" is no URL

What is left of a process that was killed may be damaged: where the sum says so, it is fetched from the beginning.

  $ rm -r cache; dir=cache/http/127.0.0.1:$port/ok/demodb/1.0.0; mkdir -p $dir; head -c 1000 /dev/zero > $dir/demo.dat.part; printf '"%s"' $(md5sum < web/demo.dat | cut -d' ' -f1) > $dir/demo.dat.part.tag
  $ asked > /dev/null; kymo qrs physionet:demodb/1.0.0/demo | wc -l; asked | grep dat
  361
  /ok/demodb/1.0.0/demo.dat bytes=1000- 206
  /ok/demodb/1.0.0/demo.dat 200

With https, only a server whose certificate is good.

  $ openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout pem.key -out pem.crt -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 2> /dev/null
  $ cat pem.key pem.crt > pem && serve pem
  $ try kymo info $U/ok/demo
  kymo info: URL/ok/demo.hea: not the server that it says: SSL certificate problem: self-signed certificate
  [1]
  $ CURL_CA_BUNDLE=pem.crt kymo info $U/ok/demo | wc -l
  3
  $ CURL_CA_BUNDLE=pem.crt try kymo info $U/gotohttp/demo
  kymo info: URL/gotohttp/demo.hea: Protocol "http" not supported or disabled in libcurl
  [1]
  $ CURL_CA_BUNDLE=nonsense try kymo info $U/ok/plain.edf
  kymo info: URL/ok/plain.edf: error setting certificate file: nonsense
  [1]

The network's library is not loaded by those who do not need it.

  $ LD_DEBUG=files kymo info "$ROOT/testdata/demo" 2>&1 | grep -c 'libcurl\|libssl'
  0
  [1]
