import { parseArgs } from 'node:util';
import { BadInput } from '../../domain/errors.ts';
import { isoTime, parseTime } from '../../domain/time-range.ts';
import type { WireMarket } from './candle-source.ts';
import { startExchange } from './exchange.ts';
import { parseFault } from './fault.ts';
import { readRecordedSeries } from './read-recorded-series.ts';
import { recordedCandles } from './recorded-candles.ts';

const USAGE = `Simulated exchange: Binance's archive and REST API on 127.0.0.1, until interrupted.

  --port N             TCP port (any free one)
  --now ISO            the exchange's time, standing still (the machine's time)
  --seed N             of the invented candles (1)
  --recorded M=FILE    serve recorded files instead, M one of um, cm, spot; may be repeated
  --fault JSON         a fault such as {"kind":"status","status":429,"times":2,"match":"klines"}; may be repeated`;

/** Starts the exchange that the arguments ask for, and prints its address and the variables to set. */
async function serve(args: string[]): Promise<void> {
  const { values } = parseArguments(args);
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const port = wholeNumber('--port', values.port ?? '0', 65_535);
  const seed = wholeNumber('--seed', values.seed ?? '1', 0xffffffff);
  const nowMs = values.now === undefined ? undefined : parseTime(values.now, '--now');
  const recorded = values.recorded?.length
    ? recordedCandles(await Promise.all(values.recorded.map(readRecorded)))
    : undefined;
  const exchange = await startExchange({
    port,
    seed,
    faults: (values.fault ?? []).map(parseFault),
    ...(nowMs === undefined ? {} : { nowMs }),
    ...(recorded ? { candles: recorded } : {}),
  });
  console.log(`simulated exchange at ${exchange.url}`);
  console.log(`export CANDLELAKE_REST_URL=${exchange.url}`);
  console.log(`export CANDLELAKE_ARCHIVE_URL=${exchange.url}`);
  if (nowMs !== undefined) console.log(`export CANDLELAKE_NOW=${isoTime(nowMs)}`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void exchange.close());
}

function parseArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: 'string' },
        now: { type: 'string' },
        seed: { type: 'string' },
        recorded: { type: 'string', multiple: true },
        fault: { type: 'string', multiple: true },
        help: { type: 'boolean' },
      },
    });
  } catch (cause) {
    throw new BadInput((cause as Error).message, { cause });
  }
}

function wholeNumber(what: string, text: string, max: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > max)
    throw new BadInput(`${what} must be a whole number up to ${max}, got '${text}'`);
  return value;
}

function readRecorded(text: string) {
  const match = /^(um|cm|spot)=(.+)$/.exec(text);
  if (!match) throw new BadInput(`--recorded must be like um=path/BTCUSDT-15m-2024-01.csv.gz, got '${text}'`);
  return readRecordedSeries(match[2], match[1] as WireMarket);
}

try {
  await serve(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof BadInput ? error.message : error);
  process.exitCode = error instanceof BadInput ? 2 : 1;
}
