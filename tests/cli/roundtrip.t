From every format to every other and back: the same integers, values, gaps and events, or a refusal.

  $ T="$ROOT/testdata"
  $ kymo read "$T/demo" -a atr -o demo.kymo
  $ cp "$T/demo16.hea" "$T/demo16.dat" "$T/night.edf" "$T/gap.edf" "$T/plain.edf" "$T/demo.bdf" .
  $ kymo synth -d 20 --pvc 0.1 --seed 3 -o synth.kymo
  $ kymo convert -q demo.kymo demo.h5
  $ values() { kymo convert -q --lossy "$1" - -O csv; kymo convert -q --lossy --raw "$1" - -O csv; }
  $ there_and_back() { from=$1 kind=$2
  >     ending=.$kind; test $kind = hea && ending=.hea
  >     back=.${from##*.}; case $from in *.*) ;; *) back=.hea ;; esac
  >     if ! kymo convert -q "$from" "there$ending" 2> err; then echo "$from $kind refused: $(sed 's/.*: \(.* .*\)/\1/' err | cut -c1-60)"; return; fi
  >     kymo convert -q "there$ending" "back$back" 2> err || { echo "$from $kind back refused: $(cut -c1-100 err)"; return; }
  >     for f in "there$ending" "back$back"; do
  >         cmp -s <(values "$from") <(values "$f") || echo "$from $kind: other values in $f"
  >     done
  >     rm -f there* back*; echo "$from $kind same"; }
  $ for from in demo.kymo synth.kymo demo.h5 demo16 night.edf gap.edf plain.edf demo.bdf; do
  >     for kind in kymo h5 edf bdf hea; do there_and_back $from $kind; done
  > done
  demo.kymo kymo same
  demo.kymo h5 same
  demo.kymo edf same
  demo.kymo bdf same
  demo.kymo hea same
  synth.kymo kymo same
  synth.kymo h5 same
  synth.kymo edf same
  synth.kymo bdf same
  synth.kymo hea same
  demo.h5 kymo same
  demo.h5 h5 same
  demo.h5 edf same
  demo.h5 bdf same
  demo.h5 hea same
  demo16 kymo same
  demo16 h5 same
  demo16 edf refused: sample 3000 of signal SpO2 is missing, which EDF cannot tell
  demo16 bdf refused: sample 3000 of signal SpO2 is missing, which BDF cannot tell
  demo16 hea same
  night.edf kymo same
  night.edf h5 same
  night.edf edf same
  night.edf bdf same
  night.edf hea same
  gap.edf kymo same
  gap.edf h5 same
  gap.edf edf same
  gap.edf bdf same
  gap.edf hea same
  plain.edf kymo same
  plain.edf h5 same
  plain.edf edf same
  plain.edf bdf same
  plain.edf hea same
  demo.bdf kymo same
  demo.bdf h5 same
  demo.bdf edf refused: sample 0 of signal ECG is 380293, EDF holds -32768..32767 (B
  demo.bdf bdf same
  demo.bdf hea same
