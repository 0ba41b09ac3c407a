"""Rules of row-level security for funding plans: who reads, and who writes what."""

from agencies.enclosure import EVERYWHERE, OWN_AGENCIES, STATE

SEAT = (
    "EXISTS (SELECT 1 FROM agencies_membership seat"
    " WHERE seat.id = (SELECT current_setting('app.membership_id')::bigint) AND seat.role IN ({}))"
)
# Payers and agency leaders see every plan of the state, supervisors those of their own agency.
READS = (
    f"{STATE} AND ({EVERYWHERE} OR {SEAT.format(repr('MC') + ', ' + repr('AL'))}"
    f" OR ({SEAT.format(repr('SU'))} AND {OWN_AGENCIES.format('agency_id')}))"
)
KEEPS = "(({}) OR ({} AND {}))"
WRITES = f"{STATE} AND " + KEEPS.format(
    f"{EVERYWHERE} AND {SEAT.format(repr('SA') + ', ' + repr('ST'))}",
    SEAT.format(repr("AL")),
    OWN_AGENCIES.format("agency_id"),
)
PART_READS = f"{STATE} AND plan_id IN (SELECT seen.id FROM funding_fundingplan seen)"
PART_WRITES = f"{STATE} AND plan_id IN (SELECT kept.id FROM funding_fundingplan kept WHERE " + KEEPS.format(
    f"{EVERYWHERE} AND {SEAT.format(repr('SA') + ', ' + repr('ST'))}",
    SEAT.format(repr("AL")),
    OWN_AGENCIES.format("kept.agency_id"),
) + ")"
# A liaison and a payer's people fill in the columns of their own department.
KEPT = (
    "EXISTS (SELECT 1 FROM funding_plancolumn own JOIN agencies_membership seat"
    " ON seat.id = (SELECT current_setting('app.membership_id')::bigint) AND seat.role = own.keeper"
    " WHERE own.plan_id = {0}.plan_id AND own.id {1}"
    " AND (seat.role IN ('VR', 'MH') OR (seat.role = 'DL' AND lower(seat.department) = lower(own.department))"
    " OR (seat.role = 'MC' AND seat.payer_id = own.body_id)))"
)
OWN_COLUMN = KEPT.format("funding_plancell", "= funding_plancell.column_id")
# A link is made and taken off by whoever keeps one of its two columns.
LINKED = "SELECT one.column_id FROM funding_plancell one WHERE one.id IN ({0}.first_id, {0}.second_id)"
OWN_LINK = KEPT.format("funding_celllink", f"IN ({LINKED.format('funding_celllink')})")
CELL_WRITES = f"({PART_WRITES}) OR ({PART_READS} AND {OWN_COLUMN})"
SAYS = ", ".join(repr(role) for role in ("SA", "ST", "VR", "MH", "DL", "MC"))
NOTE_WRITES = f"({PART_WRITES}) OR ({PART_READS} AND {SEAT.format(SAYS)})"
SIGNS = ", ".join(repr(role) for role in ("SA", "VR", "MH", "DL"))
SIGNATURE_WRITES = f"{PART_READS} AND {SEAT.format(SIGNS)}"
LINK_WRITES = f"({PART_WRITES}) OR ({PART_READS} AND {OWN_LINK})"
# Of a link that was taken off, whoever sees its plan reads.
GONE = (
    f"{STATE} AND (CASE WHEN kind <> 'update' THEN (values ->> 'plan_id')::bigint END)"
    " IN (SELECT seen.id FROM funding_fundingplan seen)"
)
# The register is the state's. A supervisor reads of it what the own agency's plan names.
SOURCE_READS = (
    f"{STATE} AND ({EVERYWHERE} OR {SEAT.format(repr('MC') + ', ' + repr('AL'))}"
    f" OR ({SEAT.format(repr('SU'))} AND id IN (SELECT named.comes_from_id FROM funding_plancolumn named)))"
)
SOURCE_ADDS = f"{STATE} AND {EVERYWHERE} AND {SEAT.format(repr('SA') + ', ' + repr('ST'))}"
OWN_DESK = (
    "EXISTS (SELECT 1 FROM agencies_membership seat"
    " WHERE seat.id = (SELECT current_setting('app.membership_id')::bigint)"
    " AND seat.role = {0}.keeper"
    " AND (seat.role IN ('VR', 'MH')"
    " OR (seat.role = 'DL' AND lower(seat.department) = lower({0}.department))"
    " OR (seat.role = 'MC' AND seat.payer_id = {0}.body_id)))"
)
SOURCE_WRITES = f"({SOURCE_ADDS}) OR ({STATE} AND {OWN_DESK.format('funding_fundingsource')})"
# What payers pay is the state's too. Whoever keeps a schedule adds its next version; the state's team begins one.
RATE_READS = f"{STATE} AND ({EVERYWHERE} OR {SEAT.format(repr('MC') + ', ' + repr('AL'))})"
RATE_WRITES = f"({SOURCE_ADDS}) OR ({STATE} AND {OWN_DESK.format('funding_paymentschedule')})"
RATE_PART_READS = f"{STATE} AND schedule_id IN (SELECT seen.id FROM funding_paymentschedule seen)"
RATE_PART_WRITES = (
    f"({SOURCE_ADDS}) OR ({STATE} AND schedule_id IN (SELECT kept.id FROM funding_paymentschedule kept"
    f" WHERE {OWN_DESK.format('kept')}))"
)
RATE_PART_GONE = (
    f"{STATE} AND (CASE WHEN kind <> 'update' THEN (values ->> 'schedule_id')::bigint END)"
    " IN (SELECT seen.id FROM funding_paymentschedule seen)"
)
