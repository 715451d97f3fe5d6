"""What headings of trackers say, and what each can mean. Add a spelling here when a tracker uses another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """What a column can be taken for: its name in the answer, what it is to a reader, and how its headings read.

    ``exact`` is a pattern of whole headings without units, years and marks; one that only holds ``within`` is a weaker
    sign. The order of roles settles which of two equal signs counts.
    """

    name: str
    what: str
    exact: str
    within: str = ""
    money: bool = False


_WHOSE = (r"(qipp |cip |scheme |project |initiative |programme |saving |savings |benefit |benefits |planned |total |"
          r"the )*")

ROLES: tuple[Role, ...] = (
    Role(
        "id", "the scheme's reference",
        r"(unique |scheme |project |qipp |cip |pmo )*(ref|refs|id|reference|reference no|reference number|"
        r"ref no|no|number|code|line|line no|item|s no|sr no)|row",
        r"\bunique (ref|id)|\bref(erence)?\b( no)?$|\bscheme (id|no|number)\b",
    ),
    Role(
        "name", "the scheme's name",
        _WHOSE + (
            r"(scheme|schemes|scheme name|scheme title|project name|project title|project|initiative|"
            r"initiative name|title|name|opportunity|idea|name of scheme|name of project|proposal|scheme or theme|"
            r"scheme description|project description|cip|qipp|saving|savings scheme|efficiency|plan name|what|"
            r"items?)"
        ),
        r"\b(scheme|project|initiative)\b.*\b(name|title)\b|\bname of\b|\bscheme\b",
    ),
    Role(
        "detail", "what the scheme does",
        r"description|details?|summary|brief description|scope|what it (is|does)|outline|rationale|(scheme|"
        r"project) (description|detail|details|summary)",
        r"\bdescription\b|\boutline\b",
    ),
    Role(
        "programme", "the programme it belongs to",
        r"programme|program|workstream|work stream|theme|area|portfolio|directorate|service|service area|"
        r"care group|category|division|department|programme area|point of delivery|pod|sector|group|"
        r"work ?stream name|care area",
        r"\bprogramme\b|\bwork ?stream\b|\btheme\b|\bservice area\b|\bdirectorate\b",
    ),
    Role(
        "owner", "who owns it",
        _WHOSE + (
            r"(owner|lead|manager|responsible|responsible officer|accountable|lead officer|accountable officer|"
            r"named lead|responsible person|who|lead name|owner name|managerial lead|commissioning lead|"
            r"delivery lead|responsible owner|lead manager|pmo lead|business lead|operational lead)"
        ),
        r"\bowner\b|\bproject (lead|manager)\b|\bscheme (lead|manager)\b|\bresponsib|\blead officer\b",
    ),
    Role(
        "sponsor", "who answers for it",
        r"sro|sponsor|senior responsible (officer|owner)|exec(utive)? (lead|sponsor|owner|director)|director|"
        r"clinical lead|gp lead|clinical sponsor|lead director|accountable director|finance lead|lead gp|"
        r"lead clinician",
        r"\bsro\b|\bsponsor\b|\bclinical lead\b|\bexec\w* lead\b|\bfinance lead\b|\blead\b",
    ),
    Role(
        "start", "when it starts",
        _WHOSE + (
            r"(start|start date|starts|go live|go live date|live date|starting|from|commencement|commences|"
            r"commencement date|implementation date|start month|implementation|date from|delivery start|"
            r"effective from|begin|begins|delivery start date|starts when|go live month|when|"
            r"date of first (benefit|saving)s?|first (benefit|saving)s?( date)?|phasing start( month)?)"
        ),
        r"\bstart\b|\bgo ?live\b|\bcommence|\bimplementation date\b|\blive date\b",
    ),
    Role(
        "end", "when it ends",
        _WHOSE + (
            r"(end|end date|finish|finish date|completion|completion date|to|until|due date|deadline|date to|"
            r"target date|ends)"
        ),
        r"\bend date\b|\bcompletion\b|\bfinish",
    ),
    Role(
        "measure", "how anyone will know that it works",
        _WHOSE + (
            r"(measure|measures|kpi|kpis|metric|metrics|outcome measure|indicator|indicators|success measure|"
            r"success measures|how measured|outcome|outcomes|measured by|activity measure|benefit measure|"
            r"evidence|quality measure|performance measure|success criteria|key metric|measure of success|"
            r"how will we know)"
        ),
        r"\bmeasure|\bkpis?\b|\bmetrics?\b|\bindicator|\bsuccess\b",
    ),
    Role(
        "status", "how it stands",
        _WHOSE + (
            r"(status|rag|rag rating|brag|brag rating|rag status|brag status|stage|progress|delivery status|"
            r"current status|delivery rag|overall rag|financial rag|overall status|rating|state|gateway|"
            r"delivery rating|phase|maturity|plan maturity|delivery maturity|status this (week|month))"
        ),
        r"\bb?rag\b|\bstatus\b|\bgateway\b",
    ),
    Role(
        "confidence", "how likely it is",
        r"confidence|probability|likelihood|delivery confidence|confidence level|chance|risk rating|risk|"
        r"delivery risk|probability of delivery|risk adjustment|confidence of delivery|deliverability|risk adj",
        r"\bconfidence\b|\bprobability\b|\blikelihood\b",
    ),
    Role(
        "recurrent", "whether it comes again each year",
        r"recurrent|recurring|rec non rec|recurrent non recurrent|r nr|rec nr|recurrent or non recurrent|"
        r"recurrency|recurrent or not|r or nr|recurrence|non recurrent|recurrent y n|is recurrent|nr r|"
        r"recurrent nr|rec",
        r"\brecurrent or\b|\brec(urrent)? ?non\b",
    ),
    Role(
        "cash_releasing", "whether it frees cash",
        r"cash releasing|cashable|cash|cash or non cash|cash releasing y n|cash releasing or not|"
        r"cashable non cashable|cash non cash|releases cash|cash releasing saving",
        r"\bcash ?(releasing|able)|\bcashable\b",
    ),
    Role(
        "kind", "quality, innovation, productivity or prevention",
        r"(qipp )?(type|kind|category|domain|element|class|classification)|q i p p|qipp|"
        r"quality innovation productivity prevention|quality innovation productivity or prevention|"
        r"qipp strand|strand|type of scheme|scheme type|saving type",
        r"\bqipp (type|category|domain|element|strand)\b|\bscheme type\b",
    ),
    Role(
        "body", "whose it is",
        r"ccg|commissioner|organisation|body|org|icb|sub icb|place|locality|ccg name|lead ccg|borough|"
        r"commissioning body|lead commissioner|host|organisation name|responsible body|commissioner name|pct|"
        r"council|statutory body",
        r"\bccg\b|\bcommissioner\b|\borganisation\b|\bicb\b",
    ),
    Role(
        "provider", "the provider it touches",
        r"provider|trust|providers|provider name|main provider|lead provider|provider affected|supplier|"
        r"practice",
        r"\bprovider\b|\btrust\b",
    ),
    Role(
        "year", "the financial year it belongs to",
        r"year|financial year|fy|plan year|year of saving|period",
    ),
    Role(
        "hours", "hours it takes",
        r"hours|hours a week|hours per week|hrs|hrs week|hours week|hours needed|time needed|effort hours|"
        r"lead hours|clinical hours|pmo hours|hours required|weekly hours|effort",
        r"\bhours\b|\bhrs\b",
    ),
    Role(
        "note", "remarks",
        r"comments?|notes?|update|updates|narrative|commentary|remarks?|issues|next steps?|actions?|"
        r"latest update|progress update|risks and issues|latest position|monthly update|pmo comments?|"
        r"key risks|dependencies|risks issues|reason|reasons|reason for change|mitigation|mitigations",
        r"\bcomment|\bnotes?\b|\bnarrative\b|\bupdate\b|\bnext steps\b",
    ),
    Role(
        "overlap", "what is counted twice",
        r"double count|double counting|double counted|overlap|overlaps|overlaps with|duplicate|duplicate of|"
        r"duplicates|counted twice|double count with|overlap with|also in|counted elsewhere|"
        r"overlap adjustment|double count adjustment|double counting adjustment",
        r"\bdouble ?-?count|\boverlap|\bduplicat|\bcounted twice",
    ),
    Role(
        "full_year", "the saving in a full year",
        r"fye|full year effect|full year|full year saving|full year savings|annual saving|annual savings|"
        r"full year value|fye saving|fye savings|recurrent fye|recurring full year|annual value|"
        r"full year impact|annual effect|full year effect saving|saving per annum|per annum|net fye|fye net|"
        r"fyenet|annual|fy effect|full year benefit",
        r"\bfye\b|\bfull year\b|\bfull yr\b|\bannual (saving|value|effect)",
        money=True,
    ),
    Role(
        "low", "the lowest it may be",
        _WHOSE + (
            r"(low|lowest|minimum|min|worst case|worst|pessimistic|low case|lower|low estimate|lower estimate|"
            r"downside|at least|low end)"
        ),
        r"\bworst\b|\bpessimistic\b|\blow (case|est|end)|\bminimum\b|\bdownside\b",
        money=True,
    ),
    Role(
        "high", "the highest it may be",
        _WHOSE + (
            r"(high|highest|maximum|max|best case|best|optimistic|high case|upper|high estimate|upper estimate|"
            r"stretch|upside|at most|high end)"
        ),
        r"\bbest case\b|\boptimistic\b|\bhigh (case|est|end)|\bmaximum\b|\bstretch\b|\bupside\b",
        money=True,
    ),
    Role(
        "actual", "found so far",
        r"actual|actuals|ytd actual|actual ytd|delivered|achieved|actual saving|actual savings|"
        r"savings to date|delivered to date|achieved to date|delivered ytd|saving to date|year to date actual|"
        r"actual to date|ytd|realised|found so far|savings achieved|saving achieved|savings delivered|"
        r"actual year to date|achieved ytd|cumulative actual|actual delivered|total actual",
        r"\bactuals?\b|\bdelivered\b|\bachieved\b|\brealised\b|\bto date\b",
        money=True,
    ),
    Role(
        "forecast", "the forecast",
        r"forecast|fot|forecast outturn|fcot|f cast|forecast saving|forecast savings|outturn|expected|"
        r"projected|full year forecast|year end forecast|forecast year end|fy forecast|risk adjusted forecast|"
        r"forecast delivery|predicted|forecast out turn|m12 forecast|likely outturn",
        r"\bforecast\b|\boutturn\b|\bfot\b|\bprojected\b",
        money=True,
    ),
    Role(
        "risk_adjusted", "the saving less its risk",
        r"risk adjusted( saving| savings| value| plan| net)?|risk adj( saving| value)?|risked( value)?|"
        r"weighted value",
        r"\brisk adj|\bprobability adjusted",
        money=True,
    ),
    Role(
        "cost", "what it costs",
        r"cost|costs|investment|investment required|reprovision|cost of scheme|invest|set up cost|"
        r"set up costs|investment needed|reinvestment|implementation cost|cost to deliver|reprovision cost|"
        r"costs of delivery|investment cost|enabling cost|spend to save|pump priming|gross cost|"
        r"less investment|less cost|less reprovision",
        r"\binvestment\b|\bcosts?\b|\breprovision|\bpump prim",
        money=True,
    ),
    Role(
        "gross", "the saving before costs",
        _WHOSE + (
            r"gross|gross (saving|savings|value|benefit|plan|qipp)( planned)?|gross savings plan|gross in year"
        ),
        r"\bgross\b",
        money=True,
    ),
    Role(
        "value_nonrecurrent", "the part that comes once",
        r"non recurrent (saving|savings|value|plan)|nr (saving|savings|value|plan)|non rec (saving|savings|"
        r"value)|one off saving|one off savings|non recurrent savings plan|saving non recurrent|"
        r"savings non recurrent|non recurring saving|non recurring savings",
        r"\bnon ?-?rec\w* (saving|value|plan|net)",
        money=True,
    ),
    Role(
        "value_recurrent", "the part that comes each year",
        r"recurrent (saving|savings|value|plan|net)|rec (saving|savings|value)|r (saving|savings|value)|"
        r"recurring saving|recurring savings|recurrent savings plan|saving recurrent|savings recurrent",
        r"\brec\w* (saving|value|plan|net)",
        money=True,
    ),
    Role(
        "units", "the units of its amount",
        r"units?|currency|unit of (measure|currency)|scale|denomination",
    ),
    Role(
        "value_of_body", "the part of one body or provider, one of several columns",
        r"(?!)",
        money=True,
    ),
    Role(
        "variance", "a difference",
        r"variance|var|variance to plan|difference|slippage|shortfall|gap|over under|movement|change|"
        r"variance from plan|under over|variance ytd|ytd variance|forecast variance",
        r"\bvariance\b|\bslippage\b|\bmovement\b|\bdifference\b|\b% (of|delivered|achieved)",
        money=True,
    ),
    Role(
        "plan_to_date", "the plan up to now",
        r"plan ytd|ytd plan|plan to date|year to date plan|planned to date|ytd target|budget ytd|ytd budget|"
        r"plan year to date|target ytd",
        r"\b(plan|target|budget) (ytd|to date)|\bytd (plan|target|budget)",
        money=True,
    ),
    Role(
        "baseline", "what is spent now",
        r"baseline|budget|current spend|baseline spend|spend|annual budget|current cost|baseline cost|"
        r"contract value|baseline budget|current budget",
        r"\bbaseline\b|\bbudget\b",
        money=True,
    ),
    Role(
        "value", "the saving it claims",
        _WHOSE + (
            r"(net|value|amount|total|net saving|net savings|net value|net benefit|plan|planned|in year|pye|part year|"
            r"part year effect|in year saving|in year savings|net plan|net in year|current year|this year|"
            r"in year plan|plan value|target|target saving|target savings|saving|savings|planned saving|"
            r"planned savings|savings plan|plan saving|plan savings|annual plan|original plan|financial benefit|"
            r"saving target|financial value|efficiency|efficiencies|net qipp|qipp value|saving in year|"
            r"savings in year|in year value|in year net|net pye|pye net|in year effect|plan full year|"
            r"full year plan|qipp plan|qipp saving|qipp savings|year plan|revised plan|claimed|claim|promised|"
            r"saving value|total plan|total saving|total savings|value of saving|net in year saving|"
            r"expected saving|estimated saving|estimated savings|est saving|cost saving|cost savings|"
            r"potential saving|potential savings|saving plan|in year plan saving|)"
        ),
        r"\bnet\b|\bsavings?\b|\bvalue\b|\bplan\b|\bpye\b|\bin ?-?year\b|\bamount\b|\btarget\b|\bbenefits?\b|"
        r"\befficienc|\bqipp\b",
        money=True,
    ),
)  # fmt: skip
BY_NAME = {role.name: role for role in ROLES}
MONEY_ROLES = frozenset(role.name for role in ROLES if role.money) | {"month_plan", "month_actual", "year_value"}
# Read wherever they stand; a column may be taken for each of these only once, for the others as often as they come.
MANY = frozenset({"value_of_body", "month_plan", "month_actual", "year_value", "note", "variance", "sponsor", "detail",
                  "baseline", "programme", "measure", "plan_to_date"})
