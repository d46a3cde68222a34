A recording as HDF5, and back: the same samples, header and events.

  $ T=$ROOT/testdata
  $ kymo convert $T/night.edf night.h5
  $ kymo info night.h5 -O csv | cut -d, -f2- | sed s/^hdf5/edf/ | cmp - <(kymo info $T/night.edf -O csv | cut -d, -f2-)
  $ kymo convert --lossy -q -s SpO2 night.h5 - -O csv | cmp - <(kymo convert --lossy -q -s SpO2 $T/night.edf - -O csv)
  $ kymo events night.h5 | cmp - <(kymo events $T/night.edf)
  $ kymo convert -a atr $T/demo demo.h5
  $ kymo qrs demo.h5 | cmp - <(kymo qrs $T/demo)
  $ kymo convert --lossy -q -f 10 -t 20 demo.h5 - -O csv | cmp - <(kymo convert -f 10 -t 20 $T/demo - -O csv)
  $ kymo convert $T/gap.edf gap.h5
  $ kymo qrs gap.h5 | cmp - <(kymo qrs $T/gap.edf)

One signal by its place in the file, through its own rate.

  $ kymo info night.h5:/signals/SpO2 -O csv | cut -d, -f6,9,10
  label,rate_hz,samples
  SpO2,1,60

What it cannot be read from or written to, and what is not whole.

  $ kymo info - < night.h5 2>&1 | head -1
  kymo info: stdin: HDF5 cannot be read from a pipe: name the file
  $ kymo convert $T/night.edf - -O hdf5 2>&1 | head -1
  kymo convert: hdf5 is not for a pipe: name a file
  $ head -c 9000 night.h5 > cut.h5
  $ kymo info cut.h5 2>&1 | sed 's/eof = [0-9]*, .*/.../'
  kymo info: cut.h5: no usable HDF5 file: truncated file: ...
  $ kymo info night.h5:/signals/Nothing 2>&1 | head -1
  kymo info: night.h5:/signals/Nothing: no signal of this name

What is not as the layout says, and a copy without it.

  $ kymo check night.h5 demo.h5 gap.h5
  record,file,offset,field,value,severity,finding
  $ kymo check cut.h5 | cut -d, -f3-
  offset,field,value,severity,finding
  28,end of file address,*,error,"the file ends at byte 9000, * bytes too early" (glob)
  $ cp demo.h5 bad.h5; echo more >> bad.h5; printf '\252\125' | dd of=bad.h5 bs=1 seek=30000 conv=notrunc 2> err
  $ kymo check bad.h5
  record,file,offset,field,value,severity,finding
  bad.h5,bad.h5,*,end of file address,*,warning,5 bytes behind the end of the HDF5 data (glob)
  bad.h5,bad.h5,28*,/signals/V5: samples,,error,"1 chunk of samples damaged, 16384 samples, the first from sample 0 on: inflate() failed" (glob)
  [1]
  $ kymo check --fix good.h5 bad.h5 | cut -d, -f4,6-
  field,severity,finding
  ,fixed,/signals/V5: samples 0 to 16383 are now missing
  end of file address,fixed,no longer so: 5 bytes behind the end of the HDF5 data
  /signals/V5: samples,fixed,"no longer so: 1 chunk of samples damaged, 16384 samples, the first from sample 0 on: inflate() failed"
  $ kymo check good.h5
  record,file,offset,field,value,severity,finding
  $ kymo info good.h5 -O csv | cut -d, -f2- | cmp - <(kymo info demo.h5 -O csv | cut -d, -f2-)
  $ kymo convert -s II good.h5 - -O kymo | kymo qrs | cmp - <(kymo qrs -s II demo.h5)
  $ kymo check - < night.h5 | cut -d, -f7
  finding
  HDF5 cannot be read from a pipe: name the file
  $ kymo check --fix good.h5 cut.h5 2>&1 > table | cut -d: -f1-3
  kymo check: cut.h5: no usable HDF5 file
  $ kymo check --fix /nosuch/x.h5 bad.h5 2>&1 > table
  kymo check: /nosuch/x.h5: cannot be written: No such file or directory
  [1]
  $ rm err table
  $ ls
  bad.h5
  cut.h5
  demo.h5
  gap.h5
  good.h5
  night.h5
