A bundle of FHIR: well formed, with all that it needs, its references leading somewhere, no code that nobody looked up.

  $ D=$ROOT/testdata/demo; N=$ROOT/testdata/night.edf
  $ fhir() { python3 $ROOT/tests/cli/fhir.py "$@"; }
  $ kymo export $N > night.json; kymo export $D -o demo.json; kymo export -a atr $D -o given.json
  $ kymo synth spo2 -d 7200 -o spo2.edf; kymo export spo2.edf -o spo2.json
  $ fhir structure night.json demo.json given.json spo2.json
  $ fhir values night.json
   | Analysable share of the ECG | 100.0 % | 2023-02-11 2023-02-11
   | Heart beats | 72 | 2023-02-11 2023-02-11
  8867-4 | Mean heart rate | 71.9 /min | 2023-02-11 2023-02-11
   | Fastest heart rate | 75.6 /min | 2023-02-11
   | Slowest heart rate | 69.4 /min | 2023-02-11
   | Ventricular beats | 0 | 2023-02-11 2023-02-11
   | Supraventricular beats | 0 | 2023-02-11 2023-02-11
   | Pauses | 0 | 2023-02-11 2023-02-11
   | Burden of atrial fibrillation and flutter | 0.0 % | 2023-02-11 2023-02-11
  80404-7 | SDNN | 35.07 ms | 2023-02-11 2023-02-11
   | RMSSD | 24.1 ms | 2023-02-11 2023-02-11
   | Time with a valid reading of SpO2 | 0.017 h | 2023-02-11 2023-02-11
  2708-6+59408-5 | Mean SpO2 | 94.7 % | 2023-02-11 2023-02-11
   | Lowest SpO2 | 86.0 % | 2023-02-11 2023-02-11
   | Oxygen desaturation index (ODI) | 60.0 /h | 2023-02-11 2023-02-11
   | Oxygen desaturation index with a drop of 3 points (ODI3) | 60.0 /h | 2023-02-11 2023-02-11
   | Oxygen desaturation index with a drop of 4 points (ODI4) | 60.0 /h | 2023-02-11 2023-02-11
   | Time with SpO2 below 90 % (T90) | 13.33 % | 2023-02-11 2023-02-11
   | Hypoxic burden of desaturations | 135.0 %.min/h | 2023-02-11 2023-02-11
  $ head -c 80 night.json; tail -c 5 night.json
  {"resourceType":"Bundle","id":"f2cdf1a8-0923-887b-ae8b-fe730d908f4d","identifier}
  ]}
  $ for t in Device DocumentReference Observation; do grep -c "\"resourceType\":\"$t\"" night.json; done
  2
  1
  22
  $ grep -o '"deviceName":[^]]*\|"attachment":{[^}]*\|"version":[^]]*' night.json
  "deviceName":[{"name":"Kymo","type":"user-friendly-name"}
  "version":[{"value":"0.1.0"}
  "deviceName":[{"name":"make testdata","type":"other"}
  "attachment":{"title":"night.edf","size":41720

Numbers are those of other commands, and the classes of beats those that were given.

  $ kymo report --json $D > report.json
  $ shown() { grep -o "\"$1\":{[^}]*}" report.json | head -1 | grep -o '"value":[^,}]*' | cut -d: -f2; }
  $ for k in mean_rate_per_min sdnn_ms rmssd_ms v_beats af_burden_pct; do shown $k; done
  72.01315895
  34.78375782
  32.7935725
  7
  0.0
  $ fhir values demo.json | grep 'Mean\|SDNN\|RMSSD\|Ventric\|Burden'
  8867-4 | Mean heart rate | 72.0 /min | 2024-03-14 2024-03-14
   | Ventricular beats | 7 | 2024-03-14 2024-03-14
   | Burden of atrial fibrillation and flutter | 0.0 % | 2024-03-14 2024-03-14
  80404-7 | SDNN | 34.78 ms | 2024-03-14 2024-03-14
   | RMSSD | 32.79 ms | 2024-03-14 2024-03-14
  $ kymo events -a atr $D | grep -c ,V,; fhir values given.json | grep Ventricular
  7
   | Ventricular beats | 7 | 2024-03-14 2024-03-14
  $ fhir values spo2.json | cut -d'|' -f1-3; kymo spo2 spo2.edf -O json | grep -o '"odi_per_valid_h": *[0-9.]*\|"t90_pct": *[0-9.]*\|"av_pct": *[0-9.]*'
   | Time with a valid reading of SpO2 | 2.0 h 
  2708-6+59408-5 | Mean SpO2 | 95.3 % 
   | Lowest SpO2 | 84.0 % 
   | Oxygen desaturation index (ODI) | 21.0 /h 
   | Oxygen desaturation index with a drop of 3 points (ODI3) | 21.0 /h 
   | Oxygen desaturation index with a drop of 4 points (ODI4) | 21.0 /h 
   | Time with SpO2 below 90 % (T90) | 4.39 % 
   | Hypoxic burden of desaturations | 42.54 %.min/h 
  "odi_per_valid_h":21
  "t90_pct":4.388889
  "av_pct":95.315694

Strips are the recording's own numbers. Of the demo, format 212:

  $ fhir samples demo.json > strips; cut -d' ' -f1-6 strips
  II 131330 36288 1026 1032 1035
  V5 131335 36288 1042 1037 1038
  II 131330 68402 1051 1040 1036
  V5 131335 68402 1097 1087 1094
  II 131330 44685 1183 1220 1240
  V5 131335 44685 1253 1310 1326
  $ python3 - $D.dat strips << 'END'
  > import sys
  > raw = open(sys.argv[1], 'rb').read()
  > def sample(i):
  >     a, b, c = raw[3 * (i // 2):3 * (i // 2) + 3]
  >     v = a | (b & 15) << 8 if i % 2 == 0 else c | (b & 240) << 4
  >     return v - 4096 if v > 2047 else v
  > for line in open(sys.argv[2]):
  >     label, _, first, *data = line.split()
  >     signal = {'II': 0, 'V5': 1}[label]
  >     assert [int(x) for x in data] == [sample(2 * (int(first) + i) + signal) for i in range(len(data))], label
  >     print(label, len(data), 'the same')
  > END
  II 1700 the same
  V5 1700 the same
  II 1700 the same
  V5 1700 the same
  II 1700 the same
  V5 1700 the same
  $ grep -o '"origin":.*"dimensions":1' demo.json | sed 's/"data.*//' | sort | uniq -c
        3 "origin":{"value":-5.12,"unit":"mV","system":"http://unitsofmeasure.org","code":"mV"},"period":4.0,"factor":0.005,"lowerLimit":-5.12,"upperLimit":5.115,"dimensions":1,
  $ kymo info $D | cut -d, -f6,7,9,11,12; kymo export --strips 1 $D | grep -c valueSampledData; kymo export --strips 0 $D | grep -c valueSampledData
  label,kind,rate_hz,gain_per_unit,baseline
  II,ecg,250,200,1024
  V5,ecg,250,200,1024
  1
  0
  [1]

Samples that are missing, a converter whose range the file has wrong, numbers that are no integers, a unit that nobody tells.

  $ python3 - << 'END'
  > import struct
  > x = [-32768 if 100 <= i < 103 else i % 7 - 3 for i in range(1000)] + [900] * 250
  > open('gap.dat', 'wb').write(struct.pack('<1250h', *x))
  > open('gap.hea', 'w').write('gap 1 250 1250\ngap.dat 16 200(5)/mV 8 0 0 0 0 aVF\n')
  > END
  $ kymo export -q gap -o gap.json; fhir structure gap.json; fhir samples gap.json | tr ' ' '\n' | sed -n '1,6p;100,110p'; fhir samples gap.json | wc -w
  aVF
  131392
  0
  -3
  -2
  -1
  2
  3
  -3
  -2
  E
  E
  E
  2
  3
  -3
  -2
  1253
  $ grep -o '"origin":[^}]*}[^E]*"data":"' gap.json
  "origin":{"value":-0.025,"unit":"mV","system":"http://unitsofmeasure.org","code":"mV"},"period":4.0,"factor":0.005,"dimensions":1,"data":"
  $ awk 'BEGIN {print "time_s,II,ECG (uV)"; for (i = 0; i < 500; i++) print i / 250 "," i / 8 "," i * 1e-9}' > real.csv; kymo export -q -s 0,1 real.csv -o real.json; fhir structure real.json; fhir samples real.json | cut -d' ' -f1-7
  II 131330 0 0 0.125 0.25 0.375
  ECG - 0 0 0.0000000010000000000000001 0.0000000020000000000000001 0.0000000030000000000000000
  $ grep -o '"text":"[^"]*unit[^"]*' real.json; grep -o '"origin":{[^}]*}' real.json
  "text":"Beginning of the recording. From 0:00:00.00 from the start. II: 250 samples per second, from sample 0 on; the recording does not tell its unit. ECG: 250 samples per second, from sample 0 on.
  "origin":{"value":0.0}
  "origin":{"value":0.0,"unit":"uV","system":"http://unitsofmeasure.org","code":"uV"}

What cannot be given has its reason; a part that the recording has not is not there.

  $ fhir values gap.json
   | Analysable share of the ECG | 100.0 % | 
   | Heart beats | 1 | 
  8867-4 | Mean heart rate | not defined for these beats | 
   | Fastest heart rate | not defined for these beats | 
   | Slowest heart rate | not defined for these beats | 
   | Ventricular beats | 0 | 
   | Supraventricular beats | 0 | 
   | Pauses | 0 | 
   | Burden of atrial fibrillation and flutter | 0.0 % | 
  80404-7 | SDNN | no interval between normal beats outside noise and fibrillation | 
   | RMSSD | no interval between normal beats outside noise and fibrillation | 
  $ awk 'BEGIN {print "time_s,SpO2 (%)"; for (i = 0; i < 60; i++) print i "," 127}' > codes.csv; kymo export codes.csv -o codes.json; fhir structure codes.json; fhir values codes.json | head -2
   | Time with a valid reading of SpO2 | no valid data: all readings are codes of an oximeter that has none | 
  2708-6+59408-5 | Mean SpO2 | no valid data: all readings are codes of an oximeter that has none | 
  $ printf '800\n810\n790\n805\n' > rr.txt; kymo export rr.txt -o rr.json; fhir structure rr.json; fhir values rr.json | grep 'Heart beats\|SDNN'; grep -c SampledData rr.json
   | Heart beats | 5 | 
  80404-7 | SDNN | 8.54 ms | 
  0
  [1]
  $ printf '800\n' > one.txt; kymo export one.txt -o one.json; fhir structure one.json; fhir values one.json | grep 'Mean\|Fast\|SDNN'
  8867-4 | Mean heart rate | 75.0 /min | 
   | Fastest heart rate | not defined for these beats | 
  80404-7 | SDNN | too few intervals | 

Times have a zone or no time of day; whose it is, is said by who exports; nothing is made up.

  $ when() { grep -o '"effective[^}]*}' | sort | uniq -c | sort -rn | head -${1:-1}; }
  $ kymo export $N --strips 0 | when
       17 "effectivePeriod":{"start":"2023-02-11","end":"2023-02-11"}
  $ kymo export $N --strips 0 --zone -03:30 | when
       17 "effectivePeriod":{"start":"2023-02-11T23:10:04.25-03:30","end":"2023-02-11T23:11:04.25-03:30"}
  $ kymo export -f 30 $N --strips 0 --zone Z | when
       17 "effectivePeriod":{"start":"2023-02-11T23:10:34.25Z","end":"2023-02-11T23:11:04.25Z"}
  $ kymo synth ecg -d 60 -o undated; kymo export --zone Z undated --strips 0 | grep -o '"_effective[^]]*' | sort -u
  "_effectiveDateTime":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}
  $ cp $D.dat .; sed '1s|08:15:30 14/03/2024|23:58:00 31/12/2023|' $D.hea > demo.hea; kymo export demo --strips 0 | when; kymo export demo --zone +14:00 --strips 0 | when
        9 "effectivePeriod":{"start":"2023-12-31","end":"2024-01-01"}
        9 "effectivePeriod":{"start":"2023-12-31T23:58:00+14:00","end":"2024-01-01T00:03:00+14:00"}
  $ grep -o '"subject":{[^]]*' night.json | sort -u; kymo export $N --subject Patient/7 | grep -o '"subject":{[^}]*}' | sort | uniq -c
  "subject":{"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/data-absent-reason","valueCode":"unknown"}
       23 "subject":{"reference":"Patient/7"}
  $ grep -c 'Nobody\|K-0042\|SEP-1966\|timestamp\|"issued' night.json
  0
  [1]
  $ kymo export $N --issued 2026-11-21T17:30:00+01:00 | grep -o '"timestamp":"[^"]*"\|"issued":"[^"]*"' | sort | uniq -c
       22 "issued":"2026-11-21T17:30:00+01:00"
        1 "timestamp":"2026-11-21T17:30:00+01:00"

Without identity: no date, no file, no recorder; ids are others, so that they lead nowhere.

  $ kymo export $N --deidentify --zone Z > deid.json; fhir structure deid.json; grep -c '2023-\|FEB\|night\|make.testdata\|unknown' deid.json; grep -o '"valueCode":"[^"]*"' deid.json | sort -u
  0
  "valueCode":"masked"
  $ ids() { grep -o '"id":"[^"]*"' $1 | sort; }
  $ comm -12 <(ids night.json) <(ids deid.json) | wc -l
  1

The same recording gives the same bytes, and the same ids, wherever it lies and whoever asks; another has others. The program has one.

  $ kymo export $N | cmp - night.json; mkdir else; cp $N else/night.edf; kymo export else/night.edf | cmp - night.json
  $ kymo export < $N > piped.json; cmp <(ids piped.json) <(ids night.json); kymo export $N --subject Patient/7 --zone Z > other.json; cmp <(ids other.json) <(ids night.json)
  $ comm -12 <(ids night.json) <(ids demo.json) | wc -l; comm -12 <(ids demo.json) <(ids given.json) | wc -l
  1
  1
  $ ids demo.json | head -3
  "id":"09585f2e-0110-868c-b389-80364c07ab50"
  "id":"1da6ec73-a5c7-8ab0-8b1b-c5e1974e3b27"
  "id":"48fbffdc-0633-856c-812b-35d560b808dc"

Wrong use, and what cannot be.

  $ for o in '--subject 7' '--subject Patient/' '--subject Patient/a_b' '--zone +15:00' '--zone 1' '--zone +01:60' '--issued 2026-11-21' '--issued 2026-02-30T00:00:00Z' '--issued 2026-11-21T17:30:00' '--strips 25' '--strips -1'; do kymo export $o $D 2>&1 | head -1; done
  kymo export: --subject "7" is no reference: Patient/ID, Group/ID, Device/ID, or a URL or URN
  kymo export: --subject "Patient/" is no reference: Patient/ID, Group/ID, Device/ID, or a URL or URN
  kymo export: --subject "Patient/a_b" is no reference: Patient/ID, Group/ID, Device/ID, or a URL or URN
  kymo export: --zone "+15:00" is none: -14:00..+14:00 or Z
  kymo export: --zone "1" is none: -14:00..+14:00 or Z
  kymo export: --zone "+01:60" is none: -14:00..+14:00 or Z
  kymo export: --issued "2026-11-21" is no time with a zone, as 2026-11-21T17:30:00+01:00
  kymo export: --issued "2026-02-30T00:00:00Z" is no time with a zone, as 2026-11-21T17:30:00+01:00
  kymo export: --issued "2026-11-21T17:30:00" is no time with a zone, as 2026-11-21T17:30:00+01:00
  kymo export: --strips 25 is not in 0..24
  kymo export: --strips -1 is not in 0..24
  $ kymo export --nonsense $D
  kymo export: no option --nonsense
  usage: kymo export [OPTION]... [RECORD]
  [2]
  $ kymo export nothing
  kymo export: nothing: No such file or directory
  [1]
  $ awk 'BEGIN {print "time_s,Flow (L/min)"; for (i = 0; i < 60; i++) print i "," i}' > flow.csv; kymo export flow.csv -o flow.json; ls flow.json
  kymo export: flow.csv: no ECG, no track of beats and no SpO2: there is nothing to export
  ls: cannot access 'flow.json': No such file or directory
  [2]
  $ kymo export $D > /dev/full
  kymo export: standard output: cannot be written: No space left on device
  [1]
  $ kymo export $D -o else/no/x.json
  kymo export: else/no/x.json: cannot be written: No such file or directory
  [1]
  $ head -c 30000 $N > cut.edf; kymo export -q cut.edf > cut.json && fhir structure cut.json
  $ kymo export $D | head -1 | cut -c1-35
  {"resourceType":"Bundle","id":"dab6
