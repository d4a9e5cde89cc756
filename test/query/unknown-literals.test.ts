import fc from 'fast-check';
import { heldNames, unknownNames } from '../../lib/query/unknown-literals.ts';

const HELD = heldNames([
  'manifests/market=um/symbol=BTCUSDT/interval=15m/period=2024/manifest.json',
  'manifests/market=um/symbol=BTCUSDC/interval=1M/period=all/manifest.json',
  'manifests/market=sim/symbol=ETHUSDT/interval=1m/period=2024-02/manifest.json',
  'manifests/streams/funding/market=um/symbol=LTCUSDT/period=2024/manifest.json',
]);

test.each<[string, string[]]>([
  [`SELECT * FROM candles WHERE symbol = 'btcusdt'`, [`this lake has no symbol 'btcusdt', the nearest is 'BTCUSDT'`]],
  [
    `FROM candles c WHERE c."symbol"='BTCUSTD'`,
    [`this lake has no symbol 'BTCUSTD', the nearest is 'BTCUSDC', 'BTCUSDT'`],
  ],
  [`FROM candles WHERE 'Um' = c.market`, [`this lake has no market 'Um', the nearest is 'um'`]],
  [`FROM candles WHERE INTERVAL IN ('15m', '15M')`, [`this lake has no interval '15M', the nearest is '15m'`]],
  [`FROM candles WHERE market = 'spot'`, [`this lake has no market 'spot', it has 'sim', 'um'`]],
  [
    `FROM candles WHERE symbol = 'DOGEEUR'`,
    [`this lake has no symbol 'DOGEEUR', it has 'BTCUSDC', 'BTCUSDT', 'ETHUSDT', …`],
  ],
  [
    `FROM x WHERE symbol = 'btcusdt' OR symbol = 'btcusdt'`,
    [`this lake has no symbol 'btcusdt', the nearest is 'BTCUSDT'`],
  ],
  [`FROM candles WHERE symbol = 'LTCUSDT' AND interval = '1M' AND market = 'sim'`, []],
  [`FROM candles WHERE symbol != 'btcusdt' AND symbol NOT IN ('x') AND subsymbol = 'y' AND close > 1`, []],
  [`SELECT 1 -- symbol = 'btcusdt'\n/* market = 'x' */`, []],
])('%s', (sql, said) => {
  expect(unknownNames(sql, HELD)).toEqual(said);
});

test('a lake without manifests has no names to give', () => {
  expect(unknownNames(`FROM candles WHERE symbol = 'x'`, heldNames([]))).toEqual([]);
});

test('no SQL makes the hint fail', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      unknownNames(`${a} symbol = '${b}' interval IN (${a})`, HELD);
    }),
  );
});
