import { readFileSync } from 'node:fs';

/** Returns the peak of this process's resident memory. It may contain the parent's size if there is no /proc. */
export function peakMiB(): number {
  try {
    const match = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'latin1'));
    if (match) return Number(match[1]) / 1024;
  } catch {
    // No /proc here.
  }
  return process.resourceUsage().maxRSS / 1024;
}
