"""A chart's SVG with less text shows the same picture."""

import re

import pytest

from evenhand.figures import Figure, Table
from evenhand.figures.chart import rows_of, svg_of
from evenhand.figures.drawing import Drawing
from evenhand.figures.lighter import lighter

CHART = {"data": rows_of([{"x": each, "y": each**2 / 7, "low": each, "high": each + 3} for each in range(60)]),
         "layer": [{"mark": {"type": "rule", "color": "#768692"},
                    "encoding": {"x": {"field": "x", "type": "quantitative"},
                                 "y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"}}},
                   {"mark": {"type": "point", "filled": True, "color": "#005eb8", "opacity": 1},
                    "encoding": {"x": {"field": "x", "type": "quantitative"},
                                 "y": {"field": "y", "type": "quantitative"}}}]}


def test_less_than_half_the_text_with_every_mark_and_word_in_it():
    drawn = svg_of(CHART)
    less = lighter(drawn)
    assert len(less) < len(drawn) / 2
    # Sixty lines as one path, sixty dots as another.
    assert sorted(each.count("M") for each in re.findall(r' d="([^"]*)"', less))[-2:] == [60, 60]
    assert re.findall(r"<text[^>]*>([^<]*)</text>", less) == re.findall(r"<text[^>]*>([^<]*)</text>", drawn)
    assert less.count("<g") - less.count("<g/>") == less.count("</g>")


def test_the_picture_is_the_same_to_a_tenth_of_a_point():
    vl_convert = pytest.importorskip("vl_convert")
    drawn = svg_of(CHART)
    before, after = (vl_convert.svg_to_png(each) for each in (drawn, lighter(drawn)))
    # Edges are smoothed a shade otherwise where a position was cut; the files are of one size within a few per cent.
    assert before[16:24] == after[16:24]
    assert len(after) == pytest.approx(len(before), rel=0.05)


def test_marks_that_differ_are_left_as_they_are():
    marks = '<line x2="3" stroke="red"/><line x2="4" stroke="blue"/><line x2="5" stroke="red"/>'
    assert lighter(f"<svg >{marks}</svg>") == f"<svg >{marks}</svg>"


def test_one_mark_that_differs_parts_a_row_in_two():
    def row(colour, places):
        return "".join(f'<line transform="translate({each},5)" x2="0" y2="-3" stroke="{colour}"/>' for each in places)
    less = lighter(f"<svg >{row('grey', range(3))}{row('red', [3])}{row('grey', range(4, 7))}</svg>")
    assert less == ('<svg ><path stroke="grey" d="M0 5v-3M1 5v-3M2 5v-3"/>' + row("red", [3])
                    + '<path stroke="grey" d="M4 5v-3M5 5v-3M6 5v-3"/></svg>')


def test_lines_in_a_row_that_look_alike_are_one_path():
    marks = "".join(f'<line transform="translate({each},5)" x2="0" y2="-3" stroke="red"/>' for each in range(3))
    assert lighter(f"<svg >{marks}</svg>") == '<svg ><path stroke="red" d="M0 5v-3M1 5v-3M2 5v-3"/></svg>'


def test_dots_of_one_size_are_one_path_as_wide_as_they_are():
    marks = "".join(f'<circle transform="translate({each},5)" r="2" fill="red"/>' for each in range(3))
    assert lighter(f"<svg >{marks}</svg>") == (
        '<svg ><path stroke="red" stroke-width="4" stroke-linecap="round" d="M0 5h.01M1 5h.01M2 5h.01"/></svg>')


def test_points_on_the_way_go_and_corners_stay():
    straight = "L".join(f"{each},0" for each in range(12))
    assert lighter(f'<svg ><path d="M{straight}L11,8"/></svg>') == '<svg ><path d="M0,0L11,0L11,8"/></svg>'
    zigzag = "M" + "L".join(f"{each},{each % 2 * 5}" for each in range(12))
    assert lighter(f'<svg ><path d="{zigzag}"/></svg>') == f'<svg ><path d="{zigzag}"/></svg>'


def test_pale_dots_are_left_apart_for_they_darken_where_they_meet():
    marks = "".join(f'<circle transform="translate({each},5)" r="2" fill="red" opacity="0.2"/>' for each in range(3))
    assert lighter(f"<svg >{marks}</svg>").count("<circle") == 3
    assert lighter(f"<svg >{marks.replace('0.2', '0.9')}</svg>").count("<path") == 1


def test_words_in_a_row_say_their_size_once():
    words = "".join(f'<text text-anchor="end" transform="translate(0,{each})" fill="red">{each}</text>'
                    for each in range(3))
    assert lighter(f"<svg >{words}</svg>") == (
        '<svg ><g fill="red" text-anchor="end">'
        + "".join(f'<text transform="translate(0,{each})">{each}</text>' for each in range(3)) + "</g></svg>")


def test_other_marks_that_look_alike_say_it_once():
    marks = '<path transform="translate(1,2)" d="M0,0l1,1" stroke="red"/>' * 3
    assert lighter(f"<svg >{marks}</svg>") == (
        '<svg ><g stroke="red">' + '<path transform="translate(1,2)" d="M0,0l1,1"/>' * 3 + "</g></svg>")


def test_numbers_are_cut_to_a_tenth_and_words_are_not():
    assert lighter('<svg ><path d="M1.98765,2.04"/><text>1.98765</text></svg>') == (
        '<svg ><path d="M1.9,2"/><text>1.98765</text></svg>')


def test_a_drawing_of_our_own_is_a_figure_like_any_other():
    figure = Figure("map", "Places & values", "Where they lie.", Table.of([], ["unit"]),
                    Drawing('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0l9 9"/></svg>'))
    drawn = figure.svg()
    assert 'role="img"' in drawn
    assert '<title id="map-title">Places &amp; values</title>' in drawn
    from evenhand.figures.chart import png

    assert png(figure)[:4] == b"\x89PNG"
