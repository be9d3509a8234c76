"""Qt's binding has a part in Python, which lies as text in its library: how it is compiled, and what is run of it.

What is compiled is kept from start to start. What only words a wrong call's error, or tells the shape of a function to
whoever asks, is not run before it is asked for: a working program never does.
"""

import builtins
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import Any, Final

from app.kernel.kept import Kept, beside
from app.kernel.kept_code import code_of

OF_BINDING: Final = "shibokensupport/"
WRITES_STUBS: Final = f"{OF_BINDING}signature/lib/pyi_generator.py"
"""What the binding writes its type stubs with, which no program does; it stays empty."""
LATE: Final = frozenset(
    f"{OF_BINDING}signature/{name}.py" for name in ("errorhandler", "layout", "lib/enum_sig", "lib/tool", "parser")
)
"""What is run when a name in it is asked for first."""
FILE: Final = beside(__file__, ".binding")
_AS_YET: Final = """
def __getattr__(name):
    from ui.bridge import own_parts
    return own_parts.asked({part!r}, globals(), name)
"""
_ADDED: Final = {
    f"{OF_BINDING}signature/mapping.py": b"""
def update_mapping(update=update_mapping):  # it goes through enumerations by short names, which needs them whole
    from ui.bridge import binding
    binding.fill_all()
    return update()
""",
    f"{OF_BINDING}feature.py": b"""
def _mod_uses_pyside(module):  # would read the source of each; nobody here wants other spellings
    return True
""",
}
"""Which parts say something more at their end."""
_late: dict[str, bytes] = {}
_running = RLock()


@contextmanager
def own_parts(file: Path = FILE) -> Iterator[None]:
    """Within this the binding compiles its parts our way."""
    kept, real = Kept(file), builtins.compile

    def compiled(source: Any, filename: Any, mode: str, *args: Any, **options: Any) -> Any:
        is_part = isinstance(source, bytes) and mode == "exec" and str(filename).startswith(OF_BINDING)
        if not is_part or args or options:
            return real(source, filename, mode, *args, **options)
        if filename == WRITES_STUBS:
            source = b""
        source += _ADDED.get(filename, b"")
        if filename in LATE:
            _late[filename] = source
            source = _AS_YET.format(part=filename).encode()
        return code_of(source, filename, kept)

    builtins.compile = compiled  # type: ignore[assignment]
    try:
        yield
    finally:
        builtins.compile = real
    kept.keep()


def asked(part: str, module: dict[str, Any], name: str) -> Any:
    """What stands under the name in a part that is run only now. Raises AttributeError."""
    with _running:
        if not name.startswith("__") and part in _late:
            source = _late.pop(part)  # gone while it runs: parts ask each other
            try:
                exec(compile(source, part, "exec", dont_inherit=True), module)
            except BaseException:
                _late[part] = source  # the next who asks is told the same
                raise
            del module["__getattr__"]
    if name not in module:
        raise AttributeError(f"module {module['__name__']!r} has no attribute {name!r}")
    return module[name]
