Real recordings: sinus rhythm, fibrillation, an intensive care unit's waves and numbers. What is exported is what the report says, and
there is a reason where it says nothing.

  $ [ -n "$KYMO_DATA" ] || exit 80
  $ fhir() { python3 $ROOT/tests/cli/fhir.py "$@"; }
  $ cat > same.py << 'END'
  > import json, subprocess, sys
  > names = {'Mean heart rate': 'mean_rate_per_min', 'Burden of atrial fibrillation and flutter': 'af_burden_pct', 'SDNN': 'sdnn_ms',
  >          'Ventricular beats': 'v_beats', 'Mean SpO2': 'av_pct', 'Oxygen desaturation index (ODI)': 'odi_per_valid_h'}
  > report = json.load(sys.stdin)
  > items = {k: v for s in report.values() for b in s if 'values' in b for k, v in b['items'].items()}
  > for line in open(sys.argv[1]):
  >     codes, name, value, _ = line.split(' | ')
  >     if name.strip() in names:
  >         said = items.get(names[name.strip()], {}).get('value')
  >         try:
  >             same = abs(float(value.split()[0]) - said) <= 0.05
  >         except (TypeError, ValueError):
  >             same = said is None and ' ' in value
  >         print(codes, name.strip(), 'as reported' if same else f'{value}, not {said}', '' if said is not None else '(none)')
  > END
  $ for r in mitdb/100 mitdb/201 bidmc/bidmc_01_Signals.csv bidmc/bidmc_01_Numerics.csv; do
  >     echo "$r"
  >     kymo export -q $KYMO_DATA/$r -o x.json || continue
  >     fhir structure x.json; fhir values x.json > values
  >     kymo report -q --json $KYMO_DATA/$r | sed '2d' | python3 same.py values
  >     fhir samples x.json | cut -d' ' -f1,2 | sort | uniq -c
  > done
  mitdb/100
  8867-4 Mean heart rate as reported 
   Ventricular beats as reported 
   Burden of atrial fibrillation and flutter as reported 
  80404-7 SDNN as reported 
        3 MLII -
        3 V5 131335
  mitdb/201
  8867-4 Mean heart rate as reported 
   Ventricular beats as reported 
   Burden of atrial fibrillation and flutter as reported 
  80404-7 SDNN as reported (none)
        3 MLII -
        3 V1 131331
  bidmc/bidmc_01_Signals.csv
  8867-4 Mean heart rate as reported 
   Ventricular beats as reported 
   Burden of atrial fibrillation and flutter as reported 
  80404-7 SDNN as reported 
        3 AVR 131390
        3 II 131330
        3 V -
  bidmc/bidmc_01_Numerics.csv
  2708-6+59408-5 Mean SpO2 as reported 
   Oxygen desaturation index (ODI) as reported 
