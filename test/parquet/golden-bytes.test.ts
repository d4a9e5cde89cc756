import type { ColumnType } from '../../lib/domain/table-schema.ts';
import { encodeTable } from '../../lib/parquet/encode-table.ts';
import { sha256Of } from '../support/bytes.ts';
import { randomTable } from '../support/random-table.ts';

/**
 * The sha256 of a table of one column of each type, 40,000 rows, values from a seed. They are the same on every machine
 * and every Node, so a change of one is a change of every shard.
 */
const GOLDEN: Readonly<Record<ColumnType, string>> = {
  timestamp: 'ae8d566ff681a0e757efc9a8d89a094fea1cee7d0d1ad4dc0e0b287f786e5745',
  float64: '7932e6f6979cbc59ae15b53e7f2af1e0a232175befae51213312fc4032d26d4e',
  float32: '59d561d681af4141c556c6f3ef4235695e5e98bcfdf4e075836e867d6a0e895c',
  int32: 'dd0602208fdd85d526b70aaf6c5a5ab660e37c7f88c9d4a8ae2271f181e63bfa',
  int8: '7143732823b35606350a89097532ee61ca59a6cf648374d15d639088592ea071',
  string: 'c215d717ac1e468748b23a0e3d927c192f456e726a588d957185b640759a3000',
};

test.each(Object.entries(GOLDEN))('the bytes of a column of %s are pinned', (type, hash) => {
  const columns = [false, true].map((nullable) => ({ name: `x${nullable}`, type: type as ColumnType, nullable }));
  const schema = { name: 'golden', columns };
  const hashes = [1, 2, 3].map((seed) => sha256Of(encodeTable(schema, 40_000, randomTable(schema, 40_000, seed))));
  expect(sha256Of(Buffer.from(hashes.join()))).toBe(hash);
});
