import type { Period } from '../../domain/period.ts';
import type { SeriesInputs } from '../landing/series-inputs.ts';
import type { Life } from '../ledger/life.ts';
import { quarantine, type ServedShard } from '../ledger/quarantine.ts';
import { servedPart } from '../ledger/served-part.ts';
import type { Manifest } from '../manifest/contract.ts';
import { memo } from '../memo.ts';
import type { ShardPeek } from './lookahead.ts';

export interface PeekWorld {
  readonly inputs: SeriesInputs;
  readonly codeHash: string;
  readonly life: Life;
  readonly read: (period: Period) => Promise<Manifest | undefined>;
}

export interface SeriesPeek extends ShardPeek {
  decoded(period: Period): Promise<ServedShard>;
}

/** Looks into shards, decoding each at most once and only where its manifest does not answer. */
export function createSeriesPeek({ inputs, codeHash, life, read }: PeekWorld): SeriesPeek {
  const manifests = new Map<Period, Promise<Manifest | undefined>>();
  const served = new Map<Period, Promise<ServedShard>>();
  return {
    manifest: (period) => memo(manifests, period, () => read(period)),
    decoded: (period) => memo(served, period, async () => quarantine(await inputs.decoded(period), life)),
    async head(period) {
      const manifest = await this.manifest(period);
      const part = servedPart(period, life);
      const stands =
        manifest?.codeHash === codeHash &&
        manifest.ledger.servedFromMs === part.servedFromMs &&
        manifest.ledger.servedToMs === part.servedToMs &&
        (await inputs.isMadeFrom(manifest, period));
      return stands ? manifest.head : undefined;
    },
    forget(period) {
      manifests.delete(period);
      served.delete(period);
      inputs.forget(period);
    },
  };
}
