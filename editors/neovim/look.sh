#!/usr/bin/env bash
# Look at convlint in Neovim itself: `convlint.lua`, as it is documented, in an editor without any other configuration.
#
#     editors/neovim/look.sh
#
# Needs `nvim` (NVIM names another one), and `convlint` on PATH.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cp "$here/net.py" "$room"
cd "$room"
"${NVIM:-nvim}" --clean --headless -c "luafile $here/convlint.lua" -c "luafile $here/look.lua"
