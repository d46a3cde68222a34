#!/bin/sh
# reference.sh: kymo score against what bxb, rxr, epicmp and sumstats 10.7.0 printed, byte by byte, on 13 records of mitdb with
# three sets of test annotations ($KYMO_REFERENCE/score/README.md). Prints TAP.
cd "$(dirname "$0")/../.." || exit 1
ref=${KYMO_REFERENCE:-/nowhere}/score mitdb=${KYMO_DATA:-/nowhere}/mitdb
if [ ! -d "$ref" ] || [ ! -d "$mitdb" ]; then
    echo "ok - bytes of bxb, rxr and epicmp # SKIP no score in KYMO_REFERENCE (${KYMO_REFERENCE:-not set}), no mitdb in KYMO_DATA (${KYMO_DATA:-not set})"
    exit 0
fi
records=$(find "$ref" -name '*.prt' | sort | sed "s|.*/\(.*\)\.prt|$mitdb/\1|")
mkdir -p build/validation

# check FIRST SECOND TEST OPTION...: the first table of kymo score -O text begins as the file FIRST, the second as SECOND.
check() {
    first=$ref/$1 second=$ref/$2 test=$3
    shift 3
    build/kymo score -O text --test "$test" "$@" "$ref" $records |
        awk -v first="$first" -v second="$second" '
            /^Record Nx/ || /^\(SVE/ || /^\(VF/ { file = second; started = 1 }
            !started { file = first }
            (getline want < file) > 0 && $0 != want { print file ": " want "\nkymo: " $0 }
            END { if (!started || getline want < first > 0 || getline want < second > 0) print "lines are missing" }' \
        > build/validation/differences
    if [ -s build/validation/differences ]; then
        echo "not ok - ${first##*/}, ${second##*/}"
        head -10 build/validation/differences
    else
        echo "ok - ${first##*/}, ${second##*/}"
    fi
}

for test in gqrs osea prt; do
    check $test.bxb-L1.sum.txt $test.bxb-L2.sum.txt $test
    check $test.bxb-f0-L1.txt $test.bxb-f0-L2.txt $test -f 0
done
check prt.rxr-L1.sum.txt prt.rxr-L2.sum.txt prt --what runs
check prt.epicmp-A.sum.txt prt.epicmp-V.txt prt --what episodes

# Matrices of runs: rows of rxr -S and of kymo as numbers, V then S, sensitivity then positive predictivity.
for r in $records; do
    sed -n 's/^ *>*[0-5] |//p' "$ref/${r##*/}.prt.rxr-S.txt" | xargs -n 1000 | sed 's/ *$//'
done > build/validation/rxr
for r in $records; do
    build/kymo score --what runs --matrix --test prt "$ref" "$r" | sed '1d' | cut -d, -f5- | tr ',' ' ' | xargs -n 1000
done > build/validation/matrices
if [ -s build/validation/rxr ] && cmp build/validation/rxr build/validation/matrices; then
    echo "ok - matrices of rxr -S"
else
    echo "not ok - matrices of rxr -S"
fi
