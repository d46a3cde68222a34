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
  kymo convert: hdf5 is not for a pipe: name a file with -o
  $ head -c 9000 night.h5 > cut.h5
  $ kymo info cut.h5 2>&1 | sed 's/eof = [0-9]*, .*/.../'
  kymo info: cut.h5: no usable HDF5 file: truncated file: ...
  $ kymo info night.h5:/signals/Nothing 2>&1 | head -1
  kymo info: night.h5:/signals/Nothing: no signal of this name
  $ ls
  cut.h5
  demo.h5
  gap.h5
  night.h5
