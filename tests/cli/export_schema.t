Bundles are valid by the JSON schema that HL7 published for FHIR R4, which `make fhir-deps` fetches.

  $ S=$ROOT/build/fhir/fhir.schema.json
  $ [ -e $S ] && python3 -c 'import jsonschema' 2> /dev/null || exit 80
  $ fhir() { python3 $ROOT/tests/cli/fhir.py "$@"; }
  $ kymo synth spo2 -d 7200 -o spo2.edf; kymo synth ecg -d 60 -o undated; printf '800\n810\n790\n805\n' > rr.txt
  $ awk 'BEGIN {print "time_s,SpO2 (%)"; for (i = 0; i < 60; i++) print i "," 127}' > codes.csv
  $ i=0; for r in "$ROOT/testdata/demo" "$ROOT/testdata/night.edf --zone +01:00 --subject Patient/7 --issued 2026-11-21T17:30:00.5Z" "$ROOT/testdata/night.edf --deidentify" spo2.edf undated rr.txt codes.csv; do i=$((i + 1)); kymo export -q $r -o $i.json || echo $r; done
  $ fhir schema $S [1-7].json

The schema does refuse.

  $ for e in 's/"preliminary"/"unsure"/' 's/"dimensions":1/"dimension":1/' 's/T23:10:04.25+01:00/T23:10:04.25/' 's/"status":"current"/"state":"current"/'; do sed "$e" 2.json > bad.json; fhir schema $S bad.json > said; head -1 said; done
  not valid
  not valid
  not valid
  not valid
