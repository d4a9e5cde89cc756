import { type Exchange, startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { DAY_MS, HOUR_MS } from '../support/time.ts';
import { ask, askKlines, askZip } from './ask.ts';

const NOW = Date.parse('2026-07-05T10:07:00Z');
const STEP = 300_000;

let exchange: Exchange;
beforeAll(async () => {
  exchange = await startExchange({ nowMs: NOW });
});
afterAll(() => exchange.close());

async function json<T>(path: string): Promise<T> {
  const { status, text } = await ask(exchange, path);
  expect([path, status]).toEqual([path, 200]);
  return JSON.parse(text) as T;
}

type Funding = { fundingTime: number; fundingRate: string; markPrice: string };
type Sample = { timestamp: number; sumOpenInterest: string; sumOpenInterestValue: string };

describe('routes of streams', () => {
  test('fundingRate: bounds inclusive, oldest first; without startTime the newest; rates as in the files', async () => {
    const from = Date.parse('2026-06-01');
    const all = await json<Funding[]>(`/fapi/v1/fundingRate?symbol=ETHUSDT&startTime=${from}&limit=1000`);
    const [first, second] = all as [Funding, Funding];
    const query = `/fapi/v1/fundingRate?symbol=ETHUSDT&startTime=${first.fundingTime}&endTime=${second.fundingTime}`;
    expect(await json(query)).toEqual([first, second]);
    expect(await json(`/fapi/v1/fundingRate?symbol=ETHUSDT&limit=2`)).toEqual(all.slice(-2));
    expect(all.some(({ fundingTime }) => fundingTime % HOUR_MS > 0)).toBe(true);
    const zip = '/data/futures/um/monthly/fundingRate/ETHUSDT/ETHUSDT-fundingRate-2026-06.zip';
    const [header, ...rows] = await askZip(exchange, zip);
    expect(header).toBe('calc_time,funding_interval_hours,last_funding_rate');
    const june = all.filter(({ fundingTime }) => fundingTime < Date.parse('2026-07-01'));
    expect(rows.map((row) => row.split(',')).map(([time, , rate]) => `${time} ${rate}`)).toEqual(
      june.map(({ fundingTime, fundingRate }) => `${fundingTime} ${fundingRate}`),
    );
  });

  test('openInterestHist: 30 days, 500 rows, the newest of a window that holds more', async () => {
    const route = '/futures/data/openInterestHist?symbol=BTCUSDT&period=5m';
    const edge = await json<Sample[]>(
      `${route}&startTime=${NOW - 30 * DAY_MS}&endTime=${NOW - 30 * DAY_MS + HOUR_MS}&limit=500`,
    );
    expect(edge).toHaveLength(12);
    const { status, text } = await ask(exchange, `${route}&startTime=${NOW - 30 * DAY_MS - 1}`);
    expect([status, JSON.parse(text).code]).toEqual([400, -1130]);
    const cut = await json<Sample[]>(`${route}&startTime=${NOW - 5 * DAY_MS}&endTime=${NOW}&limit=500`);
    expect(cut).toHaveLength(500);
    // Labels name beginnings by now: the five minutes from 10:00 to 10:05 are over, those from 10:05 are not.
    expect(cut.at(-1)!.timestamp).toBe(Date.parse('2026-07-05T10:00Z'));
    expect((await ask(exchange, `${route}&limit=501`)).status).toBe(400);
  });

  test('metrics: labels name ends until 2026-06-24 and beginnings from 2026-06-25 on, one label twice', async () => {
    const file = (day: string) => `/data/futures/um/daily/metrics/BTCUSDT/BTCUSDT-metrics-${day}.zip`;
    const [before, after] = [await askZip(exchange, file('2026-06-24')), await askZip(exchange, file('2026-06-25'))];
    expect([before.length, after.length]).toEqual([289, 289]);
    const label = (row: string | undefined) => row!.split(',')[0];
    expect([label(before[1]), label(before.at(-1))]).toEqual(['2026-06-24 00:05:00', '2026-06-25 00:00:00']);
    expect([label(after[1]), label(after.at(-1))]).toEqual(['2026-06-25 00:00:00', '2026-06-25 23:55:00']);
    expect(before.at(-1)).not.toBe(after[1]);
    const at = Date.parse('2026-06-25');
    const rest = await json<Sample[]>(
      `/futures/data/openInterestHist?symbol=BTCUSDT&period=5m&startTime=${at}&endTime=${at + STEP - 1}`,
    );
    expect(after[1]!.split(',')[2]).toBe(rest[0]!.sumOpenInterest);
  });

  test('mark candles: near the candles, placeholders for what is not traded, files and REST alike', async () => {
    const from = Date.parse('2026-07-04');
    const query = `symbol=BTCUSDT&interval=1h&startTime=${from}&endTime=${from + DAY_MS - 1}`;
    const rows = await json<(string | number)[][]>(`/fapi/v1/markPriceKlines?${query}`);
    const candles = await askKlines(exchange, query);
    rows.forEach((row, index) => {
      expect([row[0], row[5], row[8]]).toEqual([Number(candles[index]!.split(',')[0]), '0', 60]);
      expect(Number(row[4]) / Number(candles[index]!.split(',')[4])).toBeCloseTo(1, 2);
    });
    const zip = '/data/futures/um/daily/markPriceKlines/BTCUSDT/1h/BTCUSDT-1h-2026-07-04.zip';
    expect((await askZip(exchange, zip)).slice(1)).toEqual(rows.map((row) => row.join(',')));
  });

  test('listings have the files, from the first day on; what is withdrawn is not there', async () => {
    const folder = 'data/futures/um/daily/metrics/BTCUSDT/';
    const names = async (one: Exchange, query: string) =>
      [...(await ask(one, `/?${query}`)).text.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key]) => key);
    const keys = await names(exchange, `prefix=${folder}&max-keys=2`);
    expect(keys[0]).toBe(`${folder}BTCUSDT-metrics-2021-12-01.zip`);
    const last = await names(exchange, `prefix=${folder}&marker=${folder}BTCUSDT-metrics-2026-07`);
    expect(last.filter((key) => key!.endsWith('.zip'))).toHaveLength(4);
    const other = await startExchange({ nowMs: NOW, withdrawn: ['metrics'] });
    expect(await names(other, `prefix=${folder}`)).toEqual([]);
    expect((await ask(other, `/${folder}BTCUSDT-metrics-2026-07-01.zip`)).status).toBe(404);
    await other.close();
  });

  test('funding is counted apart, by 500 requests in five minutes and without a header of weight', async () => {
    const own = await startExchange({ nowMs: NOW });
    const first = await ask(own, '/fapi/v1/fundingInfo');
    expect([first.status, first.headers.get('x-mbx-used-weight-1m')]).toEqual([200, null]);
    const answers = await Promise.all(Array.from({ length: 500 }, () => ask(own, '/fapi/v1/fundingRate?symbol=NONE')));
    // The machine's clock may have come to a new five minutes in between.
    expect(answers.filter(({ status }) => status === 429).length).toBeLessThanOrEqual(1);
    expect(answers.every(({ status }) => status === 400 || status === 429)).toBe(true);
    expect((await ask(own, '/fapi/v1/time')).headers.get('x-mbx-used-weight-1m')).toBe('1');
    await own.close();
  });

  test('spot has none of it', async () => {
    for (const route of ['fundingRate', 'fundingInfo', 'markPriceKlines']) {
      expect((await ask(exchange, `/api/v3/${route}?symbol=BTCUSDT`)).status).toBe(404);
    }
  });
});
