#!/bin/bash
# check.sh FILE...: opens each .html and .svg in headless Chromium, from a file, as wide as a desktop's window and as a phone, and
# prints a line for each thing that is wrong: what check.js finds, what the browser complains of, and what it asks the network for.
# Of a page that has nothing wrong it says that it passes. Files are named by their last part, which has no blanks.
#
# Nothing of the user's browser is touched: profile and log are in a folder of their own. Exit status 80: there is no Chromium.
set -u
here=$(cd "$(dirname "$0")" && pwd)
command -v chromium > /dev/null || exit 80
dir=$(mktemp -d /tmp/kymo-browser-XXXXXX)
trap 'rm -rf "$dir"' EXIT

{
    echo '<!DOCTYPE html><html><head><meta charset="utf-8"><title>check</title><script src="check.js"></script></head><body>'
    for f in "$@"; do
        name=${f##*/}
        cp "$f" "$dir/$name" || exit 1
        case $name in *.svg) widths=1280 ;; *) widths='1280 390' ;; esac
        for w in $widths; do
            echo "<iframe title=\"$name $w\" src=\"$name\" style=\"width: ${w}px; height: 800px; border: 0\"></iframe>"
        done
    done
    echo '</body></html>'
} > "$dir/.check.html"
cp "$here/check.js" "$dir"

HOME=$dir timeout 120 chromium --headless=new --no-sandbox --disable-gpu --user-data-dir="$dir/.profile" --no-first-run \
    --disable-background-networking --disable-component-update --disable-sync --disable-extensions --disable-dev-shm-usage \
    --host-resolver-rules='MAP * ~NOTFOUND' --allow-file-access-from-files --enable-logging=stderr \
    --log-net-log="$dir/.net" --window-size=1300,900 --dump-dom "file://$dir/.check.html" > "$dir/.dom" 2> "$dir/.log"
status=$?

found=$(sed 's/.*<body>//' "$dir/.dom" | sed 's/<[^>]*>//g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' | grep -v '^$')
[ "$status" -eq 0 ] && [ -n "$found" ] || { echo "chromium does not look (status $status)"; tail -3 "$dir/.log"; exit 1; }
{
    echo "$found"
    sed -n 's/.*:CONSOLE[^]]*\] /the browser complains: /p' "$dir/.log" | sed "s|file://$dir/||g"
    # What the browser asks for by itself has another initiator.
    grep '"initiator":"\(file:\|null\)' "$dir/.net" | grep -o '"url":"[a-z]*:[^"]*"' | grep -v '"\(file\|data\|blob\):' | sort -u |
        sed 's/^"url":/a page asks the network for /'
} > "$dir/.found"
cat "$dir/.found"
! grep -qv ': passes\( at [0-9]* px\)\?$' "$dir/.found"
