"""Themes: counts of respondents, campaigns apart, agreement with people, and no word that points to a person."""

from __future__ import annotations

import csv
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evenhand.cli import main
from evenhand.data.suppression import HIDDEN
from evenhand.engage import themes
from evenhand.engage.themes_codebook import Agreement, coded, read_codebook
from evenhand.engage.themes_texts import campaigns_of, folded, may_be_quoted, worded
from evenhand.terms import Refused

BOOK = {"version": "2", "theme": [{"name": "Waiting", "words": ["wait*", "on time"]},
                                  {"name": "Staff", "words": ["nurse", "staff"], "patterns": [r"\bdoctors?\b"]}]}
CAMPAIGN = "Do not close the hospital because the people of this valley need it."


def book_of(**words):
    return {"version": "1", "theme": [{"name": name, "words": list(given)} for name, given in words.items()]}


def refusal(replies, **options):
    with pytest.raises(Refused) as refused:
        themes(replies, **options)
    return str(refused.value)


def sizes(answer):
    return {row["theme"]: row["respondents"] for row in answer.fields["themes"]}


def test_a_word_is_found_whole_a_star_stands_for_any_ending_and_a_pattern_counts_too():
    texts = ["We waited.", "Await nothing", "On  TIME, always", "on times", "nurse's hands", "nurses", "Doctors!", "é"]
    marks, hits = coded(read_codebook(BOOK), texts)
    assert [texts[place] for place in marks[0].nonzero()[0]] == ["We waited.", "On  TIME, always"]
    assert [texts[place] for place in marks[1].nonzero()[0]] == ["nurse's hands", "Doctors!"]
    assert hits[0] == {"on time": 1, "wait*": 1}


def test_letters_beyond_ascii_are_letters():
    marks, _ = coded(read_codebook(book_of(Cafe=["café"], Caf=["caf"])), ["a café here"])
    assert marks.tolist() == [[True], [False]]


def test_a_respondent_who_replies_twice_is_one_and_groups_are_counted_by_respondent():
    answer = themes({"reply_id": [1, 2, 3, 4], "respondent": ["a", "a", "b", "c"],
                     "respondent_group": ["old", "old", "young", "young"],
                     "text": ["I waited long", "still waiting", "waited", "kind staff"]}, codebook=BOOK)
    waiting = answer.fields["themes"][0]
    assert (waiting["replies"], waiting["respondents"], waiting["share"]) == (3, 2, 2 / 3)
    assert waiting["by_group"] == [{"group": "old", "respondents": 1, "of": 1, "share": 1.0},
                                   {"group": "young", "respondents": 1, "of": 2, "share": 0.5}]
    assert answer.fields["respondents"] == 3


def test_a_campaign_is_counted_apart_and_nearly_the_same_words_belong_to_it():
    texts = [CAMPAIGN, CAMPAIGN.upper(), "Please: " + CAMPAIGN, "The hospital is far from my home.", "hospital"]
    answer = themes({"reply_id": range(5), "text": texts}, codebook=book_of(Hospital=["hospital"]))
    assert answer.fields["campaigns"][0]["respondents"] == 3
    assert answer.fields["campaigns"][0]["word_for_word"] == 2
    assert answer.fields["campaigns"][0]["themes"] == ["Hospital"]
    assert sizes(answer) == {"Hospital": 2}
    assert answer.fields["themes"][0]["campaign_respondents"] == 3


def test_short_texts_that_many_send_are_no_campaign_and_say_nothing_where_they_do():
    answer = themes({"reply_id": range(6), "text": ["Nothing", "nothing.", "None", "N/A", "waiting", "Waiting!"]},
                    codebook=BOOK)
    assert answer.fields["campaigns"] == []
    assert answer.fields["nothing_said"] == {"replies": 4, "respondents": 4}
    assert answer.fields["repeated"]["most"] == [{"text": "nothing", "replies": 2}, {"text": "waiting", "replies": 2}]
    assert answer.fields["no_theme"]["replies"] == 0


def test_a_text_sent_twice_by_one_respondent_counts_once():
    answer = themes({"reply_id": [1, 2, 3], "respondent": ["a", "a", "b"],
                     "text": ["we waited", "We waited.", "we waited"]}, codebook=BOOK)
    assert answer.fields["sent_twice"] == 1
    assert answer.fields["themes"][0]["replies"] == 2


def test_agreement_is_cohens_kappa():
    # Of 50, both 20, one alone 5 and 10, neither 15. Agreed 0.7, by chance 0.5, so (0.7 - 0.5) / 0.5 = 0.4.
    found = Agreement("x", both=20, rule_only=5, hand_only=10, neither=15)
    assert found.kappa == pytest.approx(0.4)
    assert found.precision == pytest.approx(20 / 25)
    assert found.recall == pytest.approx(20 / 30)
    assert Agreement("x", 0, 0, 0, 9).kappa is None
    assert Agreement("x", 0, 0, 3, 9).precision is None


def test_agreement_is_taken_over_the_sample_and_themes_only_people_used_are_listed():
    answer = themes({"reply_id": [1, 2, 3, 4], "text": ["we waited", "waiting", "kind staff", "waiting again"]},
                    codebook=BOOK, coding={"reply_id": [1, 2, 3], "themes": ["waiting", "Cost", "Staff; Cost"]})
    agreement = answer.fields["agreement"]
    rows = {row["theme"]: row for row in agreement["rows"]}
    assert agreement["replies"] == 3
    assert (rows["Waiting"]["by_rule"], rows["Waiting"]["by_hand"], rows["Waiting"]["both"]) == (2, 1, 1)
    # Agreed in two of three; by chance (2·1 + 1·2) / 9 = 4/9; (6/9 - 4/9) / (5/9) = 0.4.
    assert rows["Waiting"]["kappa"] == pytest.approx(0.4)
    assert agreement["not_in_codebook"] == [{"theme": "Cost", "by_hand": 2}]


@pytest.mark.parametrize("text", [
    "the nurse Margaret was very kind to us all", "please ring me on 07700 900123 about the wait",
    "write to someone@example.org about the wait", "my number is 943 476 5919 and we waited", "we live in DE4 3BW here",
    "born 12/03/1950 and still waiting for this", "thank you dr smith for the kind care", "a lady called jane helped",
    "Margaret was kind to everyone on the ward", "THE NURSE MARGARET WAS KIND TO US ALL"])
def test_what_may_point_to_a_person_is_never_quoted(text):
    small = frozenset(worded("the nurse was kind to us all everyone on ward").split())
    assert not may_be_quoted(text, small)
    answer = themes({"reply_id": [1, 2], "text": [text, "the nurse was kind and on the ward"]},
                    codebook=book_of(All=["the", "we", "me", "a", "you", "to", "on", "waiting"]))
    assert all(folded(text) != folded(said) for row in answer.fields["themes"] for said in row["quotations"])
    assert may_be_quoted("The nurse was kind to us, and I like the NHS.", small)


def test_small_counts_are_hidden_with_what_tells_them_and_none_of_their_words_are_quoted():
    replies = {"reply_id": range(30), "respondent_group": ["a"] * 28 + ["b"] * 2,
               "text": ["we waited a long time for the bus", *(f"the staff were kind {n} times" for n in range(29))]}
    coding = {"reply_id": range(30), "themes": ["Waiting"] + ["Staff"] * 29}
    answer = themes(replies, codebook=BOOK, coding=coding, regime="hes-2018", campaign_words=20)
    rows = {row["theme"]: row for row in answer.fields["themes"]}
    assert rows["Waiting"]["respondents"] == HIDDEN
    assert rows["Waiting"]["share"] == HIDDEN
    assert rows["Waiting"]["quotations"] == []
    assert rows["Staff"]["respondents"] == 30
    assert rows["Staff"]["by_group"][1]["respondents"] == HIDDEN
    agreed = {row["theme"]: row for row in answer.fields["agreement"]["rows"]}
    assert agreed["Waiting"]["kappa"] == HIDDEN
    assert "hes-2018" in " ".join(answer.remarks)


def test_without_a_codebook_words_that_go_together_are_clusters_and_the_seed_settles_them():
    texts = [f"the bus journey is long {n}" for n in "abcdef"] + [f"a kind caring nurse {n}" for n in "abcdef"]
    replies = {"reply_id": range(12), "text": texts}
    answer = themes(replies, clusters=2)
    found = {frozenset(row["key_words"]): row["respondents"] for row in answer.fields["themes"]}
    assert found == {frozenset({"bus", "journey", "long"}): 6, frozenset({"kind", "caring", "nurse"}): 6}
    assert answer.to_json() == themes(replies, clusters=2).to_json()
    assert "not themes that people have read" in " ".join(answer.remarks)


def test_a_name_is_no_key_word():
    replies = {"reply_id": range(6), "text": [f"Nurse Margaret was kind and caring {n}" for n in "abcdef"]}
    said = json.dumps(themes(replies, clusters=2).fields["themes"])
    assert "caring" in said
    assert "argaret" not in said


@given(st.lists(st.sampled_from(["we waited", "kind staff", "nothing", CAMPAIGN, "Staff waited on time"]),
                min_size=1, max_size=12), st.randoms())
def test_the_order_of_the_replies_changes_no_count_and_no_theme_has_more_than_all(texts, chance):
    ids = list(range(len(texts)))
    mixed = chance.sample(ids, len(ids))
    first = themes({"reply_id": ids, "text": texts}, codebook=BOOK)
    second = themes({"reply_id": mixed, "text": [texts[place] for place in mixed]}, codebook=BOOK)
    assert sizes(first) == sizes(second)
    assert first.fields["campaigns"] == second.fields["campaigns"]
    for row in first.fields["themes"]:
        assert row["respondents"] + row["campaign_respondents"] <= len(texts)


def test_texts_of_one_origin_need_four_fifths_of_their_runs_in_common():
    base = "one two three four five six seven eight nine ten"
    far = "one two three four five six other words stand here now"
    found = campaigns_of([base, base, base, far], ["a", "a", "a", "b"], ["p", "q", "r", "s"], least=3, words=8)
    assert [each.places for each in found] == [(0, 1, 2)]
    assert campaigns_of([base] * 3, ["a"] * 3, ["p", "p", "q"], least=3, words=8) == []


def test_what_cannot_be_read_is_refused_with_its_place():
    ok = {"reply_id": [1], "text": ["waited"]}
    assert "there is no column “text”" in refusal({"reply_id": [1], "words": ["x"]})
    assert "there is no column “reply_id”" in refusal({"text": ["x"]})
    assert "no reply has a word in it" in refusal({"reply_id": [1, 2], "text": ["", " "]})
    assert "2:reply_id: row 1 is the same reply (7 found)" in refusal({"reply_id": [7, 7], "text": ["x", "y"]})
    assert "another reply of this respondent says old (young found)" in refusal(
        {"reply_id": [1, 2], "respondent": ["a", "a"], "respondent_group": ["old", "young"], "text": ["x", "y"]})
    assert "there is no such reply (9 found)" in refusal(ok, codebook=BOOK, coding={"reply_id": [9], "themes": ["x"]})
    assert "this reply is coded twice" in refusal(ok, codebook=BOOK, coding={"reply_id": [1, 1], "themes": ["x", "y"]})
    assert "this column holds NHS numbers" in refusal({"reply_id": [1], "nhs_number": [1], "text": ["x"]})


def test_a_codebook_that_cannot_be_used_is_refused(tmp_path):
    ok = {"reply_id": [1], "text": ["waited"]}
    assert "neither words nor patterns" in refusal(ok, codebook=book_of(Empty=[]))
    assert "this is no word" in refusal(ok, codebook=book_of(Star=["*ing"]))
    assert "this pattern cannot be read" in refusal(
        ok, codebook={"theme": [{"name": "x", "patterns": ["(a"]}]})
    assert "it fits an empty text" in refusal(ok, codebook={"theme": [{"name": "x", "patterns": ["a*"]}]})
    assert "theme 1 has the same name" in refusal(ok, codebook={"theme": ["theme"], "words": ["a"]} | {
        "theme": ["Cost", "cost"], "words": ["a", "b"]})
    path = tmp_path / "book.toml"
    path.write_text("version = \n")
    assert "this is not TOML" in refusal(ok, codebook=path)
    assert "--quotations: this must lie between 0 and 20" in refusal(ok, quotations=-1)


def test_a_codebook_as_a_table_codes_as_the_same_in_toml(tmp_path):
    (tmp_path / "book.csv").write_text("theme,words,version\nWaiting,wait*; on time,2\nStaff,nurse;staff,2\n")
    (tmp_path / "book.toml").write_text('version = "2"\n[[theme]]\nname = "Waiting"\nwords = ["wait*", "on time"]\n'
                                        '[[theme]]\nname = "Staff"\nwords = ["nurse", "staff"]\n')
    replies = {"reply_id": [1, 2], "text": ["we waited", "a nurse came on time"]}
    first, second = (themes(replies, codebook=str(tmp_path / name)) for name in ("book.csv", "book.toml"))
    assert first.fields == second.fields
    assert first.fields["codebook"] == {"version": "2", "themes": 2}


def test_the_command_reads_the_sample_and_draws_its_figures(capsys):
    words = ["engage", "themes", "sample:themes-replies", "--codebook", "sample:themes-codebook", "--coding",
             "sample:themes-coding"]
    assert main(words) == 0
    assert "Parking and getting there (6 respondents, 32%)" in " ".join(capsys.readouterr().out.split())
    answer = themes("sample:themes-replies", codebook="sample:themes-codebook")
    assert [figure.name for figure in answer.figures] == ["themes", "themes by group"]
    assert all('role="img"' in figure.svg() for figure in answer.figures)


# --- patients' comments coded by hand ---------------------------------------------------------------------------------

WAITING = 'version = "1"\n[[theme]]\nname = "Timeliness of care"\nwords = ["wait*", "late", "hour*", "time", ' \
          '"quick*", "prompt*", "delay*", "on time", "faster", "punctual*", "response time*", "speed*"]\n'


@pytest.mark.reference
def test_comments_coded_by_hand_are_counted_as_published_and_agreement_is_said(reference, tmp_path, capsys):
    folder = reference / "free-text-feedback"
    expected = json.loads((folder / "ambulance-trust-feedback.expected.json").read_text())
    (tmp_path / "book.toml").write_text(WAITING)
    comments = folder / "ambulance-trust-feedback.comments.csv"
    coding = folder / "ambulance-trust-feedback.coding.csv"
    assert main(["engage", "themes", str(comments), "--codebook", str(tmp_path / "book.toml"), "--coding", str(coding),
                 "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["replies"] == expected["comments"]
    assert found["median_length"] == expected["recomputed"]["median_length"]
    by_hand = {row["theme"]: row["by_hand"] for row in found["agreement"]["not_in_codebook"]}
    by_hand |= {row["theme"]: row["by_hand"] for row in found["agreement"]["rows"]}
    assert by_hand == expected["published"]["theme_counts"]
    assert found["repeated"]["replies"] == expected["recomputed"]["repeated_texts"]
    assert found["repeated"]["distinct"] == expected["recomputed"]["distinct_repeated"]
    shown = {row["text"]: row["replies"] for row in found["repeated"]["most"]}
    assert expected["recomputed"]["most_repeated"].items() <= shown.items()
    # The same four counts by a plain loop over the two files.
    (row,) = found["agreement"]["rows"]
    with coding.open() as file:
        hand = {line["comment"] for line in csv.DictReader(file) if "Timeliness of care" in line["themes"].split("; ")}
    assert row["by_hand"] == len(hand) == 389
    assert row["both"] <= min(row["by_rule"], row["by_hand"])
    observed = 1 - (row["by_rule"] + row["by_hand"] - 2 * row["both"]) / 1500
    chance = (row["by_rule"] * row["by_hand"] + (1500 - row["by_rule"]) * (1500 - row["by_hand"])) / 1500**2
    assert row["kappa"] == pytest.approx((observed - chance) / (1 - chance))
    assert row["kappa"] > 0.6
    assert row["recall"] > 0.7
