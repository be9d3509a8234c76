"""Somebody who is on duty, as the windows know them: a name, a role, and so what they may do."""

from dataclasses import dataclass

from app.domain.permission import Permission, Role, permissions_of


@dataclass(frozen=True, slots=True)
class OnDuty:
    """The person whose name stands in what this counter does."""

    staff_id: str
    name: str
    role: Role

    def may(self, permission: Permission) -> bool:
        return permission in permissions_of(self.role)
