A closed pipe ends everyone quietly; a full disk is an error.

  $ kymo synth -d 600 | kymo qrs | head -1
  time_s,sample,signal,type,duration_s,value,text,quality
  $ kymo synth -d 60 -o s.kymo
  $ kymo qrs s.kymo > /dev/full
  kymo qrs: standard output: cannot be written: No space left on device
  [1]
  $ kymo read s.kymo > /dev/full
  kymo read: standard output: cannot be written: No space left on device
  [1]
  $ kymo info s.kymo > /dev/full
  kymo info: standard output: cannot be written: No space left on device
  [1]
  $ kymo hrv s.kymo > /dev/full
  kymo hrv: standard output: cannot be written: No space left on device
  [1]
  $ kymo help > /dev/full
  kymo: standard output: cannot be written: No space left on device
  [1]

A file is written beside its place: a failure leaves the old one as it was, and nothing beside it.

  $ echo old > beats.csv
  $ head -c 5000 s.kymo | kymo qrs -o beats.csv
  kymo qrs: stdin:5000: stream cut off: * (glob)
  [1]
  $ cat beats.csv
  old
  $ kymo qrs s.kymo -o beats.csv
  $ wc -l < beats.csv
  61
  $ ls
  beats.csv
  s.kymo
  $ kymo qrs s.kymo -o nosuch/beats.csv
  kymo qrs: nosuch/beats.csv: cannot be written: No such file or directory
  [1]
