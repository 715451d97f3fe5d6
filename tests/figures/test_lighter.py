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
    assert len(re.findall("<circle", less)) == 60
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


def test_marks_in_a_row_that_look_alike_say_it_once():
    marks = '<line x2="0" y2="3" stroke="red"/>' * 3
    assert lighter(f"<svg >{marks}</svg>") == '<svg ><g stroke="red">' + '<line y2="3"/>' * 3 + "</g></svg>"


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
