-- Grain: school year × county × cutoff. Meaning: how far the forecast made at a month-end missed the
-- minutes lost from there to the as-of date, against expecting no further loss and against trusting the
-- group's own rate.
select
    school_year,
    county_number,
    cutoff_date,
    cast(({{ as_of() }} - cutoff_date) // 7 as integer) as horizon_weeks,
    cast(count(*) as integer) as group_subjects,
    round(avg(lost_minutes), 1) as actual_lost_minutes,
    round(avg(lost_by_ours), 1) as forecast_lost_minutes,
    round(avg(abs(lost_minutes - lost_by_ours)), 1) as mae_ours,
    round(avg(abs(lost_minutes)), 1) as mae_no_loss,
    round(avg(abs(lost_minutes - lost_by_group_rate)), 1) as mae_group_rate,
    round(sqrt(avg(power(lost_minutes - lost_by_ours, 2))), 1) as rmse_ours,
    round(sqrt(avg(power(lost_minutes, 2))), 1) as rmse_no_loss,
    round(sqrt(avg(power(lost_minutes - lost_by_group_rate, 2))), 1) as rmse_group_rate
from {{ ref('forecast_check') }}
group by school_year, county_number, cutoff_date
