"""Who is on duty at this counter."""

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
