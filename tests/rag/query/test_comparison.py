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
            "Which ferry carries more passengers, Alma or Birka?",
            "How many passengers does Alma carry?",
            "How many passengers does Birka carry?",
        ),
        (
            "Which fund reaches more towns, Oakline or Halm?",
            "How many towns does Oakline reach?",
            "How many towns does Halm reach?",
        ),
        (
            "Did the auditors or the Danish state pay Arvel more?",
            "How much did the auditors pay Arvel?",
            "How much did the Danish state pay Arvel?",
        ),
        (
            "Whose bids are higher in Kern, those from Arvel or those from Bodmer?",
            "How high are the bids from Arvel in Kern?",
            "How high are the bids from Bodmer in Kern?",
        ),
        (
            "Which is the quickest: the ferry to Kern or the ferry to Moss?",
            "How fast is the ferry to Kern?",
            "How fast is the ferry to Moss?",
        ),
    ],
)
def test_what_is_compared_is_asked_of_each_side(question: str, one: str, two: str) -> None:
    assert ask_each_side(question) == (one, two)


@pytest.mark.parametrize(
    ("question", "one", "two"),
    [
        (
            "Did lorries reach Kern faster in May than in March?",
            "How fast did lorries reach Kern in May?",
            "How fast did lorries reach Kern in March?",
        ),
        (
            "Was theft reported more often in Kern or in Upper Moss in June?",
            "How often was theft reported in Kern in June?",
            "How often was theft reported in Upper Moss in June?",
        ),
        (
            "How much longer do ferries from Arvel wait than those from Bodmer?",
            "How long do ferries from Arvel wait?",
            "How long do the ferries from Bodmer wait?",
        ),
        (
            "How many fewer nurses left the clinic in Kern last year than in 2019?",
            "How many nurses left the clinic in Kern last year?",
            "How many nurses left the clinic in Kern in 2019?",
        ),
        (
            "Did more people of Kern vote in the second round than in the first?",
            "How many people of Kern did vote in the second round?",
            "How many people of Kern did vote in the first?",
        ),
        (
            "Are there more nurses at Arvel than doctors at Bodmer?",
            "How many nurses are there at Arvel?",
            "How many doctors are there at Bodmer?",
        ),
        (
            "Does Arvel earn more from its new ferry than from the old one?",
            "How much does Arvel earn from its new ferry?",
            "How much does Arvel earn from the old ferry?",
        ),
        (
            "Is the level of the Osprey lake higher than in 1995?",
            "How high is the level of the Osprey lake?",
            "How high was the level of the Osprey lake in 1995?",
        ),
        (
            "Did Arvel sell as many tickets as it had hoped?",
            "How many tickets did Arvel sell?",
            "How many tickets was it that Arvel had hoped?",
        ),
        (
            "Were fewer posts cut at Arvel than first announced?",
            "How many posts were cut at Arvel?",
            "How many posts were first announced?",
        ),
        (
            "Where is milk cheaper, in the north of Kern or in Moss?",
            "How much does milk cost in the north of Kern?",
            "How much does milk cost in Moss?",
        ),
    ],
)
def test_phrases_stand_against_each_other(question: str, one: str, two: str) -> None:
    assert ask_each_side(question) == (one, two)


@pytest.mark.parametrize(
    ("question", "one", "two"),
    [
        (
            "How do Arvel and the union differ over the night shift?",
            "What does Arvel say about the night shift?",
            "What does the union say about the night shift?",
        ),
        (
            "How do the old and the new toll for lorries differ?",
            "What is the old toll for lorries?",
            "What is the new toll for lorries?",
        ),
        (
            "How did the tallies of 2023 and 2025 for Kern differ?",
            "What were the tallies of 2023 for Kern?",
            "What were the tallies of 2025 for Kern?",
        ),
        (
            "How does the rent that Arvel asks compare with what is usual in Kern?",
            "What is the rent that Arvel asks?",
            "What is the rent that is usual in Kern?",
        ),
        (
            "How did the count of the missing change between early and late May?",
            "What was the count of the missing in early May?",
            "What was the count of the missing in late May?",
        ),
        (
            "What was the mill worth before and after it was sold?",
            "What was the mill worth before it was sold?",
            "What was the mill worth after it was sold?",
        ),
        (
            "How common is flu in Kern compared with the county as a whole?",
            "How common is flu in Kern?",
            "How common is flu in the county as a whole?",
        ),
        (
            "How many people were rescued by Arvel, and how many by Bodmer?",
            "How many people were rescued by Arvel?",
            "How many people were rescued by Bodmer?",
        ),
    ],
)
def test_pairs_are_taken_apart(question: str, one: str, two: str) -> None:
    assert ask_each_side(question) == (one, two)


@pytest.mark.parametrize(
    "question",
    [
        "How large is Arvel?",
        "Which ferries does Arvel own?",
        "Is Arvel or Bodmer the owner?",
        "Were the winds stronger than the cages had been built for?",
        "How does the number of calls compare with normal?",
        "How did Arvel and Bodmer treat each other?",
        "Which companies employ more than 900 people?",
        "Does Arvel own more than half of Bodmer?",
        "How much did Arvel pay Bodmer between 2019 and 2024?",
        "Who said that Kern had got off lightly compared with Moss?",
        "How many houses are to be compared with the maps?",
        "Was the wind in Kern stronger than in 1987?",
        "Is Arvel more careful than the rules demand?",
    ],
)
def test_what_has_no_two_sides_is_no_comparison(question: str) -> None:
    assert ask_each_side(question) == ()
