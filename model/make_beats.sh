#!/bin/sh
# make_beats.sh TRAINER LIST > beat_model.c: learns the classes of beats, and prints their C file.
set -eu
trainer=$1 list=$2
: "${KYMO_DATA:?names the folder of databases; README tells how to fill it}"
out=$(mktemp)
trap 'rm -f "$out"' EXIT
"$trainer" "$list" > "$out"
cat << END
/* algorithms/beat_model.c - what the classes of beats have learnt; made by "make model", not to be edited.
 *
 * Learnt by model/train_beats.c from the records of model/beats.list (SHA-256
 * $(sha256sum < "$list" | cut -d' ' -f1)). */
#include "algorithms/beatclass_trees.h"

END
cat "$out"
