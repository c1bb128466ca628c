-- Grain: subject code. Meaning: what a subject is called: as registered, else as in the curriculum, else
-- the name of the slot where a slot's code stands for what is taken in none of its subjects.
with named as (
    select subject_code, name, kind, 1 as precedence
    from {{ ref('stg_subject') }}
    union all
    select subject_code, subject_name as name, subject_kind as kind, 2 as precedence
    from {{ ref('curriculum_hours') }}
    union all
    select slot_code as subject_code, name, 'slot' as kind, 3 as precedence
    from {{ ref('slot_demand') }}
    union all
    select subject_code, subject_code as name, null as kind, 4 as precedence
    from {{ ref('student_subject') }}
)

select
    subject_code,
    arg_min(name, {'precedence': precedence, 'name': name}) as name,
    arg_min(kind, {'precedence': precedence, 'kind': kind}) filter (where kind is not null) as kind
from named
group by subject_code
