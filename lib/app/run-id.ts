import { randomBytes } from 'node:crypto';

/** `20241121T023000Z-1f3a9c`: sorts by the time it was made, and two runs begun at once differ. */
export function newRunId(nowMs: number): string {
  const time = new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return `${time}Z-${randomBytes(3).toString('hex')}`;
}
