Beats against reference annotations. What lies before 5:00 does not count unless one says so.

  $ cp $ROOT/testdata/demo.* .
  $ kymo qrs demo > beats.csv
  $ kymo score beats.csv demo
  record,n_ref,tp,missed,false,se_pct,pp_pct,f1_pct,n_v,v_se_pct,v_pp_pct,v_fpr_pct,n_s,s_se_pct,s_pp_pct,rr_rms_ms,missed_in_shutdown,shutdown_s,note
  demo,0,0,0,0,,,,0,,,,0,,,,0,0,no reference beats in the period
  $ kymo score -f 0 beats.csv demo | cut -d, -f1-11
  record,n_ref,tp,missed,false,se_pct,pp_pct,f1_pct,n_v,v_se_pct,v_pp_pct
  demo,360,360,0,0,100,100,100,7,0,
  $ kymo qrs demo | kymo score -f 1:00 -t 2:00 - demo | cut -d, -f1-7
  record,n_ref,tp,missed,false,se_pct,pp_pct
  demo,72,72,0,0,100,100
  $ kymo score -f 0 atr demo | cut -d, -f1-15
  record,n_ref,tp,missed,false,se_pct,pp_pct,f1_pct,n_v,v_se_pct,v_pp_pct,v_fpr_pct,n_s,s_se_pct,s_pp_pct
  demo,360,360,0,0,100,100,100,7,100,100,0,0,,

By hand: beats at 1 to 4 s, one of them V; found 1.1 (N), 2.2 (too far), 3 (N for V) and 5 (V where there is none).

  $ cat > ref.csv << 'END'
  > time_s,sample,signal,type,duration_s,value,text
  > 1,,,N,,,
  > 2,,,N,,,
  > 3,,,V,,,
  > 4,,,S,,,
  > END
  $ cat > test.csv << 'END'
  > time_s,sample,signal,type,duration_s,value,text
  > 1.1,,,N,,,
  > 2.2,,,N,,,
  > 3,,,N,,,
  > 4,,,S,,,
  > 5,,,V,,,
  > END
  $ kymo score -f 0 -t 10 test.csv ref.csv
  record,n_ref,tp,missed,false,se_pct,pp_pct,f1_pct,n_v,v_se_pct,v_pp_pct,v_fpr_pct,n_s,s_se_pct,s_pp_pct,rr_rms_ms,missed_in_shutdown,shutdown_s,note
  ref.csv,4,3,1,2,75,60,66.667,1,0,0,25,1,100,100,122.47,0,0,
  $ kymo score -f 0 -t 10 -w 0.2 test.csv ref.csv | cut -d, -f1-7
  record,n_ref,tp,missed,false,se_pct,pp_pct
  ref.csv,4,4,0,1,100,80
  $ kymo score -f 0 -t 10 --matrix -O text test.csv ref.csv
  record   ref  n  s  v  f  q  o  x
  ref.csv  N    1  0  0  0  0  1  0
  ref.csv  S    0  1  0  0  0  0  0
  ref.csv  V    1  0  0  0  0  0  0
  ref.csv  F    0  0  0  0  0  0  0
  ref.csv  Q    0  0  0  0  0  0  0
  ref.csv  O    1  0  1  0  0
  ref.csv  X    0  0  0  0  0

Where: each miss and each extra is an event, so that other commands go on with them.

  $ kymo score -f 0 -t 10 --errors test.csv ref.csv
  time_s,sample,signal,type,duration_s,value,text,error,record
  2,,,N,,,,missed,ref.csv
  2.2,,,N,,,,extra,ref.csv
  5,,,V,,,,extra,ref.csv
  $ kymo score -f 0 -t 10 --errors test.csv ref.csv | kymo events --type V -
  time_s,sample,signal,type,duration_s,value,text
  5,,,V,,,

Left out: episodes of the reference, spans of a mask.

  $ sed 's/^4,,,S/3.5,,,+,,,(AFIB\n4,,,S/' ref.csv > af.csv
  $ kymo score -f 0 -t 10 --ignore AF test.csv af.csv | cut -d, -f1-5
  record,n_ref,tp,missed,false
  af.csv,3,2,1,1
  $ printf 'time_s,type,duration_s\n1.9,noise,0.4\n' > mask.csv
  $ kymo score -f 0 -t 10 --mask mask.csv test.csv ref.csv | cut -d, -f1-5
  record,n_ref,tp,missed,false
  ref.csv,3,3,0,1

Escape beats are S, or N.

  $ sed 's/,S,/,e,/' ref.csv > escape.csv
  $ kymo score -f 0 -t 10 test.csv escape.csv | cut -d, -f12-14
  v_fpr_pct,n_s,s_se_pct
  25,1,100
  $ kymo score -f 0 -t 10 --escapes N test.csv escape.csv | cut -d, -f12-14
  v_fpr_pct,n_s,s_se_pct
  25,0,

Several records: a folder with a file named for each; gross and average rows, and intervals.

  $ mkdir out refs; for i in 1 2 3; do sed "${i}d" test.csv | sed '1s/.*/time_s,sample,signal,type,duration_s,value,text/' > out/r$i.csv; cp ref.csv refs/r$i.csv; done
  $ kymo score -f 0 -t 10 --ci out refs/r*.csv | cut -d, -f1-8
  record,n_ref,tp,missed,false,se_pct,pp_pct,f1_pct
  refs/r1.csv,4,2,2,2,50,50,50
  refs/r2.csv,4,2,2,2,50,50,50
  refs/r3.csv,4,3,1,1,75,75,75
  gross,12,7,5,5,58.333,58.333,58.333
  gross_lo,,,,,50,50,50
  gross_hi,,,,,75,75,75
  average,,,,,58.333,58.333,58.333
  $ kymo score -f 0 -t 10 out refs/r1.csv missing refs/r3.csv | cut -d, -f1-5; echo "${PIPESTATUS[0]}"
  kymo score: missing: No such file or directory
  record,n_ref,tp,missed,false
  refs/r1.csv,4,2,2,2
  refs/r3.csv,4,3,1,1
  gross,8,5,3,3
  average,,,,
  3
  $ touch out/r2.tsv; kymo score -f 0 -t 10 out refs/r2.csv 2>&1 | head -1
  kymo score: out: r2.csv and others are named for the record: choose the ending with --test
  $ kymo score -f 0 -t 10 --test csv out refs/r2.csv | cut -d, -f1-5
  record,n_ref,tp,missed,false
  refs/r2.csv,4,2,2,2

Runs, episodes, measurements.

  $ printf 'time_s,type,text\n1,V,\n2,V,\n3,N,\n4,+,(AFIB\n5,[,\n9,],\n10,+,(N\n11,N,\n' > r.csv
  $ printf 'time_s,type,text\n1,V,\n3,N,\n9.5,+,(AFIB\n11,+,(N\n12,[,\n13,],\n' > t.csv
  $ kymo score -f 0 --what runs t.csv r.csv
  record,runs,couplets_ref,couplets_test,couplets_se_pct,couplets_pp_pct,short_ref,short_test,short_se_pct,short_pp_pct,long_ref,long_test,long_se_pct,long_pp_pct,note
  r.csv,V,1,0,0,,0,0,,,1,1,0,0,
  r.csv,S,0,0,,,0,0,,,1,1,0,0,
  $ kymo score -f 0 --what runs --matrix t.csv r.csv | grep V,se
  r.csv,V,se,0,,0,0,0,0,0,0
  r.csv,V,se,1,0,0,0,0,0,0,0
  r.csv,V,se,2,0,1,0,0,0,0,0
  r.csv,V,se,3,0,0,0,0,0,0,0
  r.csv,V,se,4,0,0,0,0,0,0,0
  r.csv,V,se,5,0,0,0,0,0,0,0
  r.csv,V,se,>5,1,0,0,0,0,0,0
  $ kymo score -f 0 --what episodes t.csv r.csv
  record,episodes,n_ref,missed,n_test,false,se_pct,pp_pct,ref_s,test_s,both_s,duration_se_pct,duration_pp_pct,duration_sp_pct,note
  r.csv,AF,1,0,1,0,100,100,6,1.5,0.5,8.333,33.333,,
  r.csv,VF,1,1,1,1,0,0,4,1,0,0,0,,
  $ kymo score -f 0 -t 40 --what episodes --episodes AF t.csv r.csv | cut -d, -f9-
  ref_s,test_s,both_s,duration_se_pct,duration_pp_pct,duration_sp_pct,note
  6,1.5,0.5,8.333,33.333,97.059,

Specificity is of time: of 34 s without AF the test has 1. Rhythms may come with their durations, one in another.

  $ printf 'time_s,type,duration_s,text\n0,+,30,(AFIB\n10,+,2,(VT\n' > lasting.csv; printf 'time_s,type,text\n0,+,(AFIB\n10,+,(VT\n12,+,(AFIB\n30,+,(N\n' > turns.csv
  $ kymo score -f 0 -t 40 --what episodes --episodes AF --episodes VT lasting.csv turns.csv | cut -d, -f2,9-
  episodes,ref_s,test_s,both_s,duration_se_pct,duration_pp_pct,duration_sp_pct,note
  AF,28,30,28,100,93.333,83.333,
  VT,2,2,2,100,100,100,
  $ kymo score -f 0 --what episodes --episodes VF --errors t.csv r.csv
  time_s,sample,signal,type,duration_s,value,text,error,record
  5,,,+,4,,(VF,missed,r.csv
  12,,,+,1,,(VF,extra,r.csv
  $ kymo score -f 0 --what episodes --episodes AFL --episodes noise t.csv r.csv | cut -d, -f1-7
  record,episodes,n_ref,missed,n_test,false,se_pct
  r.csv,AFL,0,0,0,0,
  r.csv,noise,0,0,0,0,
  $ printf 'time_s,type,value,text\n1,=,60,\n2,=,,80\n' > hr.csv
  $ printf 'time_s,type,value,text\n0.9,=,63,\n2.4,=,84,\n' > hr2.csv
  $ kymo score -f 0 --what measures hr2.csv hr.csv
  record,n,rms_error,normalised_pct,mean_error,mean_ref,note
  hr.csv,2,3.535534,5.0508,3.5,70,
  $ kymo score -f 0 --what measures --measure hr hr2.csv hr.csv
  record,n,rms_error,normalised_pct,mean_error,mean_ref,note
  hr.csv,0,,,,,no reference measurements

As the reference programs print it.

  $ kymo score -f 0 -O text atr demo
  Record Nn' Sn' Vn' Fn' On'  Ns  Ss  Vs  Fs' Os' Nv  Sv   Vv  Fv' Ov' No' So' Vo' Fo'  Q Se   Q +P   V Se   V +P   S Se   S +P RR err
  demo   353   0   0   0   0   0   0   0   0   0   0   0    7   0   0   0   0   0   0 100.00 100.00 100.00 100.00      -      -   0.00
  ____________________________________________________________________________________________________________________________________
  Sum    353   0   0   0   0   0   0   0   0   0   0   0    7   0   0   0   0   0   0
  Gross                                                                               100.00 100.00 100.00 100.00      -      -
  Average                                                                             100.00 100.00 100.00 100.00      -      -   0.00
  Total QRS complexes: 360  Total VEBs: 7  Total SVEBs: 0
  
  Summary of results from 1 record
  
  Record Nx   Sx   Vx   Fx   Qx  % beats  % N    % S    % V    % F   Total Shutdown
                                  missed missed missed missed missed      Time
  demo    0    0    0    0    0     0.00   0.00      -   0.00      -    0 seconds 353 0 7 0 0
  ________________________________________________________________________
  Sum     0    0    0    0    0                                         0 seconds
  
  Summary of results from 1 record
  $ kymo score -f 0 -O text --what measures hr2.csv hr.csv
  (Measurement errors)
  Record\tRMS error (%)\tMean reference measurement (esc)
  hr.csv\t 5.0508\t\t70 (esc)
  __________________________________________________
  Average  5.0508\t\t70 (esc)
  
  Summary of results from 1 record

Wrong use, and what is missing or damaged.

  $ kymo score demo
  kymo score: 1 of at least 2 operands
  usage: kymo score [OPTION]... TEST RECORD...
  [2]
  $ kymo score nothing demo
  kymo score: no annotations "nothing": demo.nothing: No such file or directory
  [1]
  $ kymo score no/where demo
  kymo score: no/where: no such file or folder
  [1]
  $ kymo score --ci atr demo
  kymo score: --ci draws from several records
  usage: kymo score [OPTION]... TEST RECORD...
  [2]
  $ kymo score --errors --matrix atr demo
  kymo score: --errors and --matrix are two tables: ask for one
  usage: kymo score [OPTION]... TEST RECORD...
  [2]
  $ kymo score --ignore AF --what runs atr demo
  kymo score: --ignore and --mask are for beats
  usage: kymo score [OPTION]... TEST RECORD...
  [2]
  $ kymo score -f 10 -t 5 atr demo
  kymo score: --to is not after --from
  usage: kymo score [OPTION]... TEST RECORD...
  [2]
  $ kymo score -w -1 atr demo
  kymo score: --window -1 is not 0..3600 s
  usage: kymo score [OPTION]... TEST RECORD...
  [2]
  $ kymo score - demo demo < /dev/null
  kymo score: "-" is one series: for several records name a folder or an annotator
  usage: kymo score [OPTION]... TEST RECORD...
  [2]
  $ head -c 300 demo.atr > cut.atr; kymo score cut.atr demo
  kymo score: neither a recording nor a table of events, and no whole WFDB annotation file: cut.atr:300: annotations stop without an end mark
  [1]
  $ kymo score -f 0 atr demo > /dev/full
  kymo score: standard output: cannot be written: No space left on device
  [1]
  $ head -20 beats.csv | kymo score -f 0 - demo | cut -d, -f1-5
  record,n_ref,tp,missed,false
  demo,360,19,341,0

Tables in any order, times before 0 and far away, and several kinds of error, do no harm.

  $ printf 'time_s,type,duration_s,text\n3,N,,\n1,N,,\n-2,N,,\n-5,+,,(AFIB\n2,N,,\n-1,noise,1.5,\n1000000000,noise,1000000000,\n' > odd.csv
  $ kymo score -f 0 odd.csv odd.csv | cut -d, -f1-5
  record,n_ref,tp,missed,false
  odd.csv,3,3,0,0
  $ kymo score -f 0 -t 1:00 --what episodes --episodes AF --episodes noise odd.csv odd.csv | cut -d, -f1-3,9
  record,episodes,n_ref,ref_s
  odd.csv,AF,1,60
  odd.csv,noise,1,0.5
  $ kymo score -f 0 -t 1:00 --what episodes --episodes N --episodes AFIB --episodes noise --errors odd.csv test.csv | cut -d, -f1,4-8
  time_s,type,duration_s,value,text,error
  0,+,60,,(AFIB,extra
  0,noise,0.5,,,extra
  $ kymo score -f 0 -t 10 --errors out refs/r1.csv refs/r3.csv | kymo events - | cut -d, -f1,4
  time_s,type
  1,N
  2,N
  2.2,N
  5,V
  2,N
  5,V
