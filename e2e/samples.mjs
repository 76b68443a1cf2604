// What people post, made here: test cards with everything in them that a phone or a camera would write.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const ffmpeg = (...args) => execFileSync("ffmpeg", ["-nostdin", "-loglevel", "error", "-y", ...args]);

export class Samples {
  constructor(home) {
    this.home = join(home, "samples");
    mkdirSync(this.home, { recursive: true });
  }

  #made(name, make) {
    const path = join(this.home, name);
    if (!existsSync(path)) make(path);
    return path;
  }

  /** A photo as a phone makes it: with a place, a maker and a time in it. */
  photo(name = "photo.jpg", size = "1200x900") {
    return this.#made(name, (path) => {
      ffmpeg("-f", "lavfi", "-i", `mandelbrot=size=${size}`, "-frames:v", "1", path);
      execFileSync("exiftool", ["-q", "-overwrite_original", "-GPSLatitude=36.2", "-GPSLatitudeRef=N", "-GPSLongitude=37.16", "-GPSLongitudeRef=E", "-Make=Kite", "-DateTimeOriginal=2026:01:02 03:04:05", path]);
    });
  }

  picture(name, size = "640x480") {
    return this.#made(name, (path) => ffmpeg("-f", "lavfi", "-i", `testsrc2=size=${size}`, "-frames:v", "1", path));
  }

  animation(name = "animation.gif") {
    return this.#made(name, (path) => ffmpeg("-f", "lavfi", "-i", "testsrc2=size=240x180:rate=5:duration=1", path));
  }

  /** A film with sound, and with a place, a maker and a title in it. `how` is what the encoder is told. */
  film(name = "film.mp4", { size = "640x360", seconds = 4, how = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"] } = {}) {
    return this.#made(name, (path) =>
      ffmpeg("-f", "lavfi", "-i", `testsrc2=size=${size}:rate=25`, "-f", "lavfi", "-i", "sine=frequency=440", "-t", String(seconds), ...how, "-metadata", "location=+36.2000+037.1600/", "-metadata", "title=Kite", "-metadata", "creation_time=2026-01-02T03:04:05Z", path));
  }

  webm(name = "film.webm") {
    return this.film(name, { size: "320x180", seconds: 2, how: ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"] });
  }

  /** A film in a format that no browser plays everywhere, so that it has to be transcoded. */
  hevc(name = "phone.mov", seconds = 12) {
    return this.film(name, { size: "640x360", seconds, how: ["-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=none", "-tag:v", "hvc1", "-pix_fmt", "yuv420p", "-c:a", "aac"] });
  }

  /** A file that is neither a photo nor a film. */
  words(name = "words.jpg") {
    return this.#made(name, (path) => writeFileSync(path, "These are words, whatever the name says.\n".repeat(200)));
  }
}

/** Fails unless the file decodes from beginning to end without a complaint. */
export function decodes(path) {
  execFileSync("ffmpeg", ["-nostdin", "-v", "error", "-xerror", "-i", path, "-f", "null", "-"], { stdio: ["ignore", "ignore", "pipe"] });
}
