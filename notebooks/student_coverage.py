import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="Timene til én elev")


@app.cell
def _():
    import marimo as mo

    mo.md(
        """
        # Timene til én elev

        Fra statusen ned til timene den hviler på. Alt er lest fra det publiserte: tallene er de samme som på
        skjermen, og elevene er pseudonymer. Du ser elevene i ditt eget fylke.

        Mønsteret for nye notatbøker: åpne med `analyst_of`, les gjennom `reader`, regn ikke ut det som alt står i
        et mart. Definisjonene står i `docs/method/nb.md`.
        """
    )
    return (mo,)


@app.cell
def _():
    from dashboard.access.roles import Role, Viewer
    from dashboard.access.scope import Reader
    from dashboard.queries import student, student_lessons
    from dashboard.queries.database import Published
    from timerett.settings import settings

    def analyst_of(county_number):
        """A reader bound to the analyst's own county: the screens' scope and suppression hold here too."""
        state = settings()
        cursor = Published(state.current).cursor()
        return Reader(cursor, Viewer(Role.ANALYST, "notebook", county_number), state.suppression_threshold)

    return analyst_of, settings, student, student_lessons


@app.cell
def _(mo):
    county = mo.ui.text(value="99", label="Fylkesnummer")
    county
    return (county,)


@app.cell
def _(analyst_of, county, mo):
    reader = analyst_of(county.value)
    publication = reader.reference("publication")[0]
    worst = reader.students(
        "school_year, school_id, student_key, status, missing_minutes",
        "student_coverage",
        where="status in ('short', 'at_risk', 'not_assigned') and missing_minutes > 0",
        order="status = 'short' desc, missing_minutes desc, student_key limit 200",
    )
    label = "Syntetiske data. " if publication["synthetic"] else ""
    mo.md(f"{label}Tall per **{publication['as_of_date']:%d.%m.%Y}**. {len(worst)} elever å velge mellom.")
    return publication, reader, worst


@app.cell
def _(mo, worst):
    pick = mo.ui.dropdown(
        options={f"{row['student_key'][:10]} · {row['status']}": row for row in worst},
        value=f"{worst[0]['student_key'][:10]} · {worst[0]['status']}" if worst else None,
        label="Elev",
    )
    pick
    return (pick,)


@app.cell
def _(mo, pick, reader, student):
    mo.stop(pick.value is None, mo.md("Ingen elever mangler timer i dette fylket."))
    who = (pick.value["school_year"], pick.value["school_id"], pick.value["student_key"])
    subjects = student.subjects(reader, *who)
    mo.vstack(
        [
            mo.md("## Status, fag for fag"),
            mo.ui.table(
                [
                    {
                        "fag": row["subject_name"],
                        "status": row["status"],
                        "krav": row["required"],
                        "tilbudt": row["offered"],
                        "gjenstår": row["remaining"],
                        "ventet": row["projected"],
                        "mangler": row["missing"],
                        "antatt": row["assumed"],
                        "kjent fra": row.get("known_from"),
                    }
                    for row in subjects
                ],
                selection=None,
                label="Minutter",
            ),
        ]
    )
    return subjects, who


@app.cell
def _(mo, subjects):
    subject_pick = mo.ui.dropdown(
        options={row["subject_name"]: row for row in subjects},
        value=subjects[0]["subject_name"],
        label="Fag",
    )
    subject_pick
    return (subject_pick,)


@app.cell
def _(mo, subject_pick):
    chosen = subject_pick.value
    steps = [
        ("timeplanlagt", chosen["scheduled"]),
        ("utenfor medlemskap", -chosen["outside_membership"]),
        ("avlyst", -chosen["cancelled"]),
        ("omdisponert", -chosen["diverted"]),
        ("tatt igjen", chosen["made_up"]),
        ("gjenstår", -chosen["remaining"]),
    ]
    # The waterfall is an identity; a notebook that shows it may as well hold it to its word.
    assert sum(minutes for _, minutes in steps) == chosen["offered"]
    mo.vstack(
        [
            mo.md(f"## Fra timeplan til tilbud: {chosen['subject_name']}"),
            mo.ui.table(
                [
                    {"ledd": name, "minutter": minutes}
                    for name, minutes in [*steps, ("= tilbudt", chosen["offered"])]
                ],
                selection=None,
            ),
            mo.md(
                f"Kravet er **{chosen['required']}** minutter, og **{chosen['not_scheduled']}** av dem fikk aldri plass "
                f"på timeplanen. Av det tilbudte er **{chosen['assumed']}** minutter antatt holdt."
            ),
        ]
    )
    return (chosen,)


@app.cell
def _(chosen, mo, reader, student, student_lessons, who):
    absences = [
        row for row in student.absences(reader, *who) if row["subject_code"] == chosen["subject_code"]
    ]
    diverted = {row["lesson_id"] for row in absences if row["absence_code"] == "!"}
    exams = student.exam_periods(reader, *who)
    spans = student.spans(reader, *who, chosen["groups"])
    lessons = student_lessons.behind(spans, chosen["subject_code"], exams, diverted) if spans else {}
    mo.vstack(
        [
            mo.md("## Timene bak hvert ledd"),
            *(
                mo.accordion(
                    {
                        f"{step}: {len(rows)} timer, {sum(row.minutes for row in rows)} minutter": mo.ui.table(
                            [
                                {
                                    "dato": row.day,
                                    "minutter": row.minutes,
                                    "gruppe": row.group,
                                    "status": row.status,
                                    "ledet av": row.cover,
                                    "årsak": row.cause,
                                }
                                for row in rows
                            ],
                            selection=None,
                        )
                    }
                )
                for step, rows in lessons.items()
                if rows
            ),
            mo.md(
                "En time som tjener flere av elevens fag, står her med hele lengden og teller med sin del."
            ),
        ]
    )
    return absences, lessons


@app.cell
def _(absences, chosen, mo, reader, student, who):
    decisions = [
        row
        for row in student.decisions(reader, *who)
        if row["subject_code"] in (None, chosen["subject_code"])
    ]
    rule = student.rules(reader, who[0], chosen["programme_area_code"]).get(chosen["subject_code"])
    mo.vstack(
        [
            mo.md("## Fravær, vedtak og kilde"),
            mo.ui.table([dict(row) for row in absences], selection=None, label="Fravær tatt fra timene")
            if absences
            else mo.md("Intet fravær i faget."),
            mo.ui.table([dict(row) for row in decisions], selection=None, label="Vedtak")
            if decisions
            else mo.md("Ingen vedtak som gjelder faget."),
            mo.md(
                f"Timetallet er **{rule['hours']:.0f}** timer à 60 minutter: {rule['source'] or 'fylkets egen rad'}."
                if rule
                else "Timetallet kommer fra programområdets plass, eller er ukjent."
            ),
        ]
    )
    return


if __name__ == "__main__":
    app.run()
