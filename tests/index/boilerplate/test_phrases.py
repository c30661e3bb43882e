"""No pattern of boilerplate matches a sentence of news, whatever words of a site it has."""

from __future__ import annotations

from index.boilerplate.rules import sure

_NEWS = """
The site stores cookies without consent, the watchdog found.
We use cookies as bait, the ratcatcher of Orrel said.
This site uses no cookies, the ministry told the court.
By using the tunnel, drivers accept a toll and a camera, the operator said.
By using the tunnel you accept a toll of two crowns.
Prices and wages were delayed by a year.
Prices may be delayed by the strike, the shops warned.
Quotes delayed the trial for a week.
Register by 30 June to vote in the election here on 4 July.
Register your boat here by Friday or pay 200 crowns.
Sign up at the town hall today and the first lesson is paid for.
Subscribe to fewer papers here, the union urged.
Unsubscribe rates rose to 12 percent in March.
You can unsubscribe at any time, the court told the firm.
No spam, no ham: the canteen of Orrel serves no meat.
If you find a mistake in the count, the law gives you ten days to object.
If you spot an error on the ballot, ask for a new one.
Have a question about the tax? Call the office on 555 0199.
Do you have a tip about the fire? Call the police on 555 0142.
Support the strike today, the union urged its members.
Support for independent journalism fell to 31 percent.
Support our troops or resign, the senator told him.
Already a member of the club, she paid nothing for the boat.
To continue reading the will, the notary had to sign the register.
You’ve reached your speed limit, the sign flashes.
This story is for members of the club who were there.
This story was read by two million people in May.
Comments are closed on all stories about the trial.
Leave a comment to the judge and you pay for it.
Join the discussion on the budget before Friday, the mayor urged.
When you buy a house, the links between bank and broker matter most.
The views expressed here are the author’s, the court held.
Copyright 2024 law changes nothing for painters.
With all rights reserved to the crown, the island was sold.
By submitting your details to the office you get a vote.
News provided by the regime was all that they got.
The Courier is a reader-supported publication that began in 1923.
Thanks for reading the bill, she told the senators, and subscribe to its aims.
Follow the money on X and you find the ministers.
Find us a home in the town, the tenants asked the mayor.
Download the city’s bike app and the first hour is free.
Get updates on the storm first from the radio.
Guards scan the code on each ticket and let nobody join late.
Write to the mayor at mayor@orrel.example.
Thieves who subscribe to newsletters here read of empty houses.
Anzeige: Der Mann hatte seinen Nachbarn angezeigt.
Jetzt ist der Nahverkehr in Orrel kostenlos.
You receive this as a gift from the state.
Credit: 31 million crowns
""".strip().split("\n")

_SITE = """
Register now
Sign up for our morning newsletter
Unsubscribe from this list
Already a subscriber? Sign in
To continue reading, please log in.
Support our journalism today
If you spot an error in this story, please let us know.
When you buy through links on our site, we may earn a commission.
Got a tip? Email newsroom@courier.example
This site uses cookies to remember you.
By clicking Accept, you agree to our terms of use.
Follow us on Facebook and Instagram
Copyright 2024 Courier Media. All rights reserved.
Leave a comment
Comments are closed.
Jetzt vier Wochen kostenlos testen
Download our app for free
Prices delayed by at least 15 minutes
""".strip().split("\n")


def test_sentences_of_news_stay() -> None:
    assert [line for line in _NEWS if any(sure(line, p) for p in ("head", "body", "tail"))] == []


def test_the_words_of_sites_go() -> None:
    assert [line for line in _SITE if sure(line, "body") is None] == []
