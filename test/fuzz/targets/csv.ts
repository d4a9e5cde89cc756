import { decodeCsv } from '../../../lib/exchange/binance/decode-csv.ts';
import { candleRows } from '../../support/candles.ts';
import type { FuzzTarget } from '../targets.ts';

const HEADER =
  'open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,taker_buy_quote_volume,ignore';

/** The archive's CSV. */
export function csvTarget(): FuzzTarget {
  const rows = candleRows('1h', '2024-02-01T00:00Z', 6);
  const texts = [`${rows.join('\n')}\n`, `${HEADER}\n${rows.join('\n')}\n`, rows.join('\r\n'), ''];
  return {
    name: 'csv',
    samples: texts.map((text) => Buffer.from(text)),
    errors: ['UnexpectedFormat'],
    read: (bytes) => decodeCsv(bytes, 'some.csv'),
  };
}
