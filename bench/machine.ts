import { cpus, loadavg, totalmem } from 'node:os';

/** What the numbers were measured on, and how busy it was with other things. */
export function machineLine(): string {
  const cores = cpus();
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  const load = loadavg()[0]!.toFixed(1);
  return `${cores[0]?.model.trim() ?? 'CPU'}, ${cores.length} cores, ${memory} GiB; node ${process.version}, ${process.platform} ${process.arch}; load ${load}`;
}
