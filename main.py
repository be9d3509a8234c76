"""Starts the program. Each command imports what it needs and nothing else, so the service runs without a desktop."""

import argparse
import gc
import sys
from pathlib import Path
from typing import TypeAlias

from app.kernel.command_line import PROGRAM, Parser
from app.kernel.i18n import set_language, tr
from app.kernel.system_language import system_language

MAIN = Path(__file__).resolve()
Commands: TypeAlias = "argparse._SubParsersAction[Parser]"
_LAST_PORT = 65_535
_MORE = """run.sh test     跑完所有检查 · run every check
run.sh bench    测这台电脑的速度 · measure how fast it is here"""


def main(arguments: list[str] | None = None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a console that cannot show Chinese must not stop the program
            stream.reconfigure(errors="replace")
    set_language(system_language())  # windows choose their own
    wishes = understood(arguments)
    if wishes.command is None:
        gc.disable()  # nothing of what is imported is garbage, and looking for it costs a tenth of the start
        from app.kernel import kept, kept_classes

        kept.begin_start()
        kept_classes.begin()
        from app.desk.planning import Wishes
        from ui.start import desktop

        wanted = Wishes(wishes.data, wishes.service, wishes.code, wishes.real, wishes.own_service)
        try:
            return desktop(MAIN, wanted)
        except OSError as error:  # a folder that cannot be one; as for the commands, what is no such fault is a bug
            return _told(error)
    if wishes.command == "serve":
        return _serve(wishes)
    from services.faults import explaining

    return explaining(lambda: _done(wishes))


def _told(error: OSError) -> int:
    from services.faults import as_known, explain

    known = as_known(error)
    if known is None:
        raise error
    return explain(known)


def _serve(wishes: argparse.Namespace) -> int:
    from services.light import load_uvicorn

    gc.disable()  # loading makes what stays for good: nothing of it is worth looking through
    load_uvicorn()
    from services.start import ServeOptions, serve

    return serve(ServeOptions(wishes.host, wishes.port, wishes.database, wishes.data, wishes.child))


def _done(wishes: argparse.Namespace) -> int:
    """The commands that come to an end by themselves; raises KnownError and OSError."""
    if wishes.command == "enrol":
        from services.enrolling import enrol

        return enrol(wishes.data, wishes.database, is_manager=wishes.manager)
    if wishes.command == "demo-data":
        from services.demo_data import DemoOptions, fill

        return fill(DemoOptions(wishes.orders, wishes.seed, wishes.until, wishes.data, wishes.database))
    if wishes.command == "tour":
        from ui.tour.play import play

        return play(MAIN, Path(wishes.out).expanduser().absolute())
    from services.upkeep import commands

    if wishes.command == "backup":
        return commands.backup(wishes.file, wishes.data, wishes.database, may_replace=wishes.replace)
    if wishes.command == "restore":
        return commands.restore(wishes.file, wishes.data, wishes.database)
    if wishes.command == "move":
        return commands.move(wishes.source, wishes.target, wishes.data)
    return _doctor(wishes)


def _doctor(wishes: argparse.Namespace) -> int:
    """The service's half, then that of the desktop beside it."""
    from app.desk.printer_check import tell_printers
    from services.settings import data_folder
    from services.upkeep import commands

    def queues() -> tuple[str, ...]:
        from ui.printing.queue import queue_names

        return queue_names()

    ended = commands.doctor(wishes.data, wishes.database, is_deep=wishes.deep)
    return ended if tell_printers(data_folder(wishes.data).parent, queues) else 1


def understood(arguments: list[str] | None = None) -> argparse.Namespace:
    """What the command line asks for; ends the program, saying why, when it makes no sense."""
    return _parser().parse_args(arguments)


def _parser() -> Parser:
    parser = Parser(
        prog=PROGRAM, description="掌柜，店铺的桌面后台 · Zhanggui, the back office of a shop", epilog=_MORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--data", metavar="DIR", help="这台电脑的数据文件夹 · folder of this computer's files")
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--service",
        metavar="URL",
        default="",
        help="使用这个地址的店铺服务，以后都用它 · use the shop's service there, from now on",
    )
    where.add_argument(
        "--own-service", action="store_true", help="改回用本机自带的店铺服务 · use this computer's own service again"
    )
    parser.add_argument(
        "--code", default="", help="加入店铺的登记码，只用一次 · the code with which to join that shop, once"
    )
    parser.add_argument(
        "--real", action="store_true", help="新店为空店，不建演示店 · a new shop starts empty, not as a demo"
    )
    commands = parser.add_subparsers(title="命令 · commands", dest="command", metavar="COMMAND", prog=PROGRAM)
    _add_service(commands)
    _add_keeping(commands)
    tour = commands.add_parser("tour", help="无屏幕演示全程并截图 · play the shop's story and take its pictures")
    default = MAIN.parent / "out" / "tour"
    tour.add_argument("--out", metavar="DIR", default=str(default), help="图片放在哪里 · where they go (out/tour)")
    return parser


def _add_service(commands: Commands) -> None:
    serve = commands.add_parser("serve", help="运行店铺服务 · run the shop's service")
    serve.add_argument(
        "--host", help="应答的地址，默认只限本机 · address to answer at (default 127.0.0.1: this computer)"
    )
    serve.add_argument("--port", type=_port, help="应答的端口 · port to answer at (7415; 0 takes a free one)")
    serve.add_argument(
        "--child", action="store_true", help="由桌面程序启动 · started by a desktop, told by its first line"
    )
    enrol = commands.add_parser("enrol", help="生成一台电脑的登记码 · make a code with which a computer joins the shop")
    enrol.add_argument("--manager", action="store_true", help="可以看成本 · it may also receive costs and margins")
    demo = commands.add_parser("demo-data", help="把空数据库填成演示店 · fill an empty database with a demo shop")
    demo.add_argument("--orders", type=int, default=5_000, metavar="N", help="卖过多少单 · how much it has sold (5000)")
    demo.add_argument(
        "--seed", type=int, default=1, metavar="S", help="换个数就是另一家店 · another makes another shop (1)"
    )
    demo.add_argument("--until", metavar="TIME", help="历史到何时为止 · when its past ends, in RFC 3339 (now)")
    for command in (serve, enrol, demo):
        _add_place(command)


def _add_keeping(commands: Commands) -> None:
    backup = commands.add_parser("backup", help="整家店存进一个加密文件 · keep the whole shop in one sealed file")
    backup.add_argument("file", metavar="FILE", help="备份写到哪里 · where the backup goes")
    backup.add_argument("--replace", action="store_true", help="可以覆盖已有的文件 · give up the file that is there")
    restore = commands.add_parser("restore", help="从备份恢复店铺 · bring a shop back from its backup")
    restore.add_argument("file", metavar="FILE", help="备份文件 · the backup")
    doctor = commands.add_parser("doctor", help="检查这台电脑和店铺 · look for what could keep the shop from working")
    doctor.add_argument("--deep", action="store_true", help="通读整个数据库 · read the whole database too")
    move = commands.add_parser("move", help="换数据库，先停服务 · carry the shop to another database; stop it first")
    move.add_argument("--from", dest="source", metavar="URL", required=True, help="现在的数据库 · where it is")
    move.add_argument("--to", dest="target", metavar="URL", required=True, help="新的空数据库 · an empty database")
    move.add_argument("--data", metavar="DIR", help="店铺的文件夹 · folder of the shop's files")
    for command in (backup, restore, doctor):
        _add_place(command)


def _add_place(command: argparse.ArgumentParser) -> None:
    command.add_argument("--database", metavar="URL", help="店铺数据库 · the shop's database (SQLite in the folder)")
    command.add_argument("--data", metavar="DIR", help="店铺的文件夹 · folder of the shop's files")


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _LAST_PORT:
        told = tr("{text} is no port. A port is a number from 0 to {most}.", text=text, most=_LAST_PORT)
        raise argparse.ArgumentTypeError(told)
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
