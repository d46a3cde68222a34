#!/bin/bash
# qrs.sh: scores kymo qrs on every database present in KYMO_DATA, in parallel, and writes RESULTS.md; beats, and lines
# record by record, stay in build/validation/all/. README.md beside it says which records developed what.
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${KYMO_DATA:?names the folder of databases; README tells how to fill it}"
[ -d "$KYMO_DATA" ] || { echo "qrs.sh: $KYMO_DATA: no such folder" >&2; exit 1; }
out=build/validation/all
rm -rf "$out"
mkdir -p "$out"
ln -s "$(realpath "$KYMO_DATA")" "$out/data"   # so that no path below has a blank in it
data=$out/data
exec 3> "$out/RESULTS.md"
declare -A signal=([both]=ecg [first]=0)   # what -s is given for these leads

# have FILE: whether the database is there.
have() { [ -e "$data/$1" ] || { echo "skipped: no $1 in $KYMO_DATA"; false; }; }

# records DATABASE [AWK CONDITION on the number of the record, n]
records() { find "$data/$1" -maxdepth 1 -name '*.atr' | sed 's/\.atr$//' | sort | awk -F/ "{ n = \$NF } ${2:-1}"; }

# Adds to each record on standard input the option for the model that was not learnt from it: that of the other half of
# model/qrs.list, where the first three characters of the name stand for a record of mitdb.
cross_fitted() {
    awk 'NR == FNR { if ($2 ~ /^mitdb\//) of[substr($2, 7)] = $1; next }
        { n = split($0, part, "/"); h = of[substr(part[n], 1, 3)]
          print $0, "--model", h == "odd" ? "even" : h == "even" ? "odd" : "all" }' model/qrs.list -
}

# Of records on standard input, those whose MODEL that is.
whose_model() { cross_fitted | awk -v model="$1" '$3 == model { print $1 }'; }

# detect SET [OPTION...] < lines of RECORD [OPTION...]: puts beats (.csv) and CPU seconds (.cpu) into the folder of SET.
detect() {
    local folder=$out/$1
    shift
    mkdir -p "$folder"
    sed "s|\$| $*|; s/ *\$//" | xargs -L 1 -P "$(nproc)" bash -c 'detect_one "$@"' detect_one "$folder"
}
detect_one() {
    local folder=$1 record=$2 name=${2##*/} TIMEFORMAT='%3U %3S'
    shift 2
    { time build/kymo qrs -q "$@" "$record" > "$folder/${name%.*}.csv" 2>&4; } 4>&2 2> "$folder/${name%.*}.cpu"
}
# noisy < lines of NAME RECORD OPTION...: makes $out/noisy/NAME.kymo, with the reference beats in it.
noisy() {
    mkdir -p "$out/noisy"
    xargs -L 1 -P "$(nproc)" bash -c 'noisy_one "$@"' noisy_one "$out/noisy"
}
noisy_one() {
    local to=$1/$2.kymo record=$3
    shift 3
    build/kymo noise -q -a atr -o "$to" "$@" "$record"
}
export -f detect_one noisy_one

# row NAME MODEL LEADS SET FROM_S RECORD...: a line of the table. JUDGE: more options of kymo score.
row() {
    local name=$1 model=$2 leads=$3 set=$4 from=$5
    shift 5
    [ $# -gt 0 ] || return 0
    local table ci="" cpu="" r
    table=$out/$set.$(echo "$name" | tr -cs 'a-z0-9\n' -).$from.tsv
    [ $# -eq 1 ] || ci=--ci
    for r in "$@"; do
        r=${r##*/}
        cpu="$cpu $out/$set/${r%.*}.cpu"
    done
    build/kymo score -O tsv --test csv -f "$from" $ci ${JUDGE:-} "$out/$set" "$@" > "$table"
    { cat $cpu; build/kymo info -q -O tsv "$@"; } | awk -F'\t' '
        FILENAME == "-" && $0 ~ /^[0-9.]+ [0-9.]+$/ { split($0, part, " "); cpu += part[1] + part[2]; next }
        FILENAME == "-" { if ($1 != "record" && !seen[$1]++) { told = told + $4; untold = untold || $4 == "" } next }
        FNR == 2 || $1 == "gross" { beats = $2; missed = $4; extra = $5; se = $6; pp = $7; f1 = $8 }
        $1 == "gross_lo" { lo = $8 }
        $1 == "gross_hi" { hi = $8 }
        END {
            speed = untold || !cpu ? "" : sprintf("%d", sprintf("%.1e", told / cpu))
            printf "| %s | %s | %d | %s | %d:%02d | %d | %d | %d | %d | %.3f | %.3f | %.3f | %s | %s |\n", name, model, n, leads,
                from / 60, from % 60, beats, missed, extra, missed + extra, se, pp, f1,
                (n > 1 ? sprintf("%.3f-%.3f", lo, hi) : ""), speed
        }' name="$name" model="$model" n=$# leads="$leads" from="$from" - "$table" >&3
}

# marked NAME FILE...: a line on how much is marked noise, in the noisy and the clean segments of kymo noise's and nst's protocol
# (5:00 clean, then noisy and clean for 2:00 each), to 30:00.
marked() {
    local name=$1
    shift
    awk -F, 'function overlap(a, b, c, d) { a = a > c ? a : c; b = b < d ? b : d; return b > a ? b - a : 0 }
        $4 == "noise" { all += overlap($1, $1 + $5, 0, 1800)
            for (s = 300; s < 1800; s += 240) in_noise += overlap($1, $1 + $5, s, s + 120 < 1800 ? s + 120 : 1800) }
        END { for (s = 300; s < 1800; s += 240) noisy += s + 120 < 1800 ? 120 : 1800 - s
            printf "| %s | %.1f | %.1f |\n", name, 100 * in_noise / noisy / n, 100 * (all - in_noise) / (1800 - noisy) / n }' \
        name="$name" n=$# "$@" >&3
}

cat >&3 << END
# Results

Made by \`make validate\`: $(build/kymo --version), $(date +%F). Beat by beat by the rules of ANSI/AAMI EC57: 150 ms window, ventricular
flutter left out, gross figures (sums over the records). The 95 % interval is that of F1, by bootstrap over records. Speed is
seconds of signal per CPU second of the whole process, decoding included, while other work ran beside it.

Cross-fitted: each record is detected by the model that was learnt from the other half of \`model/qrs.list\`. In-sample: by the
shipped model, which was learnt from these very records; such figures flatter and stand here for comparison only. Where nothing was
learnt from a database, all, odd and even name the model. None: without the learnt stage; its constants were set by hand, looking
at the odd records. Pressure: joining beats with pulses was developed on the odd records of challenge2014. README.md says which
records developed what.

| database | model | records | leads | from | beats | missed | false | errors | Se % | +P % | F1 % | 95 % interval | speed |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
END

if have mitdb/100.hea; then
    all=$(records mitdb) odd=$(records mitdb | whose_model even) even=$(records mitdb | whose_model odd)
    for leads in both first; do
        echo "$all" | cross_fitted | detect mitdb-$leads-cross -s ${signal[$leads]}
        echo "$all" | detect mitdb-$leads-all -s ${signal[$leads]} --model all
        for from in 300 0; do
            row mitdb cross-fitted $leads mitdb-$leads-cross $from $all
            row mitdb "all (in-sample)" $leads mitdb-$leads-all $from $all
        done
        row "mitdb, odd half" "even (cross-fitted)" $leads mitdb-$leads-cross 300 $odd
        row "mitdb, even half" "odd (cross-fitted)" $leads mitdb-$leads-cross 300 $even
    done
    for mode in fast online "online --look-ahead 0.8"; do
        for leads in both first; do
            set=mitdb-$leads-${mode// /-}
            echo "$all" | detect "$set" "--$mode" -s ${signal[$leads]}
            row "mitdb, --$mode" none $leads "$set" 300 $all
            row "mitdb, --$mode" none $leads "$set" 0 $all
            row "mitdb, --$mode, odd half" none $leads "$set" 300 $odd
            row "mitdb, --$mode, even half" none $leads "$set" 300 $even
        done
    done
fi

if have challenge2014; then
    for model in odd even all; do
        records challenge2014 | detect challenge2014-$model --pulse off --model $model
        row challenge2014 $model all challenge2014-$model 0 $(records challenge2014)
    done
    records challenge2014 | detect challenge2014-pulse
    row challenge2014 all "all, pressure" challenge2014-pulse 0 $(records challenge2014)
    row "challenge2014, even records" all "all, pressure" challenge2014-pulse 0 $(records challenge2014 'n % 2 == 0')
    for mode in fast online; do
        records challenge2014 | detect challenge2014-$mode --pulse off --$mode
        row "challenge2014, --$mode" none all challenge2014-$mode 0 $(records challenge2014)
    done
fi

if have nstdb/118e00.hea; then
    records nstdb | cross_fitted | detect nstdb -s ecg
    for r in $(records nstdb); do
        row "nstdb, ${r##*/}" cross-fitted both nstdb 300 "$r"
    done
    row nstdb cross-fitted both nstdb 300 $(records nstdb)
    records nstdb | detect nstdb-fast -s ecg --fast
    row "nstdb, --fast" none both nstdb-fast 300 $(records nstdb)
fi

if have mitdb/118.hea && have mitdb/119.hea && have nstdb/ma.hea && have nstdb/bw.hea; then
    for r in 118 119; do for noise in ma bw; do for snr in 12 6 0; do
        echo "$r-$noise-$snr $data/mitdb/$r --add $data/nstdb/$noise --snr $snr"
    done; done; done | noisy
    made=$(find "$out/noisy" -name '11[89]-*.kymo' | sort)
    for leads in both first; do
        echo "$made" | cross_fitted | detect noisy-$leads -s ${signal[$leads]}
        for noise in ma bw; do for snr in 12 6 0; do
            row "118 119 with $noise, $snr dB" cross-fitted $leads noisy-$leads 300 $(echo "$made" | grep -e "-$noise-$snr\.")
        done; done
        row "118 119 with noise, in all" cross-fitted $leads noisy-$leads 300 $made
    done
fi

if have tele-ecg; then
    mkdir -p "$out/tele/signal" "$out/tele/beats" "$out/tele/mask"
    for file in "$data"/tele-ecg/*.dat; do
        name=$(basename "$file" .dat)
        awk -F, -v fs=500 -v signal="$out/tele/signal/$name.csv" -v beats="$out/tele/beats/$name.csv" \
            -v mask="$out/tele/mask/$name.csv" '
            function close_mask() { printf "%.3f,,,artefact,%.3f,,\n", from / fs, (n - from) / fs > mask; from = "" }
            BEGIN {
                print "time_s,ECG [mV]" > signal
                print "time_s,sample,signal,type,duration_s,value,text" > beats
                print "time_s,sample,signal,type,duration_s,value,text" > mask
            }
            {
                sub(/\r$/, "")
                printf "%.3f,%s\n", n / fs, $1 > signal
                if ($2 > 0) printf "%.3f,,,N,,,\n", n / fs > beats
                if ($3 > 0 && from == "") from = n
                if (!($3 > 0) && from != "") close_mask()
                n++
            }
            END { if (from != "") close_mask() }' "$file"
    done
    for mode in "--model all" "--model odd" "--model even" --fast --online; do
        name=${mode#--} set=tele-${name/ /-}
        find "$out/tele/signal" -name '*.csv' | detect "$set" $mode
        case $mode in
        --model*) name="tele-ecg outside the artefacts" model=${mode#* } ;;
        *) name="tele-ecg outside the artefacts, $mode" model=none ;;
        esac
        JUDGE="-a events --mask $out/tele/mask" row "$name" "$model" one "$set" 0 "$out"/tele/beats/*.csv
    done
fi

cat >&3 << END

## What is marked as noise

Per cent of the time in \`noise\` events of \`kymo qrs\`, all leads, cross-fitted: in the segments to which noise was added (from
5:00 on two minutes with and two without), and in the others, to 30:00. The recordings have noise of their own.

| recording | noisy segments | clean segments |
|---|---|---|
END
[ ! -d "$out/nstdb" ] || for f in "$out"/nstdb/*.csv; do
    marked "nstdb, $(basename "$f" .csv)" "$f"
done
[ ! -d "$out/noisy-both" ] || for noise in ma bw; do for snr in 12 6 0; do
    marked "118 119 with $noise, $snr dB" "$out"/noisy-both/*-$noise-$snr.csv
done; done
[ ! -d "$out/mitdb-both-cross" ] || marked "mitdb, nothing added" "$out"/mitdb-both-cross/*.csv

if have mitdb/100.hea && have mitdb/103.hea; then
    cat >&3 << END

## Errors against the ratio of signal to noise

Missed and false beats of mitdb 100 and 103 from 5:00, both leads, cross-fitted, with noise made by \`kymo noise --kind\` (seed 1):

| kind | 24 dB | 18 dB | 12 dB | 6 dB | 0 dB | -6 dB |
|---|---|---|---|---|---|---|
END
    for kind in wander muscle motion mains; do for snr in 24 18 12 6 0 -6; do for r in 100 103; do
        echo "$r-$kind-$snr $data/mitdb/$r --kind $kind --snr $snr"
    done; done; done | noisy
    find "$out/noisy" -name '10[03]-*.kymo' | cross_fitted | detect curve -s ecg
    for kind in wander muscle motion mains; do
        printf '| %s |' $kind >&3
        for snr in 24 18 12 6 0 -6; do
            build/kymo score -O tsv --test csv "$out/curve" "$out"/noisy/10[03]-$kind-$snr.kymo |
                awk -F'\t' '$1 == "gross" { printf " %d |", $4 + $5 }' >&3
        done
        echo >&3
    done
fi
compgen -G "$out/*.tsv" > /dev/null || { echo "qrs.sh: no database in $KYMO_DATA; RESULTS.md stays as it was" >&2; exit 1; }
rm -rf "$out/noisy"   # large, and quickly made again
mv "$out/RESULTS.md" tests/validation/RESULTS.md
cat tests/validation/RESULTS.md
