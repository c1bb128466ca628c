-- Grain: one row. Meaning: what may be asked of a person in a school year, and what giving a sample asks.
select
    {{ var('measuring_minutes_per_person') }} as minutes_per_person,
    {{ var('measuring_minutes_per_sample') }} as minutes_per_sample,
    {{ var('measuring_seconds_per_case') }} as seconds_per_case
