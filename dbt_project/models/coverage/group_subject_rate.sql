-- Grain: cutoff × group × subject. Meaning: the share of minutes to be expected lost, by what was known at
-- the cutoff: the group's own share drawn towards its school's, and the school's towards the county's.
with own as (
    select
        *,
        lost_minutes / cast(nullif(past_minutes, 0) as double) as group_rate
    from {{ ref('group_subject_past') }}
),

school as (
    select
        cutoff_date,
        school_year,
        county_number,
        subject_code,
        school_id,
        sum(past_lessons) as lessons,
        sum(past_minutes) as minutes,
        sum(lost_minutes) as lost_minutes
    from own
    group by cutoff_date, school_year, county_number, subject_code, school_id
),

county as (
    select
        cutoff_date,
        school_year,
        county_number,
        subject_code,
        coalesce(sum(lost_minutes) / cast(nullif(sum(minutes), 0) as double), 0) as county_rate
    from school
    group by cutoff_date, school_year, county_number, subject_code
),

school_spread as (
    select
        school.cutoff_date,
        school.school_year,
        school.county_number,
        school.subject_code,
        any_value(county.county_rate) as county_rate,
        count(*) as units,
        sum(school.lessons) as lessons,
        sum(school.lessons * school.lessons) as squares,
        sum(
            school.lessons * power(school.lost_minutes / cast(school.minutes as double) - county.county_rate, 2)
        ) as spread
    from school
    inner join county
        on
            school.cutoff_date = county.cutoff_date
            and school.school_year = county.school_year
            and school.county_number is not distinct from county.county_number
            and school.subject_code = county.subject_code
    where school.minutes > 0
    group by school.cutoff_date, school.school_year, school.county_number, school.subject_code
),

drawn_school as (
    select
        school.cutoff_date,
        school.school_year,
        school.county_number,
        school.subject_code,
        school.school_id,
        coalesce(school_spread.county_rate, 0) as county_rate,
        {{ drawn_towards(
            'coalesce(school_spread.county_rate, 0)',
            prior_lessons(
                'school_spread.county_rate', 'school_spread.units', 'school_spread.lessons',
                'school_spread.squares', 'school_spread.spread'
            ),
            'school.lost_minutes / cast(nullif(school.minutes, 0) as double)', 'school.lessons'
        ) }} as school_rate
    from school
    left join school_spread
        on
            school.cutoff_date = school_spread.cutoff_date
            and school.school_year = school_spread.school_year
            and school.county_number is not distinct from school_spread.county_number
            and school.subject_code = school_spread.subject_code
),

group_in_school as (
    select
        own.*,
        drawn_school.county_rate,
        drawn_school.school_rate
    from own
    inner join drawn_school
        on
            own.cutoff_date = drawn_school.cutoff_date
            and own.school_id = drawn_school.school_id
            and own.school_year = drawn_school.school_year
            and own.subject_code = drawn_school.subject_code
),

group_spread as (
    select
        cutoff_date,
        school_year,
        county_number,
        subject_code,
        any_value(county_rate) as county_rate,
        count(*) as units,
        sum(past_lessons) as lessons,
        sum(past_lessons * past_lessons) as squares,
        sum(past_lessons * power(group_rate - school_rate, 2)) as spread
    from group_in_school
    where past_minutes > 0
    group by cutoff_date, school_year, county_number, subject_code
),

strength as (
    select
        cutoff_date,
        school_year,
        county_number,
        subject_code,
        {{ prior_lessons('county_rate', 'units', 'lessons', 'squares', 'spread') }} as prior_lessons
    from group_spread
)

select
    own.cutoff_date,
    own.school_year,
    own.county_number,
    own.school_id,
    own.group_id,
    own.subject_code,
    own.past_lessons,
    own.past_minutes,
    own.cancelled_minutes,
    own.made_up_minutes,
    own.lost_minutes,
    own.group_rate,
    own.school_rate,
    own.county_rate,
    coalesce(strength.prior_lessons, {{ var('forecast_most_prior_lessons') }}) as prior_lessons,
    -- Rounded, so that no engine's last binary digit can move a whole minute.
    round(
        {{ drawn_towards(
            'own.school_rate',
            'coalesce(strength.prior_lessons, ' ~ var('forecast_most_prior_lessons') ~ ')',
            'own.group_rate', 'own.past_lessons'
        ) }}, 6
    ) as loss_rate
from group_in_school as own
left join strength
    on
        own.cutoff_date = strength.cutoff_date
        and own.school_year = strength.school_year
        and own.county_number is not distinct from strength.county_number
        and own.subject_code = strength.subject_code
