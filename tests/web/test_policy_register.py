"""A body's own register: entered, uploaded whole or not at all, dropped with a reason, taken over one by one."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from evenhand.data.tables import Opened
from evenhand.find.app import policy_actions, policy_queries
from evenhand.find.app.policy_actions import Fate
from evenhand.find.policies import read_policies
from evenhand.people.rights import may_somewhere
from evenhand.record.app import queries as record
from evenhand.terms import Refused
from evenhand.web.demonstration import ASHDALE, MILLBROOK, PEOPLE

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
OURS = frozenset({MILLBROOK})
OLD = "Old Millbrook commissioner"
TWO = ("title,kind,from,exceptions,reason\nPain plasters,not routinely,2024-04-01,After shingles,\n"
       "Hip injections,criteria,2024-04,,\n")
THREE = ("title,kind,exceptions\nPain plasters,not routinely,After shingles\nHip injections,not routinely,\n"
         "Cataract limit,criteria,\n")


def register(text, name="register.csv"):
    return read_policies(Opened(name, content=text.encode()))


def sent(text, name="register.csv"):
    return SimpleUploadedFile(name, text.encode() if isinstance(text, str) else text)


def upload(client, text, name="register.csv", **more):
    return client.post(reverse("policies-ours"), {"register": sent(text, name), **more})


def titles():
    return [each.policy.title for each in policy_queries.held(OURS)]


def test_a_register_is_uploaded_and_published_with_who_holds_what_since_when(signed_in):
    assert upload(signed_in("owen-price"), TWO).status_code == 302
    said = signed_in().get(reverse("policies-held")).content.decode()
    assert "Holds 2 policies." in said
    assert "1 April 2024" in said
    listed = signed_in().get(reverse("policies")).content.decode()
    assert "Held by Millbrook commissioner (invented) since 1 April 2024" in listed
    assert "Hip injections" in signed_in().get(reverse("policy", args=("hip-injections",))).content.decode()
    whats = [each.what for each in record.entries(f"body/{MILLBROOK}")]
    assert "register of policies entered: 2 new, 0 changed, 0 no longer held" in whats
    # What is taken away as a file reads back as the same register.
    table = signed_in().get(reverse("policies-held-file", args=(MILLBROOK, "csv"))).content.decode("utf-8-sig")
    assert [each.title for each in register(table).policies] == ["Hip injections", "Pain plasters"]
    assert upload(signed_in("owen-price"), table).status_code == 400


@pytest.mark.parametrize(("text", "name", "words"), [
    ("title,kind\nA,never\nB,criteria\n", "r.csv", ["r.csv:2:kind", "never found", "write routine, criteria"]),
    ("title,kind,from\nA,criteria,2024-13-01\n", "r.csv", ["r.csv:2:from", "this is not a date"]),
    ("title,kind,from,to\nA,criteria,2024,2023\n", "r.csv", ["r.csv:2:to", "end before it begins"]),
    ("title,kind\nA,criteria\nA,routine\n", "r.csv", ["r.csv:3:id", "stands twice"]),
    ("title,kind,exeptions\nA,criteria,x\n", "r.csv", ["exeptions", "did you mean exceptions"]),
    ("title,kind\nA,criteria,more,and more\n", "r.csv", ["r.csv:2", "more cells than there are headings"]),
    ("name,kind\nA,criteria\n", "r.csv", ["no column “title”"]),
    ("kind,title\ncriteria,\n", "r.csv", ["r.csv:2:title", "needs a title"]),
    ("id,title\nours,A\n", "r.csv", ["r.csv:2:id", "a page of the site has this name"]),
    ("id,title\na/b,A\n", "r.csv", ["part of an address"]),
    ("title\n" + "A" * 300 + "\n", "r.csv", ["more than 200 letters"]),
    ("", "r.csv", ["empty"]), ("title,kind\n", "r.csv", ["holds no policy"]),
    (b"\xff\xfe\x00nonsense", "r.csv", ["not text"]), (b"PK\x03\x04 not a workbook", "r.xlsx", ["r.xlsx"]),
    ("[[policy]\n", "r.toml", ["not TOML"]), ('[[policy]]\ntitle="A"\ncolour="red"\n', "r.toml", ["colour"]),
])
def test_a_wrong_file_is_refused_whole_with_row_column_value_and_remedy(signed_in, text, name, words):
    assert upload(signed_in("owen-price"), TWO).status_code == 302
    answer = upload(signed_in("owen-price"), text, name)
    assert answer.status_code == 400
    said = answer.content.decode()
    for each in words:
        assert each in said, (each, said[said.find("There is something"):][:600])
    assert titles() == ["Hip injections", "Pain plasters"]


def test_no_file_at_all_is_said(signed_in):
    answer = signed_in("owen-price").post(reverse("policies-ours"), {})
    assert answer.status_code == 400
    assert "there is no file" in answer.content.decode()


def test_what_is_held_leaves_only_with_a_reason(signed_in):
    client = signed_in("owen-price")
    assert upload(client, TWO).status_code == 302
    one = "title,kind,from,exceptions,reason\nPain plasters,not routinely,2024-04-01,After shingles,\n"
    answer = upload(client, one)
    assert answer.status_code == 400
    assert "dropped without a reason (Hip injections found)" in answer.content.decode()
    assert upload(client, one + "Hip injections,dropped,,,\n").status_code == 400
    assert upload(client, one + "Hip injections,dropped,,,No benefit in three trials\n").status_code == 302
    assert titles() == ["Pain plasters"]
    said = signed_in().get(reverse("policies-held")).content.decode()
    assert "No benefit in three trials" in said


def test_a_workbook_is_read_as_a_table(signed_in):
    import io

    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet = book.add_worksheet()
    for place, row in enumerate((("Title", "Kind", "From"), ("Pain plasters", "not routinely", "2024-04"))):
        sheet.write_row(place, 0, row)
    book.close()
    assert upload(signed_in("owen-price"), out.getvalue(), "r.xlsx").status_code == 302
    assert titles() == ["Pain plasters"]


def test_one_policy_is_entered_changed_and_dropped_by_form(signed_in):
    client, form = signed_in("mina-lee"), reverse("policy-enter")
    typed = {"title": "Pain plasters", "kind": "criteria", "from": "2025", "exceptions": "After shingles"}
    wrong = client.post(form, {**typed, "title": "", "from": "soon"})
    assert wrong.status_code == 400
    assert "A policy needs a title" in wrong.content.decode()
    assert "This is not a date: “soon”" in wrong.content.decode()
    assert client.post(form, typed).status_code == 302
    assert "holds a policy of this title" in client.post(form, typed).content.decode()
    own = f"{form}?policy=pain-plasters"
    assert client.post(own, typed).status_code == 400
    assert client.post(own, {**typed, "kind": "not routinely"}).status_code == 302
    (held,) = policy_queries.held(OURS)
    assert (held.policy.kind, held.since) == ("not routinely", "2025")
    drop = reverse("policy-end", args=("pain-plasters",))
    assert "not dropped without a reason" in client.post(drop, {"why": " "}).content.decode()
    assert client.post(drop, {"why": "Taken into the formulary."}).status_code == 302
    assert titles() == []
    whats = [each.what for each in record.entries(f"body/{MILLBROOK}")]
    assert [each for each in whats if each.startswith("policy ")] == [
        "policy entered: pain-plasters", "policy changed: pain-plasters", "policy dropped: pain-plasters"]


def test_a_published_policy_becomes_ones_own_with_its_words(signed_in):
    client, form = signed_in("mina-lee"), reverse("policy-enter") + "?policy=item-homeopathy"
    assert "These are the published words" in client.get(form).content.decode()
    assert client.post(form, {"title": "Homeopathy", "kind": "not routinely", "from": "2018-05"}).status_code == 302
    page = signed_in().get(reverse("policy", args=("item-homeopathy",))).content.decode()
    assert "Millbrook commissioner (invented), since May 2018" in page


def bring(client, text=THREE, who=OLD):
    return client.post(reverse("policies-before"), {"do": "bring", "predecessor": who, "register": sent(text)})


def settled(client, **typed):
    return client.post(reverse("policies-before"), {"do": "settle", "predecessor": OLD, **typed})


def numbers():
    found = policy_queries.handover(MILLBROOK, OLD)
    return {each.policy.title: each.number for each in found.policies}


def test_a_predecessors_policies_are_refused_until_every_dropped_one_has_a_reason(signed_in):
    client = signed_in("owen-price")
    assert upload(client, TWO).status_code == 302
    assert bring(client).status_code == 302
    # Pain plasters stand in our register in the same words, hip injections in others: nobody is asked of these again.
    found = policy_queries.handover(MILLBROOK, OLD)
    assert [(each.policy.title, each.became) for each in found.policies] == [
        ("Pain plasters", "kept"), ("Hip injections", "changed"), ("Cataract limit", "")]
    number = numbers()["Cataract limit"]
    answer = settled(client)
    assert answer.status_code == 400
    assert "This policy would be dropped without a reason: “Cataract limit”" in answer.content.decode()
    answer = settled(client, **{f"became-{number}": "dropped", f"reason-{number}": " "})
    assert answer.status_code == 400
    assert f'href="#reason-{number}"' in answer.content.decode()
    assert not policy_queries.handover(MILLBROOK, OLD).is_settled
    assert "Not settled yet: it is said of 2 of 3" in signed_in().get(reverse("policies-held")).content.decode()
    answer = settled(client, **{f"became-{number}": "dropped", f"reason-{number}": "No support in the evidence."})
    assert answer.status_code == 302
    said = signed_in().get(reverse("policies-held")).content.decode()
    assert "Of 3 policies of Old Millbrook commissioner, 1 kept, 1 changed, 1 dropped with a reason." in said
    assert "No support in the evidence." in said
    assert "<strong>Changed</strong>: Done where criteria are met: prior approval" in said
    whats = [each.what for each in record.entries(f"body/{MILLBROOK}")]
    assert "policies of a predecessor taken over: 1 kept, 1 changed, 1 dropped with a reason" in whats
    assert settled(client).status_code == 400


def test_kept_and_changed_policies_enter_the_register(signed_in):
    client = signed_in("owen-price")
    assert bring(client).status_code == 302
    at = numbers()
    first, second, third = (at[each] for each in ("Pain plasters", "Hip injections", "Cataract limit"))
    unchanged = {f"became-{second}": "changed", f"kind-{second}": "not routinely"}
    assert "Nothing of it is changed" in settled(client, **unchanged).content.decode()
    typed = {f"became-{first}": "kept", f"became-{second}": "changed", f"kind-{second}": "criteria",
             f"exceptions-{second}": "After a year of pain", f"became-{third}": "dropped", f"reason-{third}": "No use."}
    assert settled(client, **typed).status_code == 302
    held = {each.policy.title: each.policy for each in policy_queries.held(OURS)}
    assert set(held) == {"Pain plasters", "Hip injections"}
    assert (held["Hip injections"].kind, held["Hip injections"].exceptions) == ("criteria", "After a year of pain")
    assert [each.became for each in policy_queries.handover(MILLBROOK, OLD).policies] == ["kept", "changed", "dropped"]


def test_what_is_said_is_kept_between_sittings_and_a_wrong_file_can_be_taken_back(signed_in):
    client = signed_in("owen-price")
    assert bring(client).status_code == 302
    number = numbers()["Pain plasters"]
    kept = client.post(reverse("policies-before"), {"do": "save", "predecessor": OLD, f"became-{number}": "kept"})
    assert kept.status_code == 302
    assert "of 2 nobody has said yet" in client.get(kept["Location"]).content.decode()
    assert "here already" in bring(client).content.decode()
    assert client.post(reverse("policies-before"), {"do": "take back", "predecessor": OLD}).status_code == 302
    assert policy_queries.handovers(OURS) == []
    assert "Whose policies are they" in bring(client, who=" ").content.decode()


def test_a_policy_that_our_own_register_holds_is_dropped_there_not_here(site):
    policy_actions.replace_register(MILLBROOK, register(TWO), by="owen-price", on=TODAY)
    policy_actions.bring(MILLBROOK, OLD, register(THREE), by="owen-price", on=TODAY)
    with pytest.raises(Refused, match="your own register holds this policy"):
        policy_actions.say(MILLBROOK, OLD, {numbers()["Pain plasters"]: Fate("dropped", "No use.")}, by="owen-price")


@pytest.mark.parametrize("who", ["", *(one.id for one in PEOPLE)])
def test_only_those_with_the_right_keep_a_register_and_only_their_own_bodys(signed_in, who):
    from evenhand.people.app import queries as people
    from evenhand.people.rights import THE_PUBLIC, may

    account = who and people.demonstration_key(who)
    person = people.person(account, on=TODAY) if account else THE_PUBLIC
    client = signed_in(who)
    status = client.post(reverse("policies-ours") + f"?body={MILLBROOK}", {"register": sent(TWO)}).status_code
    brought = client.post(reverse("policies-before") + f"?body={MILLBROOK}",
                          {"do": "bring", "predecessor": OLD, "register": sent(THREE)}).status_code
    if may(person, "keep policies", MILLBROOK):
        assert (status, brought) == (302, 302)
    else:
        assert {status, brought} <= ({404} if may_somewhere(person, "keep policies") else {403})
        assert policy_queries.held() == []
    assert policy_queries.held(frozenset({ASHDALE})) == []


def test_a_request_against_a_bodys_own_policy_goes_to_a_body_that_holds_it(signed_in):
    policy_actions.replace_register(MILLBROOK, register(TWO), by="owen-price", on=TODAY)
    own = reverse("policy-ask", args=("hip-injections",))
    assert "Ask for prior approval" in signed_in("isla-hughes").get(own).content.decode()
    assert signed_in("una-grey").get(own).status_code == 404
