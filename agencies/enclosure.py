"""The migration operation that puts a tenant table behind the second wall."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.migrations.operations.base import Operation

from agencies.tenancy import Reach, TenantForeignKey

STATE = "state_id = (SELECT current_setting('app.state_id')::bigint)"
EVERYWHERE = "(SELECT current_setting('app.reach')) = 'state'"
NAMES = "(SELECT current_setting('app.reach')) IN ('state', 'names')"
AGENCIES = "{} = ANY ((SELECT current_setting('app.agency_ids')::bigint[])::bigint[])"
OWN_AGENCIES = "{} = ANY ((SELECT current_setting('app.own_agency_ids')::bigint[])::bigint[])"
TEAMS = "{} = ANY ((SELECT current_setting('app.team_ids')::bigint[])::bigint[])"
PERSON = "{} = (SELECT current_setting('app.person_id')::bigint)"

# The owner's id as the history keeps it: added and removed rows carry every column, changed ones only some.
GONE = "(CASE WHEN kind <> 'update' THEN (values ->> '{}')::bigint END)"


def policy(reach: Reach, column: str, *, names: bool = False) -> str:
    """The USING clause of a reach. Each setting stands in a sub-select, so it is read once per query."""
    wide = NAMES if names else EVERYWHERE
    match reach:
        case Reach.SHARED:
            return STATE
        case Reach.STATE:
            return f"{STATE} AND {EVERYWHERE}"
        case Reach.AGENCY:
            return f"{STATE} AND ({wide} OR {AGENCIES.format(column)})"
        case Reach.TEAM:
            return f"{STATE} AND ({wide} OR {TEAMS.format(column)})"
        case Reach.PERSON:
            managing = "(SELECT current_setting('app.reach')) = 'agency' AND " + OWN_AGENCIES.format(
                "agency_id"
            )
            return f"{PERSON.format(column)} OR ({STATE} AND ({EVERYWHERE} OR ({managing})))"
    raise ValueError(f"{reach} has no template: give the rule itself.")


class Enclose(Operation):
    """Composite keys, forced row-level security with its policies, and the history trigger, for one table.

    `rule` replaces the template where a table needs its own words, `write_rule` narrows who may write, `add_rule`
    further who may add a row, `change_rule` who may change a row and to what; a row that is read may then be locked.
    `gone_rule` says who reads of a removed row where the template says too much. Tables keep their rows: DELETE is
    taken from the app role unless `deletable`, and UPDATE too where rows are `frozen`. What stands in the columns
    `untold` never enters the history.
    """

    reversible = True

    def __init__(
        self,
        model: str,
        reach: str,
        *,
        column: str = "",
        names: bool = False,
        rule: str = "",
        write_rule: str = "",
        add_rule: str = "",
        change_rule: str = "",
        gone_rule: str = "",
        deletable: bool = False,
        frozen: bool = False,
        untold: Sequence[str] = (),
    ) -> None:
        self.model, self.reach, self.column = model, Reach(reach), column
        self.names, self.rule = names, rule
        self.write_rule, self.add_rule, self.change_rule = write_rule, add_rule, change_rule
        self.gone_rule = gone_rule
        self.deletable, self.frozen, self.untold = deletable, frozen, tuple(untold)

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The tables of Django's state do not change."""

    def database_forwards(self, app_label: str, editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.model)
        table = model._meta.db_table
        column = self.column or {Reach.AGENCY: "agency_id", Reach.PERSON: "person_id"}.get(
            self.reach, "team_id"
        )
        rule = self.rule or policy(self.reach, column, names=self.names)
        taken = [] if self.deletable else ["DELETE"]
        if self.frozen:
            taken.append("UPDATE")
        gone = f"({self._gone(column)})" if self.deletable else "false"
        write = self.write_rule or rule
        changes = (rule, self.change_rule) if self.change_rule else (write, write)
        walls = wall(table, rule, write, changes, self.add_rule)
        for statement in [*keys(model), *walls, *history(table, gone, self.untold)]:
            editor.execute(statement)
        for right in taken:
            editor.execute(f"REVOKE {right} ON {table} FROM {settings.APP_DATABASE_ROLE}")

    def _gone(self, column: str) -> str:
        return self.gone_rule or policy(self.reach, GONE.format(column), names=self.names)

    def database_backwards(self, app_label: str, editor: Any, from_state: Any, to_state: Any) -> None:
        """Dropping the table drops everything on it, but for the policy on the history table."""
        table = from_state.apps.get_model(app_label, self.model)._meta.db_table
        editor.execute(f"DROP POLICY IF EXISTS of_{table} ON agencies_change")

    def describe(self) -> str:
        return f"Enclose {self.model} ({self.reach})"


def keys(model: Any) -> list[str]:
    """What a row belongs to lies in the same state, and where both say a team, in the same team."""
    table = model._meta.db_table
    statements = [f"ALTER TABLE {table} ADD CONSTRAINT {table}_in_state UNIQUE (state_id, id)"]
    if has_team(model):
        statements.append(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_in_team UNIQUE (state_id, team_id, id)"
        )
    for field in model._meta.local_fields:
        if isinstance(field, TenantForeignKey):
            target = field.remote_field.model
            shared = "state_id, team_id" if has_team(model) and has_team(target) else "state_id"
            statements.append(
                f"ALTER TABLE {table} ADD CONSTRAINT {table}_{field.column}_same_state "
                f"FOREIGN KEY ({shared}, {field.column}) REFERENCES {target._meta.db_table} ({shared}, id) "
                "DEFERRABLE INITIALLY DEFERRED"
            )
    return statements


def has_team(model: Any) -> bool:
    return any(field.column == "team_id" for field in model._meta.local_fields)


def wall(
    table: str, rule: str, write_rule: str, change_rules: tuple[str, str], add_rule: str = ""
) -> list[str]:
    """Forced row-level security: one policy to read by, one for each way to write."""
    app = settings.APP_DATABASE_ROLE
    before, after = change_rules
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY owner_sees_all ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)",
        f"CREATE POLICY tenant_reads ON {table} FOR SELECT TO {app} USING ({rule})",
        f"CREATE POLICY tenant_adds ON {table} FOR INSERT TO {app} WITH CHECK ({add_rule or write_rule})",
        f"CREATE POLICY tenant_changes ON {table} FOR UPDATE TO {app} USING ({before}) WITH CHECK ({after})",
        f"CREATE POLICY tenant_removes ON {table} FOR DELETE TO {app} USING ({write_rule})",
    ]


def history(table: str, gone: str, untold: Sequence[str] = ()) -> list[str]:
    """One statement-level trigger for each kind of change; a change is visible where its row is.

    `gone` says who may read of a row that was removed; only tables that lose rows have it.
    """
    trigger = (
        "CREATE TRIGGER history_{0} AFTER {0} ON {1} REFERENCING {2} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION agencies_record_change({', '.join(map(repr, untold))})"
    )
    return [
        trigger.format("INSERT", table, "NEW TABLE AS new_rows"),
        trigger.format("UPDATE", table, "OLD TABLE AS old_rows NEW TABLE AS new_rows"),
        trigger.format("DELETE", table, "OLD TABLE AS old_rows"),
        f"CREATE POLICY of_{table} ON agencies_change FOR SELECT TO {settings.APP_DATABASE_ROLE} USING (table_name"  # noqa: S608
        f" = '{table}' AND (EXISTS (SELECT 1 FROM {table} source WHERE source.id = agencies_change.row_id) OR {gone}))",
    ]
