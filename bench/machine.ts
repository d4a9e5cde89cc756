import { cpus, loadavg, totalmem } from 'node:os';

/** Returns a line about the machine of the measurements, and how busy it was with other work. */
export function machineLine(): string {
  const cores = cpus();
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  const load = loadavg()[0]!.toFixed(1);
  const processor = `${cores[0]?.model.trim() ?? 'CPU'}, ${cores.length} cores, ${memory} GiB`;
  return `${processor}; node ${process.version}, ${process.platform} ${process.arch}; load ${load}`;
}
