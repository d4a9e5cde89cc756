import { createHash } from 'node:crypto';
import { fetchBatch } from '../../../lib/lake/fetch/fetch-batch.ts';
import { memoryStore } from '../../../lib/lake/memory-store.ts';
import { testClock } from '../../support/clock.ts';
import { exchangeAccess } from '../../support/exchange-access.ts';
import type { FuzzTarget } from '../targets.ts';

const ZIP = Buffer.from('the bytes of some zip');
const FILE = 'BTCUSDT-1h-2024-02.zip';
const CHUNK = {
  series: { market: 'um', symbol: 'BTCUSDT', interval: '1h' },
  source: 'archive_monthly',
  range: { fromMs: Date.parse('2024-02-01'), toMs: Date.parse('2024-03-01') },
  asOfMs: Date.parse('2024-03-05'),
  sizeBytes: ZIP.length,
} as const;

/** The checksum beside an archive file: whatever it says, nothing but the bytes it is of may land. */
export function checksumTarget(): FuzzTarget {
  const sum = createHash('sha256').update(ZIP).digest('hex');
  const texts = [`${sum}  ${FILE}`, `${sum} *${FILE}\n`, `${sum.toUpperCase()}  ${FILE}\r\n`];
  return {
    name: 'checksum',
    samples: texts.map((text) => Buffer.from(text)),
    errors: ['CorruptObject', 'UnexpectedFormat'],
    async read(bytes) {
      const store = memoryStore();
      const http = {
        get: async (url: string) => ({ status: 200, headers: {}, body: url.endsWith('.CHECKSUM') ? bytes : ZIP }),
      };
      const access = exchangeAccess(testClock(CHUNK.asOfMs), 'http://archive', http);
      await fetchBatch({ runId: 'fuzz', batch: 'one', chunks: [CHUNK] }, { ...access, store });
      if (!bytes.toString().toLowerCase().includes(sum)) throw new Error('it landed against its checksum');
    },
  };
}
