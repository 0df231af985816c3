"""Signing in without a browser: what the form does is a journey of its own, and the others need only its cookies."""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

from tests.running import Running


def session_of(house: Running, address: str, password: str) -> dict[str, str]:
    """Sign somebody in as the form does; returns the cookies that their browser would have."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    door = f"{house.address}/account/login/"
    form = browser.open(door, timeout=20).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
    assert token, form
    typed = {"csrfmiddlewaretoken": token[1], "login": address, "password": password, "next": "/account/"}
    answer = browser.open(door, urllib.parse.urlencode(typed).encode(), timeout=20)
    assert urllib.parse.urlsplit(answer.url).path == "/account/", answer.read().decode()
    return {cookie.name: cookie.value or "" for cookie in jar}
