Heart-rate variability of series that other programs measured too, through the whole command.

  $ [ -n "$KYMO_REFERENCE" ] && [ -d "$KYMO_REFERENCE/hrv" ] || exit 80
  $ R=$KYMO_REFERENCE/hrv

A made series with LF power 800 and HF power 312.5 ms^2 (README.md there): the same recipe as plainref, and its figures.

  $ kymo hrv --measures lf_ms2,hf_ms2,lf_hf "$R/rr/syn_5min_pure.txt" | sed 1d | cut -d, -f6-8
  799.636043,309.51631,2.583502
  $ grep '^syn_5min_pure.*plainref.*nperseg=1198' "$R/ALL_hrv.csv" | awk -F, '$(NF - 1) ~ /^(LF|HF|LFHF)$/ { printf "%s %.6f\n", $(NF - 1), $NF }' | sort
  HF 309.516310
  LF 799.636043
  LFHF 2.583502

Time domain, entropy, scaling: within 1e-6 of plainref, in every series that has values; how many were compared.

  $ for s in "$R"/rr/*.txt; do
  >   name=$(basename "$s" .txt)
  >   kymo hrv --unit ms --longest 0 --nn none --force --measures mean_nn_ms,sdnn_ms,rmssd_ms,pnn50_pct,hti,tinn_ms,sdann_ms,sdnn_index_ms,sampen,dfa_alpha1,dfa_alpha2 "$s" > row.csv
  >   for pair in mean_nn_ms=MeanNN sdnn_ms=SDNN rmssd_ms=RMSSD pnn50_pct=pNN50 hti=HTI tinn_ms=TINN sdann_ms=SDANN sdnn_index_ms=SDNNIDX sampen=SampEn dfa_alpha1=DFA_alpha1 dfa_alpha2=DFA_alpha2; do
  >     ours=$(awk -F, -v c="${pair%=*}" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == c) k = i } NR == 2 { print $k }' row.csv)
  >     theirs=$(awk -F, -v s="$name" -v m="${pair#*=}" '$1 == s && $3 == "plainref" && $(NF - 1) == m && !/ddof=0/ && !/8\.0/ { print $NF; exit }' "$R/ALL_hrv.csv")
  >     [ -n "$ours" ] && [ -n "$theirs" ] && [ "$theirs" != nan ] && echo "$name $pair $ours $theirs"
  >   done
  > done > compared || true
  $ awk '{ d = $3 - $4; if (d < 0) d = -d; if (d > 1e-6 * ($4 < 0 ? -$4 : $4) + 1e-6) print }' compared
  $ [ $(wc -l < compared) -ge 100 ] && echo enough
  enough
