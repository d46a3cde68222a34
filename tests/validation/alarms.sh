#!/bin/bash
# alarms.sh: which alarms of challenge2015 kymo rhythm confirms. Each record stops 5:00 after its beginning, where the monitor gave
# the alarm; what ends before 4:44 is of no matter. Prints a table of each kind of alarm, for all, and for odd and even lines of
# the file ALARMS, and the challenge's score, 100 (TP + TN) / (TP + TN + FP + 5 FN). With -v a line for each alarm comes before it.
#
#   KYMO_DATA=folder tests/validation/alarms.sh [-v] [OPTION of kymo rhythm]...
set -euo pipefail
cd "$(dirname "$0")/../.."
: "${KYMO_DATA:?names the folder of databases; README tells how to fill it}"
data=$KYMO_DATA/challenge2015
[ -e "$data/ALARMS" ] || { echo "skipped: no challenge2015/ALARMS in $KYMO_DATA"; exit 0; }
verbose=0
[ "${1:-}" != -v ] || { verbose=1; shift; }
out=build/validation/alarms
rm -rf "$out"
mkdir -p "$out"

# The challenge: asystole, no beat for 4 s; bradycardia, 5 beats below 40 per minute; tachycardia, 17 beats above 140; ventricular
# tachycardia, 5 ventricular beats above 100; ventricular fibrillation or flutter for 4 s. As an alarm that is missed counts five
# times, the limits lie nearer by about a tenth, and 4 ventricular beats are enough; what is ventricular must be told with a
# confidence of two thirds.
export OPTIONS="-q -t 5:00 --asystole 3.5 --brady 44 --brady-beats 4 --tachy 135 --tachy-beats 16 --vt 95 $*"
cut -d, -f1 "$data/ALARMS" | DATA=$data OUT=$out xargs -P "$(nproc)" -I{} sh -c 'build/kymo rhythm $OPTIONS "$DATA/{}" > "$OUT/{}.csv"'

awk -F, -v out="$out" -v verbose=$verbose '
    BEGIN {
        kind["Asystole"] = "asystole"; kind["Bradycardia"] = "(SBR"; kind["Tachycardia"] = "tachycardia"
        kind["Ventricular_Tachycardia"] = "(VT"; kind["Ventricular_Flutter_Fib"] = "(VFL"
        sure["Ventricular_Tachycardia"] = sure["Ventricular_Flutter_Fib"] = 0.67
        split("Asystole Bradycardia Tachycardia Ventricular_Tachycardia Ventricular_Flutter_Fib", order, " ")
    }
    # Whether what the alarm tells of is in the table of its record. Flutter is as much as ventricular tachycardia.
    function confirmed(record, alarm,    line, is, file) {
        is = 0
        file = out "/" record ".csv"
        while ((getline line < file) > 0) {
            split(line, cell, ",")
            what = cell[4] == "+" || cell[4] == "[" ? cell[7] : cell[4]
            if (cell[1] + cell[5] < 284 || cell[1] > 300)
                continue
            if (cell[10] < sure[alarm])
                continue
            if (what == kind[alarm] && (what != "(VT" || cell[9] >= 4) || what == "(VFL" && alarm == "Ventricular_Tachycardia")
                is = 1
        }
        close(file)
        return is
    }
    {
        is = confirmed($1, $2)
        cell_of = is ? ($3 ? "TP" : "FP") : ($3 ? "FN" : "TN")
        half = NR % 2 ? "odd" : "even"
        n[$2, "all", cell_of]++; n[$2, half, cell_of]++; n["gross", "all", cell_of]++; n["gross", half, cell_of]++
        if (verbose)
            print $1, $2, half, cell_of
    }
    function row(name, half,    tp, fp, fn, tn) {
        tp = n[name, half, "TP"]; fp = n[name, half, "FP"]; fn = n[name, half, "FN"]; tn = n[name, half, "TN"]
        if (tp + fp + fn + tn > 0)
            printf "| %s | %s | %d | %d | %d | %d | %.1f |\n", name, half, tp, fp, fn, tn, 100 * (tp + tn) / (tp + tn + fp + 5 * fn)
    }
    END {
        print "| alarm | half | confirmed, true | confirmed, false | refused, true | refused, false | score |"
        print "|---|---|---|---|---|---|---|"
        order[6] = "gross"
        for (i = 1; i <= 6; i++)
            for (k = 1; k <= 3; k++)
                row(order[i], k == 1 ? "all" : k == 2 ? "odd" : "even")
    }' "$data/ALARMS"
