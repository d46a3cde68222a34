#!/bin/sh
# make_af.sh TRAINER LIST > af_model.c: learns the model of the detector of atrial fibrillation, and prints its C file.
set -eu
: "${KYMO_DATA:?names the folder of databases; README tells how to fill it}"
model=$("$1" "$2")
cat << END
/* algorithms/af_model.c - what the detector of atrial fibrillation has learnt; made by "make model", not to be edited.
 *
 * Learnt by model/train_af.c from the annotations of model/af.list (SHA-256
 * $(sha256sum < "$2" | cut -d' ' -f1)). */
#include "algorithms/af_model.h"

$model
END
