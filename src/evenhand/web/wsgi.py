"""What a server of the site runs."""

from __future__ import annotations

import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

from evenhand.web.asking_itself import ask

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "evenhand.web.settings")
application = get_wsgi_application()
AT_ONCE = "/"
"""Asked for before this process takes its first reader, who would otherwise wait for programs to load."""
THEN = ("/promises/", "/programmes/", "/decisions/", "/bring-your-list/", "/methods/", "/policies/")
"""Asked for beside the first readers."""


def warm() -> None:
    """Load what readers would otherwise wait for: pages, how each case was shown, figures held, drawing of charts."""
    from evenhand.figures.chart import svg_of
    from evenhand.web import cases, loaded

    for path in THEN:
        ask(application, path)
    for page in cases.every_case():
        cases.showed(page)
    newest = next((each for each in loaded.releases() if len(each.units) > loaded.ENOUGH), None)
    if newest is not None and (year := loaded.best_year(min(newest.units), newest)) is not None:
        loaded.gaps_of(newest, of=min(newest.units), span=year)
    svg_of({"mark": "point", "data": {"values": [{"x": 0}]}, "encoding": {"x": {"field": "x", "type": "quantitative"}}})


ask(application, AT_ONCE)
Thread(target=warm, daemon=True).start()
