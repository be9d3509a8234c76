"""What somebody at a counter hears; on the tour no loudspeaker is needed."""

from pathlib import Path


class Ears:
    """Stands in for the loudspeaker and remembers what was played, in order."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def __call__(self, path: Path) -> None:
        self.heard.append(path.stem)

    def count(self, sound: str) -> int:
        return self.heard.count(sound)
