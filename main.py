"""Starts the program. Each command imports what it needs and nothing else, so the service runs without a desktop."""

import argparse
import gc
import sys
from pathlib import Path

MAIN = Path(__file__).resolve()


def main(arguments: list[str] | None = None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a console that cannot show Chinese must not stop the program
            stream.reconfigure(errors="replace")
    wishes = understood(arguments)
    if wishes.command == "serve":
        from services.light import load_lightly

        gc.disable()  # loading makes what stays for good: nothing of it is worth looking through
        load_lightly()
        from services.start import ServeOptions, serve

        return serve(ServeOptions(wishes.host, wishes.port, wishes.database, wishes.data, wishes.child))
    if wishes.command == "enrol":
        from services.enrolling import enrol
        from services.start import explaining

        return explaining(lambda: enrol(wishes.data, wishes.database, is_manager=wishes.manager))
    if wishes.command == "demo-data":
        from services.demo_data import DemoOptions, fill
        from services.start import explaining

        options = DemoOptions(wishes.orders, wishes.seed, wishes.until, wishes.data, wishes.database)
        return explaining(lambda: fill(options))
    if wishes.command in ("backup", "restore", "move", "doctor"):
        return _keep(wishes)
    if wishes.command == "tour":
        from ui.tour.play import play

        return play(MAIN, Path(wishes.out))
    gc.disable()  # nothing of what is imported is garbage, and looking for it costs a tenth of the start
    from ui.start import Wishes, desktop

    return desktop(MAIN, Wishes(wishes.data, wishes.service, wishes.code, wishes.real))


def _keep(wishes: argparse.Namespace) -> int:
    """The commands that keep the shop's data."""
    from services.start import explaining
    from services.upkeep import commands

    if wishes.command == "backup":
        return explaining(lambda: commands.backup(wishes.file, wishes.data, wishes.database))
    if wishes.command == "restore":
        return explaining(lambda: commands.restore(wishes.file, wishes.data, wishes.database))
    if wishes.command == "move":
        return explaining(lambda: commands.move(wishes.source, wishes.target, wishes.data))
    return explaining(lambda: commands.doctor(wishes.data, wishes.database, is_deep=wishes.deep))


def understood(arguments: list[str] | None = None) -> argparse.Namespace:
    """What the command line asks for; ends the program, saying why, when it makes no sense."""
    return _parser().parse_args(arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="zhanggui", description="Zhanggui, the back office of a shop")
    parser.add_argument("--data", metavar="DIR", help="folder of this computer's files")
    parser.add_argument("--service", metavar="URL", default="", help="use the shop's service at this address")
    parser.add_argument("--code", default="", help="the code with which this computer joins that shop, once")
    parser.add_argument("--real", action="store_true", help="a new shop starts empty instead of as a demo")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    serve = commands.add_parser("serve", help="run the shop's service")
    serve.add_argument("--host", help="address to answer at (default 127.0.0.1: this computer only)")
    serve.add_argument("--port", type=_port, help="port to answer at (default 7415; 0 takes a free one)")
    serve.add_argument("--child", action="store_true", help="started by a desktop: configured by the first input line")
    enrol = commands.add_parser("enrol", help="make a code with which a computer joins the shop")
    enrol.add_argument("--manager", action="store_true", help="the computer may also receive costs and margins")
    demo = commands.add_parser("demo-data", help="fill an empty database with a demo shop that has a past")
    demo.add_argument("--orders", type=int, default=5_000, metavar="N", help="how much it has sold (default 5000)")
    demo.add_argument("--seed", type=int, default=1, metavar="S", help="another number makes another shop (default 1)")
    demo.add_argument("--until", metavar="TIME", help="when its past ends, in RFC 3339 (default: now)")
    backup = commands.add_parser("backup", help="keep the whole shop in one sealed file, while it goes on")
    backup.add_argument("file", metavar="FILE", help="where the backup goes")
    restore = commands.add_parser("restore", help="bring a shop back from its backup")
    restore.add_argument("file", metavar="FILE", help="the backup")
    doctor = commands.add_parser("doctor", help="look for what could keep the shop from working")
    doctor.add_argument("--deep", action="store_true", help="read the whole database too")
    move = commands.add_parser("move", help="carry the shop to another database; stop its service first")
    move.add_argument("--from", dest="source", metavar="URL", required=True, help="the database it is in")
    move.add_argument("--to", dest="target", metavar="URL", required=True, help="an empty database")
    move.add_argument("--data", metavar="DIR", help="folder of the shop's files")
    for command in (serve, enrol, demo, backup, restore, doctor):
        command.add_argument("--database", metavar="URL", help="the shop's database (default: SQLite in the folder)")
        command.add_argument("--data", metavar="DIR", help="folder of the shop's files")
    tour = commands.add_parser("tour", help="play the shop's story without a screen and take its pictures")
    tour.add_argument("--out", metavar="DIR", default="out/tour", help="where the pictures go (default out/tour)")
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65_535:
        raise argparse.ArgumentTypeError(f"{text} is no port")
    return port


if __name__ == "__main__":
    sys.exit(main())
