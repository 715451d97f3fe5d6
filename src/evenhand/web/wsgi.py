"""What a server of the site runs."""

from __future__ import annotations

import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.web.settings")
application = get_wsgi_application()


def warm() -> None:
    """Load what the first reader would otherwise wait for: the figures held, the methods, the drawing of charts."""
    from evenhand.figures.chart import svg_of
    from evenhand.web import loaded

    newest = next((each for each in loaded.releases() if len(each.units) > loaded.ENOUGH), None)
    if newest is not None and (year := loaded.best_year(min(newest.units), newest)) is not None:
        loaded.gaps_of(newest, of=min(newest.units), span=year)
    svg_of({"mark": "point", "data": {"values": [{"x": 0}]}, "encoding": {"x": {"field": "x", "type": "quantitative"}}})


Thread(target=warm, daemon=True).start()
