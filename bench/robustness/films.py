"""Known films, disguises of them, and what `handbill search --known` finds.

    films.py FOLDER PROGRAM [--known N] [--others N] [--seed N] [--work FOLDER]

FOLDER holds photos, with all that is below it. A film is made of three of them, each shown for five seconds by a camera that moves over it; no
photo is in two films. Half of the films are known. The others are what a known one is put into or beside, and are asked as they are: what is
found of them is false, as is any known film but the one that was disguised. What shows the same is told as `disguise.py` tells it.

Prints for each family how many were found by vPDQ alone as it is exchanged (`frames`), how many by all that we have, and how many were taken
for another film. Needs ffmpeg, and what disguise.py needs.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from disguise import NO_PHOTOS, Seen, files, load, plain, size, small

SIZE = (960, 540)
RATE = 25
SHOT = 5
SHOTS = 3
LASTS = SHOT * SHOTS
LARGE = 400  # The shorter side of a photo.
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
ENCODED = ["-c:v", "libx264", "-preset", "veryfast", "-pix_fmt", "yuv420p"]


def ffmpeg(*arguments):
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-nostdin", *map(str, arguments)], check=True)


def photos(folder, count, chance):
    """Large ones that show different things, in an order that the seed says."""
    chosen, seen, wallpapers = [], Seen(), set()
    for path, origin in files([folder], chance, lambda path, folder: path.relative_to(folder).parts[0]):
        wallpaper = str(path).partition("/contents/")[0]
        if wallpaper in wallpapers or any(part in str(path).lower() for part in (*NO_PHOTOS, "nebulae")) or size(path) < LARGE:
            continue
        pixels = load(path)
        if pixels is None or plain(small(pixels)) or not seen.take(small(pixels), origin):
            continue
        wallpapers.add(wallpaper)
        chosen.append(path)
        if len(chosen) == count:
            return chosen
    sys.exit(f"{len(chosen)} large photos below {folder}, {count} are needed")


def film(shots, path, chance):
    """The camera begins somewhere, and goes nearer or further away."""
    width, height = SIZE
    inputs, filters = [], []
    for number, photo in enumerate(shots):
        inputs += ["-i", photo]
        near, x, y = chance.uniform(1.1, 1.5), chance.random(), chance.random()
        frames = SHOT * RATE
        part = f"on/{frames}" if chance.random() < 0.5 else f"(1-on/{frames})"
        filters.append(
            f"[{number}]scale={2 * width}:{2 * height}:force_original_aspect_ratio=increase,crop={2 * width}:{2 * height},"
            f"zoompan=z='1+{near - 1:.3f}*{part}':x='(iw-iw/zoom)*{x:.3f}':y='(ih-ih/zoom)*{y:.3f}':d={frames}:s={width}x{height}:fps={RATE},"
            f"setsar=1,format=yuv420p[s{number}]"
        )
    joined = "".join(f"[s{number}]" for number in range(len(shots)))
    graph = ";".join(filters) + f";{joined}concat=n={len(shots)}:v=1"
    ffmpeg(*inputs, "-filter_complex", graph, *ENCODED, "-crf", 20, path)


def words(chance):
    return " ".join(chance.choice(["harbour", "lantern", "kite", "river", "window", "morning", "bridge", "orchard"]) for _ in range(4))


def one(filters, *rest):
    """A family that is a chain of filters."""
    return lambda source, other, path: ffmpeg("-i", source, "-vf", filters, *rest, *ENCODED, path)


def families(chance):
    """What may be done to a film, each with parameters of its own."""
    c = chance
    text = words(c)
    cut = c.uniform(0.05, 0.2)
    squeezed = c.choice([0.75, 0.85, 1.2, 1.33])
    tilt = c.uniform(2, 8) * c.choice([-1, 1])
    begins, lasts = c.uniform(0, LASTS * 0.4), c.uniform(LASTS * 0.35, LASTS * 0.6)
    speed = c.choice([0.9, 0.95, 1.05, 1.1])
    small = c.uniform(0.25, 0.7)
    small_filter = f"scale=trunc(iw*{small:.3f}/2)*2:-2"
    crop_filter = f"crop=iw*{1 - 2 * cut:.3f}:ih*{1 - 2 * cut:.3f}"
    mirror = "hflip"
    return {
        "encoded": one("null", "-crf", c.randint(30, 40)),
        "smaller": one(small_filter),
        "frame rate": one(f"fps={c.choice([10, 15, 24, 30])}"),
        "aspect": one(f"scale=trunc(iw*{squeezed}/2)*2:ih,setsar=1"),
        "crop 5-20%": one(crop_filter),
        "square crop": one("crop=ih:ih"),
        "letterbox": one(f"pad=iw:ih*{c.uniform(1.2, 1.6):.3f}:0:(oh-ih)/2"),
        "blurred border": one("split[a][b];[a]scale=ih:ih*16/9,boxblur=20,setsar=1[bg];[b]scale=ih:-2[fg];[bg][fg]overlay=(W-w)/2:(H-h)/2"),
        "caption bar": one(f"pad=iw:ih*1.2:0:oh-ih:white,drawtext=fontfile={FONT}:text='{text}':fontsize=40:x=(w-tw)/2:y=30"),
        "subtitles": one(f"drawtext=fontfile={FONT}:text='{text}':fontsize=36:fontcolor=white:borderw=3:x=(w-tw)/2:y=h-70"),
        "logo": one(f"drawtext=fontfile={FONT}:text='KITE TV':fontsize=44:fontcolor=yellow:x=w-tw-30:y=30"),
        "mirror": one(mirror),
        "tilt 2-8°": one(f"rotate={tilt}*PI/180:c=black"),
        "brighter, darker": one(f"eq=brightness={c.choice([-0.15, 0.15])}:contrast={c.uniform(0.7, 1.3):.2f}"),
        "grey": one("hue=s=0"),
        "noise": one(f"noise=alls={c.randint(15, 35)}:allf=t"),
        "blur": one(f"gblur=sigma={c.uniform(1.5, 3):.2f}"),
        "trimmed": lambda source, other, path: ffmpeg("-ss", f"{begins:.2f}", "-t", f"{lasts:.2f}", "-i", source, *ENCODED, path),
        "speed ±10%": one(f"setpts=PTS/{speed}", "-r", RATE),
        "in a longer film": lambda source, other, path: ffmpeg(
            "-i", other, "-ss", f"{begins:.2f}", "-t", f"{lasts:.2f}", "-i", source, "-i", other,
            "-filter_complex", "[0][1][2]concat=n=3:v=1", *ENCODED, path),
        "split screen": lambda source, other, path: ffmpeg("-i", source, "-i", other, "-filter_complex", "[0][1]hstack", *ENCODED, path),
        "picture in picture": lambda source, other, path: ffmpeg(
            "-i", other, "-i", source,
            "-filter_complex", f"[1]scale=trunc(iw*{c.uniform(0.4, 0.6):.3f}/2)*2:-2[in];[0][in]overlay=main_w*0.05:main_h*0.05", *ENCODED, path),
        "mirrored, cropped": one(f"{mirror},{crop_filter}"),
        "mirrored, subtitles": one(f"{mirror},drawtext=fontfile={FONT}:text='{text}':fontsize=36:fontcolor=white:borderw=3:x=(w-tw)/2:y=h-70"),
        "a still": lambda source, other, path: ffmpeg("-ss", f"{c.uniform(1, LASTS - 1):.2f}", "-i", source, "-frames:v", 1, path.with_suffix(".jpg")),
    }


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("folder", type=Path)
    asked.add_argument("program", type=Path)
    asked.add_argument("--known", type=int, default=20)
    asked.add_argument("--others", type=int, default=20)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--work", type=Path)
    asked = asked.parse_args()
    chance = random.Random(asked.seed)
    work = asked.work or Path(tempfile.mkdtemp(prefix="handbill-films-"))
    for name in ("known", "others", "disguised"):
        (work / name).mkdir(parents=True, exist_ok=True)
    try:
        measure(asked, chance, work)
    finally:
        if not asked.work:
            shutil.rmtree(work)


def measure(asked, chance, work):
    count = asked.known + asked.others
    shots = photos(asked.folder, count * SHOTS, chance)
    films = [work / ("known" if number < asked.known else "others") / f"{number}.mp4" for number in range(count)]
    jobs = []
    for number, path in enumerate(films):
        own = random.Random(f"{asked.seed} {number}")
        jobs.append((film, shots[number * SHOTS : (number + 1) * SHOTS], path, own))
    # ffmpeg has threads of its own; two at a time fill what it leaves idle.
    with ThreadPoolExecutor(2) as pool:
        for done, _ in enumerate(pool.map(lambda job: job[2].exists() or job[0](*job[1:]), jobs), 1):
            print(f"\rfilms {done} of {count}", end="", file=sys.stderr)
    disguised = {}
    jobs = []
    for number, source in enumerate(films[: asked.known]):
        other = films[asked.known + number % asked.others]
        for place, (family, disguise) in enumerate(families(random.Random(f"{asked.seed} disguise {number}")).items()):
            path = work / "disguised" / f"{number}-{place}.mp4"
            made = path.with_suffix(".jpg") if family == "a still" else path
            disguised[str(made)] = (family, source)
            jobs.append((disguise, source, other, path, made))
    with ThreadPoolExecutor(2) as pool:
        for done, _ in enumerate(pool.map(lambda job: job[4].exists() or job[0](*job[1:4]), jobs), 1):
            print(f"\rdisguises {done} of {len(jobs)}", end="", file=sys.stderr)
    print(file=sys.stderr)
    questions = [*disguised, *map(str, films[asked.known :])]
    search = subprocess.run(
        [asked.program, "search", "--known", work / "known", "--json", *questions], stdout=subprocess.PIPE, text=True, check=False)
    if search.returncode not in (0, 1):
        sys.exit(f"{asked.program} search: {search.returncode}")
    tell(disguised, [json.loads(line) for line in search.stdout.splitlines()])


def tell(disguised, answers):
    names = list(dict.fromkeys(family for family, _ in disguised.values()))
    rows = {name: [0, 0, 0, 0] for name in [*names, "others, as they are"]}
    missed = []
    for answer in answers:
        family, source = disguised.get(answer["file"], ("others, as they are", None))
        row = rows[family]
        row[0] += 1
        own = [match for match in answer["matches"] if source and Path(match["known"]).name == source.name]
        row[1] += any(match["by"] in ("exact", "frames", "pdq") for match in own)
        row[2] += bool(own)
        others = len(answer["matches"]) - len(own)
        row[3] += others > 0
        if source and not own or others:
            missed.append(f"{family}: {answer}")
    print(f"{'family':<22}{'asked':>7}{'vPDQ':>8}{'ours':>8}{'false':>7}")
    for name, (count, plain, ours, false) in rows.items():
        told = ("", "") if name.startswith("others") else (f"{plain / count:.0%}", f"{ours / count:.0%}")
        print(f"{name:<22}{count:>7}{told[0]:>8}{told[1]:>8}{false:>7}")
    asked, plain, ours, false = (sum(column) for column in zip(*(rows[name] for name in names)))
    print(f"{'all':<22}{asked:>7}{plain / asked:>8.1%}{ours / asked:>8.1%}{false:>7}")
    for line in missed:
        print(line, file=sys.stderr)


main()
