-- Grain: as landing.teaching_group_subject. A subject the group is taught.
select
    group_id,
    subject_code,
    batch_id
from {{ source('landing', 'teaching_group_subject') }}
