"""Makes crosswalks from Debian's translated manuals, to measure matching in languages
that no set of ../shared/eval has: python3 .ci/parallel-texts.py FOLDER, and then
concord evaluate FOLDER. It needs apt-get download, dpkg-deb, and beautifulsoup4 and lxml
of PyPI. The manuals are downloaded into FOLDER.packages; a set is the paragraphs of
two languages that stand in the same place of chapters with as many sections and
paragraphs on both sides. Ids say nothing and lines are shuffled, always alike.
"""
import json, random, re, subprocess, sys, warnings
from pathlib import Path

import bs4

PACKAGES = ["installation-guide-amd64", "debian-handbook"]
GUIDE, HANDBOOK = "x/usr/share/doc/installation-guide-amd64/%s", "x/usr/share/doc/debian-handbook/html/%s"
GUIDES = ["cs", "de", "el", "es", "fr", "id", "it", "ja", "ko", "nl", "pt", "ru", "sv", "vi", "zh_CN"]
ACROSS = [("de", "fr"), ("es", "zh_CN"), ("fr", "ko"), ("ja", "zh_CN"), ("ko", "ja"), ("pt", "id"), ("ru", "vi"), ("zh_CN", "ru")]
HANDBOOKS = ["ar-MA", "ca-ES", "cs-CZ", "da-DK", "de-DE", "es-ES", "fa-IR", "fr-FR", "hr-HR", "id-ID", "it-IT", "ja-JP",
             "nb-NO", "nl-NL", "pl-PL", "pt-BR", "ro-RO", "ru-RU", "sv-SE", "tr-TR", "vi-VN", "zh-CN", "zh-TW"]
SECTION = re.compile(r"^(section|sect\d|chapter|appendix|preface)$")
OTHER_LETTERS = {"ar", "el", "fa", "ja", "ko", "ru", "vi", "zh"}  # where English words left in a text show
SOURCES, TARGETS = 300, 700


def words(text):
    return set(re.findall(r"[a-z]{4,}", text.lower()))


def sections(folder):
    """Paragraphs, with the heading of their section, by file and place of the section."""
    out = {}
    for file in sorted(folder.glob("*.html")):
        if file.name.startswith("apf"):  # a licence that is left in English
            continue
        page = bs4.BeautifulSoup(file.read_text(encoding="utf8", errors="replace"), "lxml")
        for place, div in enumerate(page.find_all("div", class_=SECTION)):
            head = div.find(["h1", "h2", "h3", "h4"], class_="title")
            if not head:
                continue
            title = re.sub(r"^[\s\d.A-Z]*\u00a0|^[\d.]+\s*", "", head.get_text())
            for p in div.find_all("p"):
                if p.find_parent("div", class_=SECTION) is div and not p.find_parent(["table", "pre", "td"]):
                    row = [re.sub(r"\s+", " ", s).strip() for s in (title, p.get_text())]
                    out.setdefault((file.name, place), []).append(row)
    return out


def last(of, key):
    return max(place for name, place in of if name == key[0])


def pairs_of(a, b, mixed):
    for key in a:
        if key not in b or len(a[key]) != len(b[key]) or last(a, key) != last(b, key):
            continue
        for x, y in zip(a[key], b[key]):
            left = len(words(x[1]) & words(y[1])) / max(1, len(words(x[1])))
            if x[1] != y[1] and 30 <= len(x[1]) <= 1500 and 15 <= len(y[1]) <= 1500:
                yield x, y, mixed and left > 0.6


def write(folder, name, a, b, lang_a, lang_b):
    lot = random.Random(7)
    pairs = list(pairs_of(a, b, bool({lang_a, lang_b} & OTHER_LETTERS)))
    lot.shuffle(pairs)
    pairs = [(x, y) for x, y, untranslated in pairs[:TARGETS] if not untranslated]
    if len(pairs) < 60:
        print(f"{name}: left out, {len(pairs)} pairs")
        return
    folder = folder / name
    folder.mkdir(parents=True, exist_ok=True)
    for side, lang, file, rows in (("s", lang_a, "source", pairs[:SOURCES]), ("t", lang_b, "target", pairs)):
        order = list(range(len(rows)))
        lot.shuffle(order)
        with open(folder / f"{file}.jsonl", "w", encoding="utf8") as f:
            for i in order:
                title, text = rows[i][side == "t"]
                f.write(json.dumps({"standard": file, "issuer": "Debian", "country": "INT", "lang": lang, "domain": "digital",
                                    "clause": f"{side}{i:04}", "path": [title], "title": "", "text": text}, ensure_ascii=False) + "\n")
    with open(folder / "qrels.tsv", "w", encoding="utf8") as f:
        f.write("source\ttarget\trelation\n")
        f.writelines(f"s{i:04}\tt{i:04}\tequal\n" for i in range(len(pairs[:SOURCES])))


def main():
    warnings.simplefilter("ignore", bs4.XMLParsedAsHTMLWarning)
    folder = Path(sys.argv[1]).absolute()
    kept = folder.parent / (folder.name + ".packages")
    kept.mkdir(parents=True, exist_ok=True)
    subprocess.run(["apt-get", "download", *PACKAGES], cwd=kept, check=True)
    for package in kept.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", package, kept / "x"], check=True)
    guides = {lang: sections(kept / (GUIDE % lang)) for lang in ["en", *GUIDES]}
    for a, b in [("en", lang) for lang in GUIDES] + ACROSS:
        write(folder, f"guide-{a[:2]}-{b[:2]}", guides[a], guides[b], a[:2], b[:2])
    english = sections(kept / (HANDBOOK % "en-US"))
    for lang in HANDBOOKS:
        write(folder, f"handbook-en-{lang}", english, sections(kept / (HANDBOOK % lang)), "en", lang[:2])


if __name__ == "__main__":
    main()
