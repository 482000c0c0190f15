"""Follows every link of a pack's HTML pages.

    python3 tests/outside/links.py PACK

Each relative link leads to a file of the pack, each fragment to an id or name of its page, no id stands twice on a page,
and nothing is loaded from outside: no script, frame, remote image, style or font. The page's own Content-Security-Policy
allows each style and script that stands in it by its hash, and no other. Needs the standard library only.
"""

import base64
import hashlib
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# What makes a browser fetch something by itself.
LOADS = {("img", "src"), ("link", "href"), ("script", "src"), ("iframe", "src"), ("source", "src"), ("object", "data")}


class Page(HTMLParser):
    """The ids, links and loads of one page."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.twice, self.links, self.loads = set(), [], [], []
        self.policy, self.inline, self.within = "", [], None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        if tag == "meta" and ("http-equiv", "Content-Security-Policy") in attributes:
            self.policy = dict(attributes)["content"]
        if tag in ("script", "style"):
            self.within = tag
            self.inline.append([tag, ""])
        for name, value in attributes:
            value = value or ""
            if name == "id":
                self.twice.extend([value] if value in self.ids else [])
                self.ids.add(value)
            elif name == "name" and tag == "a":
                self.ids.add(value)
            elif (tag, name) in LOADS:
                self.loads.append(value)
            elif name == "href":
                self.links.append(value)
            elif name.startswith("on") or name == "style":
                self.loads.append(f"{name} handler")
        if tag in ("iframe", "object", "embed", "base"):
            self.loads.append(f"<{tag}>")

    def handle_data(self, data):
        if self.within:
            self.inline[-1][1] += data

    def handle_endtag(self, tag):
        if tag == self.within:
            self.within = None

    def refused(self):
        """What stands in the page and its policy does not allow."""
        directives = {name: values for name, *values in (part.split() for part in self.policy.split(";") if part.strip())}
        if directives.get("default-src") != ["'none'"]:
            yield "its policy allows what it does not name"
        for tag, text in self.inline:
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            if directives.get(f"{tag}-src") != [f"'sha256-{digest}'"]:
                yield f"its policy does not allow a {tag} by its hash alone"


def problems(pack, path, pages):
    page = pages[path]
    yield from page.refused()
    for value in page.twice:
        yield f"the id {value} stands twice"
    for value in page.loads:
        if not value.startswith("data:image/"):
            yield f"loads {value}"
    for link in page.links:
        parts = urlsplit(link)
        if parts.scheme in ("https", "mailto"):
            continue
        if parts.scheme or parts.netloc:
            yield f"{link} has a scheme that a pack has no use for"
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        if not target.is_relative_to(pack) or not target.is_file():
            yield f"{link} leads to no file of the pack"
        elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].ids:
            yield f"{link} leads to no place on its page"
        elif parts.fragment and target not in pages:
            yield f"{link} has a fragment, but leads to no page"


def main(arguments):
    pack = Path(arguments[0]).resolve()
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(pack.rglob("*.html"))}
    passed = failed = 0
    for path in pages:
        found = [f"{path.relative_to(pack)}: {problem}" for problem in problems(pack, path, pages)]
        print(*found, sep="\n", end="\n" if found else "")
        passed, failed = (passed, failed + 1) if found else (passed + 1, failed)
    if sum(len(page.links) for page in pages.values()) == 0:
        print("the pack has no page with a link")
        failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
