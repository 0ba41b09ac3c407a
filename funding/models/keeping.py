"""Who keeps a row: a department, a payer's people, or the state's own team where nobody is named."""

from django.db import models
from django.db.models import Q

from agencies.models import Payer
from agencies.permissions import Role
from agencies.tenancy import TenantForeignKey

KEEPERS = (Role.VR_LIAISON, Role.MH_LIAISON, Role.DEPARTMENT_LIAISON, Role.PAYER)
KEPT_BY = [(role.value, role.label) for role in KEEPERS]
NAMES_ITS_KEEPER = (Q(keeper="DL") & ~Q(department="") | ~Q(keeper="DL") & Q(department="")) & (
    Q(keeper="MC", body__isnull=False) | ~Q(keeper="MC") & Q(body=None)
)


class Kept(models.Model):
    keeper = models.CharField(max_length=2, blank=True, choices=KEPT_BY)
    department = models.CharField(max_length=80, blank=True)
    body = TenantForeignKey(Payer, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True

    @property
    def desk(self) -> str:
        """Whose it is, as `Actor.desk` says it."""
        return self.desk_of(self.keeper, self.department, str(self.body))

    @staticmethod
    def desk_of(keeper: str, department: str, body: str) -> str:
        match keeper:
            case Role.DEPARTMENT_LIAISON:
                return f"DL {department.casefold()}"
            case Role.PAYER:
                return f"MC {body.casefold()}"
        return keeper

    @property
    def desks(self) -> frozenset[str]:
        return frozenset({self.desk} - {""})

    @property
    def kept_by(self) -> str:
        match self.keeper:
            case Role.VR_LIAISON:
                return "Vocational Rehabilitation"
            case Role.MH_LIAISON:
                return "Mental health"
        return self.department or str(self.body or "")
