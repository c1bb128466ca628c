-- Grain: check × school × detail. Meaning: how many rows fail the check at the school, how serious that is,
-- one example without names or numbers, and since when.
with finding as (
    {% for family in ['absence', 'lesson', 'group', 'student', 'school', 'quarantine'] -%}
    select * from {{ ref('finding_' ~ family) }}
    {{ "union all" if not loop.last }}
    {% endfor %}
),

dated as (
    select
        finding.check_code,
        finding.school_id,
        finding.detail,
        finding.example,
        coalesce(finding.seen_on, {{ local_date('batch.extracted_at') }}, {{ as_of() }}) as seen_on,
        batch.county_number
    from finding
    left join {{ source('landing', 'batch') }} as batch on finding.batch_id = batch.batch_id
)

select
    coalesce(school.county_number, max(dated.county_number)) as county_number,
    dated.school_id,
    dated.check_code,
    dated.detail,
    quality_check.severity,
    cast(count(*) as integer) as rows,
    min(dated.example) as example,
    min(dated.seen_on) as first_seen,
    quality_check.meaning,
    quality_check.remedy
from dated
inner join {{ ref('quality_check') }} as quality_check on dated.check_code = quality_check.check_code
left join {{ ref('school_now') }} as school on dated.school_id = school.school_id
group by
    school.county_number, dated.school_id, dated.check_code, dated.detail, quality_check.severity,
    quality_check.meaning, quality_check.remedy
