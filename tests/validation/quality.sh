#!/bin/bash
# quality.sh: scores kymo quality on every database present in KYMO_DATA, and writes QUALITY.md; tables of windows, record by record, stay
# in build/validation/quality/. README.md beside it says what was developed on which.
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${KYMO_DATA:?names the folder of databases; README tells how to fill it}"
out=build/validation/quality
rm -rf "$out"
mkdir -p "$out"
data=$(realpath "$KYMO_DATA")
exec 3> "$out/QUALITY.md"

# auc: of lines "bad quality" (bad 0 or 1) the area under the curve, then how many are bad, and how many not.
auc() {
    sort -k2,2g | awk '
        { bad[NR] = $1; q[NR] = $2 }
        END {
            for (i = 1; i <= NR; i = j + 1) {
                for (j = i; j < NR && q[j + 1] == q[i]; j++)
                    ;
                for (k = i; k <= j; k++)
                    if (bad[k]) { sum += (i + j) / 2; n++ }
            }
            rest = NR - n
            if (n > 0 && rest > 0) printf "%.4f | %d | %d", 1 - (sum - n * (n + 1) / 2) / (n * rest), n, rest
            else printf " | %d | %d", n, rest
        }'
}

# best TABLE: time and quality of the best ECG in each whole window.
best() {
    awk -F, 'NR > 1 && $5 == "ecg" && $3 == 10 && $7 > best[$2] + 0 { best[$2] = $7 }
             END { for (t in best) print t, best[t] }' "$1"
}

# ---- noise that was added ----

# review SET RECORD NOISE-OPTION...: table of windows in the folder SET.
review() {
    local set=$1 record=$2
    shift 2
    mkdir -p "$out/$set"
    if [ $# -eq 0 ]; then
        build/kymo quality -q --windows "$record" > "$out/$set/${record##*/}.csv"
    else
        build/kymo noise -q -a atr "$@" "$record" | build/kymo quality -q --windows > "$out/$set/${record##*/}.csv"
    fi
}

# noise_rows NAME HALF RECORD...: for each kind of noise and, of the even half, each ratio, by recording and by lead.
noise_rows() {
    local name=$1 half=$2 set r options
    shift 2
    for kind in muscle motion wander ma bw; do
        for snr in 12 6 0; do
            [ "$snr" = 6 ] || { [ "$half" = even ] && [ "$kind" != ma ] && [ "$kind" != bw ]; } || continue
            options=(--kind "$kind")
            case $kind in
            ma | bw)
                [ -e "$data/nstdb/$kind.hea" ] || continue
                options=(--add "$data/nstdb/$kind")
                ;;
            esac
            set=$kind.$snr.$half
            for r in "$@"; do
                review "$set" "$r" "${options[@]}" --snr "$snr"
            done
            {
                printf '| %s | %s | %d | ' "$name" "$kind" "$snr"
                for r in "$out/$set"/*.csv; do
                    best "$r"
                done | awk '$1 < 1800 { print ($1 >= 300 && ($1 - 300) % 240 < 120), $2 }' | auc
                printf ' | '
                tail -qn +2 "$out/$set"/*.csv | awk -F, '$2 < 1800 { print ($2 >= 300 && ($2 - 300) % 240 < 120), $7 }' | auc | cut -d'|' -f1
            } | tr -d '\n' >&3
            echo '|' >&3
        done
    done
}

cat >&3 << END
# Quality

Made by tests/validation/quality.sh: $(build/kymo --version), $(date +%F). Area under the ROC curve of the column quality of
\`kymo quality --windows\`, windows of 10 s: 1 where every bad window has a lower quality than every other one, 0.5 for chance.

## Noise that was added

By \`kymo noise\`, from 5:00 to 30:00 in every other two minutes: made (muscle, motion, wander), or of nstdb (ma, bw). The windows with it
are the bad ones; the others have whatever noise the record has. Of the best lead of each window, and of each lead by itself.

| records | noise | SNR, dB | AUC, best lead | noisy | others | AUC, each lead |
|---|---|---|---|---|---|---|
END
if [ -e "$data/mitdb/100.hea" ]; then
    mapfile -t odd < <(find "$data/mitdb" -name '[12]?[13579].hea' | sed 's/\.hea$//' | sort)
    mapfile -t even < <(find "$data/mitdb" -name '[12]?[02468].hea' | sed 's/\.hea$//' | sort)
    noise_rows "mitdb, odd (in-sample)" odd "${odd[@]}"
    noise_rows "mitdb, even" even "${even[@]}"
fi

# ---- recordings as they are ----

cat >&3 << END

## Recordings as they are

Verdicts on windows (best lead) and on recordings.

| database | recordings | good | usable | unusable | windows | good % | usable % | unusable % |
|---|---|---|---|---|---|---|---|---|
END
for d in mitdb challenge2014 challenge2015 cpsc2021; do
    [ -e "$data/$d" ] || continue
    mapfile -t all < <(find "$data/$d" -name '*.hea' | sed 's/\.hea$//' | sort)
    build/kymo quality -q --summary "${all[@]}" > "$out/$d.csv"
    awk -v d="$d" -F, '
        NR > 1 { gsub(/"[^"]*"/, "-"); n++; v[$2]++; w = int($7 / 10); all += w; good += w * $11; usable += w * $12; bad += w * $13 }
        END { printf "| %s | %d | %d | %d | %d | %d | %.1f | %.1f | %.1f |\n", d, n, v["good"], v["usable"], v["unusable"], all,
                     good / all, usable / all, bad / all }' "$out/$d.csv" >&3
done

# ---- where the detector errs ----

cat >&3 << END

## Where the detector errs

Windows in which \`kymo qrs\` misses a beat of the reference by more than 150 ms or has an extra one are the bad ones; best lead. Share of such
windows by verdict. In challenge2015, which has no reference, those are bad whose rate differs from that of a pulse signal of good quality
by more than 10 %; windows without one are left out.

| recordings | AUC | with errors | without | good, % with errors | usable | unusable |
|---|---|---|---|---|---|---|
END

# row NAME: from lines "bad quality".
row() {
    local lines
    lines=$(cat)
    {
        printf '| %s | ' "$1"
        auc <<< "$lines"
        awk '{ v = $2 > 0.8 ? 0 : $2 > 0.5 ? 1 : 2; n[v]++; bad[v] += $1 }
             END { for (v = 0; v < 3; v++) if (n[v]) printf " | %.1f", 100 * bad[v] / n[v]; else printf " | " }' <<< "$lines"
        echo ' |'
    } >&3
}

# errors REFERENCE FOUND WINDOWS [MASK]: lines "bad quality" for each window; windows that a mask touches are left out.
errors() {
    best "$3" > "$out/best"
    awk '
        function bad_at(t) { bad[int(t / 10)] = 1 }
        FILENAME == ARGV[1] { ref[n_ref++] = $1; next }
        FILENAME == ARGV[2] { found[n_found++] = $1; next }
        FILENAME == ARGV[3] { q[int($1 / 10 + 0.01)] = $2; next }
        { for (k = int($1 / 10); k <= int(($1 + $2) / 10); k++) delete q[k] }
        END {
            for (i = j = 0; i < n_ref || j < n_found; ) {
                a = i < n_ref ? ref[i] : 1e18
                b = j < n_found ? found[j] : 1e18
                if (a - b <= 0.15 && b - a <= 0.15) { i++; j++ }
                else if (a < b) bad_at(ref[i++])
                else bad_at(found[j++])
            }
            for (k in q) print bad[k] + 0, q[k]
        }' "$1" "$2" "$out/best" ${4:+"$4"}
}

# beats_of RECORD OPTION...: times of beats.
beats_of() {
    local record=$1
    shift
    build/kymo qrs -q "$@" "$record" | awk -F, '$4 == "N" { print $1 }'
}

reference_of() {
    build/kymo events -q -a atr "$1" | awk -F, '$4 ~ /^[NLRBAaJSVrFejnE\/fQ?]$/ { print $1 }'
}

mkdir -p "$out/errors"
if [ -e "$data/mitdb/100.hea" ]; then
    for half in odd even; do
        name="mitdb, even, with noise of 0 and -6 dB" model=odd
        [ "$half" = even ] || { name="mitdb, odd, the same (in-sample)"; model=even; }
        declare -n records=$half
        for r in "${records[@]}"; do
            reference_of "$r" > "$out/errors/reference"
            for kind in muscle motion wander; do
                for snr in 0 -6; do
                    build/kymo noise -q -a atr --kind "$kind" --snr="$snr" "$r" > "$out/errors/noisy.kymo"
                    beats_of "$out/errors/noisy.kymo" --model "$model" > "$out/errors/found"
                    build/kymo quality -q --windows "$out/errors/noisy.kymo" > "$out/errors/windows.csv"
                    errors "$out/errors/reference" "$out/errors/found" "$out/errors/windows.csv"
                done
            done
        done | row "$name"
    done
fi
if [ -e "$data/challenge2014" ]; then
    for r in $(find "$data/challenge2014" -name '*.hea' | sed 's/\.hea$//' | sort); do
        reference_of "$r" > "$out/errors/reference"
        beats_of "$r" --pulse off > "$out/errors/found"
        build/kymo quality -q --windows "$r" > "$out/errors/windows.csv"
        errors "$out/errors/reference" "$out/errors/found" "$out/errors/windows.csv"
    done | row "challenge2014, ECG alone"
fi
if [ -e "$data/challenge2015" ]; then
    for r in $(find "$data/challenge2015" -name '*.hea' | sed 's/\.hea$//' | sort); do
        build/kymo quality -q --windows "$r" | awk -F, '
            NR == 1 || $3 != 10 { next }
            $5 == "ecg" && $7 > best[$2] + 0 { best[$2] = $7; rate[$2] = $12 }
            ($5 == "ppg" || $5 == "abp") && $6 == "good" && $12 != "" { pulse[$2] = $12 }
            END { for (t in pulse) if (t in best) { d = rate[t] / pulse[t]; print (d < 0.9 || d > 1.1), best[t] } }'
    done | row "challenge2015, rate beside a pulse signal"
fi
if [ -e "$data/tele-ecg" ]; then
    mkdir -p "$out/tele"
    for file in "$data"/tele-ecg/*.dat; do
        r=$out/tele/$(basename "$file" .dat)
        : > "$r.reference"
        : > "$r.mask"
        awk -F, -v r="$r" 'BEGIN { print "time_s,ECG [mV]" > (r ".csv") }
            { sub(/\r$/, ""); t = (NR - 1) / 500; printf "%.3f,%s\n", t, $1 > (r ".csv") }
            $2 > 0 { print t > (r ".reference") }
            $3 > 0 { print t, 0 > (r ".mask") }' "$file"
        beats_of "$r.csv" > "$r.found"
        build/kymo quality -q --windows "$r.csv" > "$r.windows.csv"
    done
    for file in "$out"/tele/*.reference; do
        errors "$file" "${file%reference}found" "${file%reference}windows.csv" "${file%reference}mask"
    done | row "tele-ecg, windows without a masked sample"
    for file in "$out"/tele/*.reference; do
        best "${file%reference}windows.csv" > "$out/best"
        awk 'FILENAME == ARGV[1] { n[int($1 / 10)]++; next } { print (n[int($1 / 10 + 0.01)] >= 250), $2 }' "${file%reference}mask" "$out/best"
    done | row "tele-ecg, half a second or more masked as artefact"
fi
cp "$out/QUALITY.md" tests/validation/QUALITY.md
