Real recordings: sinus rhythm, fibrillation, an intensive care unit's waves and numbers.

  $ [ -n "$KYMO_DATA" ] || exit 80
  $ fhir() { python3 $ROOT/tests/cli/fhir.py "$@"; }
  $ for r in mitdb/100 mitdb/201 bidmc/bidmc_01_Signals.csv bidmc/bidmc_01_Numerics.csv; do kymo export -q $KYMO_DATA/$r -o x.json || continue; echo "$r: $(grep -c SampledData x.json) strips"; fhir structure x.json; fhir values x.json | grep '^[0-9]\|Burden\|desaturation index (ODI)'; fhir samples x.json | cut -d' ' -f1,2 | sort -u; done
  mitdb/100: 3 strips
  8867-4 | Mean heart rate | 75.5 /min | 
   | Burden of atrial fibrillation and flutter | 0.0 % | 
  80404-7 | SDNN | 36.13 ms | 
  MLII -
  V5 131335
  mitdb/201: 3 strips
  8867-4 | Mean heart rate | 65.2 /min | 
   | Burden of atrial fibrillation and flutter | 35.27 % | 
  80404-7 | SDNN | more than 20 % of the intervals are excluded | 
  MLII -
  V1 131331
  bidmc/bidmc_01_Signals.csv: 3 strips
  8867-4 | Mean heart rate | 91.3 /min | 
   | Burden of atrial fibrillation and flutter | 0.0 % | 
  80404-7 | SDNN | 10.91 ms | 
  AVR 131390
  II 131330
  V -
  bidmc/bidmc_01_Numerics.csv: 0 strips
  2708-6+59408-5 | Mean SpO2 | 96.9 % | 
   | Oxygen desaturation index (ODI) | 0.0 /h | 
