"""Scripts and styles under addresses that change with their content: kept by browsers for ever, never stale.

Pages of a running Heartline name `/static/~3fa9c1d2/ui/page.js`. The mark covers all assets at once, so that
modules which import each other by relative paths always come from the same version. Plain `/static/ui/page.js`
answers too, and is asked for anew after a minute: brands' own sites load the widget by it.
"""

from __future__ import annotations

import hashlib
import re

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware

MARK = re.compile(r"~([0-9a-f]{8})/")
FOR_EVER = "max-age=31536000, public, immutable"


def fingerprint() -> str:
    """Return eight letters that differ whenever any asset does."""
    digest = hashlib.sha256()
    for finder in finders.get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            with storage.open(name) as file:
                digest.update(f"{name}\0".encode() + file.read())
    return digest.hexdigest()[:8]


class MarkedStorage(StaticFilesStorage):
    """Names assets with the mark of this process's assets; without one (tests, debugging) plainly."""

    def url(self, name: str | None) -> str:
        """Return the address of an asset."""
        plain = super().url(name)
        mark = settings.ASSET_MARK
        return plain.replace(settings.STATIC_URL, f"{settings.STATIC_URL}~{mark}/", 1) if mark else plain


class MarkedAssets(WhiteNoiseMiddleware):  # type: ignore[misc]  # WhiteNoise has no types
    """Serves assets under marked and plain addresses."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer for an asset, or pass the request on."""
        mark = MARK.match(request.path_info, len(settings.STATIC_URL))
        if not mark or not request.path_info.startswith(settings.STATIC_URL):
            return super().__call__(request)  # type: ignore[no-any-return]  # WhiteNoise has no types
        file = self.files.get(settings.STATIC_URL + request.path_info[mark.end() :])
        if file is None:
            return self.get_response(request)  # type: ignore[no-any-return]  # WhiteNoise has no types
        response: HttpResponseBase = self.serve(file, request)
        if mark[1] == settings.ASSET_MARK:  # under the mark of an older version nobody may keep the newer file
            response.headers["Cache-Control"] = FOR_EVER
        return response
