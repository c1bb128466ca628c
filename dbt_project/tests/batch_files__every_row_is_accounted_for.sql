-- Rows read that neither landed, nor were unchanged, superseded or quarantined, are lost without a word;
-- more rows than were read are counted twice. Either way the delivery cannot be trusted: load it again and
-- compare.
select *
from {{ ref('batch_file') }}
where rows_read <> rows_landed + rows_unchanged + rows_superseded + rows_quarantined
