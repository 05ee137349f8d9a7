# Asterisk 22: the one installed, else a tree of Debian packages of our own, which touches nothing of the system.

tree_suite=forky
tree_packages=asterisk,asterisk-core-sounds-en-wav,asterisk-moh-opsound-wav

asterisk_missing() {
    [ -z "${EVERLINE_ASTERISK:-}" ] && [ ! -x "$cache/asterisk-22/usr/sbin/asterisk" ] &&
        [ ! -x "$shared/asterisk-22/usr/sbin/asterisk" ] && ! recent_enough asterisk
}

tree_missing() {
    asterisk_missing || return 1
    ask_for_root 'Unpacking Asterisk'
}

# recent_enough PROGRAM: whether it is Asterisk 22.5 or newer.
recent_enough() {
    "$1" -V 2>/dev/null | sed -n 's/^Asterisk [^0-9]*\([0-9]*\)\.\([0-9]*\).*/\1 \2/p' |
        awk '{ found = ($1 > 22 || ($1 == 22 && $2 >= 5)) } END { exit !found }'
}

asterisk_unpack() {
    new=$cache/asterisk-22.new
    as_root rm -rf "$new"
    # Root's was elsewhere in earlier versions: links to its files cost no room and no download.
    if [ "$cache" = "$shared" ] && [ -x "$own/asterisk-22/usr/sbin/asterisk" ]; then
        cp -al "$own/asterisk-22" "$new" || { rm -rf "$new" && cp -a "$own/asterisk-22" "$new"; }
        mv "$new" "$cache/asterisk-22"
        return
    fi
    # A snapshot of the archive has a date that has passed. Signatures are checked all the same.
    if ! unpack_tree; then
        as_root rm -rf "$new"
        grep -q 'is expired\|is not valid anymore' "$log"
        unpack_tree --aptopt='Acquire::Check-Valid-Until "false"'
    fi
    # Renamed when whole: a start that is cut short leaves nothing that looks like an Asterisk.
    as_root mv "$new" "$cache/asterisk-22"
}

unpack_tree() {
    as_root mmdebstrap --mode=root --variant=apt --include="$tree_packages" \
        --aptopt='APT::Install-Recommends "false"' "$@" "$tree_suite" "$new"
}
