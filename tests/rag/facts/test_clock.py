from __future__ import annotations

import pytest

from rag.facts.clock import clock_times
from rag.facts.quantities import same_amount


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("10am", "10 a.m."),
        ("10 AM", "10:00"),
        ("4 p.m.", "16:00"),
        ("4.30pm", "16:30"),
        ("8:00", "8pm"),
        ("noon", "12pm"),
        ("midnight", "00:00"),
        ("10 o'clock", "10am"),
    ],
)
def test_one_time_in_several_forms(claim: str, text: str) -> None:
    (time,), (other,) = clock_times(claim), clock_times(f"It closes at {text} on Friday.")
    assert same_amount(time, other)
    assert same_amount(other, time)


@pytest.mark.parametrize(
    ("claim", "text"), [("10am", "10pm"), ("08:00", "8pm"), ("4.30pm", "4pm"), ("noon", "00:00")]
)
def test_other_times(claim: str, text: str) -> None:
    (time,), (other,) = clock_times(claim), clock_times(text)
    assert not same_amount(time, other)


def test_both_ends_of_a_span_share_their_half_of_the_day() -> None:
    assert [time.plain for time in clock_times("open 7-9pm")] == [19, 21]
    assert [time.plain for time in clock_times("from 11 to 2pm")] == [11, 14]


@pytest.mark.parametrize(
    "text", ["It took 1:02:30.", "a 3.50 m wall", "10 amps", "They won 3-1.", "25:10", "am I late"]
)
def test_what_is_no_time(text: str) -> None:
    assert clock_times(text) == []
