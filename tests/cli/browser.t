What Chromium makes of drawings: every label whole, legible and apart from the others, no request to the network, no complaint. It is
skipped where there is none; `make browser-deps` installs it.

  $ command -v chromium > /dev/null || exit 80
  $ look() { bash $ROOT/tests/browser/check.sh "$@"; }
  $ D=$ROOT/testdata/demo

The check finds what is wrong with a page that is wrong in everything, at both widths, and nothing wrong with a good one.

  $ cat > bad.html << 'END'
  > <!DOCTYPE html><html><head><style>.cut {width: 60px; overflow: hidden; white-space: nowrap}</style></head><body>
  > <h1>A</h1><h3>C</h3><p style="color: #999">pale</p><div style="width: 500px">wide</div><div class="cut">a text that is long</div>
  > <img src="http://example.invalid/x.png"><table><tr><td>1</td></tr></table>
  > <svg width="100" height="50" viewBox="0 0 100 50"><rect width="100" height="50" fill="#000"/><text x="5" y="20" font-size="10">dark</text>
  > <text x="10" y="22" font-size="10" fill="#fff">over</text><text x="80" y="40" fill="#fff" font-size="10">too far</text></svg>
  > <script>console.error("an error");</script></body></html>
  > END
  $ cat > good.html << 'END'
  > <!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>T</title></head>
  > <body><h1>A</h1><h2>B</h2><h3>C</h3><h2>D</h2><p style="color: #767676; background: #fff">legible</p>
  > <svg width="100" height="50" viewBox="0 0 100 50" role="img" aria-label="a line"><path d="M0 0L9 9" stroke="#000"/><rect width="50"
  > height="50" fill="#000"/><text x="5" y="20" font-size="10" fill="#fff">left</text><text x="55" y="20" font-size="10">right</text></svg>
  > </body></html>
  > END
  $ look bad.html good.html
  bad.html: no title (1280 px)
  bad.html: the page asks the network (1280 px)
  bad.html: the page does not say its language (1280 px)
  bad.html: the page does not fit itself to a phone (1280 px)
  bad.html: an image without alternative text (1280 px)
  bad.html: a table without headings (1280 px)
  bad.html: the page has <script> (1280 px)
  bad.html: heading "C" of level 3 follows one of level 1 (1280 px)
  bad.html: contrast of text "pale" is 2.8, not 4.5 (1280 px)
  bad.html: text "a text that is long" is cut off (1280 px)
  bad.html: a picture without alternative text (1280 px)
  bad.html: labels "dark" and "over" overlap (1280 px)
  bad.html: contrast of label "dark" is 1.0, not 4.5 (1280 px)
  bad.html: label "too far" is cut off (1280 px)
  bad.html: a picture without a line (1280 px)
  bad.html: no title (390 px)
  bad.html: the page asks the network (390 px)
  bad.html: the page does not say its language (390 px)
  bad.html: the page does not fit itself to a phone (390 px)
  bad.html: an image without alternative text (390 px)
  bad.html: a table without headings (390 px)
  bad.html: the page has <script> (390 px)
  bad.html: heading "C" of level 3 follows one of level 1 (390 px)
  bad.html: contrast of text "pale" is 2.8, not 4.5 (390 px)
  bad.html: text "a text that is long" is cut off (390 px)
  bad.html: the page is 508 px wide (390 px)
  bad.html: div "wide" reaches beyond the page (390 px)
  bad.html: a picture without alternative text (390 px)
  bad.html: labels "dark" and "over" overlap (390 px)
  bad.html: contrast of label "dark" is 1.0, not 4.5 (390 px)
  bad.html: label "too far" is cut off (390 px)
  bad.html: a picture without a line (390 px)
  good.html: passes at 1280 px
  good.html: passes at 390 px
  the browser complains: "an error", source: bad.html (6)
  the browser complains: "an error", source: bad.html (6)
  a page asks the network for "http://example.invalid/x.png"
  [1]
  $ echo '<svg xmlns="http://www.w3.org/2000/svg" width="90mm" height="45mm" viewBox="0 0 9 9"><clipPath id="c"><rect x="0" y="0" width="9" height="4"/></clipPath><g clip-path="url(#c)"><text x="1" y="6" font-size="1">cut</text></g><text y="2" font-size="1">sh…</text><image href="https://example.invalid/x.png"/></svg>' > bad.svg
  $ look bad.svg
  bad.svg: no title
  bad.svg: the page asks the network
  bad.svg: a picture without alternative text
  bad.svg: label "sh\xe2\x80\xa6" is shortened (esc)
  bad.svg: label "cut" is cut off
  bad.svg: the unit of the picture is 5.000 mm
  bad.svg: a picture without a line
  a page asks the network for "https://example.invalid/x.png"
  [1]

Each kind of drawing, of a recording made here and, where they are at hand, of real ones.

  $ mkdir drawings; cd drawings
  $ draw() { for k in strip stack tachogram poincare histogram psd overview disclosure 12lead clusters; do kymo plot -k $k -a $3 $2 -o $1-$k.svg || return; done; }
  $ draw demo $D atr
  $ kymo synth -d 7200 --pvc 0.02 -o day.kymo; kymo plot -k overview -a beats day.kymo -o day.svg; kymo plot -k disclosure day.kymo -o day-lines.svg
  $ kymo synth spo2 -d 28800 -o night.edf; kymo plot night.edf -o night.svg
  $ kymo plot -k stack $ROOT/testdata/night.edf -o sleep.svg; kymo plot -k stack $ROOT/testdata/gap.edf -o gap.svg
  $ for r in ${KYMO_DATA:+100 200 207 232}; do draw $r $KYMO_DATA/mitdb/$r atr; done
  $ ls demo*.svg | wc -l
  10
  $ look *.svg > found; grep -v ': passes$' found
  [1]

Likewise the pages of kymo report, where that command is there: at both widths.

  $ pages() { kymo report -a atr $D -o demo.html; kymo report night.edf -o night.html; kymo report $ROOT/testdata/night.edf -o both.html; }
  $ real() { for r in ${KYMO_DATA:+100 200 207 232}; do kymo report -a atr $KYMO_DATA/mitdb/$r -o $r.html || return; done; }
  $ if kymo help | grep -q '^  report '; then pages && real && look *.html | sed '/: passes at [0-9]* px$/d'; fi
