#!/bin/sh
# make.sh TRAINER LIST > qrs_model.c: learns the three models of the QRS detector, in parallel, and prints their C file.
set -eu
trainer=$1 list=$2
: "${KYMO_DATA:?names the folder of databases; README tells how to fill it}"
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
printf '%s\n' all odd even | xargs -P "$(nproc)" -I HALF sh -c '"$1" "$2" "$3" > "$4/$3"' sh "$trainer" "$list" HALF "$out"
cat << END
/* algorithms/qrs_model.c - what the QRS detector has learnt; made by "make model", not to be edited.
 *
 * Learnt by model/train_qrs.c from the records of model/qrs.list (SHA-256
 * $(sha256sum < "$list" | cut -d' ' -f1)). */
#include "algorithms/qrs_trees.h"

END
for half in all odd even; do
    [ "$half" = all ] || echo
    cat "$out/$half"
done
