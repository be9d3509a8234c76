@echo off
rem run.cmd [desktop, test, tour, serve, ...]: makes this machine ready, then starts the program or its tests.
setlocal
set "ZHANGGUI_CWD=%CD%"
cd /d "%~dp0"
set PYTHONUTF8=1
set "check=import sys; sys.exit(sys.version_info < (3, 11))"

py -3 -c "%check%" >nul 2>nul
if not errorlevel 1 goto launcher
python -c "%check%" >nul 2>nul
if not errorlevel 1 goto python
echo Python 3.11 or newer is needed. Install it from the Microsoft Store or python.org, then start run.cmd again.
exit /b 1

:launcher
py -3 -m app.bootstrap %*
exit /b %errorlevel%

:python
python -m app.bootstrap %*
exit /b %errorlevel%
