#!/bin/sh
# bench.sh: times kymo on 24 h of two leads at 360 Hz, each command as a whole process, median of five runs after one that
# is not counted; beside it, where they are installed, other programs at the same work in the same run.
set -eu
cd "$(dirname "$0")/../.."
dir=build/bench
mkdir -p "$dir"
[ -f "$dir/big.edf" ] || build/tests/bench/make_big "$dir"
echo "$(build/kymo --version), $(date +%F), $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1), $(nproc) cores"

# cpu COMMAND: user + system seconds and peak memory in kB of the median run, pinned to one core.
cpu() {
    for i in 1 2 3 4 5 6; do
        taskset -c 0 /usr/bin/time -f '%U %S %M' -o "$dir/time" sh -c "exec $1 > /dev/null 2> $dir/err"
        [ "$i" -eq 1 ] || awk '{ print $1 + $2, $3 }' "$dir/time"
    done | sort -n | sed -n 3p
}

# row NAME COMMAND [MB]: a line of the table; with the size of the file also MB/s.
row() {
    result=$(cpu "$2")
    echo "$result" | awk -v name="$1" -v mb="${3:-0}" \
        '{ printf "%-46s %7.2f s %8.1f MB%s\n", name, $1, $2 / 1024, mb ? sprintf("  %6.0f MB/s", mb / ($1 ? $1 : 0.005)) : "" }'
}

size() { wc -c < "$1" | awk '{ print $1 / 1e6 }'; }

printf '%-46s %9s %11s\n' command 'cpu' 'peak memory'
row "kymo read big (WFDB format 212)" "build/kymo read $dir/big" "$(size $dir/big.dat)"
row "kymo read big.edf" "build/kymo read $dir/big.edf" "$(size $dir/big.edf)"
row "  the same, samples only" "build/tests/bench/read_samples $dir/big.edf" "$(size $dir/big.edf)"
row "  EDFlib reads big.edf" "build/tests/bench/edflib_read $dir/big.edf" "$(size $dir/big.edf)"
[ -f "$dir/big16.dat" ] || build/kymo convert -q --variant 16 "$dir/big" "$dir/big16.hea"
row "kymo read big16 (WFDB format 16)" "build/kymo read $dir/big16" "$(size $dir/big16.dat)"
[ -f "$dir/big516.dat" ] || build/kymo convert -q --variant 516 "$dir/big" "$dir/big516.hea"
row "kymo read big516 (WFDB format 516, FLAC)" "build/kymo read $dir/big516" "$(size $dir/big516.dat)"
row "  the same, samples only" "build/tests/bench/read_samples $dir/big516" "$(size $dir/big516.dat)"
row "  libFLAC decodes big516.dat" "build/tests/bench/flac_decode $dir/big516.dat" "$(size $dir/big516.dat)"
row "kymo convert big - -O csv" "build/kymo convert $dir/big - -O csv"
row "kymo convert big x.edf" "build/kymo convert -q $dir/big $dir/x.edf"
row "kymo convert big x.h5" "build/kymo convert -q $dir/big $dir/x.h5"
row "kymo check big.edf" "build/kymo check $dir/big.edf" "$(size $dir/big.edf)"
row "kymo qrs -s 0 big" "build/kymo qrs -s 0 $dir/big"
row "kymo qrs big (both leads)" "build/kymo qrs $dir/big"
row "kymo qrs --fast -s 0 big" "build/kymo qrs --fast -s 0 $dir/big"
row "kymo qrs --fast big (both leads)" "build/kymo qrs --fast $dir/big"
row "kymo beats big (both leads)" "build/kymo beats $dir/big"
row "kymo rhythm big (both leads, with beats)" "build/kymo rhythm $dir/big"
build/kymo qrs -s 0 "$dir/big" > "$dir/beats.csv"
row "kymo hrv beats.csv, time and frequency" "build/kymo hrv --measures time,segments,geometry,frequency,ulf $dir/beats.csv"
row "kymo hrv beats.csv, standard measures" "build/kymo hrv $dir/beats.csv"
row "kymo hrv beats.csv, all measures" "build/kymo hrv --measures all $dir/beats.csv"
row "kymo hrv beats.csv, 5-minute windows" "build/kymo hrv --window 300 $dir/beats.csv"
row "kymo hrv beats.csv, the same each minute" "build/kymo hrv --window 300 --step 60 $dir/beats.csv"
build/kymo synth spo2 -d 28800 > "$dir/night.kymo"
row "kymo desat night.kymo (8 h at 1 Hz)" "build/kymo desat $dir/night.kymo"
row "kymo resample -r 250 big (both leads)" "build/kymo resample -r 250 $dir/big"
row "kymo resample -r 499.95 big (both leads)" "build/kymo resample -r 499.95 $dir/big"
row "kymo calc -e 'x = ...' big (of both leads)" "build/kymo calc -e 'x = mean(#0, #1) * 1000 - clip(#0, -1, 1)' $dir/big"
# The same samples without a head, by others that damp as much or more; 0.9 is also where the pass-band of ours ends.
if command -v sox > /dev/null; then
    raw="-D -t raw -r 360 -e signed-integer -b 16 -c 2 $dir/big16.dat -t raw -r 250 -"
    row "  sox rate -v -b 90 (175 dB)" "sox $raw rate -v -b 90"
    row "  sox rate -h -b 90 (125 dB)" "sox $raw rate -h -b 90"
else
    echo "sox is not installed: no comparison"
fi
if build/tests/bench/src_resample /dev/null > /dev/null; then
    row "  libsamplerate, best quality (145 dB)" "build/tests/bench/src_resample $dir/big16.dat"
else
    echo "libsamplerate is not installed: no comparison"
fi
row "kymo synth -d 86400" "build/kymo synth -d 86400"
[ -f "$dir/leads.edf" ] || build/tests/bench/make_leads "$dir"
leads="$dir/leads.edf"
row "kymo filter: 12 leads, 24 h, 500 Hz, causal" "build/kymo filter --band 0.5-40 --phase causal $leads" "$(size "$leads")"
row "  the same of zero phase" "build/kymo filter --band 0.5-40 $leads" "$(size "$leads")"
row "  equal attenuation by FIR (Kaiser)" "build/kymo filter --band 0.5-40 --fir kaiser $leads" "$(size "$leads")"
# What a batch costs beside the command, one that does nearly nothing, and when all is done.
rm -rf "$dir/small" "$dir/small.csv" "$dir/small.csv.batch" && mkdir -p "$dir/small"
for i in $(seq 2000); do printf 'n\n1\n' > "$dir/small/$i.csv"; done
batch="build/kymo batch -j1 -o $dir/small.csv -- cat ::: $dir/small"
for name in "kymo batch, cat of 2000 recordings" "  the same again: all is done"; do
    /usr/bin/time -f '%e %M' -o "$dir/time" $batch
    awk -v name="$name" '{ printf "%-46s %7.2f s %8.1f MB  %6.2f ms each\n", name, $1, $2 / 1024, $1 / 2 }' "$dir/time"
done
# Size: the last second of files beyond 4 GiB, which is found by its place or, in a pipe, by passing over all the rest; memory
# with many signals, and with a long file. large NAME COMMAND: one run, whose last line must be the last sample.
large() {
    last=$(/usr/bin/time -f '%U %S %M' -o "$dir/time" sh -c "$2" | tail -n 1)
    case $last in
    *,19999 | *,99.995) ;;
    *) echo "bench.sh: $1 ends with \"$last\"" >&2; exit 1 ;;
    esac
    awk -v name="$1" '{ printf "%-46s %7.2f s %8.1f MB\n", name, $1 + $2, $3 / 1024 }' "$dir/time"
}
[ -f "$dir/wide.edf" ] || build/tests/bench/make_large "$dir"
second="-f $(((9 << 29) / 40000)) - -O csv"
large "last second of a 4.8 GB EDF file" "build/kymo convert $dir/large.edf $second"
large "  of a 4.8 GB WFDB record" "build/kymo convert $dir/large $second"
large "  of the EDF file through a pipe" "cat $dir/large.edf | build/kymo convert - $second"
large "  of it as a kymo stream through a pipe" "build/kymo read $dir/large.edf | build/kymo convert - $second"
row "kymo read wide.edf (3000 signals)" "build/kymo read $dir/wide.edf" "$(size $dir/wide.edf)"
row "kymo read giga.edf (1 GB, one signal)" "build/kymo read $dir/giga.edf" "$(size $dir/giga.edf)"
if command -v gqrs > /dev/null; then
    row "gqrs -r big (first lead)" "env WFDB=$dir gqrs -r big -o bench"
    row "rdsamp -r big" "env WFDB=$dir rdsamp -r big"
else
    echo "gqrs is not installed: no comparison"
fi
ulimit -n 4096   # pipes of a thousand
for n in "1000 60" "1 0"; do
    build/tests/bench/live $n testdata/demo build/kymo alarm -r 'spo2 < 88 for 15s' -r 'hr > 70 for 3s' -r 'no data for 5s' \
        -r asystole -r bradycardia -r vf
done
