"""Known pictures, others, and disguises of the known ones, as a stream for the benchmark `robustness` of crates/likeness.

    disguise.py FOLDER... [--known N] [--others N] [--trap N] [--seed N]

Every picture is written as one line, `kind number family width height`, and then width times height bytes of grey. Kinds: known, other
(unrelated to all known ones), copy (of the known one with that number), trap (pairwise different, but sharing furniture).
Needs Pillow, NumPy and OpenCV.
"""

import argparse
import random
import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

Image.MAX_IMAGE_PIXELS = 200_000_000


def load(path):
    try:
        picture = Image.open(path)
        picture.draft("RGB", (1024, 1024))
        picture = picture.convert("RGB")
    except Exception:
        return None
    if min(picture.size) < 200 or max(picture.size) > 3.5 * min(picture.size):
        return None
    picture.thumbnail((800, 800))
    pixels = np.asarray(picture)
    # Icons and drawings of a few flat shapes are no photos.
    return pixels if cv2.Laplacian(pixels, cv2.CV_32F).std() > 6 else None


def jpeg(p, quality):
    return cv2.imdecode(cv2.imencode(".jpg", p, [cv2.IMWRITE_JPEG_QUALITY, int(quality)])[1], cv2.IMREAD_COLOR)


def resize(p, fx, fy=None):
    h, w = p.shape[:2]
    fy = fy or fx
    return cv2.resize(p, (max(8, int(w * fx)), max(8, int(h * fy))), interpolation=cv2.INTER_AREA if fx < 1 else cv2.INTER_CUBIC)


def crop(p, l, t, r, b):
    h, w = p.shape[:2]
    return p[int(h * t) : h - int(h * b), int(w * l) : w - int(w * r)]


def clip(p):
    return np.clip(p, 0, 255).astype(np.uint8)


def border(p, r, blurred=False):
    h, w = p.shape[:2]
    x, y = int(w * r.uniform(0.05, 0.3)), int(h * r.uniform(0.05, 0.3))
    if blurred:
        out = cv2.GaussianBlur(cv2.resize(p, (w + 2 * x, h + 2 * y)), (0, 0), 25)
    else:
        out = np.full((h + 2 * y, w + 2 * x, 3), [r.randrange(256) for _ in range(3)], np.uint8)
    out[y : y + h, x : x + w] = p
    return out


def words(r, count):
    return " ".join("".join(r.choice("aeioubcdfghklmnprst") for _ in range(r.randint(2, 9))) for _ in range(count))


def write(p, text, x, y, size, fill, stroke=None):
    picture = Image.fromarray(p)
    ImageDraw.Draw(picture).text((x, y), text, font=ImageFont.load_default(size), fill=fill, stroke_width=2 if stroke else 0, stroke_fill=stroke)
    return np.array(picture)


def caption(p, r, text=None):
    h, w = p.shape[:2]
    bar = np.full((max(40, h // 6), w, 3), 255 if r.random() < 0.6 else 0, np.uint8)
    bar = write(bar, text or words(r, 5), 10, 8, max(14, bar.shape[0] // 2), (255 - int(bar[0, 0, 0]),) * 3)
    return np.vstack([bar, p] if r.random() < 0.5 else [p, bar])


def screenshot(p, r, dark, heading=None):
    w, h = 540, 1100
    tone = 24 if dark else 250
    out = np.full((h, w, 3), tone, np.uint8)
    small = resize(p, w / p.shape[1])[: h - 300]
    top = r.randint(110, max(111, h - small.shape[0] - 150))
    out[top : top + small.shape[0]] = small
    ink = (230,) * 3 if dark else (20,) * 3
    out = write(out, "10:42   LTE   87%", 20, 8, 20, ink)
    out = write(out, heading or words(r, 3), 70, 52, 26, ink)
    out = write(out, "Like   Comment   Share   Save", 20, h - 130, 26, ink)
    out = write(out, "Home  Search  Post  Alerts  Me", 20, h - 60, 28, ink)
    cv2.circle(out, (40, 66), 22, (90, 140, 200), -1)
    return out


def overlay(p, r, kind):
    p = p.copy()
    h, w = p.shape[:2]
    if kind == "text":
        for _ in range(r.randint(1, 3)):
            p = write(p, words(r, 4), r.randint(0, w // 4), r.randint(0, int(h * 0.85)), r.randint(h // 16, h // 8), (255, 255, 255), (0, 0, 0))
    else:
        for _ in range(1 if kind == "logo" else r.randint(2, 5)):
            size = int(min(h, w) * r.uniform(0.06, 0.13))
            x, y = r.randint(size, w - size), r.randint(size, h - size)
            cv2.circle(p, (x, y), size, (255, 210, 50), -1)
            cv2.circle(p, (x - size // 3, y - size // 4), size // 6, (40, 30, 20), -1)
            cv2.circle(p, (x + size // 3, y - size // 4), size // 6, (40, 30, 20), -1)
            cv2.ellipse(p, (x, y + size // 5), (size // 2, size // 3), 0, 0, 180, (40, 30, 20), 3)
    return p


def tilt(p, r):
    h, w = p.shape[:2]
    m = cv2.getRotationMatrix2D((w / 2, h / 2), r.choice([-1, 1]) * r.uniform(2, 10), 1)
    return cv2.warpAffine(p, m, (w, h), borderValue=[r.randrange(256)] * 3)


def perspective(p, r, most=0.12):
    h, w = p.shape[:2]
    corners = np.float32([[0, 0], [w, 0], [w, h], [0, h]])
    moved = corners + np.float32([[r.uniform(0, most) * w * a, r.uniform(0, most) * h * b] for a, b in [(1, 1), (-1, 1), (-1, -1), (1, -1)]])
    return cv2.warpPerspective(p, cv2.getPerspectiveTransform(corners, moved), (w, h))


def inside(p, r, other):
    h, w = other.shape[:2]
    out = other.copy()
    small = resize(p, min(w * 0.98 / p.shape[1], h * 0.98 / p.shape[0], r.uniform(0.4, 0.7) * w / p.shape[1]))
    y, x = r.randint(0, h - small.shape[0]), r.randint(0, w - small.shape[1])
    out[y : y + small.shape[0], x : x + small.shape[1]] = small
    return out


def vignette(p, r):
    h, w = p.shape[:2]
    y, x = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j]
    return clip(p * (1 - r.uniform(0.3, 0.8) * np.clip((x * x + y * y) / 2, 0, 1))[..., None])


def screen(p, r):
    p = perspective(resize(p, 1), r, 0.08).astype(np.float32)
    h, w = p.shape[:2]
    y, x = np.mgrid[0:h, 0:w]
    p += (12 * np.sin(x / r.uniform(1.5, 6) + y / r.uniform(2, 9)))[..., None]
    return cv2.GaussianBlur(clip(0.8 * p + 20), (0, 0), 1)


def grey(p):
    return np.repeat(cv2.cvtColor(p, cv2.COLOR_RGB2GRAY)[..., None], 3, 2)


# Every family takes the picture, a generator of chance and some unrelated picture.
FAMILIES = {
    "jpeg 10-30": lambda p, r, o: jpeg(p, r.uniform(10, 30)),
    "jpeg 30-90": lambda p, r, o: jpeg(p, r.uniform(30, 90)),
    "shrink 25-60%": lambda p, r, o: resize(p, r.uniform(0.25, 0.6)),
    "shrink 10-25%": lambda p, r, o: resize(p, r.uniform(0.10, 0.25)),
    "enlarge": lambda p, r, o: resize(p, r.uniform(1.2, 4)),
    "aspect": lambda p, r, o: resize(p, 1, r.choice([r.uniform(0.7, 0.9), r.uniform(1.1, 1.4)])),
    "brightness": lambda p, r, o: clip(p + r.choice([-1, 1]) * r.uniform(20, 60)),
    "contrast": lambda p, r, o: clip(128 + (p - 128.0) * r.choice([r.uniform(0.5, 0.8), r.uniform(1.2, 1.7)])),
    "gamma": lambda p, r, o: clip(255 * (p / 255.0) ** r.choice([r.uniform(0.5, 0.8), r.uniform(1.3, 2)])),
    "grey": lambda p, r, o: grey(p),
    "tint": lambda p, r, o: clip(p * [r.uniform(0.6, 1.3) for _ in range(3)]),
    "vignette": lambda p, r, o: vignette(p, r),
    "noise": lambda p, r, o: clip(p + np.random.default_rng(r.randrange(1 << 30)).normal(0, r.uniform(6, 20), p.shape)),
    "blur": lambda p, r, o: cv2.GaussianBlur(p, (0, 0), r.uniform(0.8, 2.5)),
    "sharpen": lambda p, r, o: clip(p + r.uniform(0.5, 2) * (p.astype(np.float32) - cv2.GaussianBlur(p, (0, 0), 2))),
    "mirror": lambda p, r, o: p[:, ::-1] if r.random() < 0.7 else p[::-1],
    "quarter turns": lambda p, r, o: np.rot90(p, r.randint(1, 3)),
    "negative": lambda p, r, o: 255 - p,
    "border plain": lambda p, r, o: border(p, r),
    "border blurred": lambda p, r, o: border(p, r, True),
    "letterbox": lambda p, r, o: cv2.copyMakeBorder(p, *(int(p.shape[0] * r.uniform(0.1, 0.3)),) * 2, 0, 0, cv2.BORDER_CONSTANT),
    "caption bar": lambda p, r, o: caption(p, r),
    "screenshot light": lambda p, r, o: screenshot(p, r, False),
    "screenshot dark": lambda p, r, o: screenshot(p, r, True),
    "logo": lambda p, r, o: overlay(p, r, "logo"),
    "stickers": lambda p, r, o: overlay(p, r, "stickers"),
    "text over": lambda p, r, o: overlay(p, r, "text"),
    "tilt 2-10": lambda p, r, o: tilt(p, r),
    "perspective": lambda p, r, o: perspective(p, r),
    "crop 5-10% a side": lambda p, r, o: crop(p, *[r.uniform(0.05, 0.10) for _ in range(4)]),
    "crop 10-20% a side": lambda p, r, o: crop(p, *[r.uniform(0.10, 0.20) for _ in range(4)]),
    "crop 20-30% a side": lambda p, r, o: crop(p, *[r.uniform(0.20, 0.30) for _ in range(4)]),
    "crop off-centre": lambda p, r, o: crop(p, *r.sample([0, r.uniform(0.2, 0.3), 0, r.uniform(0.2, 0.3)], 4)),
    "square crop": lambda p, r, o: (lambda h, w, s: p[(h - s) // 2 : (h + s) // 2, (w - s) // 2 : (w + s) // 2])(*p.shape[:2], min(p.shape[:2])),
    "picture in picture": lambda p, r, o: inside(p, r, o),
    "photo of a screen": lambda p, r, o: screen(p, r),
}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folders", nargs="+")
    for name, number in [("known", 200), ("others", 3000), ("trap", 300), ("seed", 1)]:
        arguments.add_argument(f"--{name}", type=int, default=number)
    asked = arguments.parse_args()
    chance = random.Random(asked.seed)
    np.random.seed(asked.seed)
    paths = sorted({p for f in asked.folders for p in Path(f).rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png", ".webp") and p.is_file()})
    # Photos first, wherever they come from: JPEG and WebP files.
    chance.shuffle(paths)
    paths.sort(key=lambda p: p.suffix.lower() == ".png")
    pictures, seen, wallpapers = [], [], set()
    for path in paths:
        if len(pictures) >= asked.known + asked.others:
            break
        # A wallpaper's folder holds one picture in several crops, and by day and by night.
        wallpaper = str(path).partition("/contents/")[0]
        if wallpaper in wallpapers:
            continue
        pixels = load(path)
        if pixels is None:
            continue
        wallpapers.add(wallpaper)
        # Packages ship one picture in many sizes: what looks the same at 16 by 16 is taken once.
        tiny = cv2.resize(grey(pixels)[..., 0], (16, 16), interpolation=cv2.INTER_AREA).astype(np.float32).ravel()
        tiny = (tiny - tiny.mean()) / (tiny.std() + 1)
        if seen and (np.asarray(seen) @ tiny / 256).max() > 0.9:
            continue
        seen.append(tiny)
        pictures.append(pixels)

    def put(kind, number, family, p):
        luma = cv2.cvtColor(np.ascontiguousarray(p), cv2.COLOR_RGB2GRAY)
        sys.stdout.buffer.write(f"{kind}\t{number}\t{family}\t{luma.shape[1]}\t{luma.shape[0]}\n".encode())
        sys.stdout.buffer.write(luma.tobytes())

    known, others = pictures[: asked.known], pictures[asked.known :]
    for number, p in enumerate(known):
        put("known", number, "-", p)
    for number, p in enumerate(others):
        put("other", number, "-", p)
    if not others:
        sys.exit("too few pictures: there are none beside the known ones")
    names = list(FAMILIES)
    for name in [*names, "two at once"]:
        for number, p in enumerate(known):
            two = chance.sample(names, 2) if name == "two at once" else [name]
            for family in two:
                p = FAMILIES[family](np.ascontiguousarray(p), chance, chance.choice(others))
            put("copy", number, name, p)
    for number in range(min(asked.trap, len(others))):
        r = random.Random(7)  # The same furniture, place by place.
        p = cv2.resize(others[number], (640, 480))
        p = [lambda p: caption(p, r, "when the weekend is over again"), lambda p: screenshot(p, r, True, "the same heading"), lambda p: overlay(p, r, "logo"), lambda p: overlay(p, r, "text")][number % 4](p)
        put("trap", number, ["caption", "screenshot", "logo", "text"][number % 4], p)


main()
