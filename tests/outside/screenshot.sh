#!/usr/bin/env bash
# Makes output/cover.png, the README's picture, from a pack's cover page.
#
#     tests/outside/screenshot.sh [PACK]      default: output/demo
#
# Needs a Chromium or Chrome; without one it says so and leaves the picture alone.
set -euo pipefail
cd "$(dirname "$0")/../.."
pack=$(cd "${1:-output/demo}" && pwd)

for browser in chromium chromium-browser google-chrome chrome; do
    command -v "$browser" >/dev/null && break
    browser=
done
if [ -z "$browser" ]; then
    echo "no Chromium here; output/cover.png stays as it is" >&2
    exit 3
fi

profile=$(mktemp -d)
trap 'rm -rf "$profile"' EXIT
mkdir -p output
"$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --force-color-profile=srgb \
    --user-data-dir="$profile" --window-size=1200,1400 --screenshot="$PWD/output/cover.png" \
    "file://$pack/index.html" 2>/dev/null
echo output/cover.png
