-- Grain: one absence that took nothing, on or before the as-of date. Meaning: a registration that counts
-- nowhere.
select
    'absence_found_nothing' as check_code,
    finding.school_id,
    finding.reason as detail,
    {{ hidden_id('finding.absence_id') }} || ', ' || cast(finding.absence_date as varchar) as example,
    absence.batch_id,
    cast(null as date) as seen_on
from {{ ref('absence_finding') }} as finding
inner join {{ ref('stg_absence') }} as absence on finding.absence_id = absence.absence_id
where finding.reason <> 'lies_ahead'
