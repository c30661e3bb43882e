"""Comparisons: what each side is asked."""

from __future__ import annotations

import pytest

from rag.query.comparison import ask_each_side


@pytest.mark.parametrize(
    ("question", "one", "two"),
    [
        (
            "Does Arvel or Bodmer have the larger workforce?",
            "What workforce does Arvel have?",
            "What workforce does Bodmer have?",
        ),
        (
            "Whose fine was higher, the Arvels or Otto Bodmer?",
            "How high was the Arvels' fine?",
            "How high was Otto Bodmer's fine?",
        ),
        (
            "Who has more seats, the Arvels or Bodmer?",
            "How many seats do the Arvels have?",
            "How many seats does Bodmer have?",
        ),
        (
            "Who died first, Ada Arvel or Otto Bodmer?",
            "When did Ada Arvel die?",
            "When did Otto Bodmer die?",
        ),
        (
            "Which town is more crowded in summer, Arvel or Bodmer?",
            "How crowded is Arvel in summer?",
            "How crowded is Bodmer in summer?",
        ),
        (
            "Which lake has higher levels of lead, Arvel or Bodmer?",
            "What levels of lead does Arvel have?",
            "What levels of lead does Bodmer have?",
        ),
        (
            "Which fine was higher, that of Arvel or Bodmer?",
            "How high was the fine of Arvel?",
            "How high was the fine of Bodmer?",
        ),
        (
            "Which ferry line had the better margin in 2024, Arvel or Bodmer?",
            "What margin did Arvel have in 2024?",
            "What margin did Bodmer have in 2024?",
        ),
        (
            "Which of Arvel and Bodmer will hire more people?",
            "How many people will Arvel hire?",
            "How many people will Bodmer hire?",
        ),
        (
            "Which of the two ferries, Osprey 3 or Tern, sails to more ports?",
            "How many ports does Osprey 3 sail to?",
            "How many ports does Tern sail to?",
        ),
        (
            "Which is cheaper, the Osprey from Arvel or the Tern from Bodmer?",
            "How much does the Osprey from Arvel cost?",
            "How much does the Tern from Bodmer cost?",
        ),
        (
            "Did Arvel or Bodmer sell more often to Kern?",
            "How often did Arvel sell to Kern?",
            "How often did Bodmer sell to Kern?",
        ),
        (
            "Which village was cleared first, Kern or Upper Moss?",
            "When was Kern cleared?",
            "When was Upper Moss cleared?",
        ),
        (
            "Does the engine of the Osprey or that of the Tern last longer?",
            "How long does the engine of the Osprey last?",
            "How long does the engine of the Tern last?",
        ),
        (
            "Was Arvel's offer of shares higher than Bodmer's?",
            "How high was Arvel's offer of shares?",
            "How high was Bodmer's offer of shares?",
        ),
        (
            "Which strike was longer, the one at Arvel or the one at Bodmer?",
            "How long was the strike at Arvel?",
            "How long was the strike at Bodmer?",
        ),
        (
            "Which route carried more freight last year, the Kern or the Moss one?",
            "How much freight did the Kern route carry last year?",
            "How much freight did the Moss route carry last year?",
        ),
        (
            "How do the Osprey and the Tern compare in fuel use?",
            "What fuel use does the Osprey have?",
            "What fuel use does the Tern have?",
        ),
        (
            "How does the toll planned for Kern in May compare with the one asked for in January?",
            "What is the toll planned for Kern in May?",
            "What is the toll asked for in January?",
        ),
        (
            "How did Arvel's and Bodmer's shares each react to their results?",
            "How did Arvel's shares react to the results?",
            "How did Bodmer's shares react to the results?",
        ),
        (
            "What do Arvel and the Kern Union each want from the state?",
            "What does Arvel want from the state?",
            "What does the Kern Union want from the state?",
        ),
        (
            "Who lost more, textile makers in Kern or Bodmer?",
            "How much did textile makers in Kern lose?",
            "How much did Bodmer lose?",
        ),
        (
            "Are the shares of Arvel higher or lower than those of Bodmer?",
            "How high are the shares of Arvel?",
            "How high are the shares of Bodmer?",
        ),
        (
            "Did the new tunnel or the old bridge cost more?",
            "How much did the new tunnel cost?",
            "How much did the old bridge cost?",
        ),
        (
            "Which ferry carries more passengers, Alma or Birka?",
            "How many passengers does Alma carry?",
            "How many passengers does Birka carry?",
        ),
        (
            "Which bank charges higher fees, Oakline or Halm?",
            "What fees does Oakline charge?",
            "What fees does Halm charge?",
        ),
        (
            "Is the toll higher or lower in Arvel than in Bodmer?",
            "How high is the toll in Arvel?",
            "How high is the toll in Bodmer?",
        ),
        (
            "Which yard is larger of the two, Arvel or Bodmer?",
            "How large is Arvel?",
            "How large is Bodmer?",
        ),
        (
            "Which fund reaches more towns, Oakline or Halm?",
            "How many towns does Oakline reach?",
            "How many towns does Halm reach?",
        ),
    ],
)
def test_what_is_compared_is_asked_of_each_side(question: str, one: str, two: str) -> None:
    assert ask_each_side(question) == (one, two)


@pytest.mark.parametrize(
    "question",
    [
        "How large is Arvel?",
        "Which ferries does Arvel own?",
        "Did the boats of Arvel take longer than the others?",
        "Is Arvel or Bodmer the owner?",
        "Were the winds stronger than the cages had been built for?",
        "Is the price higher than a year before?",
        "Is the level higher than in 1995?",
        "How does the number of calls compare with normal?",
        "How does Arvel compare with other yards?",
        "Did trams arrive in Arvel or Bodmer first?",
        "Which film has the director born later, Arvel or Bodmer?",
        "Which group of the census is larger, Arvel or Bodmer?",
        "Which firm's margin is better, Arvel or Bodmer?",
        "Which would more likely sink, Arvel or Bodmer?",
        "Which town would Weir enjoy more, Arvel or Bodmer?",
        "What is the name of the fair in Arvel for drum and brass that lasts a week each year?",
        "How did Arvel and Bodmer treat each other?",
        "Which companies employ more than 900 people?",
        "Who has built more than 300 boats, Arvel or Bodmer?",
        "Which film has the director who is older, Alma or Birka?",
        "Which day was the toll lower, Monday or Tuesday?",
        "Which did more people attend, the Arvel fair or the Bodmer fair?",
        "What happened first, Arvel signed the lease or Bodmer closed?",
        "Does Arvel's yard have more cranes than Bodmer?",
    ],
)
def test_what_has_no_two_sides_is_no_comparison(question: str) -> None:
    assert ask_each_side(question) == ()
