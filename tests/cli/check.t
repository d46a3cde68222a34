A clean recording gives a table without rows, and status 0.

  $ cp $ROOT/testdata/night.edf $ROOT/testdata/short.edf $ROOT/testdata/demo.* $ROOT/testdata/no_length.* .
  $ kymo check night.edf
  record,file,offset,field,value,severity,finding
  $ kymo check demo demo.bdf night.edf
  record,file,offset,field,value,severity,finding

Findings name file, place, field and value; their status is 1.

  $ kymo check short.edf
  record,file,offset,field,value,severity,finding
  short.edf,short.edf,236,number of data records,10,error,"the file ends at byte 3512, after 7 data records and a piece of one"
  short.edf,short.edf,3312,data records,,error,200 bytes behind the last whole data record of 400 bytes
  [1]
  $ kymo check -O jsonl short.edf | grep -o '"offset":[0-9]*'
  "offset":236
  "offset":3312
  $ kymo check -o table.csv short.edf
  [1]
  $ wc -l < table.csv
  3

Through a pipe it is the same but for the name.

  $ cat short.edf | kymo check - | cut -d, -f1-4
  record,file,offset,field
  -,-,236,number of data records
  -,-,3312,data records

Notes alone leave the status at 0.

  $ head -1 no_length.hea; sed -i 's/ 0 II*$//; s/^no_length.dat 16 0 .*/no_length.dat 16 0/' no_length.hea
  no_length 2
  $ kymo check no_length | cut -d, -f3-
  offset,field,value,severity,finding
  1,sampling frequency,,note,missing: 250 Hz is assumed
  1,number of samples,,note,not told: a file that was cut off cannot be noticed
  2,gain,,note,"missing: uncalibrated, 200 units/mV is assumed"
  3,gain,0,note,"0: uncalibrated, 200 units/mV is assumed"
  $ kymo check -q no_length

Of many recordings a bad one does not stop the others; -q prints nothing.

  $ echo nonsense > x.txt
  $ kymo check night.edf nothing_here x.txt short.edf demo | cut -d, -f1,3,6
  record,offset,severity
  nothing_here,,error
  x.txt,0,error
  short.edf,236,error
  short.edf,3312,error
  $ kymo check -q night.edf nothing_here
  [1]
  $ kymo check -q night.edf demo

A kymo stream is read to its end.

  $ kymo synth -d 20 -o s.kymo
  $ kymo check s.kymo
  record,file,offset,field,value,severity,finding
  $ head -c 5000 s.kymo > cut.kymo
  $ kymo check cut.kymo
  record,file,offset,field,value,severity,finding
  cut.kymo,cut.kymo,5000,,,error,stream cut off: it ends inside a frame of [0-9]+ bytes (re)
  [1]

Changed samples and changed annotations of a WFDB record.

  $ printf '\1' | dd of=demo.dat bs=1 seek=3000 conv=notrunc 2> err
  $ head -c 729 demo.atr > demo.cut
  $ kymo check demo
  record,file,offset,field,value,severity,finding
  demo,demo.hea,2,checksum,5214,error,"the sum of the samples is *: they were changed, or the header is not theirs" (glob)
  demo,demo.cut,728,end mark,,error,missing: annotations end with two bytes 00
  [1]

A repaired copy: each change is a row, and then what is still found in the copy.

  $ kymo check --fix whole.edf short.edf
  record,file,offset,field,value,severity,finding
  short.edf,short.edf,236,number of data records,10,fixed,"now ""7"": the whole data records that the file holds"
  short.edf,short.edf,3312,data records,,fixed,200 bytes behind the last whole data record left out
  $ kymo check whole.edf
  record,file,offset,field,value,severity,finding
  $ cmp -i 256 -n 3000 short.edf whole.edf
  $ kymo check --fix right.hea demo | cut -d, -f2-6
  file,offset,field,value,severity
  demo.hea,1,record name,demo,fixed
  demo.hea,2,checksum,5214,fixed
  $ kymo check -q right
  $ kymo check --fix y.edf short.edf night.edf
  kymo check: --fix takes one recording, not 2
  usage: kymo check [OPTION]... RECORD...
  [2]
  $ kymo check --fix short.edf short.edf
  kymo check: short.edf: is the file to be repaired itself: name another for the copy
  usage: kymo check [OPTION]... RECORD...
  [2]
  $ kymo check --fix nosuch/y.edf short.edf > /dev/null
  kymo check: nosuch/y.edf: cannot be written: No such file or directory
  [1]
  $ kymo check short.edf > /dev/full
  kymo check: standard output: cannot be written: No space left on device
  [1]
  $ ls *.edf
  night.edf
  short.edf
  whole.edf
