import { decodeRest } from '../../../lib/exchange/binance/decode-rest.ts';
import { candleRows, restBody } from '../../support/candles.ts';
import type { FuzzTarget } from '../targets.ts';

/** A landed answer of REST. */
export function restTarget(): FuzzTarget {
  return {
    name: 'rest',
    samples: [restBody(candleRows('1h', '2024-02-01T00:00Z', 6)), Buffer.from('[]')],
    errors: ['UnexpectedFormat'],
    read: (bytes) => decodeRest(bytes, 'some.json'),
  };
}
