import type { Catalogue } from '../../ports.ts';

/** A folder is its own catalogue: the local engine finds partitions by their path, so there is nothing to add. */
export function folderCatalogue(): Catalogue {
  return { addPartitions: async () => 0 };
}
