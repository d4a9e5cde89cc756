import { decodeCsv } from '../lib/exchange/binance/decode-csv.ts';
import { decodeRest } from '../lib/exchange/binance/decode-rest.ts';
import { unzipCsv } from '../lib/exchange/binance/unzip.ts';
import type { Benchmark, CaseResult } from './benchmark.ts';
import { archiveZips, INPUTS } from './corpus.ts';
import { printTable } from './print-table.ts';
import { best, repeat, timesText } from './repeat.ts';

const TIMES = { warmUps: 3, repetitions: 9 };
const OURS = 'CSV, ours';
const REST = 'REST JSON, ours';

/** One month of 1m: unzip, then text to columns, against the obvious ways. */
export const decode: Benchmark = {
  about: 'one month of 1m: unzip with CRC, text to columns',
  cases: {
    'unzip, CRC checked': async () => {
      const [zip] = await archiveZips(INPUTS['1 month of 1m']);
      return { candles: 44_640, times: await repeat(() => unzipCsv(zip!.bytes, zip!.name), TIMES) };
    },
    [OURS]: async () => decodeCase((csv) => decodeCsv(csv, 'bench').close),
    'CSV, split + Number': async () => decodeCase((csv) => splitAndNumber(csv)),
    [REST]: async () => restCase((body) => decodeRest(body, 'bench').close),
    'REST JSON, JSON.parse + Number': async () =>
      restCase((body) => (JSON.parse(body.toString()) as (string | number)[][]).map((row) => row.map(Number)).length),
  },
  async report(measure) {
    const rows: string[][] = [];
    for (const name of Object.keys(this.cases)) {
      const { candles, times, peakMiB } = await measure(name);
      const rate = (candles / best(times) / 1000).toFixed(2);
      rows.push([name, timesText(times), rate, peakMiB.toFixed(0)]);
    }
    printTable(['', 'ms: min  mean±sd', 'M candles/s', 'peak MiB'], rows);
  },
};

async function monthCsv(): Promise<Uint8Array> {
  const [zip] = await archiveZips(INPUTS['1 month of 1m']);
  return unzipCsv(zip!.bytes, zip!.name);
}

async function decodeCase(run: (csv: Uint8Array) => unknown): Promise<CaseResult> {
  const csv = await monthCsv();
  return { candles: 44_640, times: await repeat(() => run(csv), TIMES) };
}

function splitAndNumber(csv: Uint8Array): number {
  const columns: number[][] = Array.from({ length: 11 }, () => []);
  for (const line of Buffer.from(csv).toString('latin1').split('\n')) {
    if (line === '' || line.startsWith('open_time')) continue;
    const fields = line.split(',');
    for (let i = 0; i < 11; i++) columns[i]!.push(Number(fields[i]));
  }
  return columns[4]!.length;
}

/** The same month as REST answers of 499 rows, amounts as text. */
async function restCase(run: (body: Buffer) => unknown): Promise<CaseResult> {
  const lines = Buffer.from(await monthCsv())
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('open_time'));
  const rows = lines.map((line) =>
    line.split(',').map((text, field) => ([0, 6, 8].includes(field) ? Number(text) : text)),
  );
  const bodies: Buffer[] = [];
  for (let i = 0; i < rows.length; i += 499) bodies.push(Buffer.from(JSON.stringify(rows.slice(i, i + 499))));
  return { candles: rows.length, times: await repeat(() => bodies.map(run).length, TIMES) };
}
