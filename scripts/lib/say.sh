# Words for the user: a line a step, and one sentence when something fails.

total=7
number=0

# stop SENTENCE: the end, for a reason that the user can do something about.
stop() {
    printf '\neverline: %s\n' "$1" >&2
    exit 1
}

# open_log FOLDER: where the output of the steps goes, which nobody wants to read while it works.
open_log() {
    log=$1/bootstrap.log
    mkdir -p "$1" 2>/dev/null || stop "The folder $1 cannot be made; set EVERLINE_CACHE to one that you may write."
    # Whatever root's umask is.
    [ "$1" != "${shared:-}" ] || chmod 755 "$1"
    : >"$log" 2>/dev/null || stop "The file $log cannot be written; set EVERLINE_CACHE to a folder that you may write."
}

# step LABEL MISSING INSTALL: run the function INSTALL when the function MISSING says so.
step() {
    number=$((number + 1))
    label=$1
    show '…'
    if ! "$2"; then
        show 'ready'
        printf '\n'
        return
    fi
    began=$(date +%s)
    printf '\n== %s\n' "$label" >>"$log"
    start_ticking
    # Not `… || code=$?`: within a condition the shell would go on after errors.
    set +e
    (
        set -e
        "$3"
    ) >>"$log" 2>&1 </dev/null
    code=$?
    set -e
    stop_ticking
    [ "$code" -eq 0 ] || stop "$(reason "$label")"
    show "installed in $(($(date +%s) - began)) s"
    printf '\n'
}

# show TEXT: the line of the step as it stands; rewritten in place on a terminal, added to elsewhere.
show() {
    if [ -t 1 ]; then
        printf '\r\033[K[%d/%d] %-22s %s' "$number" "$total" "$label" "$1"
    elif [ "$1" = '…' ]; then
        printf '[%d/%d] %-22s ' "$number" "$total" "$label"
    else
        printf '%s' "$1"
    fi
}

ticker=
trap stop_ticking EXIT
trap 'exit 130' INT TERM

# start_ticking: show the seconds that pass, on a terminal.
start_ticking() {
    [ -t 1 ] || return 0
    while sleep 1 && kill -0 $$; do
        show "… $(($(date +%s) - began)) s"
    done &
    ticker=$!
}

stop_ticking() {
    [ -n "$ticker" ] || return 0
    kill "$ticker" 2>/dev/null || :
    wait "$ticker" 2>/dev/null || :
    ticker=
}

# reason LABEL: what the end of the log says, in one sentence.
reason() {
    words=$(awk -v mark="== $1" '$0 == mark { text = "" } { text = text "\n" $0 } END { print text }' "$log" | tail -n 60)
    last=$(printf '%s\n' "$words" | grep -i error | head -n 1)
    [ -n "$last" ] || last=$(printf '%s\n' "$words" | tail -n 1)
    case $words in
    *'No space left on device'* | *ENOSPC* | *'Disk quota exceeded'*)
        echo "$1: the disk is full. Make room and run the same command again." ;;
    *'Temporary failure resolving'* | *'Temporary failure in name resolution'* | *"Could not resolve '"* | *'Could not resolve host'* | \
        *'Name or service not known'* | *'Network is unreachable'* | *'Failed to establish a new connection'* | \
        *ENOTFOUND* | *EAI_AGAIN* | *ENETUNREACH* | *ECONNREFUSED* | *'Could not connect'* | *'Connection refused'*)
        echo "$1: there is no network, or the package server cannot be reached. Connect, and run the same command again." ;;
    *'may only be run by root'* | *'are you root?'* | *'Permission denied'* | *EACCES* | *'a password is required'*)
        echo "$1: this account lacks a right (the log, $log, says which). Run the same command as root, or with sudo." ;;
    *)
        echo "$1: it failed ($(printf '%s' "$last" | cut -c 1-160)). The log is $log." ;;
    esac
}
