-- Grain: split × length of lesson × subject. Meaning: the whole minutes of a lesson of that length that count for the
-- subject where it is split between those of the split; they sum to the lesson.
with subject as (
    select
        split_no,
        unnest(subjects).subject_code as subject_code,
        unnest(subjects).curriculum_minutes as curriculum_minutes
    from (
        select
            split_no,
            any_value(subjects) as subjects
        from {{ ref('student_stretch') }}
        where split_no is not null
        group by split_no
    )
),

weighted as (
    select
        *,
        count(*) over (partition by split_no) = 1 as is_whole,
        {{ split_weight('curriculum_minutes', 'split_no') }} as weight
    from subject
),

lesson_length as (
    select distinct minutes -- one row per length
    from {{ ref('lesson_fact') }}
    where not is_fixed
),

part as (
    select
        weighted.*,
        lesson_length.minutes
    from weighted
    cross join lesson_length
),

shared as (
    {{ share_out('part', 'minutes', 'weight', 'split_no, minutes') }}
)

select
    split_no,
    minutes,
    subject_code,
    is_whole,
    share
from shared
