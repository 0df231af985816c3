"""The doors of the house, and two pages for browser tests: the components, and a pad to try the scripts on."""

from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.urls import include, path

from heartline.people.pages.language import choose_language

PAD = Template(
    """{% extends "ui/staff.html" %}{% load ui %}
{% block title %}Pad{% endblock %}{% block heading %}Pad{% endblock %}
{% block live %}{% include "ui/live.html" with state="live" %}{% endblock %}
{% block main %}<div class="page"><h1>Pad</h1>
<p><button class="btn" type="button" data-key="n" id="next">Next best <kbd class="letter">N</kbd></button>
<button class="btn" type="button" data-dialog="sure" id="open">Erase</button>
<button class="btn" type="button" data-keys-list>Keys</button></p>
<details class="menu-at" id="menu"><summary class="btn">Snooze</summary><div class="menu menu-start"><button type="button">In one hour</button><button type="button">Tomorrow</button></div></details>
<label class="label" for="words">Words</label><textarea class="input" id="words"></textarea>
<form method="post" id="post" data-unsaved>{% csrf_token %}<label class="label" for="name">Name</label><input class="input" id="name" name="name"><button class="btn" type="submit">Save</button></form>
{% include "ui/dialog.html" with id="sure" heading="Erase the customer?" body="Totals stay" %}
<p id="time">{% moment when %}</p></div>{% endblock %}"""
)


def pad(request: HttpRequest) -> HttpResponse:
    """Show the pad."""
    from heartline.common.clock import now

    house = {"rights": {"desk.use", "floor.view"}, "sample": True}
    context = RequestContext(request)
    context.push({"house": house, "when": now()})  # pushed, so that it covers what the context processors say
    return HttpResponse(PAD.render(context))


urlpatterns = [
    path("ui", include("heartline.ui.urls")),
    path("pad", pad, name="pad"),
    path("language", choose_language, name="set_language"),
    path("search/", include("heartline.knowledge.search.urls")),
    path("account/", include("heartline.people.account_urls")),
    path("account/", include("allauth.urls")),
]
