#!/bin/bash
# rhythm.sh: scores the atrial fibrillation of kymo rhythm by time on every database present in KYMO_DATA, and writes RHYTHM.md;
# episodes and figures record by record stay in build/validation/rhythm/. README.md beside it says what was developed on which.
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${KYMO_DATA:?names the folder of databases; README tells how to fill it}"
out=build/validation/rhythm
rm -rf "$out"
mkdir -p "$out"
data=$(realpath "$KYMO_DATA")
exec 3> "$out/RHYTHM.md"

# find_episodes SET OPTION... -- RECORD...: a table for each record, in the folder of SET.
find_episodes() {
    local set=$1 options=()
    shift
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift
    mkdir -p "$out/$set" "$out/$set.flutter"
    for r in "$@"; do
        build/kymo rhythm -q ${options[@]+"${options[@]}"} "$r" > "$out/$set/${r##*/}.csv"
        # the same, called flutter: its overlap with the reference's flutter is what is to be left out
        sed 's/,(AFL,/,(N,/; s/,(AFIB,/,(AFL,/' "$out/$set/${r##*/}.csv" > "$out/$set.flutter/${r##*/}.csv"
    done
}

# row NAME SET FROM_S RECORD...: a line of the table.
row() {
    local name=$1 set=$2 from=$3
    shift 3
    local scores="$out/$set.$from.$#"
    build/kymo score -q --what episodes --episodes AF -a atr -f "$from" "$out/$set" "$@" > "$scores.csv"
    build/kymo score -q --what episodes --episodes AFL -a atr -f "$from" "$out/$set.flutter" "$@" > "$scores.flutter.csv"
    awk -F, -v name="$name" -v n=$# -v from="$from" '
        function share(part, whole) { return whole > 0 ? sprintf(" %.2f ", 100 * part / whole) : " " }
        function specificity(whole, wrong) { return !has_sp ? " " : other ? share(whole - wrong, whole) : " 100 " }
        FNR == 2 || $1 == "gross" {
            if (NR == FNR) { ref = $9; false_s = $10 - $11; both = $11; sp = $14; has_sp = $14 != "" }
            else { flutter = $9; in_flutter = $11 }
        }
        END {
            other = false_s > 0 && sp < 100 ? false_s / (1 - sp / 100) : 0   # the judge prints only its share
            left = false_s - in_flutter
            printf "| %s | %d | %d:00 | %.0f | %.0f | %.0f |", name, n, from / 60, ref, left, in_flutter
            printf "%s|%s|", share(both, ref), specificity(other - flutter, left)
            printf "%s|", ref ? share(both, both + left) : " "
            printf "%s|", specificity(other, false_s)
            printf "%s|\n", ref ? share(both, both + false_s) : " "
        }
    ' "$scores.csv" "$scores.flutter.csv" >&3
}

cat >&3 << END
# Atrial fibrillation

Made by tests/validation/rhythm.sh: $(build/kymo --version), $(date +%F). By time, gross: sensitivity is the share of the
reference's fibrillation that is found, specificity the share of all other time that is called nothing of the kind, predictivity
the share of what is found that is fibrillation; first with the time of the reference's flutter left out, then with it counted
as other (all).

| database | records | from | AF, s | false, s | in flutter, s | Se % | Sp % | +P % | Sp % (all) | +P % (all) |
|---|---|---|---|---|---|---|---|---|---|---|
END

if [ -e "$data/mitdb/100.hea" ]; then
    ds1="101 106 108 109 112 114 115 116 118 119 122 124 203 205 207 208 209 215 220 223 230"
    ds2="100 103 105 111 113 117 121 123 200 202 210 212 213 214 219 221 222 228 231 232 233 234"
    mapfile -t all < <(find "$data/mitdb" -name '[12]??.hea' | sed 's/\.hea$//' | sort)
    find_episodes mitdb -- "${all[@]}"
    row "mitdb, own beats" mitdb 300 "${all[@]}"
    # shellcheck disable=SC2046 # words on purpose
    row "mitdb DS1 without 201 (in-sample)" mitdb 300 $(printf "$data/mitdb/%s " $ds1)
    # shellcheck disable=SC2046
    row "mitdb DS2" mitdb 300 $(printf "$data/mitdb/%s " $ds2)
fi
if [ -e "$data/cpsc2021" ]; then
    mapfile -t all < <(find "$data/cpsc2021" -name '*.hea' | sed 's/\.hea$//' | sort)
    find_episodes cpsc2021 -- "${all[@]}"
    row "cpsc2021, own beats" cpsc2021 0 "${all[@]}"
fi
if [ -e "$data/ltafdb" ]; then      # no headers: one is made, with the time of the last annotation as length
    mkdir -p "$out/made"
    for a in "$data"/ltafdb/*.atr; do
        r=$(basename "$a" .atr)
        cp "$a" "$out/made/$r.atr"
        echo "$r 0 128" > "$out/made/$r.hea"
        last=$(build/kymo events -q -a atr "$out/made/$r" | tail -1 | cut -d, -f1)
        awk -v r="$r" -v t="$last" 'BEGIN { printf "%s 0 128 %d\n", r, 128 * t + 1 }' > "$out/made/$r.hea"
    done
    mapfile -t all < <(find "$out/made" -name '*.hea' | sed 's/\.hea$//' | sort)
    find_episodes ltafdb -a atr -- "${all[@]}"
    row "ltafdb, intervals (in-sample)" ltafdb 0 "${all[@]}"
fi
together=()
mkdir -p "$out/together" "$out/together.flutter"
for d in nsrdb ltdb sddb; do
    if [ -e "$data/$d" ]; then
        mapfile -t all < <(find "$data/$d" -name '*.hea' | sed 's/\.hea$//' | sort)
        find_episodes "$d" -a atr -- "${all[@]}"
        row "$d, intervals (in-sample)" "$d" 0 "${all[@]}"
        cp "$out/$d"/*.csv "$out/together/"
        cp "$out/$d.flutter"/*.csv "$out/together.flutter/"
        together+=("${all[@]}")
    fi
done
if [ ${#together[@]} -gt 0 ]; then
    row "nsrdb, ltdb and sddb together (in-sample)" together 0 "${together[@]}"
fi
cp "$out/RHYTHM.md" tests/validation/RHYTHM.md
