#!/bin/sh
# ci.sh: the part of the validation that every test run does, on six records of mitdb. Prints TAP.
#
# The six are every eighth of the 48 in order of their numbers, so that nobody chose them by how well they score.
cd "$(dirname "$0")/../.." || exit 1
if [ ! -d "${KYMO_DATA:-/nowhere}/mitdb" ]; then
    echo "ok - beats of six records of mitdb # SKIP no mitdb in KYMO_DATA (${KYMO_DATA:-not set})"
    exit 0
fi
dir=build/validation/ci
mkdir -p "$dir"
records=$(find "$KYMO_DATA/mitdb" -name '*.atr' | sed 's/\.atr$//' | sort | awk 'NR % 8 == 1')
for r in $records; do
    build/kymo qrs -s 0 "$r" > "$dir/${r##*/}.csv" || echo "not ok - kymo qrs $r"
done
if build/tests/validation/score 300 99.7 "$dir" $records; then
    echo "ok - beats of six records of mitdb, first lead: gross Se and +P at least 99.7 %"
else
    echo "not ok - beats of six records of mitdb, first lead: gross Se and +P at least 99.7 %"
fi
