{# A table is made in the place of the one that stands, in one transaction: nobody reads the warehouse while a
   build holds it, so the adapter's own way (make beside, rename twice, look for indexes, foreign keys and
   dependents) is eight statements a model for nothing; a build of a small county took a quarter longer. #}

{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}
    {%- set target = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {% do make_room(this) %}
    {# The adapter runs Python beside this transaction, where what it drops would still stand. #}
    {% if model['language'] == 'python' %}{% do adapter.commit() %}{% endif %}
    {% call statement('main', language=model['language']) -%}
        {{ create_table_as(False, target, compiled_code, model['language']) }}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}


{% materialization view, adapter='duckdb' %}
    {%- set target = this.incorporate(type='view') -%}
    {{ run_hooks(pre_hooks) }}
    {% do make_room(this) %}
    {% call statement('main') -%}
        {{ get_create_view_as_sql(target, sql) }}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}


{% macro make_room(relation) %}
    {%- set standing = load_cached_relation(relation) -%}
    {% if standing is not none %}
        {% call statement('make_room') %}drop {{ standing.type }} if exists {{ standing }}{% endcall %}
    {% endif %}
{% endmacro %}
