import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { benchNodes } from './nodes.ts';

/** Returns a line about the machine of the measurements. */
export function machineLine(): string {
  const cores = cpus();
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  const processor = `${cores[0]?.model.trim() ?? 'CPU'}, ${cores.length} cores, ${memory} GiB`;
  const nodes = benchNodes().map(({ path }) => execFileSync(path, ['--version'], { encoding: 'utf8' }).trim());
  return `${processor}; Node ${nodes.join(' and ')}, ${process.platform} ${process.arch}; ${loadText()}`;
}

/** Returns how busy the machine is, with this work and other. */
export function loadText(): string {
  return `load ${loadavg()[0]!.toFixed(1)}`;
}
