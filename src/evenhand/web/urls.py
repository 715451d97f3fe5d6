"""Every address of the site."""

from __future__ import annotations

from django.urls import include, path

from evenhand.web.views import (
    cases,
    concerns,
    front,
    looking,
    measures,
    methods,
    one_body,
    papers,
    programmes,
    promised,
    signing,
    work,
)

urlpatterns = [
    path("", front.home, name="home"),
    path("plan/<str:name>/", promised.plan, name="plan"),
    path("promises/", promised.promises, name="promises"),
    path("promises/promises.<str:form>", promised.promises_file, name="promises-file"),
    path("decisions/", cases.register, name="register"),
    path("decisions/register.<str:form>", cases.register_file, name="register-file"),
    path("decisions/<str:name>/", cases.case, name="case"),
    path("decisions/<str:name>/everything.zip", cases.everything, name="case-everything"),
    path("decisions/<str:name>/follow.atom", cases.follow, name="case-follow"),
    path("decisions/<str:name>/<str:figure>.<str:form>", cases.figure_file, name="case-figure"),
    path("programmes/", programmes.listing, name="programmes"),
    path("programmes/figures.<str:form>", programmes.listing_file, name="programmes-file"),
    path("programmes/<str:name>/", programmes.one, name="programme"),
    path("programmes/<str:name>/adopt/", programmes.adopt_story, name="adopt-story"),
    path("programmes/<str:name>/figures.<str:form>", programmes.one_file, name="programme-file"),
    path("papers/<str:digest>/", papers.paper, name="paper"),
    path("papers/<str:digest>.json", papers.paper_file, name="paper-file"),
    path("where-to-look/", looking.first, name="where-to-look"),
    path("where-to-look/figures.<str:form>", looking.first_file, name="where-to-look-file"),
    path("where-to-look/raise/", looking.raise_case, name="raise-case"),
    path("where-to-look/ask/", looking.ask_clinician, name="ask-clinician"),
    path("where-to-look/before/", looking.done_before, name="done-before"),
    path("concerns/", concerns.send, name="concerns"),
    path("concerns/follow/", concerns.follow, name="follow-concern"),
    path("concerns/follow/<str:code>/", concerns.followed, name="followed-concern"),
    path("concerns/board/", concerns.board, name="concern-board"),
    path("concerns/<int:key>/", concerns.one, name="concern"),
    path("concerns/<int:key>/read/", concerns.read, name="read-concern"),
    path("concerns/<int:key>/answer/", concerns.settle, name="answer-concern"),
    path("concerns/<int:key>/link/", concerns.link, name="link-concern"),
    path("concerns/<int:key>/erase/", concerns.erase, name="erase-concern"),
    path("bring-your-list/", include("evenhand.choose.app.urls")),
    path("measures/", measures.listing, name="measures"),
    path("measures/of/", one_body.every_measure, name="measures-of"),
    path("measures/of/figures.<str:form>", one_body.every_measure_file, name="measures-of-file"),
    path("measures/<str:name>/", measures.one, name="measure"),
    path("measures/<str:name>/figures.<str:form>", measures.one_file, name="measure-file"),
    path("methods/", methods.listing, name="methods"),
    path("methods/<str:room>/<str:name>/", methods.one, name="method"),
    path("answers/<str:token>/", methods.kept_answer, name="answer"),
    path("answers/<str:token>/answer.<str:form>", methods.kept_answer, name="answer-file"),
    path("samples/<str:name>", methods.sample_file, name="sample"),
    path("sign-in/", signing.sign_in, name="sign-in"),
    path("sign-in/as/", signing.sign_in_as, name="sign-in-as"),
    path("sign-out/", signing.sign_out, name="sign-out"),
    path("my-work/", work.mine, name="my-work"),
    path("my-customers/", work.customers, name="my-customers"),
    path("my-customers/<str:code>/", work.customer, name="my-customer"),
    path("who-may-do-what/<str:code>/", work.who_may, name="who-may"),
    path("questions/<int:key>/", work.question, name="question"),
    path("meetings/", include("evenhand.decide.app.urls")),
    path("about/", front.about, name="about"),
    path("sources/", front.sources, name="sources"),
    path("words/", front.words, name="words"),
    path("accessibility/", front.accessibility, name="accessibility"),
    path("privacy/", front.privacy, name="privacy"),
]

handler400 = "evenhand.web.views.refusals.not_understood"
handler403 = "evenhand.web.views.refusals.not_yours"
handler404 = "evenhand.web.views.refusals.not_found"
handler500 = "evenhand.web.views.refusals.our_fault"
