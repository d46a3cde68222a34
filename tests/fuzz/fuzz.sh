#!/bin/sh
# LIBS=... fuzz.sh SECONDS: runs each fuzz target under libFuzzer for so long, from its corpus; what it finds stays in build/fuzz/.
set -eu
cd "$(dirname "$0")/../.."
export UBSAN_OPTIONS=halt_on_error=1   # undefined behaviour is a finding like others
for source in tests/fuzz/fuzz_*.c; do
    name=${source##*/}
    name=${name%.c}
    corpus=testdata/fuzz/${name#fuzz_}
    mkdir -p "build/fuzz/$name"
    clang -std=gnu11 -D_GNU_SOURCE -I. -I/usr/include/hdf5/serial -O1 -g -fsanitize=fuzzer,address,undefined -o "build/fuzz/$name.run" "$source" \
        build/fuzz/libkymo.a $LIBS
    echo "== $name, $1 s"
    "build/fuzz/$name.run" -max_total_time="$1" -rss_limit_mb=1024 -timeout=10 -print_final_stats=1 \
        -artifact_prefix="build/fuzz/$name." "build/fuzz/$name" "$corpus" 2>&1 |
        grep -E 'Done|ERROR|SUMMARY|number_of_executed_units' || exit 1
    found=$(find build/fuzz -maxdepth 1 -name "$name.crash-*" -o -maxdepth 1 -name "$name.timeout-*" -o -maxdepth 1 -name "$name.oom-*")
    [ -z "$found" ] || { echo "finding: $found"; exit 1; }
done
echo "no findings"
