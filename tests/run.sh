#!/bin/sh
# run.sh BUILD...: runs unit tests, fuzz corpora and command-line tests on each build folder (build: as for use; build/san: under
# the address and undefined-behaviour sanitizers), and for "build" lint and the small validation; the last line counts them.
#
# KYMO_DATA and KYMO_REFERENCE name folders of real recordings and of other programs' values;
# tests that need them say "skipped" where they are missing.
cd "$(dirname "$0")/.." || exit 1
log=build/log
rm -rf "$log"
mkdir -p "$log"
passed=0 failed=0 skipped=0

# count NAME STATUS FILE: adds up TAP lines ("ok", "not ok", "# SKIP"); a program that fails without saying so is one failure.
count() {
    skip=$(grep -c '^\(not \)\?ok.*# SKIP' "$3")   # cmocka says "not ok" of what it skips
    ok=$(grep '^ok' "$3" | grep -vc '# SKIP') bad=$(grep '^not ok' "$3" | grep -vc '# SKIP')
    # A failure without a word of it (a crash) is one; cmocka's status counts what was skipped, too.
    [ "$2" -eq 0 ] || [ "$bad" -gt 0 ] || { [ "$skip" -gt 0 ] && [ "$2" -eq "$skip" ]; } || bad=1
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skip))
    if [ "$bad" -gt 0 ]; then
        echo "FAILED $1 (exit $2)"
        grep -v '^ok' "$3" | head -60
    else
        echo "$1: $ok passed$([ "$skip" -eq 0 ] || echo ", $skip skipped")"
        grep -h '# SKIP\|^skipped' "$3" | sed 's/^/    /'
    fi
}

# tap NAME COMMAND...: a program that prints TAP.
tap() {
    name=$1
    shift
    "$@" > "$log/out" 2>&1
    status=$?
    cp "$log/out" "$log/$(echo "$name" | tr '/ ' '__')"
    count "$name" "$status" "$log/out"
}

export CMOCKA_MESSAGE_OUTPUT=TAP ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1

for b in "$@"; do
    for t in "$b"/tests/unit/test_*; do
        case $t in *.d) continue ;; esac
        tap "$t" "$t"
    done
    for f in "$b"/tests/fuzz/fuzz_*; do
        case $f in *.d) continue ;; esac
        corpus=testdata/fuzz/${f##*/fuzz_}
        tap "$f" "$f" "$corpus"
    done
    for t in tests/cli/*.t README.md; do
        tap "$b: $t" bash tests/cli/run.sh "$b" "$t"
    done
done
case " $* " in
*' build '*)
    tap "tests/lint" sh tests/lint/lint.sh
    tap "tests/validation" sh tests/validation/ci.sh
    tap "tests/validation: reference" sh tests/validation/reference.sh
    ;;
esac

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
