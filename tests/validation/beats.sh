#!/bin/bash
# beats.sh: scores the classes that kymo beats gives to its own beats, on mitdb from 5:00, and writes BEATS.md; tables record by
# record stay in build/validation/beats/. The beats of a record are detected by the model that did not learn from it. README.md
# beside it says what the classes were learnt from and developed on.
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${KYMO_DATA:?names the folder of databases; README tells how to fill it}"
out=build/validation/beats
rm -rf "$out"
mkdir -p "$out/test"
data=$(realpath "$KYMO_DATA")
[ -e "$data/mitdb/100.hea" ] || { echo "skipped: no mitdb in $KYMO_DATA; BEATS.md stays as it was"; exit 0; }
exec 3> "$out/BEATS.md"

# The halves of de Chazal and others, IEEE Trans. Biomed. Eng. 51:1196-1206, 2004; 201 is the same person as 202 of DS2.
ds1="101 106 108 109 112 114 115 116 118 119 122 124 203 205 207 208 209 215 220 223 230"
ds2="100 103 105 111 113 117 121 123 200 202 210 212 213 214 219 221 222 228 231 232 233 234"
paced="102 104 107 217"

for r in $ds1 $ds2 $paced; do
    awk -v r="mitdb/$r" '$2 == r { print ($1 == "odd" ? "even" : "odd"), r }' model/qrs.list
done | xargs -P "$(nproc)" -n 2 bash -c 'build/kymo beats -q --model "$2" "$0/$3" > "$1/test/${3##*/}.csv"' "$data" "$out"

# cells NAME FILE ROW [SEP]: Se and +P of V and S in that row of a table of kymo score.
cells() { awk -F'\t' -v row="$2" '$1 == row || $1 ~ "/" row "$" { printf " %s | %s | %s | %s |", $10, $11, $14, $15 }' "$1"; }

# row NAME RECORD...: a line with both definitions of S.
row() {
    local name=$1 escapes
    shift
    for escapes in N S; do
        # shellcheck disable=SC2046 # words on purpose
        build/kymo score -q -O tsv --escapes $escapes --test csv "$out/test" $(printf "$data/mitdb/%s " "$@") > "$out/$escapes.tsv"
    done
    for kind in gross average; do
        printf '| %s | %d | %s |%s %s |\n' "$name" $# $kind "$(cells "$out/N.tsv" $kind)" \
            "$(awk -F'\t' -v row=$kind '$1 == row { printf "%s | %s", $14, $15 }' "$out/S.tsv")" >&3
    done
}

cat >&3 << END
# Classes of beats

Made by \`tests/validation/beats.sh\`: $(build/kymo --version), $(date +%F). Beats that \`kymo beats\` found itself, detected by the model of
the half of \`model/qrs.list\` that lacks the record, from 5:00, by \`kymo score\`. DS1 taught the classes, so that its figures flatter;
DS2 did not. S counts escape beats (e, j) as N as in de Chazal (2004); the last two columns count them as S, as ANSI/AAMI EC57 does.

| records | n | | V Se % | V +P % | S Se % | S +P % | S Se % with e, j | S +P % with e, j |
|---|---|---|---|---|---|---|---|---|
END
# shellcheck disable=SC2086 # words on purpose
{
    row "DS1 without 201 (in-sample)" $ds1
    row DS2 $ds2
    row "DS2 without 232" ${ds2/232/}
}
cat >&3 << END

Record by record, of DS2; e and j as N:

| record | V | V Se % | V +P % | S | S Se % | S +P % |
|---|---|---|---|---|---|---|
END
# shellcheck disable=SC2046,SC2086
build/kymo score -q -O tsv --escapes N --test csv "$out/test" $(printf "$data/mitdb/%s " $ds2) |
    awk -F'\t' 'NR > 1 && NF > 10 && $1 ~ /\// {
        n = split($1, part, "/"); printf "| %s | %s | %s | %s | %s | %s | %s |\n", part[n], $9, $10, $11, $13, $14, $15 }' >&3

cat >&3 << END

What the chance of S is worth: beats of DS2 that are not called V, from 5:00, each with the reference beat nearest to it within 150 ms.

| p_s | beats | mean p_s % | S in the reference % | the same without 232: beats | mean p_s % | S in the reference % |
|---|---|---|---|---|---|---|
END
for r in $ds2; do
    build/kymo events -q -a atr --type beats "$data/mitdb/$r" | awk -F, -v r="$r" '
        NR == FNR { if (FNR > 1) { at[++n] = $1; type[n] = $4 } next }
        FNR > 1 && $1 >= 300 && $4 != "V" && $10 != "" {
            for (; k + 1 < n && $1 - at[k + 1] > at[k + 2] - $1; k++) {}
            if (($1 - at[k + 1]) ^ 2 < 0.15 ^ 2) print r, $10, (type[k + 1] ~ /^[AaJS]$/) }' - "$out/test/$r.csv"
done | awk '
    function cells(k, i) {
        if (!beats[k, i]) return "0 | | "
        return sprintf("%d | %.1f | %.1f", beats[k, i], 100 * said[k, i] / beats[k, i], 100 * is[k, i] / beats[k, i])
    }
    BEGIN { n = split("0 0.1 0.3 0.5 0.7 0.9 1.01", limit, " ") }
    {
        for (i = 2; $2 >= limit[i]; i++) {}
        for (k = 0; k <= ($1 != 232); k++) { beats[k, i]++; said[k, i] += $2; is[k, i] += $3 }
    }
    END { for (i = 2; i <= n; i++)
              printf "| %s to %s | %s | %s |\n", limit[i - 1], (limit[i] > 1 ? 1 : limit[i]), cells(0, i), cells(1, i) }' >&3
cp "$out/BEATS.md" tests/validation/BEATS.md
