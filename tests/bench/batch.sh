#!/bin/sh
# batch.sh [MITDB]: what kymo batch costs beside the commands that it runs, and what a second worker brings. 2,000 nights of SpO2,
# 8 h at 1 Hz, each another; and where MITDB is told (or KYMO_DATA has mitdb), its 48 records under ten names each, 480 of 30
# minutes. Times depend on what else the machine does; the processor time of the driver does not, or less.
set -eu
cd "$(dirname "$0")/../.."
kymo=$PWD/build/kymo
nights=${NIGHTS:-2000} names=${NAMES:-10}   # fewer, where that is too long
mitdb=${1:-${KYMO_DATA:+$KYMO_DATA/mitdb}}
dir=build/bench/batch
mkdir -p "$dir/nights"
cd "$dir"
echo "$("$kymo" --version), $(date +%F), $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg)"
echo 'CPU: of all processes. Driver: of kymo batch alone, per recording, and its peak memory. Beside: time in which no command ran.'
printf '%-28s %8s %8s %9s %9s %9s %9s\n' run time CPU driver beside memory speed-up

# run JOBS LIST NAME COMMAND...: one line, and the time in $seconds.
run() {
    jobs=$1 list=$2 name=$3 n=$(wc -l < "$2")
    shift 3
    rm -rf "$jobs.csv" "$jobs.batch"
    /usr/bin/time -f '%e %U %S' -o time sh -c 'echo $$ > driver; exec "$@"' sh \
        "$kymo" batch -j "$jobs" -d "$jobs.batch" -o "$jobs.csv" -- "$@" ::: "@$list" &
    timed=$! hwm=0
    while kill -0 $timed 2> /dev/null; do    # /usr/bin/time tells the largest of all processes: the driver's is looked up
        more=$(sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$(cat driver 2> /dev/null)/status" 2> /dev/null || :)
        hwm=${more:-$hwm}
        sleep 0.5
    done
    wait $timed
    sed 's/.*"seconds":\([0-9.e-]*\),"cpu_s":\([0-9.e-]*\),.*/\1 \2/' "$jobs.batch/manifest.jsonl" |
        awk -v name="$name, -j$jobs" -v n="$n" -v jobs="$jobs" -v one="${one:-0}" -v hwm="$hwm" -v timed="$(cat time)" '
            { own += $1; cpu += $2 }
            END {
                split(timed, t, " ")
                beside = jobs == 1 ? sprintf("%6.2f ms", (t[1] - own) / n * 1000) : ""
                printf "%-28s %6.2f s %6.2f s %6.2f ms %9s %6.1f MB", name, t[1], t[2] + t[3], (t[2] + t[3] - cpu) / n * 1000,
                       beside, hwm / 1024
                print (one > 0 ? sprintf(" %9.2f", one / t[1]) : "")
            }'
    seconds=$(cut -d' ' -f1 time)
}

# pair LIST NAME COMMAND...: one worker, then two; their tables must be the same.
pair() {
    one=0
    run 1 "$@"
    one=$seconds
    run 2 "$@"
    cmp 1.csv 2.csv
    one=0
}

for i in $(seq "$nights"); do
    [ -f "nights/$i.kymo" ] || { "$kymo" synth spo2 -d 28800 --seed "$i" > new; mv new "nights/$i.kymo"; }
    echo "nights/$i.kymo"
done > nights.list
head -n 200 nights.list > few.list
run 1 few.list "$(wc -l < few.list) nights, spo2" kymo spo2
pair nights.list "$nights nights, spo2" kymo spo2
run 1 nights.list "$nights nights, info" kymo info
if [ -d "$mitdb" ]; then
    for i in $(seq "$names"); do
        ln -sfn "$mitdb" "copy$i"
        ls "copy$i"/*.hea | sed 's/\.hea$//'
    done > ecg.list
    pair ecg.list "$(wc -l < ecg.list) ECG, qrs" kymo qrs
else
    echo 'no MITDB: no ECG'
fi
