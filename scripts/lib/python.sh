# The Python environment in .venv. Every package is pinned by its hash.

digest() {
    cat "$@" | sha256sum | cut -d ' ' -f 1
}

# stamped NAME DIGEST: whether that step was done with just this input.
stamped() {
    [ "$(cat "$stamps/$1" 2>/dev/null)" = "$2" ]
}

stamp() {
    mkdir -p "$stamps"
    printf '%s\n' "$2" >"$stamps/$1"
}

venv_missing() {
    # An environment that was moved or copied still points to its old place.
    [ "$("$venv/bin/python" -c 'import sys; print(sys.prefix)' 2>/dev/null)" != "$venv" ] ||
        ! "$venv/bin/python" -m pip --version >/dev/null 2>&1
}

venv_make() {
    rm -rf "$venv"
    "$python" -m venv "$venv"
}

packages_missing() {
    stamped packages-dev "$(digest requirements-dev.lock)" && return 1
    [ "$mode" = run ] && stamped packages-run "$(digest requirements.lock)" && return 1
    return 0
}

packages_install() {
    "$venv/bin/python" -m pip install --disable-pip-version-check --no-input --require-hashes -r "$lock"
    stamp "packages-$mode" "$(digest "$lock")"
}

project_missing() {
    ! stamped project "$(project_digest)"
}

project_digest() {
    { cat pyproject.toml && echo "$root"; } | digest
}

project_install() {
    "$venv/bin/python" -m pip install --disable-pip-version-check --no-input --no-deps --no-build-isolation -e .
    stamp project "$(project_digest)"
}
