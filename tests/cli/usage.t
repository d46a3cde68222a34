Wrong use ends with one line that says what was wrong, the usage line, and status 2.

  $ kymo
  usage: kymo COMMAND [OPTION]... [RECORD]
  
  Small commands for recorded physiological signals that join with pipes.
  
    alarm        say when rules about a recording begin and cease to hold, live or replayed
    batch        run a command for each of many recordings, and make one table of theirs
    beats        give every heart beat its class
    calc         signals that are computed of others
    cat          several recordings in a row as one
    check        what in recordings is not as their format says
    cohort       how measures lie in many recordings, and which of those need a person first
    completion   print the script for shell completion
    convert      a recording, or a part of it, into another format
    deid         a recording without its subject's identity; what identity one carries
    desat        find desaturations in the SpO2 of a recording
    events       list, choose, merge and convert events
    export       what a recording shows, for a hospital's systems: HL7 FHIR
    fetch        a database of recordings into a folder, its sums verified
    filter       filter signals: bands, notches, baselines, noise
    hrv          heart-rate variability of a series of beats
    info         what recordings hold, a row for each signal
    noise        add noise of a stated signal-to-noise ratio
    plot         draw a recording: ECG strips, signals, intervals, trends
    qrs          find heart beats in an ECG
    quality      say which recordings, leads and minutes can be trusted
    read         any recording, or a part of it, as a kymo stream
    report       what a recording shows, to read: HTML, PDF or JSON
    resample     signals at another rate, by a linear-phase filter
    rhythm       find the episodes of a recording: fibrillation, tachycardia, pauses ...
    score        judge beats, runs, episodes and measurements by reference annotations
    spo2         measures of a night of oxygen saturation
    synth        make an ECG or a night of oximetry whose events are known
    verify       make rows of a table again, and say whether they are the same
  
  kymo COMMAND --help tells a command's options, man kymo-COMMAND the rest.
  For research and quality review; not for clinical decisions.
  [2]
  $ kymo nonsense
  kymo: no command "nonsense"; kymo help lists them
  [2]
  $ kymo help nonsense
  kymo: no command "nonsense"; kymo help lists them
  [2]
  $ kymo qrs -Z x
  kymo qrs: no option -Z
  usage: kymo qrs [OPTION]... [RECORD]
  [2]
  $ kymo qrs --nonsense x
  kymo qrs: no option --nonsense
  usage: kymo qrs [OPTION]... [RECORD]
  [2]
  $ kymo qrs --signal
  kymo qrs: --signal needs a value
  usage: kymo qrs [OPTION]... [RECORD]
  [2]
  $ kymo qrs --quiet=yes x
  kymo qrs: --quiet takes no value
  usage: kymo qrs [OPTION]... [RECORD]
  [2]
  $ kymo qrs -O xml x
  kymo qrs: --output-format "xml" is none of csv|tsv|jsonl|json|text|kymo
  usage: kymo qrs [OPTION]... [RECORD]
  [2]
  $ kymo read -f noon x
  kymo read: --from "noon" is not a time (seconds, M:S or H:M:S)
  usage: kymo read [OPTION]... [RECORD]
  [2]
  $ kymo read -f 1:61 x
  kymo read: --from "1:61" is not a time (seconds, M:S or H:M:S)
  usage: kymo read [OPTION]... [RECORD]
  [2]
  $ kymo read -f 10 -t 5 x
  kymo read: --to is not after --from
  usage: kymo read [OPTION]... [RECORD]
  [2]
  $ kymo hrv a b
  kymo hrv: one operand too many: b
  usage: kymo hrv [OPTION]... [BEATS]
  [2]
  $ kymo completion
  kymo completion: 0 of at least 1 operands
  usage: kymo completion [OPTION]... bash
  [2]
  $ kymo synth spo3
  kymo synth: no model "spo3", only ecg and spo2
  usage: kymo synth [OPTION]... [ecg|spo2]
  [2]
  $ kymo synth --rate 5
  kymo synth: sampling rate (Hz) 5, not 60..10000
  usage: kymo synth [OPTION]... [ecg|spo2]
  [2]

Help and version go to standard output.

  $ kymo --version
  kymo 0.1.0
  $ kymo help qrs 2> /dev/null | head -2
  usage: kymo qrs [OPTION]... [RECORD]
  find heart beats in an ECG
  $ kymo qrs --help | cmp - <(kymo help qrs)
  $ kymo completion bash | bash -n

No command has a name of an option twice, of its own and of all.

  $ kymo help | sed -n 's/^  \([a-z]*\) .*/\1/p' > commands; wc -l < commands | awk '{ print ($1 > 25) }'
  1
  $ for c in $(cat commands); do kymo $c --help | grep -o '^  [-, a-zA-Z]*--[a-z-]*' | tr -d ' ' | tr , '\n' | sort | uniq -d; done

A terminal as standard input is nobody's recording; a terminal is no place for one either.

  $ script -qec "kymo qrs" /dev/null < /dev/null | tr -d '\r'
  kymo qrs: no recording: name one, or send one through a pipe
  usage: kymo qrs [OPTION]... [RECORD]
  $ script -qec "kymo synth -d 1" /dev/null < /dev/null | tr -d '\r'
  kymo synth: a recording is not for a terminal: use a pipe or -o FILE
  usage: kymo synth [OPTION]... [ecg|spo2]
