"""What columns of reports are called, by the landing column they hold, and what their codes mean.

The first word of each list is the shipped profiles' own, or the field's standard term.
"""

from __future__ import annotations

from dataclasses import dataclass, field

_SCHOOL = ["Skolenr", "Skolenummer", "Skolekode", "Skole nr", "Skole-ID", "Skole"]
_ENROLMENT = ["Elevforhold-ID", "ElevforholdID", "Elevforhold", "Elevforholdnr", "Elevforhold nr"]
_GROUP = [
    "Gruppe-ID", "GruppeID", "Gruppekode", "Undervisningsgruppe", "Undervisningsgruppe-ID", "Gruppe",
    "Undervisningsgruppekode", "Faggruppe-ID",
]  # fmt: skip
_SUBJECT = ["Fagkode", "Fag-kode", "Fag kode", "Fag", "Fagkoden", "Emne"]
_YEAR = ["Skoleår", "Skolear", "Skole år"]
_LESSON = ["Time-ID", "TimeID", "Time ID", "Timenr", "Timenummer", "Økt-ID", "Undervisningsøkt"]
_FROM = ["Fra", "Fra dato", "Startdato", "Gyldig fra", "Fom", "Start", "Fra og med", "Første dag"]
_TO = ["Til", "Til dato", "Sluttdato", "Gyldig til", "Tom", "Slutt", "Til og med", "Siste dag"]
_DAY = ["Dato", "Dag", "Timedato", "Fraværsdato", "Undervisningsdato"]
_PERCENT = ["Prosent", "Fraværsprosent", "Fravær %", "%", "Fravær i prosent"]
_COUNTY = ["Fylkenr", "Fylkesnummer", "Fylke", "Fylkenummer"]
_TEACHERS = ["Lærer-ID", "LærerID", "Lærere", "Lærer", "Faglærer", "Ansatt-ID"]
CLOCK_FROM = ["Fra", "Start", "Fra kl", "Starttid", "Klokkeslett fra", "Fra klokken", "Begynner", "Tid fra"]
CLOCK_TO = ["Til", "Slutt", "Til kl", "Sluttid", "Klokkeslett til", "Til klokken", "Slutter", "Tid til"]
CLOCK_BOTH = ["Tid", "Klokkeslett", "Tidspunkt", "Kl", "Tidsrom"]


@dataclass(frozen=True)
class Kind:
    """One kind of report: the table it fills, what its columns are called, and what is assumed."""

    table: str
    profile: str
    order: int
    columns: dict[str, list[str]]
    file_names: tuple[str, ...]
    assumed: dict[str, str] = field(default_factory=dict)
    lists: dict[str, tuple[str, list[str]]] = field(default_factory=dict)


# Lists are tables of their own, one row for each item of a cell: table -> (column, headings).
KINDS = (
    Kind(
        "lesson",
        "lesson_register",
        20,
        {
            "lesson_id": _LESSON,
            "school_id": _SCHOOL,
            "starts_at": _DAY,
            "ends_at": _DAY,
            "status": ["Status", "Timestatus", "Gjennomført", "Avholdt", "Tilstand"],
            "cover": ["Dekning", "Vikar", "Ledet av", "Vikartype", "Vikarordning"],
            "replaces_lesson_id": ["Erstatter time-ID", "Erstatter", "Erstatter time"],
            "subject_code": _SUBJECT,
            "cause": ["Årsak", "Avlysningsårsak", "Begrunnelse", "Grunn"],
        },
        ("timeregister", "timeplan", "timer", "undervisning"),
        {"status": "timetabled"},
        {
            "lesson_group": ("group_id", ["Grupper", "Undervisningsgrupper", *_GROUP]),
            "lesson_teacher": ("teacher_key", _TEACHERS),
            "lesson_subject": ("minutes", ["Fagfordeling", "Fag og minutter"]),
        },
    ),
    Kind(
        "absence",
        "absence",
        30,
        {
            "absence_id": [
                "Fraværs-ID",
                "FraværsID",
                "Fravær-ID",
                "Fraværsnr",
                "Registrerings-ID",
                "Fravær ID",
            ],
            "enrolment_id": _ENROLMENT,
            "group_id": _GROUP,
            "lesson_id": _LESSON,
            "subject_code": _SUBJECT,
            "absence_date": _DAY,
            "starts_at": _DAY,
            "ends_at": _DAY,
            "minutes": ["Minutter", "Min", "Antall minutter", "Varighet", "Fraværsminutter"],
            "code": ["Kode", "Fraværskode", "Fraværstype", "Type", "Fravær type", "Fr.kode"],
            "on_certificate": ["På vitnemål", "Vitnemål", "Føres på vitnemål"],
        },
        ("fravær", "fravaer", "anmerkning"),
    ),
    Kind(
        "decision",
        "decision",
        50,
        {
            "decision_id": ["Vedtaks-ID", "VedtaksID", "Vedtaksnr", "Vedtak-ID", "Saksnr", "Vedtaksnummer"],
            "enrolment_id": _ENROLMENT,
            "subject_code": _SUBJECT,
            "kind": ["Type", "Vedtakstype", "Vedtak", "Type vedtak"],
            "hours": ["Timer", "Timetall", "Antall timer", "Årstimer"],
            "valid_from": _FROM,
            "valid_to": _TO,
            "decided_on": ["Vedtaksdato", "Vedtatt", "Dato vedtak", "Vedtak dato", "Dato"],
        },
        ("vedtak", "fritak"),
    ),
    Kind(
        "exam_period",
        "exam_period",
        40,
        {
            "enrolment_id": _ENROLMENT,
            "start_date": [*_FROM, "Eksamensdato", "Dato"],
            "end_date": [*_TO, "Eksamensdato", "Dato"],
            "kind": ["Type", "Eksamenstype"],
        },
        ("eksamen",),
        {"kind": "exam"},
    ),
    Kind(
        "school_day",
        "school_day",
        5,
        {
            "county_number": _COUNTY,
            "school_id": _SCHOOL,
            "date": ["Dato", "Dag"],
            "kind": ["Type", "Dagtype", "Type dag"],
        },
        ("skolerute", "kalender"),
    ),
    Kind(
        "school_position",
        "school_position",
        6,
        {
            "school_id": _SCHOOL,
            "latitude": ["Breddegrad", "Latitude", "Lat", "Nord"],
            "longitude": ["Lengdegrad", "Longitude", "Lon", "Lng", "Øst"],
        },
        ("skoleregister", "skoler"),
    ),
    Kind(
        "absence_summary",
        "absence_summary",
        60,
        {
            "enrolment_id": _ENROLMENT,
            "subject_code": _SUBJECT,
            "period": ["Periode", "Termin", "Halvår"],
            "absence_hours": ["Fraværstimer", "Timer fravær", "Fravær", "Fravær timer"],
            "teaching_hours": [
                "Undervisningstimer",
                "Årstimer",
                "Timer undervisning",
                "Avholdte timer",
                "Timetall",
            ],
            "percent": _PERCENT,
        },
        ("fraværsoversikt", "fravaersoversikt", "fraværsprosent"),
        {"period": "year"},
    ),
    Kind(
        "absence_warning",
        "absence_warning",
        60,
        {
            "warning_id": ["Varsel-ID", "VarselID", "Varselnr"],
            "enrolment_id": _ENROLMENT,
            "subject_code": _SUBJECT,
            "sent_on": ["Sendt", "Varseldato", "Sendt dato", "Varslet", "Dato"],
            "percent": _PERCENT,
        },
        ("varsel", "varsler"),
    ),
    Kind(
        "group_membership",
        "group_membership",
        12,
        {"enrolment_id": _ENROLMENT, "group_id": _GROUP, "start_date": _FROM, "end_date": _TO},
        ("gruppemedlem", "medlem"),
    ),
    Kind(
        "subject_enrolment",
        "subject_enrolment",
        11,
        {
            "enrolment_id": _ENROLMENT,
            "subject_code": _SUBJECT,
            "start_date": _FROM,
            "end_date": _TO,
            "subject_status": ["Fagstatus", "Status", "Elevstatus"],
        },
        ("fagvalg", "elevfag", "fagmedlem"),
        {"subject_status": "E"},
    ),
    Kind(
        "teaching_group",
        "teaching_group",
        9,
        {
            "group_id": _GROUP,
            "school_id": _SCHOOL,
            "school_year": _YEAR,
            "name": ["Gruppenavn", "Navn", "Gruppe navn", "Navn på gruppe"],
        },
        ("grupper", "undervisningsgruppe"),
        {},
        {"teaching_group_subject": ("subject_code", _SUBJECT)},
    ),
    Kind(
        "enrolment",
        "enrolment",
        8,
        {
            "enrolment_id": _ENROLMENT,
            "student_key": [
                "Fødselsnummer",
                "Fødselsnr",
                "Personnummer",
                "Fnr",
                "Elevnummer",
                "Elevnr",
                "Elev-ID",
            ],
            "school_id": _SCHOOL,
            "school_year": _YEAR,
            "programme_area_code": ["Programområdekode", "Programområde", "Programkode"],
            "level": ["Trinn", "Nivå", "Årstrinn"],
            "category": ["Elevkategori", "Kategori", "Elevtype"],
            "start_date": _FROM,
            "end_date": _TO,
            "main_school": ["Hovedskole"],
        },
        ("elevforhold", "elevliste", "elever"),
        {"category": "full_time", "main_school": "ja"},
    ),
)
# What the codes of a closed list are called, by landing column.
CODES: dict[str, dict[str, str]] = {
    "lesson.status": {
        "planlagt": "timetabled", "timeplanfestet": "timetabled", "holdt": "held", "avholdt": "held",
        "gjennomført": "held", "ja": "held", "avlyst": "cancelled", "utgår": "cancelled",
        "utgått": "cancelled",
        "kansellert": "cancelled", "ikke holdt": "cancelled", "ikke avholdt": "cancelled", "nei": "cancelled",
    },
    "lesson.cover": {
        "egen": "own", "egen lærer": "own", "faglærer": "own", "vikar": "substitute",
        "slått sammen": "merged",
        "sammenslått": "merged", "tilsyn": "supervised", "vakt": "supervised", "selvstudium": "self_study",
        "egenarbeid": "self_study",
    },
    "absence.code": {
        "X": "X", "M": "M", "D": "D", "R": "R", "!": "!", "§": "§", "udokumentert": "X",
        "udokumentert fravær": "X",
        "dokumentert": "D", "dokumentert fravær": "D", "forsentkomming": "M", "for sent": "M",
        "rettighetsfravær": "R", "annen opplæring": "!", "fratrekk": "§",
    },
    "decision.kind": {
        "fritak": "exempt", "fritatt": "exempt", "godkjent": "recognised", "realkompetanse": "recognised",
        "IOP": "individual_plan", "individuell opplæringsplan": "individual_plan",
        "særskilt språkopplæring": "adapted_language", "forsering": "accelerated",
    },
    "exam_period.kind": {
        "eksamen": "exam", "skriftlig": "exam", "muntlig": "exam", "forberedelse": "preparation",
    },
    "school_day.kind": {
        "undervisning": "teaching", "skoledag": "teaching", "planleggingsdag": "planning",
        "planlegging": "planning",
        "fri": "holiday", "ferie": "holiday", "fridag": "holiday", "eksamen": "exam",
    },
    "absence_summary.period": {
        "høst": "autumn", "1. termin": "autumn", "h1": "autumn", "vår": "spring", "2. termin": "spring",
        "h2": "spring", "år": "year", "hele året": "year", "standpunkt": "year",
    },
    "enrolment.category": {
        "heltid": "full_time", "deltid": "part_time", "voksen": "adult", "privatist": "private_candidate",
        "utland": "abroad",
    },
}  # fmt: skip
