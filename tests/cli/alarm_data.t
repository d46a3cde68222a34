The alarms of challenge2015, as a monitor gave them: kymo alarm says of the episodes that kymo rhythm finds what kymo rhythm says.

  $ [ -n "$KYMO_DATA" ] && [ -e "$KYMO_DATA/challenge2015/ALARMS" ] || exit 80
  $ D=$KYMO_DATA/challenge2015
  $ limits='--asystole 3.5 --brady 44 --brady-beats 4 --tachy 135 --tachy-beats 16 --vt 95'
  $ rules='-r asystole -r bradycardia -r tachycardia -r vt -r vf'
  $ for r in t114s f129l v159l a639l a654s b339l t174s f144s a279l; do
  >     kymo rhythm -q -t 5:00 $limits $D/$r > $r.csv
  >     awk -F, '{ w = $4 == "+" || $4 == "[" ? $7 : $4 } w ~ /^(asystole|tachycardia|[(]SBR|[(]VT|[(]VFL)$/ { print w, $1 }' $r.csv |
  >         sed 's/^(SBR/bradycardia/; s/^(VT/vt/; s/^(VFL/vf/' | sort > $r.rhythm
  >     kymo rhythm -q -t 5:00 $limits -O kymo $D/$r | kymo alarm -O csv $rules |
  >         awk -F, '$2 == "on" { print $3, $5 }' | sort | cmp - $r.rhythm; done
  $ cat *.rhythm | cut -d' ' -f1 | sort | uniq -c | awk '{ print $2, ($1 > 0) }'
  asystole 1
  bradycardia 1
  tachycardia 1
  vt 1

From the samples alone, as they come: what needs no beats that are told apart, and can be over by the end. Asystole is known 3 s later.

  $ for r in a639l a654s b339l t114s t174s; do
  >     kymo alarm -O csv -q -t 5:00 $limits -r asystole -r bradycardia -r tachycardia $D/$r | awk -F, '$2 == "on" { print $3 }' | sort -u > live
  >     kymo rhythm -q --online --pulse off -t 4:56 $limits $D/$r | awk -F, '{ w = $4 == "+" ? $7 : $4 }
  >         w ~ /^(asystole|tachycardia|[(]SBR)$/ { print w }' | sed 's/(SBR/bradycardia/' | sort -u > offline
  >     comm -13 live offline | sed "s/^/$r /"; done
