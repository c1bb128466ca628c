"""What is sent as markup is escaped, and the same elements as before."""

from dash import dcc

from dashboard.components import html
from dashboard.components.aria import aria
from dashboard.components.markup import Markup, condensed


def test_text_and_attributes_are_escaped() -> None:
    made = condensed(html.Div([html.P('<b>"&', title='"><script>'), None, ["a", 1]]))
    assert isinstance(made, Markup)
    assert made.content == '<p title="&quot;&gt;&lt;script&gt;">&lt;b&gt;&quot;&amp;</p>a1'


def test_names_styles_and_flags_become_html() -> None:
    node = html.Div(
        html.Span("x", className="n", tabIndex=0, style={"clipPath": "none"}, hidden=True, **aria(label="y"))
    )
    opening, _, rest = condensed(node).content.partition(">")
    assert set(opening.split()) == {
        "<span",
        'aria-label="y"',
        'class="n"',
        'data-style="clip-path:none"',
        'tabindex="0"',
        "hidden",
    }
    assert rest == "x</span>"


def test_a_chart_stays_live_and_its_neighbours_do_not() -> None:
    made = condensed(html.Div([html.P("a"), html.Div(dcc.Graph(id="g"))]))
    assert isinstance(made, html.Div)
    assert isinstance(made.children[0], Markup)
    assert isinstance(made.children[1].children[0], dcc.Graph)
