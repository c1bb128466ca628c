-- Grain: school year × programme area × subject set × slot. Meaning: the minutes of the slot still open after the
-- subjects, in code order, have each gone to the first slots, in slot order, that list them and are not full.
with recursive subject_set as (
    select
        school_year,
        programme_area_key,
        subject_set_key,
        min(student_key) as student_key
    from {{ ref('subject_set') }}
    group by school_year, programme_area_key, subject_set_key
),

subject as (
    select
        subject_set.school_year,
        subject_set.programme_area_key,
        subject_set.subject_set_key,
        own_subject.subject_code,
        own_subject.curriculum_minutes,
        row_number() over (
            partition by subject_set.school_year, subject_set.programme_area_key, subject_set.subject_set_key
            order by own_subject.subject_code
        ) as turn
    from subject_set
    inner join {{ ref('own_subject') }} as own_subject
        on
            subject_set.school_year = own_subject.school_year
            and subject_set.student_key = own_subject.student_key
),

listed as (
    select distinct -- a subject may match two entries of one list
        subject.school_year,
        subject.programme_area_key,
        subject.subject_set_key,
        subject.turn,
        listing.slot_code
    from subject
    inner join {{ ref('slot_listing') }} as listing
        on
            subject.school_year = listing.school_year
            and subject.programme_area_key = listing.programme_area_key
            and {{ matches_pattern('subject.subject_code', 'listing.listed') }}
),

filling as (
    select
        subject_set.school_year,
        subject_set.programme_area_key,
        subject_set.subject_set_key,
        slot.slot_code,
        slot.slot_minutes as open_minutes,
        cast(0 as bigint) as turn
    from subject_set
    inner join {{ ref('slot_demand') }} as slot
        on
            subject_set.school_year = slot.school_year
            and subject_set.programme_area_key = slot.programme_area_key
    union all
    select
        school_year,
        programme_area_key,
        subject_set_key,
        slot_code,
        open_minutes - case
            when not fits then 0
            when curriculum_minutes is null and open_before = 0 then open_minutes
            when curriculum_minutes is null then 0
            else greatest(least(curriculum_minutes - open_before, open_minutes), 0)
        end as open_minutes,
        turn
    from (
        select
            slot.school_year,
            slot.programme_area_key,
            slot.subject_set_key,
            slot.slot_code,
            slot.open_minutes,
            subject.turn,
            subject.curriculum_minutes,
            listed.slot_code is not null as fits,
            cast(
                coalesce(
                    sum(case when listed.slot_code is not null then slot.open_minutes else 0 end) over (
                        partition by slot.school_year, slot.programme_area_key, slot.subject_set_key
                        order by slot.slot_code
                        rows between unbounded preceding and 1 preceding
                    ), 0
                ) as bigint
            ) as open_before
        from filling as slot
        inner join subject
            on
                slot.school_year = subject.school_year
                and slot.programme_area_key = subject.programme_area_key
                and slot.subject_set_key = subject.subject_set_key
                and slot.turn + 1 = subject.turn
        left join listed
            on
                slot.school_year = listed.school_year
                and slot.programme_area_key = listed.programme_area_key
                and slot.subject_set_key = listed.subject_set_key
                and slot.slot_code = listed.slot_code
                and subject.turn = listed.turn
    )
)

select
    school_year,
    programme_area_key,
    subject_set_key,
    slot_code,
    open_minutes
from filling
qualify turn = max(turn) over (partition by school_year, programme_area_key, subject_set_key)
