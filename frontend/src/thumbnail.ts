// A small picture of a file, drawn on a canvas: nothing of the file is given to the page but its pixels.

const SIDE = 144;

/** Draws the file's picture and gives it, small; leaves the canvas as it is where this browser cannot read it (the site may all the same). */
export async function draw(file: Blob, canvas: HTMLCanvasElement): Promise<Blob | null> {
  try {
    const picture = file.type.startsWith("video/") ? await still(file) : await createImageBitmap(file);
    const { width, height } = picture;
    const side = Math.min(width, height);
    canvas.width = canvas.height = SIDE;
    canvas.getContext("2d")?.drawImage(picture, (width - side) / 2, (height - side) / 2, side, side, 0, 0, SIDE, SIDE);
    picture.close();
    canvas.hidden = false;
    return await new Promise((done) => canvas.toBlob(done, "image/webp", 0.8));
  } catch {
    // A format that only the site knows, such as HEIC.
    return null;
  }
}

async function still(file: Blob): Promise<ImageBitmap> {
  const address = URL.createObjectURL(file);
  const video = document.createElement("video");
  try {
    video.muted = true;
    video.preload = "auto";
    await new Promise((done, failed) => {
      video.onloadeddata = done;
      video.onerror = failed;
      setTimeout(failed, 10_000);
      video.src = address;
    });
    return await createImageBitmap(video);
  } finally {
    // It reads on by itself, and would ask for what is no longer there; what it has asked for already may take a moment.
    video.removeAttribute("src");
    video.load();
    setTimeout(() => URL.revokeObjectURL(address), 5_000);
  }
}
