// The link as a QR code, dark on light in either theme: readers expect it so.

import { correction, generate } from "lean-qr";

export function draw(canvas: HTMLCanvasElement, url: string) {
  const code = generate(url, { minCorrectionLevel: correction.M });
  code.toCanvas(canvas, { on: [0x1c, 0x1a, 0x17, 255], off: [255, 255, 255, 255], padX: 4, padY: 4 });
}
