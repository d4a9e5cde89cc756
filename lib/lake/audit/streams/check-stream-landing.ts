import type { Stream } from '../../../domain/stream.ts';
import { checkLanding, type SoundLanding } from '../check-landing.ts';
import type { Findings } from '../findings.ts';
import { fetchAgain } from '../repair.ts';
import type { AuditWorld } from '../world.ts';
import { checkSightings } from './check-sightings.ts';
import { seeAgain } from './see-again.ts';
import { streamLandingPlace } from './stream-landing-place.ts';

export interface CheckedStreamLanding {
  /** Keys of the receipts that are sound, and so are the bytes that they are about. */
  readonly sound: ReadonlySet<string>;
  /** What landed of the archive and of REST, where it is sound; no snapshots, which no file can be held against. */
  readonly files: readonly SoundLanding[];
  readonly objects: number;
  /** Mends what can be had again. Returns how many objects. */
  mend(): Promise<number>;
}

/** Holds all that landed of a stream against its names and receipts. @param inputs keys of receipts that manifests name */
export async function checkStreamLanding(
  stream: Stream,
  inputs: ReadonlySet<string>,
  findings: Findings,
  world: AuditWorld,
): Promise<CheckedStreamLanding> {
  if (stream.name === 'instruments') {
    const { sound, damaged, objects } = await checkSightings(stream, inputs, findings, world);
    return { sound, files: [], objects, mend: () => seeAgain(stream, damaged, findings, world) };
  }
  const { sound, damaged, objects } = await checkLanding(streamLandingPlace(stream), inputs, findings, world);
  return {
    sound: new Set(sound.map(({ receiptKey }) => receiptKey)),
    files: sound,
    objects,
    mend: () => fetchAgain(damaged, findings, world),
  };
}
