// Loaded into a real `lake` process before anything else (by NODE_OPTIONS, so into its threads as well): the process is
// killed at the n-th put of the folder store, which is the n-th rename, just before it or just after. The puts of all
// threads are counted by the length of one file.
import { appendFileSync, statSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const counter = process.env['KILL_COUNTER'];
const at = Number(process.env['KILL_AT_PUT']);
const after = process.env['KILL_AFTER'] === 'true';
const { rename } = fs;

fs.rename = async (from, to) => {
  appendFileSync(counter, '.');
  const isThis = statSync(counter).size === at;
  if (isThis && !after) process.kill(process.pid, 'SIGKILL');
  await rename(from, to);
  if (isThis) process.kill(process.pid, 'SIGKILL');
};
syncBuiltinESMExports();
