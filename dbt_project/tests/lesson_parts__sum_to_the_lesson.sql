-- A lesson that is split must be given out whole, to the minute; one that says what it serves never beyond itself.
select
    'split' as kind,
    cast(split_no as varchar) as what,
    minutes as lesson_minutes,
    sum(share) as part_minutes
from {{ ref('split_share') }}
group by split_no, minutes
having sum(share) <> minutes
union all
select
    'fixed' as kind,
    fixed.lesson_id as what,
    lesson.minutes as lesson_minutes,
    sum(fixed.minutes) as part_minutes
from {{ ref('lesson_fixed_share') }} as fixed
inner join {{ ref('lesson_fact') }} as lesson on fixed.lesson_no = lesson.lesson_no
group by fixed.lesson_id, lesson.minutes, lesson.is_declared
having sum(fixed.minutes) > lesson.minutes or (sum(fixed.minutes) < lesson.minutes and not lesson.is_declared)
