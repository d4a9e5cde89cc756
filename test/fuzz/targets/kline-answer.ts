import { decodeRest } from '../../../lib/exchange/binance/decode-rest.ts';
import { openTimesOf } from '../../../lib/exchange/binance/kline-answer.ts';
import { candleRows, restBody } from '../../support/candles.ts';
import type { FuzzTarget } from '../targets.ts';

const WINDOW = { fromMs: Date.parse('2024-02-01T00:00Z'), toMs: Date.parse('2024-02-02T00:00Z') };

/** An answer of REST before it lands: what passes here must be readable later, for landed bytes are never changed. */
export function klineAnswerTarget(): FuzzTarget {
  return {
    name: 'kline_answer',
    samples: [restBody(candleRows('1h', '2024-02-01T00:00Z', 6)), Buffer.from('[]')],
    errors: ['UnexpectedFormat'],
    read(bytes) {
      const openTimes = openTimesOf(bytes, '1h', WINDOW, 'http://exchange/klines');
      let decoded: number;
      try {
        decoded = decodeRest(bytes, 'some.json').length;
      } catch (error) {
        throw new Error(`it would land, and then not be read: ${(error as Error).message}`, { cause: error });
      }
      if (decoded !== openTimes.length) throw new Error(`${openTimes.length} candles land, and ${decoded} are read`);
    },
  };
}
