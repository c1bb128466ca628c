"""OneRoster packages are read as their manifest states them, or refused with what is wrong."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ingest.delivery import Delivery, SourceError
from ingest.parts import rows_of
from ingest.sources import oneroster
from tests.ingest.sources.hal import PSEUDONYMS, everything_told, identity_numbers

NUMBER = "02810950016"
FILES = {
    "orgs": """sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId
county,,,Fylket,district,99,
s1,,,Nord vgs,school,990001,county
s2,,,Sør vgs,school,990002,county
""",
    "academicSessions": """sourcedId,status,dateLastModified,title,type,startDate,endDate,\
parentSourcedId,schoolYear
y25,,,2025-26,schoolYear,2025-08-18,2026-06-20,,2026
h1,,,Høst,semester,2025-08-18,2026-01-16,y25,2026
h2,,,Vår,semester,2026-01-16,2026-06-20,y25,2026
""",
    "courses": """sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,\
orgSourcedId,subjects,subjectCodes
c1,,,y25,Norsk,NOR1260,Vg1,s1,,
c2,,,y25,Engelsk,ENG1007,Vg1,s1,,
""",
    "classes": """sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,\
classType,location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods
k1,,,1A norsk,Vg1,c1,,scheduled,,s1,"h1,h2",,"NOR1260,ENG1007",
hr,,,1A,Vg1,c1,,homeroom,,s1,y25,,,
""",
    "users": f"""sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,\
userIds,givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password
u1,,,true,"s1,s2",student,kari,"{{fodselsnummer:{NUMBER}}},{{feide:kari@fylket.no}}",Kari,Nordmann,Mellom,,,,,,11,
u2,,,true,s1,student,ola,,Ola,Nordmann,,,,,,,Vg1,
t1,,,true,s1,teacher,lise,{{fnr:{NUMBER}}},Lise,Lærer,,,,,,,,
""",
    "enrollments": """sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,\
userSourcedId,role,primary,beginDate,endDate
e1,,,k1,s1,u1,student,,2025-08-18,2026-01-17
e2,,,k1,s1,u2,student,,,
e3,,,hr,s1,u2,student,,,
e4,,,k1,s1,t1,teacher,true,,
""",
}
ROLES = """sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,\
orgSourcedId,userProfileSourcedId,metadata.elevforholdId
r1,,,u1,primary,student,2025-08-18,2025-12-01,s1,,EF1
r2,,,u1,secondary,student,2025-12-01,,s2,,
r3,,,u2,primary,student,2025-08-18,,s1,,
r4,,,t1,primary,teacher,,,s1,,
"""


def manifest(version: str = "1.1", **modes: str) -> str:
    stated = dict.fromkeys(FILES, "bulk") | ({"roles": "bulk"} if version == "1.2" else {}) | modes
    lines = [f"file.{file},{mode}" for file, mode in stated.items()]
    head = ["propertyName,value", "manifest.version,1.0", f"oneroster.version,{version}"]
    return "\n".join([*head, *lines, "source.systemName,Test"]) + "\n"


def contents(version: str = "1.1", **changed: str | None) -> dict[str, str]:
    files = dict(FILES) | ({"roles": ROLES} if version == "1.2" else {})
    made = {"manifest": manifest(version), **files, **{k: v for k, v in changed.items() if v is not None}}
    return {name: text for name, text in made.items() if name not in changed or changed[name] is not None}


def package(folder: Path, files: Mapping[str, str | bytes], prefix: str = "") -> Path:
    file = folder / "package.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{prefix}{name}.csv", content)
    return file


def read(path: Path, **options: Any) -> Delivery:
    [delivery] = oneroster.read_all(path, pseudonyms=PSEUDONYMS, **options)
    return delivery


def rows(delivery: Delivery, table: str, *columns: str) -> list[tuple[Any, ...]]:
    return delivery.rows(table).select(columns).rows()


def test_a_package_of_version_1_1(tmp_path: Path) -> None:
    delivery = read(package(tmp_path, contents()))
    assert (delivery.kind, delivery.county_number, delivery.schools) == ("full", "99", {"990001", "990002"})
    assert delivery.rejections == []
    assert rows(delivery, "school", "school_id", "owner") == [("990001", "county"), ("990002", "county")]
    student = PSEUDONYMS.student(NUMBER)
    other = PSEUDONYMS.student("systemid:u2")
    assert rows(delivery, "student", "student_key") == [(student,), (other,)]
    columns = ("enrolment_id", "student_key", "school_id", "level", "start_date", "end_date", "main_school")
    whole_year = (date(2025, 8, 18), date(2026, 6, 19))
    assert rows(delivery, "enrolment", *columns) == [
        ("u1.s1.2025-26", student, "990001", "Vg1", *whole_year, True),
        ("u1.s2.2025-26", student, "990002", "Vg1", *whole_year, False),
        ("u2.s1.2025-26", other, "990001", "Vg1", *whole_year, True),
    ]
    assert rows(delivery, "subject", "subject_code", "name") == [("NOR1260", "Norsk"), ("ENG1007", "Engelsk")]
    assert rows(delivery, "teaching_group", "group_id", "school_year") == [("k1", "2025-26")]
    assert rows(delivery, "teaching_group_subject", "subject_code") == [("NOR1260",), ("ENG1007",)]
    assert rows(delivery, "group_membership", "enrolment_id", "start_date", "end_date", "source_row") == [
        ("u1.s1.2025-26", date(2025, 8, 18), date(2026, 1, 16), 2),
        ("u2.s1.2025-26", date(2025, 8, 18), date(2026, 6, 19), 3),
    ]
    taken = rows(delivery, "subject_enrolment", "enrolment_id", "subject_code", "subject_status")
    assert ("u1.s1.2025-26", "ENG1007", "E") in taken
    assert len(taken) == 4
    names = {(person.key, person.kind, person.name, person.school_ids) for person in delivery.persons}
    assert names == {
        (student, "student", "Kari Mellom Nordmann", ("990001", "990002")),
        (other, "student", "Ola Nordmann", ("990001",)),
        (PSEUDONYMS.staff(NUMBER), "staff", "Lise Lærer", ("990001",)),
    }
    assert identity_numbers(everything_told(delivery)) == []


def test_version_1_2_has_roles_with_dates_and_may_name_the_enrolment(tmp_path: Path) -> None:
    users = FILES["users"].replace("orgSourcedIds,role,", "").replace('"s1,s2",student,', "")
    users = users.replace("s1,student,", "").replace("s1,teacher,", "")
    delivery = read(package(tmp_path, contents("1.2", users=users)))
    assert rows(delivery, "enrolment", "enrolment_id", "start_date", "end_date", "main_school") == [
        ("EF1", date(2025, 8, 18), date(2025, 11, 30), True),
        ("u1.s2.2025-26", date(2025, 12, 1), date(2026, 6, 19), False),
        ("u2.s1.2025-26", date(2025, 8, 18), date(2026, 6, 19), True),
    ]
    assert rows(delivery, "group_membership", "enrolment_id") == [("EF1",), ("u2.s1.2025-26",)]
    assert {person.kind for person in delivery.persons} == {"student", "staff"}


def test_a_folder_reads_like_the_zip_file_whatever_its_letter_case(tmp_path: Path) -> None:
    zipped = read(package(tmp_path, contents(), prefix="Export 2025/"))
    folder = tmp_path / "folder"
    folder.mkdir()
    for name, text in contents().items():
        (folder / f"{name.upper()}.CSV").write_text(text.replace("\n", "\r\n"), encoding="utf-8-sig")
    (folder / "delivery.json").write_text('{"county_number": "99"}')
    unpacked = read(folder)
    for table in zipped.parts:
        here, there = (one.rows(table).drop("source_file") for one in (zipped, unpacked))
        assert here.equals(there), table


@pytest.mark.parametrize(
    ("where", "stated"),
    [
        ("identifier", False),
        ("sourcedId", False),
        ("userMasterIdentifier", False),
        ("userIds", False),
        ("userIds", True),
    ],
)
def test_an_identity_number_is_found_wherever_it_stands(tmp_path: Path, where: str, stated: bool) -> None:
    header = (
        "sourcedId,status,orgSourcedIds,role,userIds,givenName,familyName,identifier,userMasterIdentifier"
    )
    # What is said to be one need not have the right control digits.
    number = "02810950099" if stated else NUMBER
    cells = {"sourcedId": "u2", "userIds": "", "identifier": "", "userMasterIdentifier": ""}
    cells[where] = f"{{fødselsnummer:{number}}}" if stated else number
    if where == "userIds" and not stated:
        cells[where] = f"{{LDAP:{number}}}"
    row = (
        f"{cells['sourcedId']},,s1,student,{cells['userIds']},Ola,Nordmann,{cells['identifier']},"
        f"{cells['userMasterIdentifier']}"
    )
    enrollments = FILES["enrollments"].replace("u2", cells["sourcedId"])
    delivery = read(package(tmp_path, contents(users=f"{header}\n{row}\n", enrollments=enrollments)))
    assert rows(delivery, "student", "student_key") == [(PSEUDONYMS.student(number),)]
    assert identity_numbers(everything_told(delivery)) == []


def test_changes_upsert_and_delete_by_the_ids_of_the_snapshot(tmp_path: Path) -> None:
    head = FILES["enrollments"].splitlines()[0]
    changes = (
        f"{head}\ne1,tobedeleted,2026-01-02T00:00:00Z,k1,s1,u1,student,,2025-08-18,2026-01-17\n"
        "e9,active,2026-01-02T00:00:00Z,k7,s1,u1,student,,2026-01-05,\n"
        "e8,active,2026-01-02T00:00:00Z,k7,s1,u1,student,,,\n"
    )
    classes = (
        FILES["classes"].splitlines()[0] + "\nk1,tobedeleted,2026-01-02,1A norsk,,c1,,scheduled,,s1,y25,,,\n"
    )
    modes = {"users": "absent", "enrollments": "delta", "classes": "delta", "courses": "absent"}
    files = contents(
        users=None, courses=None, enrollments=changes, classes=classes, manifest=manifest(**modes)
    )
    full, delta = oneroster.read_all(package(tmp_path, files), pseudonyms=PSEUDONYMS)
    assert (full.kind, list(full.parts)) == ("full", ["school"])
    assert delta.kind == "delta"
    assert delta.rows("group_membership").select("enrolment_id", "group_id", "start_date").rows() == [
        ("u1.s1.2025-26", "k7", date(2026, 1, 5))
    ]
    [gone] = delta.deletions["group_membership"]
    assert rows_of([gone], "group_membership").select(
        "enrolment_id", "group_id", "start_date", "source_row"
    ).rows() == [("u1.s1.2025-26", "k1", date(2025, 8, 18), 2)]
    assert [
        rows_of([part], "teaching_group")["group_id"].to_list() for part in delta.deletions["teaching_group"]
    ] == [["k1"]]
    assert [(one.source_row, one.column) for one in delta.rejections] == [(4, "beginDate")]


def test_a_user_that_is_deleted_takes_the_enrolment_along(tmp_path: Path) -> None:
    users = FILES["users"].replace("u2,,,true", "u2,tobedeleted,2026-01-02,true")
    snapshot = read(package(tmp_path, contents(users=users)))
    assert rows(snapshot, "enrolment", "enrolment_id") == [("u1.s1.2025-26",), ("u1.s2.2025-26",)]
    assert snapshot.unread["users.csv: rows marked tobedeleted in a snapshot"] == 1
    (tmp_path / "delivery.json").write_text('{"extracted_at": "2026-01-02T05:00:00+01:00"}')
    delta = read(package(tmp_path, contents(users=users)), kind="delta")
    [gone] = delta.deletions["enrolment"]
    assert rows_of([gone], "enrolment")["enrolment_id"].to_list() == ["u2.s1.2025-26"]


def test_every_bad_row_is_told_and_the_others_land(tmp_path: Path) -> None:
    files = contents(
        orgs=FILES["orgs"] + "s3,,,Øst vgs,school,,county\n",
        classes=FILES["classes"]
        + "k2,,,Uten år,,c2,,scheduled,,s1,nowhere,,,\nk3,,,Uten skole,,c2,,scheduled,,s9,y25,,,\n",
        users=FILES["users"]
        + "u2,,,true,s1,student,ola,,Dobbel,Person,,,,,,,,\n,,,true,s1,student,,,A,B,,,,,,,,\n",
        enrollments=FILES["enrollments"]
        + "e5,,,k1,s1,u1,student,,i går,\ne6,maybe,,k1,s1,u1,student,,,\ne7,k1,s1\n",
        courses=FILES["courses"] + "c3,,,y25,Uten kode,,,s1,,\n",
    )
    delivery = read(package(tmp_path, files))
    told = sorted((one.source_file, one.source_row, str(one.column)) for one in delivery.rejections)
    assert told == [
        ("classes.csv", 4, "school_year"),
        ("classes.csv", 5, "school_id"),
        ("courses.csv", 4, "subject_code"),
        ("enrollments.csv", 6, "beginDate"),
        ("enrollments.csv", 7, "status"),
        ("enrollments.csv", 8, "None"),
        ("orgs.csv", 5, "identifier"),
        ("users.csv", 5, "sourcedId"),
        ("users.csv", 6, "sourcedId"),
    ]
    assert delivery.rows("group_membership").height == 2
    assert "Person" not in repr(delivery.rejections)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"manifest": None}, "lacks manifest.csv"),
        ({"manifest": "a,b\n1,2\n"}, "lacks its header"),
        ({"manifest": manifest("1.0")}, "version 1.0. Expected 1.1 or 1.2"),
        ({"manifest": manifest("2.0")}, "version 2.0"),
        ({"manifest": manifest(users="some")}, "file.users must be bulk, delta or absent"),
        ({"manifest": manifest(users="absent")}, "users.csv is there, but stated as absent"),
        ({"users": None}, "users.csv is stated as bulk, but is not there"),
        ({"manifest": manifest(results="delta")}, "results.csv is stated as delta, but is not there"),
        ({"manifest": manifest() + "file.users,delta\n"}, "two things about file.users"),
        (
            {"courses": None, "manifest": manifest(courses="absent")},
            "lacks courses.csv, which its bulk files",
        ),
        ({"users": "sourcedId,givenName\nu1,Kari\n"}, "lacks the columns familyName"),
        ({"enrollments": ""}, "is empty"),
        (
            {"manifest": "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\n"},
            "stated as absent",
        ),
    ],
)
def test_a_package_that_is_not_what_it_says_is_refused(
    tmp_path: Path, changed: dict[str, str | None], message: str
) -> None:
    with pytest.raises(SourceError, match=message):
        read(package(tmp_path, contents(**changed)))


def test_files_that_are_not_needed_are_left_alone(tmp_path: Path) -> None:
    stated = manifest(demographics="bulk")
    files = contents(manifest=stated, demographics="sourcedId,birthDate\nu1,2009-01-01\n")
    delivery = read(package(tmp_path, {**files, "__MACOSX/._users": b"\x00\x05", "les meg": "hei\n"}))
    assert set(delivery.unread) == {
        "demographics.csv: not needed",
        "classes.csv: homerooms, in which nobody is taught",
        "enrollments.csv: rows of others than students",
        "__MACOSX/._users.csv: no file of OneRoster",
        "les meg.csv: no file of OneRoster",
    }


def zip_of(*members: tuple[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=zipfile.ZIP_DEFLATED)
    return held.getvalue()


def locked(content: bytes) -> bytes:
    """The archive with its first member marked as encrypted."""
    place = content.rindex(b"PK\x01\x02")
    return content[: place + 8] + struct.pack("<H", 1) + content[place + 10 :]


BOMB = zip_of(("users.csv", b"0" * (80 << 20)))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"not a zip", "no readable zip file"),
        (zip_of(("manifest.csv", b"x"))[:-10], "no readable zip file"),
        (zip_of(("../users.csv", b"x")), "leads out of the archive"),
        (zip_of(("/etc/users.csv", b"x")), "leads out of the archive"),
        (zip_of(("C:\\users.csv", b"x")), "leads out of the archive"),
        (zip_of(("a/users.csv", b"x"), ("b/users.csv", b"y")), "holds users.csv more than once"),
        (zip_of(("a/users.csv", b"x"), ("USERS.CSV", b"y")), "holds users.csv more than once"),
        (locked(zip_of(("users.csv", b"x"))), "protected with a password"),
        (BOMB, "unpacks to more than 1,000 times its size"),
        # The same bomb that claims to be small.
        (
            BOMB.replace(struct.pack("<L", 80 << 20), struct.pack("<L", 200)),
            "lacks manifest.csv|is damaged",
        ),
    ],
)
def test_a_dangerous_zip_file_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "package.zip"
    file.write_bytes(content)
    with pytest.raises(SourceError, match=message):
        read(file)


def test_a_damaged_member_is_told(tmp_path: Path) -> None:
    file = package(tmp_path, contents())
    content = bytearray(file.read_bytes())
    place = content.index(b"users.csv") + 60
    content[place : place + 20] = b"\x00" * 20
    file.write_bytes(bytes(content))
    with pytest.raises(SourceError, match="is damaged"):
        read(file)
