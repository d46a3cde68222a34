#!/bin/sh
# validate.sh: scores kymo's detectors on every database present in KYMO_DATA, in parallel, and writes RESULTS.md; the lines
# record by record stay in build/validation/. README.md beside it says which records developed what.
set -eu
cd "$(dirname "$0")/../.."
: "${KYMO_DATA:?names the folder of databases; README tells how to fill it}"
out=build/validation
results=tests/validation/RESULTS.md
mkdir -p "$out"

# score_records NAME SIGNAL FROM_S RECORD...: detects with -s SIGNAL and adds a row.
score_records() {
    name=$1 signal=$2 from=$3
    shift 3
    dir=$out/$(echo "$name" | tr ' ,' '--')-$signal
    mkdir -p "$dir"
    printf '%s\n' "$@" | xargs -P "$(nproc)" -I REC sh -c \
        'build/kymo qrs -q -s "$1" "$2" > "$3/${2##*/}.csv"' sh "$signal" REC "$dir"
    build/kymo score -f "$from" "$dir" "$@" > "$dir.from-$from.csv"
    awk -F, -v name="$name" -v n=$# -v signal="$signal" -v from="$from" '$1 == "gross" || n == 1 && NR == 2 {
        printf "| %s | %d | %s | %d:00 | %d | %d | %d | %d | %.3f | %.3f |\n",
            name, n, signal, from / 60, $2, $4, $5, $4 + $5, $6, $7 }' "$dir.from-$from.csv" >> "$results"
}

# records DATABASE [AWK CONDITION on the number of the record, n]
records() { find "$KYMO_DATA/$1" -maxdepth 1 -name '*.atr' | sed 's/\.atr$//' | sort | awk -F/ "{ n = \$NF } ${2:-1}"; }

cat > "$results" << END
# Results

Made by \`make validate\`: $(build/kymo --version), $(date +%F). Beat by beat by the rules of ANSI/AAMI EC57: 150 ms window, ventricular
flutter left out, gross figures (sums over the records). Signal 0 is the first lead alone, ecg all leads together. Records that
developed the detector are not blind: see README.md.

| database | records | signal | from | beats | missed | false | errors | Se % | +P % |
|---|---|---|---|---|---|---|---|---|---|
END
if [ -d "$KYMO_DATA/mitdb" ]; then
    for signal in 0 ecg; do
        score_records mitdb "$signal" 300 $(records mitdb)
        score_records mitdb "$signal" 0 $(records mitdb)
        score_records "mitdb, odd (developed on)" "$signal" 300 $(records mitdb 'n % 2')
        score_records "mitdb, even" "$signal" 300 $(records mitdb 'n % 2 == 0')
    done
else
    echo "skipped: mitdb is not in $KYMO_DATA"
fi
if [ -d "$KYMO_DATA/challenge2014" ]; then
    score_records challenge2014 ecg 0 $(records challenge2014)
else
    echo "skipped: challenge2014 is not in $KYMO_DATA"
fi
if [ -d "$KYMO_DATA/nstdb" ]; then
    score_records "nstdb, $(records nstdb | sed 's|.*/||' | xargs)" ecg 300 $(records nstdb)
else
    echo "skipped: nstdb is not in $KYMO_DATA"
fi
cat "$results"
