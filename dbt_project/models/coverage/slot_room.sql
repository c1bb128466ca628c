-- Grain: school year × programme area × slot. Meaning: what an open slot would be called and the shortest
-- subject with hours that fits it, by the curriculum rows.
with fitting as (
    select
        listing.school_year,
        listing.programme_area_key,
        listing.slot_code,
        min(curriculum.curriculum_minutes) as shortest_minutes
    from {{ ref('slot_listing') }} as listing
    inner join {{ ref('curriculum_match') }} as curriculum
        on
            listing.school_year = curriculum.school_year
            and listing.programme_area_key = curriculum.programme_area_key
            and {{ matches_pattern('curriculum.subject_code', 'listing.listed') }}
    where curriculum.hours > 0
    group by listing.school_year, listing.programme_area_key, listing.slot_code
),

first_listed as (
    select
        listing.school_year,
        listing.programme_area_key,
        listing.slot_code,
        listing.listed
    from {{ ref('slot_listing') }} as listing
    left join {{ ref('curriculum_match') }} as curriculum
        on
            listing.school_year = curriculum.school_year
            and listing.programme_area_key = curriculum.programme_area_key
            and listing.listed = curriculum.subject_code
    where
        listing.place = 1
        and not {{ is_pattern('listing.listed') }}
        and coalesce(curriculum.hours, 1) > 0
)

select
    slot.school_year,
    slot.programme_area_key,
    slot.slot_code,
    slot.name,
    slot.slot_minutes,
    slot.curriculum_source,
    fitting.shortest_minutes,
    first_listed.listed as first_subject_code
from {{ ref('slot_demand') }} as slot
left join fitting
    on
        slot.school_year = fitting.school_year
        and slot.programme_area_key = fitting.programme_area_key
        and slot.slot_code = fitting.slot_code
left join first_listed
    on
        slot.school_year = first_listed.school_year
        and slot.programme_area_key = first_listed.programme_area_key
        and slot.slot_code = first_listed.slot_code
