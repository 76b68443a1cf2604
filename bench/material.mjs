// What is posted: made here, the same at each run, and harmless.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const run = (name, ...args) => execFileSync(name, args, { stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1 << 30 });
const ffmpeg = (...args) => run("ffmpeg", "-nostdin", "-loglevel", "error", "-y", ...args);

function inDirectory(make) {
  const directory = mkdtempSync(join(tmpdir(), "handbill-bench-made-"));
  try {
    return make((name) => join(directory, name));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

// A picture with the traits that cost a decoder and an encoder time: smooth parts, edges at all scales, and a sensor's grain (`noise`).
// JPEG of quality 92, 4:2:0, by libjpeg-turbo, with the EXIF that a phone writes.
export function photo({ width, height, noise = 16, quality = 92 }) {
  return inDirectory((path) => {
    const filter = `scale=${width}:${height}:flags=bicubic,noise=alls=${noise}:allf=u:all_seed=7,format=rgb24`;
    ffmpeg("-f", "lavfi", "-i", "mandelbrot=size=2016x1512:start_scale=0.6:end_scale=0.6:maxiter=400", "-frames:v", "1", "-vf", filter, "-c:v", "ppm", "-f", "image2", path("pixels.ppm"));
    run("cjpeg", "-quality", `${quality}`, "-sample", "2x2", "-outfile", path("photo.jpg"), path("pixels.ppm"));
    const facts = { Make: "Kite", Model: "Kite 3", Software: "17.1", DateTimeOriginal: "2026:01:02 03:04:05", ExposureTime: "1/120", FNumber: "1.8", ISO: "64", FocalLength: "5.7", GPSLatitude: "36.2", GPSLatitudeRef: "N", GPSLongitude: "37.16", GPSLongitudeRef: "E", "Orientation#": "1" };
    run("exiftool", "-q", "-overwrite_original", ...Object.entries(facts).map(([tag, value]) => `-${tag}=${value}`), path("photo.jpg"));
    return readFileSync(path("photo.jpg"));
  });
}

// The same picture as another file: a comment with a number in it. Otherwise a site could answer a repeat from what it has stored already.
export function numbered(jpeg, number) {
  const words = Buffer.from(`number ${number}`);
  const length = Buffer.from([0xff, 0xfe, 0, words.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), length, words, jpeg.subarray(2)]);
}

// The head of a playable MP4 of `size` bytes: a short film, then a `free` box, which players skip, up to the end. The rest is anything.
export function filmHead(size) {
  const film = inDirectory((path) => {
    ffmpeg("-f", "lavfi", "-i", "testsrc2=size=640x360:rate=30:duration=2", "-f", "lavfi", "-i", "sine=duration=2", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-movflags", "+faststart", path("film.mp4"));
    return readFileSync(path("film.mp4"));
  });
  const free = Buffer.alloc(16);
  free.writeUInt32BE(1, 0);
  free.write("free", 4);
  free.writeBigUInt64BE(BigInt(size - film.length), 8);
  return Buffer.concat([film, free]);
}

const paragraph =
  "The wind came up over the *old quay* at four, and with it the first of the kites: a red one, **very large**, with a tail of paper rings that somebody " +
  "had coloured in by hand. Whoever wants to see them fly should take the path behind the [boat house](https://kites.example/path) and keep to the left of the dunes. ";

// About 2 kB of Markdown as people write it.
export const words = `# Kites on Saturday

${paragraph}${paragraph}

## What to bring

- a line of at least 60 metres, *wound on wood*
- gloves; the \`2 mm\` line cuts
- something warm: it is **cold** in the lee of the dunes
- tea

${paragraph}

> He who flies the kite holds the wind by a thread.

1. Meet at the quay at three.
2. Walk to the dunes.
3. Wait for the wind.

${paragraph}${paragraph}

---

Questions to <https://kites.example/ask>, or ask anybody with a red scarf.
`;
