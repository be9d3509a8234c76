"""Faults of the environment: a person can mend them, so they carry what to tell that person."""

from collections.abc import Mapping
from typing import Any


class KnownError(Exception):
    """Something outside the program is not as it must be: a full disk, no network, a printer that is off.

    ``code`` is stable, ``template`` is English text with named places and ``params`` fill them; the message says what
    to do. A refusal by the shop's rules is a value (``Rejected``), and everything else that raises is a bug.
    """

    def __init__(self, code: str, template: str, params: Mapping[str, Any] | None = None) -> None:
        self.code = code
        self.template = template
        self.params = dict(params or {})
        super().__init__(template.format(**self.params))
