#!/bin/sh
# ci.sh: the part of the validation that every test run does: beats of all 48 records of mitdb from 5:00, cross-fitted: each by the
# model that was learnt from the other half of model/qrs.list. Prints TAP.
cd "$(dirname "$0")/../.." || exit 1

# check NAME SIGNAL CONDITION: passes if the gross row satisfies the awk condition on errors, se and pp.
check() {
    dir=build/validation/ci-$2
    mkdir -p "$dir"
    rm -f "$dir"/*
    if [ ! -d "${KYMO_DATA:-/nowhere}/mitdb" ]; then
        echo "ok - $1 # SKIP no mitdb in KYMO_DATA (${KYMO_DATA:-not set})"
    elif awk '$2 ~ /^mitdb\// { print ($1 == "odd" ? "even" : "odd"), $2 }' model/qrs.list |
        xargs -P "$(nproc)" -n 2 sh -c 'build/kymo qrs -q -s "$1" --model "$3" "$KYMO_DATA/$4" > "$2/${4##*/}.csv"' sh "$2" "$dir" &&
        find "$KYMO_DATA/mitdb" -name '*.atr' | sed 's/\.atr$//' | sort | xargs -d '\n' build/kymo score "$dir" > "$dir.score" &&
        awk -F, "\$1 == \"gross\" { print; errors = \$4 + \$5; se = \$6; pp = \$7; ok = $3 } END { exit !ok }" "$dir.score"; then
        echo "ok - $1"
    else
        echo "not ok - $1"
    fi
}

# What was reached stands in RESULTS.md; the limits leave room for a model learnt anew, not for a step back.
check "beats of mitdb, both leads, from 5:00, cross-fitted: at most 100 errors" ecg "errors <= 100"
check "beats of mitdb, first lead, from 5:00, cross-fitted: gross Se and +P at least 99.8 %" 0 "se >= 99.8 && pp >= 99.8"
