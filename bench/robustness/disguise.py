"""Known pictures, others, and disguises of the known ones, as a stream for the benchmark `robustness` of crates/likeness.

    disguise.py FOLDER... [--photos FOLDER]... [--known N] [--others N] [--trap N] [--seed N]

Folders of photos come before the others, and the larger photos first.

Every picture is written as one line, `kind number family width height`, and then width times height bytes of grey. Kinds: known, other
(unrelated to all known ones, and to all others of another family), copy (of the known one with that number), trap (pairwise different, but sharing furniture).
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


# Documentation shows the same windows in many languages, and a sky's culture the same figures in many drawings: these are no photos.
# A moon has many phases, and a planet's map begins anywhere.
# Caltech's faces are one person before one wall, many times over, and its second folder of them was cut from the first.
NO_PHOTOS = ("/doc/", "/skycultures/", "/qml/", "/textures/", "moon", "/faces")


def load(path):
    try:
        picture = Image.open(path)
        picture.draft("RGB", (4000, 4000))
        # What a transparent pixel would be if it were seen is anybody's guess.
        picture = picture.convert("RGBA") if picture.mode in ("P", "LA", "RGBA") else picture.convert("RGB")
        if picture.mode == "RGBA":
            white = Image.new("RGBA", picture.size, "white")
            picture = Image.alpha_composite(white, picture).convert("RGB")
    except Exception:
        return None
    if min(picture.size) < 200 or max(picture.size) > 3.5 * min(picture.size):
        return None
    picture.thumbnail((4000, 4000))
    return np.asarray(picture)


def small(pixels):
    zoom = min(1, 800 / max(pixels.shape[:2]))
    return resize(pixels, zoom) if zoom < 1 else pixels


def plain(pixels):
    # Icons and drawings of a few flat shapes are no photos.
    return cv2.Laplacian(pixels, cv2.CV_32F).std() <= 6


class Seen:
    """Tells pictures that show the same: what is unrelated must be so. Judged by other eyes than those that are measured: the whole picture
    at 16 by 16 pixels, its edges at 48 by 48 (one wall in another grading), and where its look or its origin raises a doubt, OpenCV's SIFT
    with its ratio test and one affine map."""

    # So many of the most doubtful are looked at closely.
    DOUBTS = 6

    def __init__(self):
        self.tiny = np.zeros((0, 256), np.float32)
        self.edges = np.zeros((0, 48 * 48), np.float32)
        self.all = []
        self.sift = cv2.SIFT_create(200)
        self.matcher = cv2.BFMatcher()

    def take(self, pixels, origin):
        """False if it shows what another one shows, or so little that nobody could tell."""
        luma = grey(pixels)[..., 0]
        luma = cv2.resize(luma, None, fx=256 / max(luma.shape), fy=256 / max(luma.shape), interpolation=cv2.INTER_AREA)
        tiny = cv2.resize(luma, (16, 16), interpolation=cv2.INTER_AREA).astype(np.float32)
        tiny = (tiny - tiny.mean()) / (tiny.std() + 1)
        turned = np.stack([np.rot90(t, k).ravel() for t in (tiny, tiny[:, ::-1]) for k in range(4)])
        fine = cv2.resize(luma, (48, 48), interpolation=cv2.INTER_AREA).astype(np.float32)
        fine -= cv2.GaussianBlur(fine, (0, 0), 2)
        fine /= np.linalg.norm(fine) + 1
        look = self.features(luma)
        if len(look[0]) < 40:
            return False
        count = len(self.all)
        if count:
            alike = np.abs(turned @ self.tiny[:count].T / 256).max(0)
            edges = np.abs(np.stack([fine.ravel(), fine[:, ::-1].ravel()]) @ self.edges[:count].T)
            if alike.max() > 0.97 or edges.max() > 0.4:
                return False
            doubtful = (alike > 0.55) | ((alike > 0.4) & np.array([one[0] == origin for one in self.all]))
            doubts = sorted(np.flatnonzero(doubtful), key=lambda one: -alike[one])[: self.DOUBTS]
            looks = [look, self.features(np.ascontiguousarray(luma[:, ::-1]))] if doubts else []
            if any(self.same(look, self.all[doubt][1]) for doubt in doubts for look in looks):
                return False
        if count == len(self.tiny):
            self.tiny = np.vstack([self.tiny, np.zeros((count + 1000, 256), np.float32)])
            self.edges = np.vstack([self.edges, np.zeros((count + 1000, 48 * 48), np.float32)])
        self.tiny[count], self.edges[count] = tiny.ravel(), fine.ravel()
        self.all.append((origin, look))
        return True

    def features(self, luma):
        places, descriptors = self.sift.detectAndCompute(luma, None)
        return np.float32([p.pt for p in places]), descriptors

    def same(self, one, other):
        if one[1] is None or other[1] is None or min(len(one[1]), len(other[1])) < 8:
            return False
        pairs = [a for a, *b in self.matcher.knnMatch(one[1], other[1], k=2) if b and a.distance < 0.8 * b[0].distance]
        if len(pairs) < 8:
            return False
        _, kept = cv2.estimateAffine2D(one[0][[p.queryIdx for p in pairs]], other[0][[p.trainIdx for p in pairs]], ransacReprojThreshold=4)
        return kept is not None and kept.sum() >= 8


# A photo whose sides are shorter was made small before: it is good enough to be another one, and known only if there are no others.
LARGE = 320


def files(folders, chance, origin):
    """The files of these folders, and where each comes from, in an order of chance."""
    endings = (".jpg", ".jpeg", ".png", ".webp")
    found = sorted((p, origin(p, f)) for f in folders for p in Path(f).rglob("*") if p.suffix.lower() in endings and p.is_file())
    chance.shuffle(found)
    return found


def size(path):
    try:
        return min(Image.open(path).size)
    except Exception:
        return 0


def chosen(folders, photos, wanted, chance):
    """Pictures that show different things, whole ones first, as many as are wanted; then tiles of large ones that do not overlap."""
    photos = files(photos, chance, lambda path, folder: path.parent)
    photos.sort(key=lambda one: size(one[0]) < LARGE)
    paths = files(folders, chance, lambda path, folder: path.relative_to(folder).parts[0])
    # Photos first, wherever they come from: JPEG and WebP files. Last what telescopes see, black with a spot, hundreds of them: of use
    # where pictures must be told apart, but not what people post.
    paths.sort(key=lambda one: ("nebulae" in str(one[0]), one[0].suffix.lower() == ".png"))
    whole, tiles, seen, wallpapers = [], [], Seen(), set()
    for path, origin in photos + paths:
        if len(whole) >= wanted:
            return whole, []
        # A wallpaper's folder holds one picture in several crops, and by day and by night.
        wallpaper = str(path).partition("/contents/")[0]
        if wallpaper in wallpapers or any(part in str(path).lower() for part in NO_PHOTOS):
            continue
        pixels = load(path)
        if pixels is None or plain(small(pixels)) or not seen.take(small(pixels), origin):
            continue
        wallpapers.add(wallpaper)
        # There are thousands: kept as files are.
        whole.append(packed(small(pixels)))
        across, down = pixels.shape[1] // 480, pixels.shape[0] // 360
        for y, x in [(y, x) for y in range(down) for x in range(across) if across * down > 1]:
            tile = pixels[y * 360 : y * 360 + 360, x * 480 : x * 480 + 480]
            if not plain(tile):
                tiles.append((len(whole) - 1, packed(tile)))
    chance.shuffle(tiles)
    return whole, tiles


def packed(pixels):
    return cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 95])[1]


def unpacked(file):
    return cv2.imdecode(file, cv2.IMREAD_COLOR)


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


def lens(p, r):
    """A screen as light makes it: each of its pixels three stripes of colour with gaps between, seen aslant through a lens that bends, by a sensor
    that sees one colour at each place. What comes of it is bent waves in all colours, of all widths, here and there."""
    wide, seen = r.randint(900, 1900), 1600
    shown = resize(p, wide / p.shape[1])
    h, w = shown.shape[:2]
    high = max(2, round(seen * h / w)) // 2 * 2
    light = (shown / 255.0).astype(np.float32) ** 2.2
    # From the sensor's places to the screen's.
    ways = np.float32([(1, 1), (-1, 1), (-1, -1), (1, -1)])
    corners = np.float32([[0, 0], [seen, 0], [seen, high], [0, high]])
    off = ways * np.float32([[r.uniform(-0.02, 0.07) * seen, r.uniform(-0.02, 0.07) * high] for _ in ways])
    m = cv2.getPerspectiveTransform(corners + off, np.float32([[0, 0], [w, 0], [w, h], [0, h]])).astype(np.float32)
    bend, gap = r.uniform(-0.05, 0.05), r.uniform(0.05, 0.2)
    out = np.zeros((high, seen, 3), np.float32)
    y, x = np.mgrid[0:high, 0:seen].astype(np.float32)
    for down, right in [(0.25, 0.25), (0.25, 0.75), (0.75, 0.25), (0.75, 0.75)]:
        across, along = (x + right) / seen - 0.5, (y + down - high / 2) / seen
        more = (1 + 4 * bend * (across * across + along * along)) * seen
        across, along = across * more + seen / 2, along * more + high / 2
        away = m[2, 0] * across + m[2, 1] * along + m[2, 2]
        u, v = ((row[0] * across + row[1] * along + row[2]) / away for row in m[:2])
        colour = cv2.remap(light, np.floor(u), np.floor(v), cv2.INTER_NEAREST, borderValue=(0.01, 0.01, 0.01))
        lit = (3 * u % 1 > gap) & (v % 1 > gap / 2)
        for stripe in range(3):
            out[..., stripe] += colour[..., stripe] * (lit & (np.floor(3 * u) % 3 == stripe))
    out = cv2.GaussianBlur(out, (0, 0), r.uniform(0.5, 1.0))
    # As bright as a camera makes it, in a room with a lamp.
    out *= r.uniform(0.75, 1) / max(1e-6, float(np.percentile(out, 99))) * np.float32([r.uniform(0.85, 1.1) for _ in range(3)])
    lamp = np.exp(-(((x / seen - r.random()) / 0.5) ** 2 + ((y / high - r.random()) / 0.5) ** 2))
    out += r.uniform(0, 0.08) * lamp[..., None] + 0.003
    # Of four places one sees red, one blue, and two green.
    raw = np.empty((high, seen), np.float32)
    for down, right, colour in [(0, 0, 0), (0, 1, 1), (1, 0, 1), (1, 1, 2)]:
        raw[down::2, right::2] = out[down::2, right::2, colour]
    noise = np.random.default_rng(r.randrange(1 << 30)).normal(0, 1, raw.shape).astype(np.float32)
    raw = np.clip(raw + noise * (0.01 * np.sqrt(raw) + 0.003), 0, 1)
    photo = cv2.cvtColor((65535 * raw).astype(np.uint16), cv2.COLOR_BayerBG2RGB) / 65535.0
    return resize(jpeg(clip(255 * photo ** (1 / 2.2)), r.uniform(75, 92)), r.uniform(0.35, 1))


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
    "screen by a lens": lambda p, r, o: lens(p, r),
}


# Two of them, one after the other.
BOTH = "two at once"


def frame(p, r):
    """An ornament all around, an eighth of the picture wide."""
    h, w = p.shape[:2]
    out = np.full((h, w, 3), (120, 80, 40), np.uint8)
    for _ in range(900):
        cv2.circle(out, (r.randrange(w), r.randrange(h)), r.randint(3, 14), [r.randrange(256) for _ in range(3)], r.choice([-1, 2]))
    out[h // 8 : h - h // 8, w // 8 : w - w // 8] = cv2.resize(p, (w - 2 * (w // 8), h - 2 * (h // 8)))
    return out


def sky(p, r):
    """Two fifths of clouds, and the picture below them."""
    h, w = p.shape[:2]
    chance = np.random.default_rng(r.randrange(1 << 30))
    clouds = sum(cv2.resize(chance.normal(0, 1, (3 << k, 4 << k)).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC) / 1.7**k for k in range(7))
    out = clip(170 + 30 * clouds)[..., None].repeat(3, 2)
    out[h * 2 // 5 :] = cv2.resize(p, (w, h - h * 2 // 5))
    return out


def page(p, r, own):
    """A page of words, the same font and lines, other words; the picture is a small one at its foot."""
    out = np.full((640, 480, 3), 255, np.uint8)
    for line in range(14):
        out = write(out, words(own, 7), 24, 24 + line * 32, 20, (0, 0, 0))
    out[490:620, 150:330] = cv2.resize(p, (180, 130))
    return out


def watermark(p, r):
    """The same words, pale and aslant, again and again all over the picture, as whoever sells pictures puts them there."""
    h, w = p.shape[:2]
    layer = np.zeros((2 * h, 2 * w, 3), np.uint8)
    mark = words(r, 2) + "   "
    for row, y in enumerate(range(0, 2 * h, 70)):
        layer = write(layer, mark * 16, -60 * (row % 2), y, 26, (255, 255, 255))
    layer = cv2.warpAffine(layer, cv2.getRotationMatrix2D((w, h), 30, 1), (2 * w, 2 * h))[h // 2 : h // 2 + h, w // 2 : w // 2 + w]
    share = 0.45 * layer / 255
    return clip(p * (1 - share) + 255 * share)


# Every one takes a picture, a generator that gives all of them the same, and one of its own.
TRAPS = {
    "caption": lambda p, r, own: caption(p, r, "when the weekend is over again"),
    "screenshot dark": lambda p, r, own: screenshot(p, r, True, "the same heading"),
    "screenshot light": lambda p, r, own: screenshot(p, r, False, "the same heading"),
    "logo": lambda p, r, own: overlay(p, r, "logo"),
    "text": lambda p, r, own: overlay(p, r, "text"),
    "frame": lambda p, r, own: frame(p, r),
    "sky": lambda p, r, own: sky(p, r),
    "page": lambda p, r, own: page(p, r, own),
    "watermark": lambda p, r, own: watermark(p, r),
}


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folders", nargs="*")
    arguments.add_argument("--photos", action="append", default=[])
    for name, number in [("known", 200), ("others", 3000), ("trap", 300), ("seed", 1)]:
        arguments.add_argument(f"--{name}", type=int, default=number)
    arguments.add_argument("--only", action="append", choices=[*FAMILIES, BOTH])
    asked = arguments.parse_args()
    chance = random.Random(asked.seed)
    np.random.seed(asked.seed)
    whole, tiles = chosen(asked.folders, asked.photos, asked.known + asked.others, chance)

    def put(kind, number, family, p):
        luma = cv2.cvtColor(np.ascontiguousarray(p), cv2.COLOR_RGB2GRAY)
        sys.stdout.buffer.write(f"{kind}\t{number}\t{family}\t{luma.shape[1]}\t{luma.shape[0]}\n".encode())
        sys.stdout.buffer.write(luma.tobytes())

    known, others = [unpacked(one) for one in whole[: asked.known]], whole[asked.known :]
    # Of what is known no tile is unrelated; of another one a tile is to all but that one and its other tiles.
    tiles = [(of, tile) for of, tile in tiles if of >= asked.known][: asked.others - len(others)]
    origins = [*range(asked.known, len(whole)), *(of for of, _ in tiles)]
    others += [tile for _, tile in tiles]
    print(f"{len(known)} known, {len(others)} others, of these {len(tiles)} tiles of large ones", file=sys.stderr)
    for number, p in enumerate(known):
        put("known", number, "-", p)
    for number, (p, origin) in enumerate(zip(others, origins)):
        put("other", number, origin, unpacked(p))
    if not others:
        sys.exit("too few pictures: there are none beside the known ones")
    names = list(FAMILIES)
    for name in asked.only or [*names, BOTH]:
        for number, p in enumerate(known):
            two = chance.sample(names, 2) if name == BOTH else [name]
            for family in two:
                p = FAMILIES[family](np.ascontiguousarray(p), chance, unpacked(chance.choice(others)))
            put("copy", number, name, p)
    # Different pictures that share what many share; tiles of one picture share enough as it is, so these are whole ones.
    names = list(TRAPS)
    for number in range(min(asked.trap, len(whole) - len(known))):
        r = random.Random(7)  # The same furniture, place by place.
        name = names[number % len(names)]
        put("trap", number, name, TRAPS[name](cv2.resize(unpacked(others[number]), (640, 480)), r, random.Random(number)))


if __name__ == "__main__":
    main()
