// Medians and clocks.
import { execFileSync } from "node:child_process";

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

// What a quarter of the values are below. Other work on the machine only ever adds to a time, so two quartiles can be compared where
// the difference is small beside that.
export function lowerQuartile(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 4)];
}

export async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

// How long a command takes by the shell's own clock: starting a process from here would cost several milliseconds.
export function shell_ms(command, options = {}) {
  const said = execFileSync("bash", ["-c", `{ TIMEFORMAT=%R; time ${command} > /dev/null 2>&1; } 2>&1 || true`], { ...options, encoding: "utf8" });
  const ms = Number(said) * 1000;
  if (!(ms > 0)) throw new Error(`${command}: ${said}`);
  return ms;
}
