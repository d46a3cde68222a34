A report as a page of HTML: one document with a language, a title, one heading of the first order and the others below it; drawings inside, each
with a title; no script, nothing from elsewhere. The clip of each trace has a name of its own.

  $ D=$ROOT/testdata/demo
  $ kymo report $D -o a.html
  $ head -2 a.html; grep -o '<title>[^<]*' a.html | head -1; grep -o '<h[1-6]>[^<]*' a.html | head -8
  <!DOCTYPE html>
  <html lang="en">
  <title>Holter report of demo
  <h1>Holter report
  <h2>Recording
  <h3>Who, when, how long
  <h3>Signals
  <h3>Notes in the file
  <h2>In short
  <h3>Main figures
  <h2>Heart
  $ grep -c '<svg ' a.html; grep -c '<figcaption>' a.html; grep -c '^<title>[^<]' a.html
  7
  7
  8
  $ grep -ci '<script\|<link\|<img\|<iframe\|@import\|url(h\|href=\|src=' a.html
  0
  [1]
  $ grep -o 'http[^" ]*' a.html | sort -u
  http://www.w3.org/2000/svg
  $ grep -o 'clipPath id="[^"]*"' a.html | sort | uniq -d
  $ grep -o '<meta name="viewport"[^>]*' a.html; grep -o '@page{[^}]*}' a.html
  <meta name="viewport" content="width=device-width, initial-scale=1"
  @page{margin:12mm}

Strips have the scale that they say: the distance between two samples at 250 Hz is 0.1 mm at 25 mm/s, so that 6.8 s are 170 mm wide on an SVG in
millimetres, and the mark of 1 mV is 10 mm high.

  $ grep -A12 '<strong>Typical' a.html | grep -o '<svg [^>]*viewBox="[^"]*"' | grep -o 'width=.*'
  width="185mm" height="70mm" viewBox="0 0 185 70"
  $ grep -A1 'class="calibration"' a.html | grep -o ' d="[^"]*' | sed 's/M[^l]*//' | sort -u
   d="l1 0 0 -10 3 0 0 10 1 0
  $ sed -n '/<strong>Typical/,/<\/figure>/p' a.html | grep -A3 'class="trace"' | grep -o '<rect[^/]*' | head -1
  <rect x="10" y="10" width="170" height="25"

What it says is what other commands say.

  $ kymo report --json $D > a.json
  $ value() { grep -o "\"$1\":{[^}]*}" $2 | head -1 | grep -o '"value":[^,}]*' | cut -d: -f2; }
  $ for k in sdnn_ms rmssd_ms lf_ms2 hf_ms2 lf_hf; do value $k a.json; done
  34.78375782
  32.7935725
  623.4444445
  542.6657812
  1.148855273
  $ kymo hrv --measures sdnn_ms,rmssd_ms,lf_ms2,hf_ms2,lf_hf $D | cut -d, -f6-
  sdnn_ms,rmssd_ms,lf_ms2,hf_ms2,lf_hf,recipe,note
  34.783758,32.793573,623.444444,542.665781,1.148855,taskforce nn=label others=exclude welch detrend=constant 4Hz-cubic 300s,
  $ for k in beats mean_rate_per_min fastest_rate_per_min slowest_rate_per_min v_beats s_beats; do value $k a.json; done
  360
  72.01315895
  77.31958763
  67.11409396
  7
  0
  $ kymo rhythm --summary $D | cut -d, -f1,2,6,9,11 | sed -n '1p;6,8p'
  item,count,mean_per_min,fastest_per_min,slowest_per_min
  beats,360,72,77.3,67.1
  ventricular beats,7,,,
  supraventricular beats,0,,,
  $ kymo report --json -a atr $D | grep -o '"v_beats":[^}]*\|"text":"Beats are[^"]*\|"annotator":{[^}]*'
  "text":"Beats are given, by the track atr, and were not looked for. Their types are given too. Episodes were found as kymo rhythm does.
  "v_beats":{"name":"Ventricular beats","value":7,"rule":"types V, E and F"
  "annotator":{"name":"Event track (-a)","value":"atr"
  $ kymo events -a atr $D | grep -c ,V,
  7

The same by the ending, and by the option; the same twice, wherever it is written; as PDF, on each paper.

  $ kymo report $D -o b.json && cmp a.json b.json && kymo report $D -o b.html && cmp a.html b.html
  $ kymo report $D -o - | cmp - a.html; cp $D.* . && kymo report demo -o demo.html && kymo report demo -o again.html && cmp demo.html again.html && cmp demo.html a.html
  $ kymo synth -d 60 -o s.edf; kymo report < s.edf --json | sed 's/standard input/s.edf/g' > p.json; kymo report s.edf -o s.json; cmp s.json p.json
  $ kymo read $D | kymo report --json | grep -o '"title": "[^"]*\|"sdnn_ms":{"name":"SDNN","value":[^,]*'
  "title": "Holter report of demo
  "sdnn_ms":{"name":"SDNN","value":34.78375782
  "sdnn_ms":{"name":"SDNN","value":34.78375782
  $ ls *.html.?????? 2> /dev/null
  [2]
  $ for p in a4 letter; do kymo report --paper $p $D -o x.pdf; kymo report --paper $p $D -o y.pdf; cmp x.pdf y.pdf; head -c 5 x.pdf; grep -a -o 'MediaBox.*]' x.pdf | sort -u; done
  %PDF-MediaBox [ 0 0 595.275591 841.889764 ]
  %PDF-MediaBox [ 0 0 612 792 ]

A name is only a name, and so is a note; what is left out is nowhere.

  $ kymo synth ecg -d 120 --pvc 0.05 -o evil.edf
  $ put() { printf "%-$2s" "$3" | dd of=evil.edf bs=1 seek=$1 conv=notrunc status=none; }
  $ put 8 80 "A&B-77 F 02-MAR-1951 <script>alert('1')</script>"; put 88 80 'Startdate 02-MAR-2024 Ward_<b> Dr_"Who" X'; put 168 8 02.03.24; put 176 8 22.15.00
  $ put 256 16 '<i>II'
  $ kymo report evil.edf -s 0 -o e.html; grep -c '<script\|<b>\|<i>' e.html; grep -o '&lt;script[^<]*\|A&amp;[^<]*\|Startdate [^<]*\|&lt;i&gt;[^<]*' e.html | sort -u
  0
  &lt;i&gt;II
  &lt;i&gt;II from 0:00:09 (22:15:09), 25 mm/s, 10 mm/mV
  &lt;i&gt;II from 0:00:31 (22:15:31), 25 mm/s, 10 mm/mV
  &lt;i&gt;II from 0:00:49 (22:15:49), 25 mm/s, 10 mm/mV
  &lt;i&gt;II from 0:01:24 (22:16:24), 25 mm/s, 10 mm/mV
  &lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;
  A&amp;B-77
  Startdate 02-MAR-2024 Ward_&lt;b&gt; Dr_&quot;Who&quot; X
  $ grep -o '2024-03-02T22:15:00\|02-MAR-1951' e.html; kymo report evil.edf -s 0 --json | grep -o '"name":{[^}]*}'
  02-MAR-1951
  2024-03-02T22:15:00
  "name":{"name":"Name","value":"<script>alert('1')</script>"}
  $ for f in html json pdf; do kymo report evil.edf -s 0 --deidentify -o id.$f; grep -a -c 'alert\|B-77\|MAR-1951\|Ward_\|MAR-2024\|2024-03\|evil' id.$f; done; grep -a -o '/Title [^>]*)' id.pdf
  0
  0
  0
  /Title (Holter report)
  $ grep -o '"begin":{[^}]*}\|"sex":{[^}]*}\|"identity":{[^}]*}\|"file":"[^"]*"' id.json
  "identity":{"name":"Identity","value":"left out"}
  "sex":{"name":"Sex","value":"F"}
  "begin":{"name":"Begins","value":"22:15:00"}
  "file":"left out"
  $ printf '%s\n' '# <script>x</script> & more' >> demo.hea; kymo report demo -o note.html; grep -o '.*amp; more' note.html
  <tr><th scope="row" class="identity">&lt;script&gt;x&lt;/script&gt; &amp; more

Both where a recording has both; a night alone; what is absent is said, and has no chart.

  $ kymo report --json $ROOT/testdata/night.edf | grep -o '^"[a-z]*": \[' | tr -d '\n'; echo
  "recording": ["summary": ["heart": ["hrv": ["strips": ["oximetry": ["made": [
  $ kymo synth spo2 -d 7200 -o n.edf; kymo report --json n.edf > n.json; grep -o '^"[a-z]*": \[\|no section[^"]*\|"figure":"[^"]*"' n.json
  "recording": [
  no section on the heart.
  "summary": [
  "oximetry": [
  "figure":"spo2_trend"
  "figure":"spo2_histogram"
  "figure":"deepest"
  "made": [
  $ for k in n_desats odi_per_valid_h t90_pct hb_desat_pct_min_per_h; do value $k n.json; done; grep '"table":"desaturations"' n.json | grep -o onset_s | wc -l
  42
  21.0
  4.388888889
  42.53993056
  42
  $ kymo spo2 n.edf | tr , '\n' > row; head -90 row | grep -n 'n_desats$\|^odi_per_valid_h$\|^t90_pct$\|^hb_desat_pct_min_per_h$' | wc -l; kymo desat n.edf | grep -c ,desat,
  4
  42
  $ awk 'BEGIN {print "time_s,SpO2 (%)"; for (i = 0; i < 60; i++) print i "," 127}' > codes.csv; kymo report codes.csv --json | grep -o 'There is nothing[^"]*'; kymo report codes.csv -o c.html; grep -c '<svg' c.html
  There is nothing to say of SpO2: no valid data: all readings are codes of an oximeter that has none.
  0
  [1]
  $ awk 'BEGIN {print "time_s,II (mV)"; for (i = 0; i < 2500; i++) print i / 250 "," 0}' > flat.csv; kymo report -q flat.csv --json | grep -o 'No beat was[^"]*\|"title":"Beginning[^"]*'
  No beat was found: there is nothing to say of rates and rhythm.
  "title":"Beginning of the recording
  $ printf '800\n810\n790\n805\n' > rr.txt; kymo report rr.txt --json | grep -o 'There is no ECG[^"]*\|no signals[^"]*'
  no signals, but events.
  There is no ECG to show: there are no strips.

All of a lead, an hour to a page, a line for each minute.

  $ kymo synth ecg -d 3700 -r 100 -o h.edf; kymo report --disclosure h.edf -o h.html; grep -o '<strong>From [^<]*' h.html; sed -n '/id="disclosure"/,$p' h.html | grep -c 'class="trace"'
  <strong>From 0:00:00
  <strong>From 1:00:00
  62

How it was made: options, digests of what was read, exclusions; and the figures of the detectors are those of the last validation.

  $ grep -o '"program":{[^}]*}' a.json; grep -o '"file":"[^}]*' a.json | sed 's/"xxh128":"[0-9a-f]\{32\}"/digest/'
  "program":{"name":"Program","value":"kymo 0.1.0 report"}
  "file":"demo.hea","bytes":195,digest
  "file":"demo.dat","bytes":225000,digest
  $ tr '\n' ' ' < $ROOT/cli/report_validation.c | grep -o '"[A-Z]*\.md", *"|[^"]*"' > rows; wc -l < rows
  6
  $ sed 's/^"\([A-Z.md]*\)", *"\(.*\)"$/\1 \2/' rows | while read -r file row; do grep -qF -- "$row" $ROOT/tests/validation/$file || echo "$file no longer has: $row"; done
  $ grep '"table":"validation"' a.json | grep -o '"sensitivity_pct":"[0-9][0-9.]*","predictivity_pct":"[0-9][0-9.]*"' | wc -l
  6

Wrong use, and what cannot be.

  $ kymo report $D
  kymo report: where to? -o FILE.html, .pdf or .json, or --json
  usage: kymo report [OPTION]... [RECORD]
  [2]
  $ kymo report $D -o x.txt
  kymo report: -o "x.txt" does not end in .html, .pdf or .json
  usage: kymo report [OPTION]... [RECORD]
  [2]
  $ kymo report - -o x.html < $D.hea; ls x.html 2> /dev/null
  kymo report: stdin:0: no recording that kymo knows (it begins 64 65 6d 6f; see kymo-formats(7))
  [2]
  $ awk 'BEGIN { print "time_s,ECG"; for (i = 0; i < 2500; i++) print i / 250 ",0" }' | kymo report -o flat.html
  kymo report: warning: stdin: no beats: the leads never change
  $ kymo report $D --paper a5 -o x.pdf 2>&1 | head -1
  kymo report: --paper "a5" is none of a4|letter
  $ kymo report nothing -o x.html; ls x.html
  kymo report: nothing: No such file or directory
  ls: cannot access 'x.html': No such file or directory
  [2]
  $ kymo report -s nope $D -o x.html 2>&1 | head -1
  kymo report: no signal "nope" among 0..1 (II, V5)
  $ kymo report -f 1:00:00 $D -o x.html 2>&1 | sed "s|$ROOT/||"; ls x.html 2> /dev/null
  kymo report: testdata/demo: nothing from 3600 s on: it is 300 s long
  [2]
  $ for f in html json pdf; do ln -s /dev/full full.$f; kymo report $D -o full.$f; done
  kymo report: full.html: cannot be written: No space left on device
  kymo report: full.json: cannot be written: No space left on device
  kymo report: full.pdf: cannot be written: No space left on device
  [1]
  $ kymo report $D -o - > /dev/full
  kymo report: standard output: cannot be written: No space left on device
  [1]
  $ mkdir shut && kymo report $D -o shut/no/x.pdf 2>&1 | head -1
  kymo report: shut/no/x.pdf: cannot be written: No such file or directory
  $ kymo report --json $D | head -1
  {

Notes that were written while it was recorded stand in a table, without identity none of them; who recorded it is not told by dates alone.

  $ kymo report $ROOT/testdata/night.edf -o n.json; grep -o '"table":"noted".*' n.json | tr '{' '\n' | sed 1,2d
  "at_s":20,"duration_s":18.0,"note":"Apn\xc3\xa9e obstructive"}, (esc)
  "at_s":27,"duration_s":25.0,"note":"D\xc3\xa9saturation"}, (esc)
  "at_s":38.25,"duration_s":3.2,"note":"Arousal"}]}
  $ grep -c recorded_with n.json
  1
  $ { head -c 98 $ROOT/testdata/night.edf; printf '%-70s' '01-JAN-2000 X X X'; tail -c +169 $ROOT/testdata/night.edf; } > who.edf
  $ kymo report who.edf --json | grep -c recorded_with
  0
  [1]
  $ kymo report --deidentify $ROOT/testdata/night.edf -o n.json; grep -c 'noted' n.json
  0
  [1]

A list of intervals has no types of beats, and its length is known behind its last; where a recording is too short for some measures, its
figures are still those of all of it.

  $ awk 'BEGIN { for (i = 0; i < 300; i++) print 800 + 10 * (i % 7) }' > rr.txt
  $ kymo report rr.txt -o rr.json; grep -o '"length":[^}]*' rr.json; grep -o 'A list[^.]*' rr.json; grep -c 'no measures of' rr.json
  "length":{"name":"Length","value":"0:04:09"
  A list of intervals tells no types: all count as normal
  0
  [1]

Full disclosure marks what was found: as many ticks as there are ectopic beats.

  $ kymo report --disclosure $D -o d.html; sed -n '/<h2.*>Full disclosure/,$p' d.html | grep -c '^<rect.*height="0.9"'
  7
  $ for k in v_beats s_beats; do value $k a.json; done
  7
  0

The plot of pairs is in the JSON as the intervals that it is drawn of.

  $ python3 -c 'import json; f = [b for b in json.load(open("a.json"))["hrv"] if b.get("figure") == "poincare"][0]
  > n = [k for k in range(1, len(f["rr_ms"])) if f["counts"][k] and f["counts"][k - 1] and f["follows"][k]]; print(len(f["rr_ms"]), len(n))'
  359 337
  $ grep -o '[0-9]* pairs' a.html
  337 pairs

Heart and night each read the recording; what is wrong with it is said once.

  $ head -c 3000 $ROOT/testdata/night.edf > cut.edf; kymo report cut.edf -o cut.html
  kymo report: warning: cut.edf:3000: file ends after 2 of 60 data records and a piece of one
