"""What a visit begins with: an agenda of two days and a request for figures and papers, both to be changed.

Sources: domain reference 1.5, agenda blocks and pre-visit data request; the times are the portal's proposal.
"""

from datetime import date, timedelta

from fidelity.scales import Scale, known_as
from fidelity.visits.values import Slot, VisitValues, Wanted

SENT_BEFORE = timedelta(days=14)  # before the visit, so that there is time to ask again

FIRST_DAY = (
    ("08:30", "Executive director and program leaders", "Welcome: what the visit is for, and what it is not"),
    ("09:15", "Vocational unit", "Sit in on the weekly unit meeting"),
    ("10:30", "IPS supervisor", "Interview; outcomes, field mentoring, contact logs"),
    ("11:45", "One specialist", "Interview; caseload, a usual week"),
    ("13:15", "A specialist and an employer", "Go along on an employer visit"),
    ("14:45", "Treatment team", "Sit in on the team meeting"),
    ("16:00", "", "Read about five records"),
)
SECOND_DAY = (
    ("08:30", "Each other specialist", "Interviews; caseload, a usual week"),
    ("10:00", "Psychiatrist, nurse and case managers", "Interviews on teamwork around employment"),
    (
        "11:00",
        "Counselors of vocational rehabilitation and their supervisor",
        "Interview on working together",
    ),
    (
        "12:30",
        "People served, together or one by one",
        "Talk about finding and keeping work; taking part is free",
    ),
    ("13:45", "Family members", "Talk in person or by phone"),
    ("14:30", "", "Read about five more records, logs, outcome reports and policies"),
    (
        "16:00",
        "Executive director and program leaders",
        "Thanks, first impressions, what happens next; no ratings yet",
    ),
)
# What is asked for, and the items it informs; asked only where the scale has one of them.
PAPERS: tuple[tuple[str, frozenset[str]], ...] = (
    (
        "Staff of the team in the last six months: job title, first and last day, weekly hours, share of time on other "
        "duties, trainings attended",
        frozenset({"ST1", "ST2", "OR4", "OR5", "SE1", "SE2"}),
    ),
    (
        "Caseloads as counts, by specialist: people on the list, looking for work, working, by treatment team",
        frozenset({"ST1", "OR1", "SV6", "SE1", "SE4"}),
    ),
    (
        "Days from entry to the first employer contact, for entries of the last six months, without names",
        frozenset({"SV4", "SE8"}),
    ),
    (
        "Jobs of the last six months without names: job title, employer, first and last day, permanent or not",
        frozenset({"SV8", "SV9", "SV10", "SE10", "SE11", "SE12"}),
    ),
    (
        "Employer contact logs of the last two months, with the supervisor's notes",
        frozenset({"SV5", "SV6", "SE9"}),
    ),
    (
        "Meeting schedules: unit, treatment teams, vocational rehabilitation",
        frozenset({"OR2", "OR3", "OR4", "SE4", "SE5"}),
    ),
    ("A usual week of each specialist, with the hours spent in the community", frozenset({"SV13", "SE14"})),
    ("Outcome reports of the last four quarters, and how they are shared", frozenset({"OR5", "OR7"})),
    (
        "Forms in use: intake, career profile, plan, contact log; policies on referral and closure",
        frozenset({"OR6", "OR7", "SV3", "SV14", "SE6", "SE7", "SE15"}),
    ),
    ("The last quality assurance report, and minutes of the steering committee", frozenset({"OR8"})),
    ("About ten records ready to be read on the visit, chosen at random", frozenset()),
)


def blank_visit(scale: Scale, starts_on: date) -> VisitValues:
    codes = {known_as(item) for item in scale.items}
    agenda = [
        Slot(day, time, who, what)
        for day, slots in ((1, FIRST_DAY), (2, SECOND_DAY))
        for time, who, what in slots
    ]
    asked = [Wanted(text, False) for text, items in PAPERS if not items or items & codes]
    return VisitValues(agenda=tuple(agenda), asked=tuple(asked), wanted_on=starts_on - SENT_BEFORE)
