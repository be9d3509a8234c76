#!/bin/sh
# ./run.sh [desktop|test|tour|serve|...]: makes this machine ready, then starts the program or its tests.
set -eu
ZHANGGUI_CWD=$(pwd)  # files are named from where the user stands
export ZHANGGUI_CWD
cd "$(dirname "$0")"

# shared library : Debian package that brings it. The library is looked for, since package names differ between releases.
screen="libGL.so.1:libgl1 libEGL.so.1:libegl1 libdbus-1.so.3:libdbus-1-3 libfontconfig.so.1:libfontconfig1
  libgthread-2.0.so.0:libglib2.0-0 libxkbcommon.so.0:libxkbcommon0 libxkbcommon-x11.so.0:libxkbcommon-x11-0
  libxcb-cursor.so.0:libxcb-cursor0 libxcb-icccm.so.4:libxcb-icccm4 libxcb-keysyms.so.1:libxcb-keysyms1
  libxcb-shape.so.0:libxcb-shape0 libcups.so.2:libcups2"
[ "${1:-desktop}" = serve ] && screen=""

python=""
for name in python3 python3.14 python3.13 python3.12 python3.11; do
  if command -v "$name" >/dev/null 2>&1 && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$name
    break
  fi
done

if command -v apt-get >/dev/null 2>&1; then
  missing=""
  libraries=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p)
  for pair in $screen; do
    case "$libraries" in
      *"${pair%%:*} "*) ;;
      *) missing="$missing ${pair##*:}" ;;
    esac
  done
  if [ -z "$python" ] && ! command -v python3 >/dev/null 2>&1; then
    missing="$missing python3 python3-venv"
  elif [ -n "$python" ] && [ ! -e .venv/stamp.json ] && ! "$python" -c 'import ensurepip' >/dev/null 2>&1; then
    missing="$missing $("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
  fi
  if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ]; then
      root=""
    elif command -v sudo >/dev/null 2>&1 && { [ -t 0 ] || sudo -n true 2>/dev/null; }; then
      root=sudo
    else
      echo "缺少系统组件。请以管理员身份运行这一条命令，然后再试：" >&2
      echo "Some system packages are missing. Run this one command as root, then start again:" >&2
      echo "  apt-get update && apt-get install -y --no-install-recommends$missing" >&2
      exit 1
    fi
    echo "正在安装系统组件。 Installing system packages:$missing"
    $root apt-get update -q || echo "软件源未能全部更新，继续尝试。 Not every package list could be refreshed; going on."
    # The names are meant to be split.
    # shellcheck disable=SC2086
    $root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing || {
      echo "系统组件未能安装。请运行： The system packages could not be installed. Run:" >&2
      echo "  apt-get update && apt-get install -y --no-install-recommends$missing" >&2
      exit 1
    }
    [ -n "$python" ] || python=python3
  fi
fi

if [ -z "$python" ]; then
  echo "需要 Python 3.11 或更新版本。 Python 3.11 or newer is needed." >&2
  command -v python3 >/dev/null 2>&1 && echo "当前 found: $(python3 --version 2>&1)" >&2
  exit 1
fi
exec "$python" -m app.bootstrap "$@"
