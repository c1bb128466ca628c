{# The figures whose changes are told. #}
{% macro changed_figures() -%}
    {{ return(['missing', 'offered', 'attended']) }}
{%- endmacro %}

{#
    What the projection moved by, in the order the causes are walked: what was due to the student, what the timetable
    has, what came late about the past, what happened, and what is expected of the rest.
#}
{% macro projection_causes() -%}
    {{ return([
        ('membership_changed', 'membership_effect'),
        ('lessons_added', 'added_effect'),
        ('lessons_removed', 'removed_effect'),
        ('late_registration', 'late_cancelled_effect'),
        ('absence_registered_later', 'late_diverted_effect'),
        ('cancelled', 'cancelled_effect'),
        ('diverted', 'diverted_effect'),
        ('made_up', 'made_up_effect'),
        ('time_passed', 'passed_effect'),
        ('forecast_changed', 'forecast_effect')
    ]) }}
{%- endmacro %}

{# Every cause of a change; a row's causes sum to its change. #}
{% macro change_causes() -%}
    {{ return(
        ['student_came', 'student_left', 'subject_added', 'subject_dropped', 'decision', 'requirement_changed']
        + projection_causes() | map(attribute=0) | list
        + ['absent', 'not_kept']
    ) }}
{%- endmacro %}

{#
    Grain: row of `paired` × figure × cause that moved it. `paired` has one row for each student and subject known then,
    now or both, as structs `earlier` and `latest` of subject_known's columns (null where there was none), and `late`: minutes
    cancelled, diverted and absent on days up to the earlier date as known now. `keys` are carried along.

    Missing minutes cannot fall below none, so its causes are walked in their order, each adding what it alone moves the
    figure by; the other figures are plain sums.
#}
{% macro explained_change(paired, keys) -%}
    with student_known as (
        select
            *,
            bool_or(earlier.student_key is not null) over (partition by school_year, school_id, student_key) as was_here,
            bool_or(latest.student_key is not null) over (partition by school_year, school_id, student_key) as is_here
        from {{ paired }}
    ),

    effect as (
        select
            *,
            case
                when latest.student_key is null then case when is_here then 'subject_dropped' else 'student_left' end
                when earlier.student_key is null then case when was_here then 'subject_added' else 'student_came' end
                when earlier.planned_minutes is null then 'not_kept'
            end as whole_cause,
            case
                when
                    'decision' in (earlier.requirement_basis, latest.requirement_basis)
                    and (
                        earlier.requirement_basis is distinct from latest.requirement_basis
                        or earlier.decision_id is distinct from latest.decision_id
                        or earlier.required_minutes is distinct from latest.required_minutes
                    )
                    then 'decision'
                else 'requirement_changed'
            end as requirement_cause,
            earlier.membership_print is distinct from latest.membership_print as has_moved,
            latest.planned_minutes - earlier.planned_minutes as planned_effect,
            earlier.cancelled_so_far_minutes - late.cancelled as late_cancelled,
            -- What was cancelled in another group's past comes with the change of group.
            case when has_moved then planned_effect + late_cancelled else 0 end as membership_effect,
            case when has_moved then 0 else late_cancelled end as late_cancelled_effect,
            case when has_moved then 0 else greatest(planned_effect, 0) end as added_effect,
            case when has_moved then 0 else least(planned_effect, 0) end as removed_effect,
            earlier.diverted_minutes - late.diverted as late_diverted_effect,
            earlier.cancelled_minutes - latest.cancelled_minutes - late_cancelled as cancelled_effect,
            earlier.diverted_minutes - latest.diverted_minutes - late_diverted_effect as diverted_effect,
            latest.made_up_minutes - earlier.made_up_minutes as made_up_effect,
            earlier.absent_minutes - late.absent as late_absent_effect,
            earlier.absent_minutes - latest.absent_minutes - late_absent_effect as absent_effect,
            earlier.remaining_minutes - latest.remaining_minutes as come_effect,
            earlier.remaining_minutes - earlier.projected_minutes + earlier.offered_minutes as expected_loss,
            latest.remaining_minutes - latest.projected_minutes + latest.offered_minutes as expected_loss_now,
            case
                when earlier.remaining_minutes > 0
                    then cast(
                        round(cast(expected_loss as double) * latest.remaining_minutes / earlier.remaining_minutes) as integer
                    )
                else expected_loss
            end as expected_of_rest,
            expected_loss - expected_of_rest as passed_effect,
            expected_of_rest - expected_loss_now as forecast_effect
        from student_known
    ),

    walked as (
        select
            *,
            {%- set sums = namespace(so_far='earlier.projected_minutes') %}
            {%- for cause, moved in projection_causes() %}
            {{ sums.so_far }} + {{ moved }} as after_{{ cause }},
            {%- set sums.so_far = 'after_' ~ cause %}
            {%- endfor %}
            coalesce(greatest(latest.required_minutes - earlier.projected_minutes, 0), 0) as missing_as_due_now
        from effect
    ),

    told as (
        select
            {{ keys }},
            unnest([
                {%- for figure in ['missing', 'offered'] %}
                {
                    'figure': '{{ figure }}', 'cause': whole_cause,
                    'minutes': case when whole_cause is not null then
                        coalesce(latest.{{ figure }}_minutes, 0) - coalesce(earlier.{{ figure }}_minutes, 0) end
                },
                {%- endfor %}
                {
                    'figure': 'attended', 'cause': whole_cause,
                    'minutes': case when whole_cause is not null and coalesce(whole_cause, '') <> 'not_kept' then
                        coalesce(latest.offered_minutes - latest.absent_minutes, 0)
                        - coalesce(earlier.offered_minutes - earlier.absent_minutes, 0) end
                },
                {
                    'figure': 'missing', 'cause': requirement_cause,
                    'minutes': case when whole_cause is null then missing_as_due_now - coalesce(earlier.missing_minutes, 0) end
                },
                {%- set walk = namespace(before='earlier.projected_minutes') %}
                {%- for cause, _ in projection_causes() %}
                {
                    'figure': 'missing', 'cause': '{{ cause }}',
                    'minutes': case when whole_cause is null then
                        coalesce(greatest(latest.required_minutes - after_{{ cause }}, 0), 0)
                        - coalesce(greatest(latest.required_minutes - {{ walk.before }}, 0), 0) end
                },
                {%- set walk.before = 'after_' ~ cause %}
                {%- endfor %}
                {%- for figure in ['offered', 'attended'] %}
                {%- for cause, moved in projection_causes()[:8] + [('time_passed', 'come_effect')] %}
                {%- if not (figure == 'attended' and cause == 'absence_registered_later') %}
                {
                    'figure': '{{ figure }}', 'cause': '{{ cause }}',
                    'minutes': case when whole_cause is null then {{ moved }} end
                },
                {%- endif %}
                {%- endfor %}
                {%- endfor %}
                {
                    'figure': 'attended', 'cause': 'absence_registered_later',
                    'minutes': case when whole_cause is null then late_diverted_effect + late_absent_effect end
                },
                {
                    'figure': 'attended', 'cause': 'absent',
                    'minutes': case when whole_cause is null then absent_effect end
                }
            ]) as part
        from walked
    )

    select
        {{ keys }},
        part.figure,
        part.cause,
        cast(part.minutes as integer) as minutes
    from told
    where part.minutes <> 0
{%- endmacro %}
