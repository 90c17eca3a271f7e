#!/usr/bin/env python3
"""Kills builds at random moments and looks at what is published: it must be the whole old site or the whole new one.

    tests/kill.py [OSTEON] [SITE] [--kills N] [--keep]

Without arguments: target/release/osteon, a generated site of 200 articles, 100 kills (or OSTEON_KILLS). A SITE is copied first,
its articles (content/articles/**/*.md) get a sentence that names the version. The temporary folder is in TMPDIR; the test is for
file systems that can exchange two folders (on others there is an instant without a folder, see src/disk/mod.rs).

Exit status: 0 every site was whole, 1 one was not, 2 the test could not run.
"""

import argparse
import collections
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

MANIFEST = ".osteon-manifest"
# Letters only: a figure in a sentence without a citation is a finding.
TOKEN = re.compile(rb"killtest([a-j]+)z", re.IGNORECASE)
FOREIGN = {"CNAME": "example.org\n", "somebody/else.txt": "not osteon's\n"}


class Broken(Exception):
    """A published folder that is not whole."""


def token(version):
    """The word that names a version: its digits as letters."""
    return "killtest" + "".join("abcdefghij"[int(digit)] for digit in str(version)) + "z"


def version_of(word):
    return int("".join(str("abcdefghij".index(chr(letter))) for letter in word.lower()))


def article(title, text):
    return f"---\ntitle: {title}\ndescription: A page that a test made.\n---\n\n{text}\n"


def generate(site, count=200):
    """A site that needs nothing but the default theme."""
    articles = site / "content" / "articles"
    articles.mkdir(parents=True)
    (site / "osteon.yaml").write_text("title: Kill test\nbase_url: https://example.org\npublication: draft\n")
    for number in range(count):
        name = token(number)[8:-1]
        parts = (f"## Part {part}\n\nWalk a little every day and rest when you are tired." for part in ("one", "two", "three"))
        paragraphs = "\n\n".join(parts)
        (articles / f"page-{name}.md").write_text(article(f"Page {name}", paragraphs))


class Site:
    """The sources, and how they become another version."""

    def __init__(self, root):
        self.root = root
        self.articles = {path: path.read_text(encoding="utf-8") for path in sorted((root / "content" / "articles").rglob("*.md"))}
        if not self.articles:
            sys.exit(f"kill.py: no articles below {root}/content/articles")

    def become(self, version):
        """All articles name the version; one exists in even versions only, another one in odd ones only."""
        for path, text in self.articles.items():
            path.write_text(f"{text.rstrip()}\n\nThis is edition {token(version)} of the page.\n", encoding="utf-8")
        extra = [self.root / "content" / "articles" / f"only-in-{name}-editions.md" for name in ("even", "odd")]
        extra[version % 2].write_text(article("Only in some editions", f"This is edition {token(version)} of the page."))
        extra[1 - version % 2].unlink(missing_ok=True)


def look(out, expected):
    """The version of the published site. Raises Broken when it isn't the whole of one.

    `expected` maps even (0) and odd (1) to the number of pages that name such a version, and learns it when it doesn't know.
    """
    if not out.is_dir():
        raise Broken(f"{out} is gone")
    try:
        lines = (out / MANIFEST).read_text(encoding="utf-8").split("\n")
    except OSError as error:
        raise Broken(f"the manifest cannot be read: {error}") from error
    if lines[0] != "osteon manifest 1" or lines[-1] != "":
        raise Broken("the manifest is cut short or of another kind")
    listed = {}
    for line in lines[1:-1]:
        _, size, path = line.split(" ", 2)
        listed[path] = int(size)
    there = {path.relative_to(out).as_posix() for path in out.rglob("*") if not path.is_dir()} - {MANIFEST}
    if missing := set(listed) - there:
        raise Broken(f"{len(missing)} files of the manifest are missing, for example {min(missing)}")
    if surplus := there - set(listed) - set(FOREIGN):
        raise Broken(f"{len(surplus)} files are not in the manifest, for example {min(surplus)}")
    for path, text in FOREIGN.items():
        if path not in there or (out / path).read_text() != text:
            raise Broken(f"{path}, which osteon did not write, is missing or changed")
    if empty := [folder for folder, folders, files in os.walk(out) if not folders and not files]:
        raise Broken(f"an empty folder is left: {empty[0]}")

    versions = collections.defaultdict(list)
    pages = 0
    for path, size in listed.items():
        content = (out / path).read_bytes()
        if len(content) != size:
            raise Broken(f"{path} has {len(content)} bytes, the manifest says {size}")
        found = {version_of(word) for word in TOKEN.findall(content)}
        pages += bool(found) and path.endswith(".html")
        for version in found:
            versions[version].append(path)
    if len(versions) != 1:
        examples = ", ".join(f"{version} in {paths[0]}" for version, paths in sorted(versions.items()))
        raise Broken(f"the site names {len(versions)} versions: {examples or 'none at all'}")
    version = next(iter(versions))
    if pages != expected.setdefault(version % 2, pages):
        raise Broken(f"{pages} pages name version {version}, it should be {expected[version % 2]}")
    for name, parity in (("even", 0), ("odd", 1)):
        if any(f"only-in-{name}-editions" in path for path in listed) != (version % 2 == parity):
            raise Broken(f"version {version} should {'' if version % 2 == parity else 'not '}have the page for {name} versions")
    return version


def main():
    project = pathlib.Path(__file__).resolve().parent.parent
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    arguments.add_argument("osteon", nargs="?", type=pathlib.Path, default=project / "target" / "release" / "osteon")
    arguments.add_argument("site", nargs="?", type=pathlib.Path)
    arguments.add_argument("--kills", type=int, default=int(os.environ.get("OSTEON_KILLS", "100")))
    arguments.add_argument("--keep", action="store_true", help="keep the temporary folder")
    options = arguments.parse_args()
    osteon = options.osteon.resolve()
    if not os.access(osteon, os.X_OK):
        print(f"kill.py: {osteon} is not there; run `cargo build --release` first", file=sys.stderr)
        return 2

    temporary = pathlib.Path(tempfile.mkdtemp(prefix="osteon-kill-"))
    root, out = temporary / "site", temporary / "site" / "public"
    try:
        if options.site:
            root.mkdir()
            for name in ("osteon.yaml", "content", "static", "themes"):
                source = options.site / name
                if source.is_dir():
                    shutil.copytree(source, root / name)
                elif source.is_file():
                    shutil.copy(source, root / name)
        else:
            generate(root)
        site = Site(root)
        command = [osteon, "build", "--root", root, "--out", out]

        def build():
            """A build that is left alone; how long it took."""
            start = time.monotonic()
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
            if done.returncode != 0:
                sys.stderr.buffer.write(done.stdout[-4000:])
                print(f"kill.py: a build that nobody killed ended with {done.returncode}", file=sys.stderr)
                sys.exit(2)
            return time.monotonic() - start

        times, expected = [], {}
        for version in range(3):
            site.become(version)
            times.append(build())
            if version == 0:
                for path, text in FOREIGN.items():
                    (out / path).parent.mkdir(exist_ok=True)
                    (out / path).write_text(text)
            look(out, expected)
        duration = sorted(times)[1]

        published, outcomes = version, collections.Counter()
        for kill in range(1, options.kills + 1):
            version += 1
            site.become(version)
            # Every other kill comes late, when the site is exchanged.
            moment = duration * random.uniform(0.6 if kill % 2 else 0.0, 1.1)
            with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
                try:
                    code = process.wait(moment)
                except subprocess.TimeoutExpired:
                    process.kill()
                    code = process.wait()
            if code > 0:
                raise Broken(f"the build after kill {kill - 1} failed with {code}")
            seen = look(out, expected)
            if seen not in (published, version) or (code == 0 and seen != version):
                raise Broken(f"version {seen} is published, it should be {version if code == 0 else f'{published} or {version}'}")
            outcomes["finished" if code == 0 else "killed, old site" if seen == published else "killed, new site"] += 1
            published = seen
        build()
        if look(out, expected) != version:
            raise Broken("the last build, which nobody killed, did not publish its version")
        print(f"kill.py: {options.kills} builds of {duration * 1000:.0f} ms, whole every time ({dict(outcomes)})")
        return 0
    except Broken as broken:
        options.keep = True
        print(f"kill.py: not whole: {broken}\n  look at {out}", file=sys.stderr)
        return 1
    finally:
        if not options.keep:
            shutil.rmtree(temporary, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
