#!/bin/bash
# report_rows.sh: brings the figures that kymo report prints (cli/report_validation.c) up to those of the tables beside this file:
# a row there is known by its first cells. tests/cli/report.t fails where it was not run.
set -eu
source=cli/report_validation.c
tr '\n' ' ' < $source | grep -o '"[A-Z]*\.md", *"|[^"]*"' | sed 's/^"\([A-Z.md]*\)", *"\(.*\)"$/\1\t\2/' | sort -u |
while IFS=$'\t' read -r table row; do
    keys=$([ "$table" = RESULTS.md ] && echo 6 || echo 4)   # cells, and the empty one before the first bar
    cells=$(awk -F'|' '{print NF - 1}' <<< "$row")
    now=$(grep -F "$(cut -d'|' -f1-"$keys" <<< "$row")|" "tests/validation/$table" | head -1 | cut -d'|' -f1-"$cells")
    [ -n "$now" ] || { echo "report_rows.sh: $table has no row like $row" >&2; exit 1; }
    row=$row now="$now|" awk '{ at = index($0, ENVIRON["row"])
        if (at) $0 = substr($0, 1, at - 1) ENVIRON["now"] substr($0, at + length(ENVIRON["row"]))
        print }' $source > build/report_rows.c
    cmp -s build/report_rows.c $source || cp build/report_rows.c $source
done
