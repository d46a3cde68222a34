#!/bin/sh
# validate.sh: scores kymo's detectors on every database present in KYMO_DATA, in parallel. README.md beside it says
# which recordings developed what.
set -eu
cd "$(dirname "$0")/../.."
: "${KYMO_DATA:?names the folder of databases; README tells how to fill it}"
out=build/validation
mkdir -p "$out"

# score_database NAME SIGNALS FROM_S RECORD...: detects with -s SIGNALS and prints the table.
score_database() {
    name=$1 signals=$2 from=$3
    shift 3
    dir=$out/$name-$signals
    mkdir -p "$dir"
    printf '%s\n' "$@" | xargs -P "$(nproc)" -I REC sh -c \
        'build/kymo qrs -q -s "$1" "$2" > "$3/${2##*/}.csv"' sh "$signals" REC "$dir"
    echo
    echo "$name, signal $signals, from $from s, 150 ms, VF left out; $(build/kymo --version), $(date +%F)"
    build/tests/validation/score "$from" 0 "$dir" "$@"
}

records() { find "$KYMO_DATA/$1" -maxdepth 1 -name '*.atr' 2>/dev/null | sed 's/\.atr$//' | sort; }

if [ -d "$KYMO_DATA/mitdb" ]; then
    for from in 300 0; do
        score_database mitdb 0 $from $(records mitdb)
        score_database mitdb ecg $from $(records mitdb)
    done
else
    echo "skipped: mitdb is not in $KYMO_DATA"
fi
if [ -d "$KYMO_DATA/challenge2014" ]; then
    score_database challenge2014 ECG 0 $(records challenge2014)
else
    echo "skipped: challenge2014 is not in $KYMO_DATA"
fi
