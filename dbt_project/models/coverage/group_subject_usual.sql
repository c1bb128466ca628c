-- Grain: group × subject that some member is due. Meaning: what is usual among those who ever were its
-- members: the minutes required, and the part of an unnamed lesson the subject has where the group serves
-- several.
with weighted as (
    select
        *,
        {{ split_weight('curriculum_minutes', 'school_year, student_key, group_id') }} as weight
    from {{ ref('student_group_subject') }}
),

part as (
    select
        *,
        cast(sum(weight) over (partition by school_year, student_key, group_id) as bigint) as weight_sum
    from weighted
),

counted as (
    select
        part.school_year,
        part.group_id,
        part.subject_code,
        part.weight,
        part.weight_sum,
        due.required_minutes,
        count(*) as students
    from part
    inner join {{ ref('student_subject') }} as due
        on
            part.school_year = due.school_year
            and part.student_key = due.student_key
            and part.subject_code = due.subject_code
    group by
        part.school_year, part.group_id, part.subject_code, part.weight, part.weight_sum, due.required_minutes
)

select
    school_year,
    group_id,
    subject_code,
    weight as share_weight,
    weight_sum as share_total,
    required_minutes
from counted
-- The most common; of equals the one that asks for most.
qualify row_number() over (
    partition by group_id, subject_code
    order by students desc, required_minutes desc nulls last, weight_sum, weight desc
) = 1
