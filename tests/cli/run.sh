#!/bin/bash
# run.sh BUILD FILE.t: runs a command-line test against BUILD/kymo and prints TAP.
#
# The files are cram's: "  $ command", then what it prints (standard output and error), then "  [status]" if it is not 0.
# They start in an empty folder; $ROOT is the repository. To accept what is printed now: ACCEPT=-i in the environment.
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
export ROOT PATH="$ROOT/$1:$PATH"
test=$2 indent=2
case $2 in
*.md)   # its examples run from the repository's root
    test=$ROOT/build/log/${2%.md}.t indent=4
    mkdir -p "$ROOT/build/log"
    { echo "    \$ cd $ROOT"; grep -v '^    make' "$2"; } > "$test"
    ;;
esac
if text=$(cram3 --shell=/bin/bash --indent=$indent ${ACCEPT:-} "$test" 2>&1); then
    case $text in
    *' 1 skipped,'*)   # the file's own "exit 80"
        case $2 in
        *slurm*|*parallel*) why='needs make slurm-deps' ;;
        *browser*) why='no chromium: make browser-deps' ;;
        *export_schema*) why='needs make fhir-deps' ;;
        *) why='KYMO_DATA unset' ;;
        esac
        echo "ok - $2 # SKIP $why"
        ;;
    *) echo "ok - $2" ;;
    esac
else
    echo "not ok - $2"
    echo "$text"
fi
