"""Static files as production serves them: names carry a hash of their content, so they may be kept for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

# `import ... from "./items.js"` and `import "./keys.js"` in our own modules. Django's own switch for this reads every
# script, and stops at an address inside htmx that is no import.
IMPORTS = (
    r"""(?P<matched>(?P<before>\b(?:from|import)\s*)["'](?P<url>\./[^"']+)["'])""",
    '%(before)s"%(url)s"',
)


class CollectedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise ships no types
    """Hashes the names inside `import` lines too, or a new release would mix old modules with new ones."""

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", (IMPORTS,)))
