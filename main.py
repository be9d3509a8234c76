"""Starts the program. Each command imports what it needs and nothing else, so the service runs without a desktop."""

import argparse
import sys


def main(arguments: list[str] | None = None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a console that cannot show Chinese must not stop the program
            stream.reconfigure(errors="replace")
    wishes = _parser().parse_args(arguments)
    if wishes.command == "serve":
        from services.start import ServeOptions, serve

        return serve(ServeOptions(wishes.host, wishes.port, wishes.database, wishes.data, wishes.child))
    from services.enrolling import enrol
    from services.start import explaining

    return explaining(lambda: enrol(wishes.data, wishes.database, is_manager=wishes.manager))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="zhanggui", description="Zhanggui, the back office of a shop")
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="run the shop's service")
    serve.add_argument("--host", help="address to answer at (default 127.0.0.1: this computer only)")
    serve.add_argument("--port", type=_port, help="port to answer at (default 7415; 0 takes a free one)")
    serve.add_argument("--child", action="store_true", help="started by a desktop: configured by the first input line")
    enrol = commands.add_parser("enrol", help="make a code with which a computer joins the shop")
    enrol.add_argument("--manager", action="store_true", help="the computer may also receive costs and margins")
    for command in (serve, enrol):
        command.add_argument("--database", metavar="URL", help="the shop's database (default: SQLite in the folder)")
        command.add_argument("--data", metavar="DIR", help="folder of the shop's files")
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65_535:
        raise argparse.ArgumentTypeError(f"{text} is no port")
    return port


if __name__ == "__main__":
    sys.exit(main())
