#!/bin/sh
# run.sh BUILD FILE.t: runs a command-line test against BUILD/kymo, from the repository's root, and prints TAP.
#
# The files are cram's: "  $ command", then what it prints (standard output and error), then "  [status]" if it is not 0.
# To accept what is printed now: cram -i with the same environment.
ROOT=$(cd "$(dirname "$0")/../.." && pwd)
export ROOT PATH="$ROOT/$1:$PATH"
if text=$(cram "$2" 2>&1); then
    echo "ok - $2"
else
    echo "not ok - $2"
    echo "$text"
fi
