-- Grain: school year × programme area × subject that some student is due. Meaning: the curriculum row that
-- gave the hours, with its source, so that a figure leads to its legal ground.
with used as (
    select distinct -- many students share a rule
        due.school_year,
        student.programme_area_key,
        due.subject_code
    from {{ ref('student_subject') }} as due
    inner join {{ ref('student_year') }} as student
        on due.school_year = student.school_year and due.student_key = student.student_key
),

shipped as (
    select
        subject_code,
        programme_area_code,
        valid_from_year,
        source
    from {{ ref('curriculum_hours') }}
)

select
    used.school_year,
    used.programme_area_key as programme_area_code,
    used.subject_code,
    rule.hours,
    cast(rule.curriculum_minutes as integer) as curriculum_minutes,
    rule.curriculum_source,
    coalesce(shipped.source, 'local curriculum row of the county') as source,
    rule.matched_pattern,
    rule.valid_from_year
from used
inner join {{ ref('curriculum_match') }} as rule
    on
        used.school_year = rule.school_year
        and used.programme_area_key = rule.programme_area_key
        and used.subject_code = rule.subject_code
left join shipped
    on
        rule.curriculum_source = 'shipped'
        and rule.subject_code = shipped.subject_code
        and rule.matched_pattern = shipped.programme_area_code
        and rule.valid_from_year = shipped.valid_from_year
