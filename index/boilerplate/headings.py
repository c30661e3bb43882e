"""Headings of what stands beside an article: lists of other stories, and who wrote it."""

from __future__ import annotations

from index.boilerplate.phrases import whole

__all__ = ["ABOUT_THE_AUTHOR", "OPEN_HEADING", "RELATED_HEADING"]

RELATED_HEADING = whole(
    r"more for you|related(?: (?:stories|story|articles?|news|content|coverage|posts?|topics?"
    r"|reading|(?:internet |external )?links|tags))?|most (?:read|popular|viewed|shared|commented"
    r"|watched)(?: (?:in|on|this) .{1,30}| stories| articles)?|trending(?: (?:now|stories|topics"
    r"|in .{1,30}))?|recommended(?: (?:for you|reading|stories))?|read next|(?:also|must)[- ]read"
    r"|more (?:stories|headlines|news)(?: (?:like this|from .{1,40}|on .{1,40}))?|more (?:from|in"
    r"|on) (?:this (?:story|topic|section|author)|the .{1,30}|[a-z&’' ]{1,30})|you (?:may"
    r"|might) (?:also )?(?:like|be interested in)(?: (?:these?|this|to read))?"
    r"|latest (?:stories|articles|headlines)"
    r"|top (?:stories|headlines)|popular (?:now|stories|posts)|editor(?:’|')?s(?:’|')? picks?"
    r"|what to read next|around the web|from our partners|sponsored stories|up next|recent (?:posts"
    r"|articles|comments)|don(?:’|')t miss|in case you missed it|read also|explore more"
    r"|further reading|keep reading|lesen sie (?:auch|mehr)|mehr zum thema"
    r"|meistgelesen(?:e artikel)?|auch interessant|das könnte (?:sie|dich) auch interessieren"
    r"|lire (?:aussi|également)|[aà] lire (?:aussi|également)|(?:articles )?les plus lus"
    r"|sur le même sujet|lea también|lee también|lo más (?:leído|visto)|(?:te|le) puede interesar"
    r"|más información|leggi anche|i più letti|potrebbe interessarti(?: anche)?|lees ook"
    r"|meest gelezen"
)
# Those of them that may as well head a part of the article ("More on the budget").
OPEN_HEADING = whole(r"more (?:from|in|on) (?!this (?:story|topic|section|author)\b).{1,40}")
ABOUT_THE_AUTHOR = whole(
    r"about the (?:authors?|writers?|contributors?)|über (?:den autor|die autorin|die autoren)"
    r"|zur person des autors|[àa] propos de l[’'](?:auteure?|autrice)|sobre (?:la firma"
    r"|el autor|la autora|o autor|a autora)|l[’']autor(?:e|ice)|over de auteur"
)
