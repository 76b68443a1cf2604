// What the sandbox costs a photo of 1 MP: starting and ending a child process, and the walls that the child puts up. The walls are
// the difference between two sites, one of which has `media.without_sandbox`, by turns, in memory so that no disk blurs it.
import { numbered, photo } from "./material.mjs";
import { handbill, handbillBinary } from "./programs.mjs";
import { lowerQuartile, shell_ms } from "./numbers.mjs";
import { untilSeen } from "./photo.mjs";

export async function measure({ quick }) {
  const jpeg = photo({ width: 1152, height: 864 });
  const sites = [];
  try {
    const walled = await handbill({ parent: "/dev/shm" });
    sites.push(walled);
    const open = await handbill({ parent: "/dev/shm", environment: { HANDBILL__MEDIA__WITHOUT_SANDBOX: "true" } });
    sites.push(open);
    const [within, without, process] = [[], [], []];
    for (let round = -2; round < (quick ? 8 : 40); round++) {
      const took = new Map();
      // Whoever goes first changes, so that it cannot matter.
      for (const site of round % 2 ? [walled, open] : [open, walled]) took.set(site, (await untilSeen(site, numbered(jpeg, round), 1)).seen_ms);
      const empty_ms = shell_ms(`"${handbillBinary}" media-child < /dev/null`);
      if (round < 0) continue; // The first ones warm up.
      within.push(took.get(walled));
      without.push(took.get(open));
      process.push(empty_ms);
    }
    const [high, low, empty] = [within, without, process].map(lowerQuartile);
    const walls = high - low;
    return [
      { id: "sandbox", what: "the sandbox's own cost for a 1 MP photo: process and walls", ours: walls + empty, unit: "ms", target: { at_most: 10 }, samples: { within, without, process } },
      { id: "sandbox-walls", what: `its walls (the whole way: ${high.toFixed(1)} ms with, ${low.toFixed(1)} ms without)`, ours: walls, unit: "ms" },
      { id: "sandbox-process", what: "its process: a child that is started, asked nothing, and ends", ours: empty, unit: "ms" },
    ];
  } finally {
    for (const site of sites) await site.stop();
  }
}
