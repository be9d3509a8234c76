"""The shell's catalogue holds what the windows say, and nothing that they no longer say."""

from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from app.kernel import resources

ROOT = Path(__file__).resolve().parents[3]


def said() -> set[str]:
    """The texts of all windows."""
    found = extract_from_dir(ROOT / "ui", method_map=[("**.py", "python")], keywords={"tr": None})
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def test_no_translation_of_the_shell_is_left_over() -> None:
    with resources.path("i18n/zh_CN/shell.po").open("rb") as stream:
        translated = {str(entry.id) for entry in read_po(stream) if entry.id}
    assert len(translated) > 40
    assert sorted(translated - said()) == []
