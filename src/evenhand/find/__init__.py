"""Where is outcome or value being lost?"""

from evenhand.catalogue import Catalogue, Method
from evenhand.find.alerts import METHOD as ALERTS
from evenhand.find.alerts import alerts
from evenhand.find.avoidable import METHOD as AVOIDABLE
from evenhand.find.avoidable import avoidable
from evenhand.find.concerns import METHOD as CONCERNS
from evenhand.find.concerns import concerns
from evenhand.find.frailty import hospital_frailty_risk_score
from evenhand.find.funnel import METHOD as FUNNEL
from evenhand.find.funnel import funnel
from evenhand.find.gaps import METHOD as GAPS
from evenhand.find.gaps import gaps
from evenhand.find.inequality import METHOD as INEQUALITY
from evenhand.find.inequality import inequality
from evenhand.find.low_priority import METHOD as LOW_PRIORITY
from evenhand.find.low_priority import low_priority
from evenhand.find.map import METHOD as MAP
from evenhand.find.map import map_of
from evenhand.find.peers import METHOD as PEERS
from evenhand.find.peers import peers
from evenhand.find.rates import METHOD as RATES
from evenhand.find.rates import rates
from evenhand.find.waiting import METHOD as WAITING
from evenhand.find.waiting import waiting

QUESTION = "Where is outcome or value being lost?"
READS: tuple[str, ...] = ("Lesson", "Finding")
LEAVES: tuple[str, ...] = ("Opportunity",)
METHODS: Catalogue[Method] = Catalogue(
    "method of find", [RATES, INEQUALITY, FUNNEL, PEERS, GAPS, ALERTS, WAITING, CONCERNS, LOW_PRIORITY, AVOIDABLE, MAP])

__all__ = [
    "METHODS", "alerts", "avoidable", "concerns", "funnel", "gaps", "hospital_frailty_risk_score",
    "inequality", "low_priority", "map_of", "peers", "rates", "waiting",
]
