import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Exchange, startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runLake } from '../support/lake-process.ts';

const KEY = 'KkKkKkKkKkKkKkKkKkKkKkKkKkKkKkKkKkKkKkKkKkKkKkKkKkKkKkKkKkKkKkKk';
const SECRET = 'SsSsSsSsSsSsSsSsSsSsSsSsSsSsSsSsSsSsSsSsSsSsSsSsSsSsSsSsSsSsSsSs';
const NOW_MS = Date.parse('2024-01-03T09:10:05Z');
const RUN = ['run', '--symbols', 'BTCUSDT', '--interval', '1h', '--from', '2024-01-02'];

/** The exchange's answers to requests for candles: correct, or with a copy of what it was sent. */
type Manner = 'soundly' | 'refuses' | 'talks' | 'in a header' | 'elsewhere';
const MANNERS: readonly Manner[] = ['soundly', 'refuses', 'talks', 'in a header', 'elsewhere'];

let exchange: Exchange;
let front: Server;
let url: string;
let manner: Manner;
let keysSeen = 0;
let strays = 0;

beforeAll(async () => {
  exchange = await startExchange({ nowMs: NOW_MS });
  front = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
});
afterAll(async () => {
  front.closeAllConnections();
  front.close();
  await exchange.close();
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '/';
  if (path.startsWith('/stray')) strays++;
  const sent = `${request.headers['x-mbx-apikey']} ${SECRET} ${path}`;
  const isKlines = path.includes('/v1/klines');
  if (isKlines && request.headers['x-mbx-apikey'] === KEY) keysSeen++;
  const refusal = JSON.stringify({ code: -2015, msg: `Invalid API-key: ${sent}` });
  if (isKlines && manner === 'refuses') return void response.writeHead(401).end(refusal);
  if (isKlines && manner === 'talks') return void response.end(`hello ${sent}`);
  if (isKlines && manner === 'elsewhere') return void response.writeHead(302, { location: `${url}/stray` }).end();
  const whole = await fetch(exchange.url + path);
  const headers = isKlines && manner === 'in a header' ? { etag: `"${KEY}"` } : {};
  response.writeHead(whole.status, headers).end(Buffer.from(await whole.arrayBuffer()));
}

function filesBelow(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
}

test.each(MANNERS)('the API key is sent, and neither printed nor stored, if the exchange answers %s', async (how) => {
  manner = how;
  keysSeen = 0;
  const lake = temporaryFolder();
  const env = { BINANCE_API_KEY: KEY, BINANCE_SECRET_KEY: SECRET, CANDLELAKE_DEBUG: '1' };
  for (const more of how === 'refuses' ? [[], ['--json']] : [[]]) {
    const ended = await runLake([...RUN, '--lake', lake, ...more], { exchangeUrl: url, env });
    expect(ended.code).toBe(how === 'soundly' ? 0 : 1);
    for (const word of [KEY, SECRET]) expect(ended.stdout + ended.stderr).not.toContain(word);
  }
  expect(keysSeen).toBeGreaterThan(0);
  const files = filesBelow(lake);
  expect(files.length).toBeGreaterThan(5);
  const holding = files.filter((path) => [KEY, SECRET].some((word) => readFileSync(path).includes(word)));
  expect(holding).toEqual([]);
  expect(strays).toBe(0);
});
