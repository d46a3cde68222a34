# web.sh, to be sourced by a test: a web server on loopback for the folder web (see tests/server.py), and what makes kymo use it.
#
#   serve [CERTIFICATE]   starts it; $U is its URL
#   try COMMAND...        runs, with URL in the place of $U in what it prints
#   asked                 what the server was asked for since the last time
export KYMO_CACHE=$PWD/cache KYMO_PAUSE=0 HOME=$PWD no_proxy=127.0.0.1
unset KYMO_PHYSIONET KYMO_TRIES KYMO_TIMEOUT CURL_CA_BUNDLE http_proxy https_proxy all_proxy
mkdir -p web

serve() {
    [ -z "$server" ] || kill "$server" 2> /dev/null
    rm -f port
    mkfifo port
    /usr/bin/python3 "$ROOT/tests/server.py" web port "$@" > server.out 2>&1 < /dev/null &
    server=$!
    disown
    trap 'kill $server 2> /dev/null' EXIT
    read -r port < port
    U=http${1:+s}://127.0.0.1:$port
    : > web/log
}

try() {
    "$@" > try.out 2>&1
    status=$?
    sed "s|$U|URL|g; s|127.0.0.1:$port|HOST|g" try.out
    return "$status"
}

asked() {
    sed "s|$U|URL|g" web/log
    : > web/log
}
