#!/bin/sh
# Makes .venv from requirements.lock (every package pinned by its hash) and installs the project into
# it, editable. Does nothing when .venv was made from this very lock file.
set -eu

PYTHON=${PYTHON:-python3}
for candidate in "$PYTHON" python3.11 python3.12 python3.13; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        found=$candidate
        break
    fi
done
if [ -z "${found:-}" ]; then
    echo "Caretally needs Python 3.11 or newer: install it, or name it with make PYTHON=..." >&2
    exit 1
fi

wanted=$(cat requirements.lock installer.lock pyproject.toml | "$found" -c \
    'import hashlib, os, sys; print(hashlib.sha256(sys.stdin.buffer.read() + os.getcwd().encode()).hexdigest())')
stamp=.venv/installed-from
if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi

if ! "$found" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "Python's venv module is missing: install the package python3-venv." >&2
    exit 1
fi
echo "Installing the packages into .venv."
[ -x .venv/bin/python ] || "$found" -m venv .venv
pip() { .venv/bin/python -m pip --disable-pip-version-check --quiet --no-cache-dir "$@"; }

# uv does in some ten seconds what takes pip more than a minute. Pip is the way where uv finds none:
# it may know of mirrors that uv does not, and of machines that uv is not made for.
uv() { .venv/bin/python -m uv pip "$@" --quiet --no-cache --python .venv/bin/python --compile-bytecode; }
install() {
    uv install "$@" || { echo "uv could not: pip does it, which takes longer." >&2 && pip install "$@"; }
}

pip install --require-hashes -r installer.lock || true
install --require-hashes -r requirements.lock
install --no-deps --no-build-isolation --editable .
echo "$wanted" >"$stamp"
