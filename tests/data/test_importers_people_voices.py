"""What people wrote and how they voted goes to the command that reads it; the trial's other files."""

from __future__ import annotations

import pytest

from evenhand.data import engine
from evenhand.data.load import load
from evenhand.terms import Refused


@pytest.mark.parametrize(("text", "message"), [
    ("participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1\n0,1,3,2,1,1,1,-1\n",
     "nothing to do: evenhand engage opinion FILE groups those who vote alike, as it stands"),
    ("timestamp,datetime,comment-id,voter-id,vote\n1,Mon,0,0,1\n", "one vote of one person"),
    ("timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n1,Mon,0,0,1,0,1,Words\n",
     "--statements FILE"),
    ("topic,What matters?\nviews,3\nvoters,2\n", "holds no figures to load"),
    ("Comment ID,Trust,FFT answer,Comment sentiment,Pain management\n1,ZZZ,Fine.,1,\n", "evenhand engage themes FILE"),
])
def test_words_and_votes_are_refused_naming_the_command_that_reads_them(tmp_path, text, message):
    path = tmp_path / "file.csv"
    path.write_text(text)
    with pytest.raises(Refused) as refused:
        load([path], tmp_path / "workspace")
    assert message in "\n".join(refused.value.lines())
    assert not (tmp_path / "workspace").exists()


def test_practices_of_a_commissioner_are_a_lookup_whose_whole_goes_there(tmp_path):
    path = tmp_path / "practices.csv"
    path.write_text(",ccg_id,code\n0,04J,Z90001\n1,15M,Z90002\n")
    load([path], tmp_path / "workspace")
    assert [(row["from"], row["to"], row["share"]) for row in engine.rows_of(tmp_path / "workspace", "lookups")] == [
        ("Z90001", "04J", 1.0), ("Z90002", "15M", 1.0)]


@pytest.mark.real
def test_every_file_of_these_folders_is_read_or_sent_elsewhere_in_words(real, tmp_path):
    trial = [each for each in sorted((real / "visit-trial-2018").iterdir()) if each.name != "README.md"]
    report = load(trial, tmp_path)
    assert sum(each.held.rows_kept for each in report.loaded) == 20 + 20 + 191 + 20 + 191 + 7_128 + 40
    voices = [each for each in sorted((real / "voices").rglob("*.csv*"))]
    for each in voices:
        with pytest.raises(Refused, match="evenhand engage"):
            load([each], tmp_path)
