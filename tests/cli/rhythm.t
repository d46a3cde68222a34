Episodes of given beats: the types that they come with are taken.

  $ D=$ROOT/testdata/demo
  $ beats() { awk -v OFS=, 'BEGIN { print "time_s,type"; t = 0 } { n = split($0, w, " ");
  >     for (i = 2; i <= n; i++) { t += w[1]; printf "%.3f,%s\n", t, w[i] } }'; }
  $ beats > runs.csv << END
  > 0.8 N N N N N N V N N N
  > 0.4 V V N
  > 0.8 N N N
  > 0.4 V V V V
  > 0.8 N N N V N V N V N N N V N N V N N V
  > 0.9 N N N N N N N N N
  > 1.8 N
  > 0.9 N N N N N
  > 3.2 N
  > 0.9 N N N N N
  > 5 N
  > 0.9 N N N
  > END
  $ kymo rhythm runs.csv
  kymo rhythm: warning: runs.csv: pauses told from beats alone, without an ECG: 2, up to 5 s; they may be gaps
  time_s,sample,signal,type,duration_s,value,text,rate_per_min,beats,confidence
  8.4,,,couplet,0.4,,ventricular,150,2,1
  12,,,+,1.2,,(VT,150,4,1
  16.4,,,+,3.2,,(B,75,5,1
  22.8,,,+,4.8,,(T,75,7,1
  35.7,,,dropped,1.8,,suspected block,,,1
  42,,,+,12.7,,(SBR,33.1,8,1
  42,,,pause,3.2,,,,,1
  49.7,,,asystole,5,,,,,1
  $ kymo rhythm --changes runs.csv | cut -d, -f1,4,7
  kymo rhythm: warning: runs.csv: pauses told from beats alone, without an ECG: 2, up to 5 s; they may be gaps
  time_s,type,text
  0,+,(N
  12,+,(VT
  13.2,+,(N
  16.4,+,(B
  19.6,+,(N
  22.8,+,(T
  27.6,+,(N
  42,+,(SBR
  54.7,+,(N

The same from a pipe, and as a recording of events only.

  $ kymo rhythm runs.csv > table; kymo rhythm - < runs.csv | cmp - table
  kymo rhythm: warning: runs.csv: pauses told from beats alone, without an ECG: 2, up to 5 s; they may be gaps
  kymo rhythm: warning: stdin: pauses told from beats alone, without an ECG: 2, up to 5 s; they may be gaps
  $ kymo rhythm -O kymo runs.csv | kymo events | cmp - <(cut -d, -f1-7 table)
  kymo rhythm: warning: runs.csv: pauses told from beats alone, without an ECG: 2, up to 5 s; they may be gaps
  $ kymo rhythm --changes -O kymo runs.csv | kymo convert - changes.hea; kymo events -a rhythm changes | cut -d, -f4,7 | head -3
  kymo rhythm: warning: runs.csv: pauses told from beats alone, without an ECG: 2, up to 5 s; they may be gaps
  type,text
  +,(N
  +,(VT

Limits are options.

  $ kymo rhythm --vt 200 --pause 2 --asystole 6 runs.csv | cut -d, -f4,5,7 | grep -e IVR -e pause
  kymo rhythm: warning: runs.csv: pauses told from beats alone, without an ECG: 2, up to 5 s; they may be gaps
  +,1.2,(IVR
  pause,3.2,
  pause,5,
  $ kymo rhythm --pause 0 runs.csv
  kymo rhythm: --pause 0 is not 0.1 or more
  usage: kymo rhythm [OPTION]... [RECORD]
  [2]
  $ kymo rhythm --brady-beats 0 runs.csv
  kymo rhythm: --brady-beats 0 is not 1 or more
  usage: kymo rhythm [OPTION]... [RECORD]
  [2]
  $ kymo rhythm --vt nan runs.csv
  kymo rhythm: --vt "nan" is not a number
  usage: kymo rhythm [OPTION]... [RECORD]
  [2]

No pause in noise, no interval across a gap.

  $ printf 'time_s,type,duration_s\n1,N,\n2,N,\n3,noise,1\n7,N,\n8,N,\n9,gap,6\n16,N,\n17,N,\n' > noisy.csv; kymo rhythm noisy.csv
  time_s,sample,signal,type,duration_s,value,text,rate_per_min,beats,confidence
  3,,,noise,1,,,,,
  9,,,gap,6,,,,,

What a Holter report states: of the whole, and hour by hour.

  $ kymo rhythm --summary runs.csv | cut -d, -f1-8
  kymo rhythm: warning: runs.csv: pauses told from beats alone, without an ECG: 2, up to 5 s; they may be gaps
  item,count,duration_s,pct,per_h,mean_per_min,longest_s,longest_at_s
  recording,,57.4,,,,,
  gap,0,0,0,,,,
  noise,0,0,0,,,,
  analysable,,57.4,100,,,,
  beats,63,,,3951.22,65.7,,
  ventricular beats,13,,20.635,815.331,,,
  supraventricular beats,0,,0,0,,,
  paced beats,0,,0,0,,,
  unclassified beats,0,,0,0,,,
  atrial fibrillation,0,0,0,0,,,
  atrial flutter,0,0,0,0,,,
  ventricular fibrillation or flutter,0,0,0,0,,,
  ventricular tachycardia,1,1.2,2.091,62.718,,1.2,12
  idioventricular rhythm,0,0,0,0,,,
  ventricular couplet,1,0.4,0.697,62.718,,0.4,8.4
  ventricular bigeminy,1,3.2,5.575,62.718,,3.2,16.4
  ventricular trigeminy,1,4.8,8.362,62.718,,4.8,22.8
  supraventricular tachycardia,0,0,0,0,,,
  supraventricular couplet,0,0,0,0,,,
  atrial bigeminy,0,0,0,0,,,
  paced rhythm,0,0,0,0,,,
  bradycardia,1,12.7,22.125,62.718,,12.7,42
  tachycardia,0,0,0,0,,,
  pause,1,3.2,5.575,62.718,,3.2,42
  asystole,1,5,8.711,62.718,,5,49.7
  dropped beat,1,1.8,3.136,62.718,,1.8,35.7
  $ kymo rhythm --summary -O json runs.csv | head -c 300; echo
  kymo rhythm: warning: runs.csv: pauses told from beats alone, without an ECG: 2, up to 5 s; they may be gaps
  [
  {"item":"recording","count":null,"duration_s":57.4,"pct":null,"per_h":null,"mean_per_min":null,"longest_s":null,"longest_at_s":null,"fastest_per_min":null,"fastest_at_s":null,"slowest_per_min":null,"slowest_at_s":null},
  {"item":"gap","count":0,"duration_s":0,"pct":0,"per_h":null,"mean_per_min":nul
  $ kymo synth -d 7300 --seed 3 | kymo rhythm --hourly | cut -d, -f1,3,7,10,13
  from_s,beats,v,s,pauses
  0,3600,0,0,0
  3600,3600,0,0,0
  7200,100,0,0,0
  $ kymo rhythm --summary --hourly runs.csv
  kymo rhythm: --summary, --hourly and --changes are different tables: ask for one
  usage: kymo rhythm [OPTION]... [RECORD]
  [2]
  $ kymo rhythm --summary -O kymo runs.csv
  kymo rhythm: a table of --summary or --hourly is no recording: choose another -O
  usage: kymo rhythm [OPTION]... [RECORD]
  [2]

A recording's own beats; a steady one has no episodes.

  $ kymo rhythm $D | cut -d, -f1,4-5,7-9
  time_s,type,duration_s,text,rate_per_min,beats

Marked fibrillation of the ventricles is an episode, and has no beats.

  $ printf 'time_s,type\n1,N\n2,N\n3,[\n3.5,V\n9,]\n10,N\n11,N\n' > vf.csv; kymo rhythm vf.csv
  time_s,sample,signal,type,duration_s,value,text,rate_per_min,beats,confidence
  3,,,[,6,,(VFL,,,1

Intervals of two lengths in no order are no fibrillation; of any length they are.

  $ intervals() { awk -v any=$1 'BEGIN { print "time_s,type"; s = 7
  >     for (i = 0; i < 400; i++) {
  >         s = (s * 171 + 11213) % 53125; long = s > 26562; s = (s * 171 + 11213) % 53125; u = s / 53125
  >         printf "%.3f,N\n", t += any ? 0.9 + 0.9 * u : (long ? 1.6 : 1) * (0.92 + 0.16 * u) } }'; }
  $ intervals 0 | kymo rhythm | grep -c AFIB
  0
  [1]
  $ intervals 1 | kymo rhythm | grep -c AFIB
  1

Beats that cannot be right.

  $ printf 'time_s,type\n1,N\n1,N\n2,N\n2.5,Z\n3,N\n' | kymo rhythm - > odd.csv
  kymo rhythm: warning: stdin: events of type "Z", which is in no vocabulary, are not used
  kymo rhythm: warning: stdin: 1 beats at the time of the beat before: left out
  $ printf 'time_s,type\n2,N\n1,N\n' | kymo rhythm -
  kymo rhythm: stdin: beat at 1 s does not lie behind the one at 2 s
  [1]
  $ printf 'time_s,type\n1,N\n' | kymo rhythm -
  time_s,sample,signal,type,duration_s,value,text,rate_per_min,beats,confidence
  $ printf 'time_s,type\n' | kymo rhythm --summary - | head -3
  item,count,duration_s,pct,per_h,mean_per_min,longest_s,longest_at_s,fastest_per_min,fastest_at_s,slowest_per_min,slowest_at_s
  recording,,0,,,,,,,,,
  gap,0,0,,,,,,,,,
  $ kymo rhythm nowhere.edf
  kymo rhythm: nowhere.edf: No such file or directory
  [1]
  $ kymo rhythm --output-format xml runs.csv
  kymo rhythm: --output-format "xml" is none of csv|tsv|jsonl|json|text|kymo
  usage: kymo rhythm [OPTION]... [RECORD]
  [2]
  $ kymo rhythm runs.csv > /dev/full
  kymo rhythm: warning: runs.csv: pauses told from beats alone, without an ECG: 2, up to 5 s; they may be gaps
  kymo rhythm: standard output: cannot be written: No space left on device
  [1]
