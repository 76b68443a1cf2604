"""Paragraphs of unpacked packages, one a line (`language`, tab, `package`, tab, words), for the benchmark `words` of crates/likeness.

    paragraphs.py FOLDER

Each folder in FOLDER is a package. Needs nothing but Python. Licences are left out: they stand in every package, and are the same.
"""

import gettext
import gzip
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

LICENCE = re.compile(r"licen[cs]|copyright|warrant|gwarancj|©|permission|prawa autorsk|رخص|ترخيص|حقوق", re.I)
LANGUAGES = ("ar", "pl")
MOST = 4000


class Blocks(HTMLParser):
    """The text of each paragraph, item and cell."""

    BLOCKS = {"p", "li", "dd", "dt", "td", "th", "div", "h1", "h2", "h3", "pre", "title", "section", "page", "item", "br"}

    def __init__(self):
        super().__init__()
        self.all, self.now = [], []

    def handle_starttag(self, tag, attrs):
        if tag in self.BLOCKS:
            self.flush()

    def handle_endtag(self, tag):
        if tag in self.BLOCKS:
            self.flush()

    def handle_data(self, data):
        self.now.append(data)

    def flush(self):
        self.all.append("".join(self.now))
        self.now = []


def html(text):
    parser = Blocks()
    parser.feed(re.sub(r"(?s)<(script|style|info)\b.*?</\1>", "", text))
    parser.flush()
    return parser.all


def roff(text):
    text = re.sub(r"(?m)^[.'](PP|TP|SH|SS|IP|P|LP|nf|fi)\b.*$", "\n", text)
    text = re.sub(r"(?m)^[.'].*$", "", text)
    return re.sub(r"\\f.|\\[&%]|\\\(..|\\-", "", text).split("\n\n")


def paragraphs(path):
    name = path.name
    if name.endswith(".mo"):
        with path.open("rb") as file:
            return list(gettext.GNUTranslations(file)._catalog.values())
    opened = gzip.open if name.endswith(".gz") else open
    with opened(path, "rt", encoding="utf-8", errors="strict") as file:
        text = file.read()
    name = name.removesuffix(".gz")
    if re.search(r"\.(x?html?|page|docbook|xml)$", name):
        return html(text)
    if re.search(r"\.[1-8]$", name):
        return roff(text)
    if "/games/fortunes/" in str(path):
        return text.split("\n%\n")
    return re.split(r"\n\s*\n", text)


def language(path):
    """As its folder says; English if none does."""
    for part in path.parts:
        if part in LANGUAGES:
            return part
    return "pl" if re.search(r"-pl(/|$)", str(path)) else "en"


def main():
    for package in sorted(Path(sys.argv[1]).iterdir()):
        counts, seen = {}, set()
        for path in sorted(package.rglob("*")):
            if not path.is_file() or path.is_symlink() or not re.search(r"(\.(x?html?|page|docbook|txt|mo|[1-8])(\.gz)?$)|/fortunes/[^.]+$", str(path)):
                continue
            if re.search(r"/(help|LC_MESSAGES|man|locale)/(?!C/|ar/|pl/|LC_|man)|/man/(?!pl|man)|changelog|copyright|NEWS", str(path)) and "/ar/" not in str(path) and "/pl/" not in str(path):
                continue
            try:
                found = paragraphs(path)
            except (UnicodeDecodeError, OSError, AssertionError):
                continue
            own = language(path)
            for text in found:
                words = " ".join(str(text).split())
                if len(words) < 40 or LICENCE.search(words) or words in seen or counts.get(own, 0) >= MOST:
                    continue
                letters = re.findall(r"[؀-ۿ]", words)
                if own == "ar" and len(letters) < len(words) / 2:
                    continue
                seen.add(words)
                counts[own] = counts.get(own, 0) + 1
                print(own, package.name, words, sep="\t")


main()
