import type { Exchange } from '../../lib/exchange/simulated/exchange.ts';
import { unzipOne } from '../../lib/exchange/simulated/unzip-one.ts';
import { sha256Of } from '../support/bytes.ts';

/** A whole answer of the exchange, for the tests. */
export async function ask(exchange: Exchange, path: string) {
  const response = await fetch(exchange.url + path);
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes, text: bytes.toString() };
}

/** Rows of an archive file, header and all, after checking its checksum. */
export async function askZip(exchange: Exchange, path: string): Promise<string[]> {
  const { bytes } = await ask(exchange, path);
  const checksum = (await ask(exchange, `${path}.CHECKSUM`)).text;
  expect(checksum).toBe(`${sha256Of(bytes)}  ${path.split('/').at(-1)}`);
  return (await unzipOne(bytes)).toString().trimEnd().split('\n');
}

/** Rows of a klines answer as lines of the archive's CSV. */
export async function askKlines(exchange: Exchange, query: string, path = '/fapi/v1'): Promise<string[]> {
  const { status, text } = await ask(exchange, `${path}/klines?${query}`);
  expect(status).toBe(200);
  return (JSON.parse(text) as (string | number)[][]).map((fields) => fields.join(','));
}
