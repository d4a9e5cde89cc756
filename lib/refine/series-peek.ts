import type { Period } from '../domain/period.ts';
import type { Manifest } from './contract.ts';
import type { DecodedShard } from './decode-shard.ts';
import type { LandedId } from './landing.ts';
import type { Life } from './life.ts';
import type { ShardPeek } from './lookahead.ts';
import { memo } from './memo.ts';
import { quarantine, type ServedShard } from './quarantine.ts';
import { servedPart } from './served-part.ts';
import { sameInputs } from './shard-inputs.ts';

export interface PeekWorld {
  readonly inputsOf: (period: Period) => readonly LandedId[];
  readonly codeHash: string;
  readonly life: Life;
  readonly read: (period: Period) => Promise<Manifest | undefined>;
  readonly decode: (period: Period) => Promise<DecodedShard>;
  readonly forget: (period: Period) => void;
}

export interface SeriesPeek extends ShardPeek {
  decoded(period: Period): Promise<ServedShard>;
}

/** Looks into shards, decoding each at most once and only where its manifest does not answer. */
export function createSeriesPeek({ inputsOf, codeHash, life, read, decode, forget }: PeekWorld): SeriesPeek {
  const manifests = new Map<Period, Promise<Manifest | undefined>>();
  const served = new Map<Period, Promise<ServedShard>>();
  return {
    manifest: (period) => memo(manifests, period, () => read(period)),
    decoded: (period) => memo(served, period, async () => quarantine(await decode(period), life)),
    async head(period) {
      const manifest = await this.manifest(period);
      const part = servedPart(period, life);
      const stands =
        manifest?.codeHash === codeHash &&
        sameInputs(manifest, inputsOf(period)) &&
        manifest.ledger.servedFromMs === part.servedFromMs &&
        manifest.ledger.servedToMs === part.servedToMs;
      return stands ? manifest.head : undefined;
    },
    forget(period) {
      manifests.delete(period);
      served.delete(period);
      forget(period);
    },
  };
}
