META
key;value
description;An invented vote on small grants for health and wellbeing
country;Invented county
num_projects;6
num_votes;20
budget;6000
vote_type;approval
rule;equal shares
PROJECTS
project_id;cost;name
1;2500;Walking group for the valley
2;1500;Lunch club at the chapel
3;2000;Lift share to appointments
4;1000;Youth drop-in
5;1800;Cookery for carers
6;900;Telephone befriending
VOTES
voter_id;vote
1;1,3
2;1,3
3;1,2
4;1,3
5;1
6;1,3
7;1,3
8;1
9;1,3
10;1,2,3
11;1,2
12;2,6
13;4
14;4,5
15;4
16;4,5
17;4
18;2,6
19;6
20;5,6
