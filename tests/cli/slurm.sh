# slurm.sh: a Slurm of one node on this machine, for tests; sourced by bash. Needs root and the Debian packages slurmctld slurmd
# slurm-client munge; of GNU parallel it tells whether it is there.
#   slurm_start FOLDER   starts it, all its files in FOLDER, and waits until the node is idle; SLURM_CONF leads to it
#   slurm_stop           ends it
#   poll COMMAND         until it succeeds; not for ever
poll() {
    local i
    for i in {1..600}; do
        "$@" && return
        sleep 0.05
    done
    echo "poll: $* does not come true"
    return 1
}

slurm_is_there() {
    [ "$(id -u)" -eq 0 ] && command -v munged slurmctld slurmd sbatch > /dev/null
}

parallel_is_there() { parallel --version 2> /dev/null | grep -q '^GNU parallel'; }

# A port that nobody listens at, from a range that no outgoing connection takes.
slurm_port() {
    local port
    while port=$((20000 + RANDOM % 10000)); do
        (: < "/dev/tcp/127.0.0.1/$port") 2> /dev/null || break
    done
    echo "$port"
}

slurm_start() {
    local dir=$1
    mkdir -p "$dir/state" "$dir/spool"
    chmod 755 "$dir"
    head -c 1024 /dev/urandom > "$dir/munge.key"
    chmod 600 "$dir/munge.key"
    cat > "$dir/slurm.conf" << CONF
ClusterName=kymo
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=$(slurm_port)
SlurmdPort=$(slurm_port)
AuthType=auth/munge
AuthInfo=socket=$dir/munge.socket
CredType=cred/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/slurmctld.log
SlurmdLogFile=$dir/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
SchedulerType=sched/builtin
SchedulerParameters=sched_interval=1,batch_sched_delay=0,sched_min_interval=0
ReturnToService=2
KillWait=1
NodeName=kymo NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=kymo Default=YES State=UP
CONF
    export SLURM_CONF=$dir/slurm.conf
    munged --foreground --force --num-threads=2 --socket="$dir/munge.socket" --key-file="$dir/munge.key" \
        --pid-file="$dir/munged.pid" --seed-file="$dir/munge.seed" --log-file="$dir/munged.log" > "$dir/munged.out" 2>&1 &
    slurm_pids=$!
    poll test -S "$dir/munge.socket" || return
    slurmctld -D -i > "$dir/slurmctld.out" 2>&1 &
    slurm_pids="$slurm_pids $!"
    slurmd -D -N kymo > "$dir/slurmd.out" 2>&1 &
    slurm_pids="$slurm_pids $!"
    poll slurm_is_idle
}

slurm_is_idle() { [ "$(sinfo -h -o %t 2> /dev/null)" = idle ]; }

# Daemons in the order in which they lean on each other, the last first.
slurm_stop() {
    local pid reversed=
    for pid in $slurm_pids; do reversed="$pid $reversed"; done
    for pid in $reversed; do
        kill "$pid" 2> /dev/null
        wait "$pid" 2> /dev/null
    done
    unset SLURM_CONF slurm_pids
}
