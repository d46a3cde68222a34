#!/bin/bash
# alarms.sh: writes ALARMS.md: what kymo rhythm finds of ventricular fibrillation, and which alarms of challenge2015 it confirms.
# Each of these records stops 5:00 after its beginning, where the monitor gave the alarm; what ends before 4:44 is of no matter.
# Further arguments are options of kymo rhythm. One line for each alarm stays in build/validation/alarms/alarms.txt. README.md
# beside it says what was developed on which.
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${KYMO_DATA:?names the folder of databases; README tells how to fill it}"
out=build/validation/alarms
rm -rf "$out"
mkdir -p "$out/fibrillation"
data=$(realpath "$KYMO_DATA")
for file in mitdb/207.atr cudb/cu01.atr challenge2015/ALARMS; do
    [ -e "$data/$file" ] || { echo "skipped: no $file in $KYMO_DATA; ALARMS.md stays as it was"; exit 0; }
done

# The challenge: asystole, no beat for 4 s; bradycardia, 5 beats below 40 per minute; tachycardia, 17 beats above 140; ventricular
# tachycardia, 5 ventricular beats above 100; ventricular fibrillation or flutter for 4 s. As an alarm that is missed counts five
# times, the limits lie nearer by about a tenth, and 4 ventricular beats are enough; what is ventricular must be told with a
# confidence of 0.6.
export OPTIONS="-t 5:00 --asystole 3.5 --brady 44 --brady-beats 4 --tachy 135 --tachy-beats 16 --vt 95 $*"


cat > "$out/ALARMS.md" << END
# Ventricular fibrillation and alarms

Made by \`tests/validation/alarms.sh\`: $(build/kymo --version), $(date +%F).

## Ventricular fibrillation and flutter

By \`kymo rhythm\`, from 0:00, as \`kymo score\` counts episodes: seconds of the reference and of \`kymo rhythm\`, and of each the share
in common.

| record | episodes | missed | false | seconds | found s | Se % | +P % |
|---|---|---|---|---|---|---|---|
END
for record in mitdb/207 cudb/cu01; do
    build/kymo rhythm -q "$data/$record" > "$out/fibrillation/${record##*/}.csv"
done
(cd "$data" && "$OLDPWD/build/kymo" score -O tsv --what episodes --episodes VF --test csv -f 0 "$OLDPWD/$out/fibrillation" \
    mitdb/207 cudb/cu01) |
    awk -F'\t' '/207|cu01/ { printf "| %s | %d | %d | %d | %.1f | %.1f | %.1f | %.1f |\n", $1, $3, $4, $6, $9, $10, $12, $13 }' \
    >> "$out/ALARMS.md"
find "$data"/{mitdb,cpsc2021,challenge2014,svdb,nstdb} -name '*.atr' | grep -v mitdb/207 | sed 's/\.atr$//' |
    xargs -P "$(nproc)" -I{} build/kymo rhythm -q "{}" | awk -F, '
        $7 == "(VFL" { n++; sum += $5 }
        END { printf "\nFalse ones in the other records of mitdb, and in cpsc2021, challenge2014, svdb and nstdb: %d, %.1f s.\n", n, sum }' \
    >> "$out/ALARMS.md"

cat >> "$out/ALARMS.md" << END

## Alarms of challenge2015

Which of them are confirmed by \`kymo rhythm $(echo $OPTIONS)\`.
Score: 100 (TP + TN) / (TP + TN + FP + 5 FN). Odd and even are the lines of the file \`ALARMS\`.

END
cut -d, -f1 "$data/challenge2015/ALARMS" |
    DATA=$data/challenge2015 OUT=$out xargs -P "$(nproc)" -I{} sh -c 'build/kymo rhythm -q $OPTIONS "$DATA/{}" > "$OUT/{}.csv"'
awk -F, -v out="$out" '
    BEGIN {
        kind["Asystole"] = "asystole"; kind["Bradycardia"] = "(SBR"; kind["Tachycardia"] = "tachycardia"
        kind["Ventricular_Tachycardia"] = "(VT"; kind["Ventricular_Flutter_Fib"] = "(VFL"
        sure["Ventricular_Tachycardia"] = sure["Ventricular_Flutter_Fib"] = 0.6
        n_rows = split("Asystole Bradycardia Tachycardia Ventricular_Tachycardia Ventricular_Flutter_Fib all", name, " ")
        split("all odd even", half, " ")
    }
    # Whether what the alarm tells of is in the table of its record. Flutter is as much as ventricular tachycardia.
    function confirmed(record, alarm,    line, is, what, cell) {
        while ((getline line < (out "/" record ".csv")) > 0) {
            split(line, cell, ",")
            what = cell[4] == "+" || cell[4] == "[" ? cell[7] : cell[4]
            if (cell[1] + cell[5] >= 284 && cell[10] >= sure[alarm] &&
                (what == kind[alarm] && (what != "(VT" || cell[9] >= 4) || what == "(VFL" && alarm == "Ventricular_Tachycardia"))
                is = 1
        }
        return is
    }
    {
        result = confirmed($1, $2) ? ($3 ? "TP" : "FP") : ($3 ? "FN" : "TN")
        parity = NR % 2 ? "odd" : "even"
        n[$2, "all", result]++; n[$2, parity, result]++; n["all", "all", result]++; n["all", parity, result]++
        print $1, $2, parity, result > (out "/alarms.txt")
    }
    function row(name, half,    tp, fp, fn, tn) {
        tp = n[name, half, "TP"]; fp = n[name, half, "FP"]; fn = n[name, half, "FN"]; tn = n[name, half, "TN"]
        if (tp + fp + fn + tn > 0)
            printf "| %s | %s | %d | %d | %d | %d | %.1f |\n", name, half, tp, fp, fn, tn, 100 * (tp + tn) / (tp + tn + fp + 5 * fn)
    }
    END {
        print "| alarm | half | confirmed, true (TP) | confirmed, false (FP) | refused, true (FN) | refused, false (TN) | score |"
        print "|---|---|---|---|---|---|---|"
        for (i = 1; i <= n_rows; i++)
            for (k = 1; k <= 3; k++)
                row(name[i], half[k])
    }' "$data/challenge2015/ALARMS" >> "$out/ALARMS.md"
mv "$out/ALARMS.md" tests/validation/ALARMS.md
cat tests/validation/ALARMS.md
