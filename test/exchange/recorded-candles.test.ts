import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { readRecordedSeries } from '../../lib/exchange/simulated/read-recorded-series.ts';
import { recordedCandles } from '../../lib/exchange/simulated/recorded-candles.ts';
import { describeWithRecordedData, recordedFile } from '../support/recorded-data.ts';
import { ask, askKlines, askZip } from './ask.ts';

const hour = (day: string, h: number, close: string) => {
  const openMs = Date.parse(day) + h * 3_600_000;
  return `${openMs},1.50,2.00,1.00,${close},10.0,${openMs + 3_599_999},15.000,3,5.0,7.500,0`;
};

describe('recorded candles', () => {
  const rows = [hour('2023-01-30', 23, '1.60'), hour('2023-02-02', 5, '1.70'), hour('2023-02-02', 6, '1.8000')];
  const part = { market: 'um', symbol: 'ABCUSDT', interval: '1h' } as const;
  const candles = recordedCandles([
    { ...part, rows: rows.slice(1) },
    { ...part, rows: rows.slice(0, 2) },
  ]);

  test('parts in any order make one series, an overlap counts once, holes stay holes', async () => {
    const exchange = await startExchange({ candles, nowMs: Date.parse('2023-03-02') });
    expect(await askKlines(exchange, 'symbol=ABCUSDT&interval=1h&startTime=0')).toEqual(rows);
    expect(await askKlines(exchange, 'symbol=ABCUSDT&interval=1h&startTime=0&limit=2')).toEqual(rows.slice(0, 2));
    expect(await askKlines(exchange, 'symbol=ABCUSDT&interval=1h&limit=2')).toEqual(rows.slice(1));
    const folder = '/data/futures/um/monthly/klines/ABCUSDT/1h/';
    expect((await askZip(exchange, `${folder}ABCUSDT-1h-2023-01.zip`)).slice(1)).toEqual(rows.slice(0, 1));
    expect((await askZip(exchange, `${folder}ABCUSDT-1h-2023-02.zip`)).slice(1)).toEqual(rows.slice(1));
    await exchange.close();
  });

  test('only months and days with rows have files, listed with their true sizes', async () => {
    const exchange = await startExchange({ candles, nowMs: Date.parse('2023-03-02') });
    const { text } = await ask(exchange, '/?prefix=data/futures/um/daily/klines/ABCUSDT/1h/');
    const found = [...text.matchAll(/<Key>([^<]+)<\/Key>.*?<Size>(\d+)<\/Size>/g)];
    expect(found.map((match) => match[1].replace(/^.*-1h-/, ''))).toEqual([
      '2023-01-30.zip',
      '2023-01-30.zip.CHECKSUM',
      '2023-02-02.zip',
      '2023-02-02.zip.CHECKSUM',
    ]);
    for (const [, key, size] of found) expect((await ask(exchange, `/${key}`)).bytes.length).toBe(Number(size));
    expect((await ask(exchange, '/data/futures/um/daily/klines/ABCUSDT/1h/ABCUSDT-1h-2023-02-01.zip')).status).toBe(
      404,
    );
    await exchange.close();
  });

  test('listed from the first row', async () => {
    const exchange = await startExchange({ candles, nowMs: Date.parse('2023-03-02') });
    const info = JSON.parse((await ask(exchange, '/fapi/v1/exchangeInfo')).text);
    expect(info.symbols).toMatchObject([
      { symbol: 'ABCUSDT', baseAsset: 'ABC', quoteAsset: 'USDT', onboardDate: Date.parse('2023-01-30T23:00Z') },
    ]);
    await exchange.close();
  });
});

describeWithRecordedData('recorded candles of Binance', () => {
  test('a month of FILUSDT, text for text, in the zip and over REST', async () => {
    const path = recordedFile('futures-um/klines-12col/FILUSDT/1m/FILUSDT-1m-2023-05.csv.gz');
    // Read here by other means than the code under test.
    const lines = gunzipSync(readFileSync(path)).toString().trimEnd().split('\n');
    const exchange = await startExchange({
      candles: recordedCandles([await readRecordedSeries(path, 'um')]),
      nowMs: Date.parse('2023-06-20'),
    });
    expect(await askZip(exchange, '/data/futures/um/monthly/klines/FILUSDT/1m/FILUSDT-1m-2023-05.zip')).toEqual(lines);
    const rest = await askKlines(exchange, 'symbol=FILUSDT&interval=1m&limit=1500&startTime=1684000000000');
    const at = lines.findIndex((line) => Number(line.split(',')[0]) >= 1_684_000_000_000);
    expect(rest).toEqual(lines.slice(at, at + 1500));
    await exchange.close();
  });

  test('official zips and checksums, byte for byte', async () => {
    const names = ['BTCUSDT-1m-2020-01-01.zip', 'BTCUSDT-1m-2020-01-02.zip'];
    const paths = names.map((name) => recordedFile(`spot/archive-zip/${name}`));
    const candles = recordedCandles(await Promise.all(paths.map((path) => readRecordedSeries(path, 'spot'))));
    const exchange = await startExchange({ candles, nowMs: Date.parse('2020-01-03T12:00Z') });
    for (const [i, name] of names.entries()) {
      const url = `/data/spot/daily/klines/BTCUSDT/1m/${name}`;
      expect((await ask(exchange, url)).bytes.equals(readFileSync(paths[i]))).toBe(true);
      expect((await ask(exchange, `${url}.CHECKSUM`)).bytes.equals(readFileSync(`${paths[i]}.CHECKSUM`))).toBe(true);
      const fromZip = (await askZip(exchange, url)).slice(0, 1000);
      const startTime = fromZip[0].split(',')[0];
      const rest = await askKlines(exchange, `symbol=BTCUSDT&interval=1m&limit=1000&startTime=${startTime}`, '/api/v3');
      expect(rest).toEqual(fromZip);
    }
    await exchange.close();
  });
});
