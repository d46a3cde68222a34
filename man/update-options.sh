#!/bin/sh
# update-options.sh KYMO: writes what "KYMO NAME --help=mdoc" prints into man/kymo-NAME.1, between the lines
#   .\" options: begin
#   .\" options: end
# in every page that has them. Run it when a command's option table has changed; a test compares.
[ $# -eq 1 ] || { echo "usage: update-options.sh KYMO" >&2; exit 2; }
here=$(dirname "$0")
new=$(mktemp) options=$(mktemp) || exit 1
trap 'rm -f "$new" "$options"' EXIT

for page in "$here"/kymo-*.1; do
    grep -q '^\.\\" options: begin$' "$page" || continue
    name=${page##*/kymo-}
    "$1" "${name%.1}" --help=mdoc > "$options" || exit 1
    awk -v options="$options" '
        /^\.\\" options: end$/   { inside = 0 }
        !inside                  { print }
        /^\.\\" options: begin$/ { inside = 1; while ((getline line < options) > 0) print line; close(options) }
        END                      { exit inside }' "$page" > "$new" || { echo "$page: no line \"options: end\"" >&2; exit 1; }
    cmp -s "$new" "$page" || { cat "$new" > "$page" && echo "$page"; }
done
