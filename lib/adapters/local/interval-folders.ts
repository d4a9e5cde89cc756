import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** `1m` is a minute and `1M` a month: the only names in a lake that differ by case alone. */
const INTERVAL = /^(?:.*\/)?interval=\d+[mM](?=\/)/;

/**
 * Tells whether the interval of a key is spelled on the disk as in the key. Many disks (of macOS and Windows, say) do
 * not tell upper from lower case: `interval=1M` is then the folder `interval=1m`, and what is in it is of the other
 * series.
 */
export function intervalFolders(lake: string): (key: string) => Promise<boolean> {
  const seen = new Set<string>();
  return async (key) => {
    const folder = INTERVAL.exec(key)?.[0];
    if (folder === undefined || seen.has(folder)) return true;
    const parent = dirname(folder);
    const name = folder.slice(parent.length + 1);
    const names = await readdir(join(lake, parent)).catch((): string[] => []);
    if (names.includes(name)) {
      seen.add(folder);
      return true;
    }
    return !names.some((other) => other.toLowerCase() === name.toLowerCase());
  };
}
