# What the operating system must bring along: a Python, a root account, a few packages.

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo -n "$@"; fi
}

# ask_for_root WHAT: a password is asked for here, where the user can see the question.
ask_for_root() {
    [ "$(id -u)" -eq 0 ] && return
    command -v sudo >/dev/null || stop "$1 needs root: run the same command as root, or install sudo."
    sudo -n true 2>/dev/null && return
    [ -t 0 ] || stop "$1 needs root, and sudo wants a password: run \`sudo -v\` first, or run the same command as root."
    printf '\n%s needs root.\n' "$1"
    sudo -v || stop "$1 needs root, which sudo refused."
}

check_machine() {
    command -v apt-get >/dev/null || stop "This is not Debian or Ubuntu: apt-get is missing. Everline needs one of them."
    python=
    for name in python3 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            python=$(command -v "$name")
            break
        fi
    done
    [ -n "$python" ] || stop "Everline needs Python 3.11 or newer: install python3.11 (Debian 12 and Ubuntu 24.04 bring it)."
    # Whether it is good enough is told by `everline up`, not hidden by unpacking a second one.
    [ -z "${EVERLINE_ASTERISK:-}" ] || [ -e "$EVERLINE_ASTERISK" ] ||
        stop "EVERLINE_ASTERISK names $EVERLINE_ASTERISK, which does not exist."
    free=$(df -Pk "$cache" | awk 'NR == 2 { print int($4 / 1024) }')
    if [ ! -d "$venv" ] && [ "$free" -lt 3000 ]; then
        stop "Everline needs 3 GB of disk for its programs, and $cache has $free MB: make room, or set EVERLINE_CACHE."
    fi
}

debian_wanted() {
    # Debian's Python has venv, but what venv needs is in a package of its own.
    [ -x "$venv/bin/python" ] || "$python" -c 'import ensurepip' 2>/dev/null ||
        "$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'
    [ -e /usr/share/zoneinfo/UTC ] || echo tzdata
    if asterisk_missing; then
        echo mmdebstrap
        echo debian-archive-keyring
    fi
    if [ "$mode" = dev ]; then
        command -v sipp >/dev/null || echo sip-tester
        command -v chromium >/dev/null || echo chromium
    fi
}

debian_missing() {
    missing=
    for package in $(debian_wanted); do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 1
    ask_for_root "Installing$missing"
}

debian_install() {
    export DEBIAN_FRONTEND=noninteractive
    apt_get update
    # shellcheck disable=SC2086  # One word a package.
    apt_get install -y --no-install-recommends $missing
}

apt_get() {
    # A snapshot of the archive has a date that has passed. Signatures are checked all the same.
    if grep -q '^E:.*\(is expired\|is not valid anymore\)' "$log"; then
        set -- -o Acquire::Check-Valid-Until=false "$@"
    fi
    if as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 -o APT::Update::Error-Mode=any "$@"; then
        return
    fi
    case $* in
    *Check-Valid-Until*) return 1 ;;
    esac
    grep -q '^E:.*\(is expired\|is not valid anymore\)' "$log" || return 1
    apt_get "$@"
}
