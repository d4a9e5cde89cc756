import fc from 'fast-check';
import type { Stream } from '../../../lib/domain/stream.ts';
import { sightingsByPeriod } from '../../../lib/lake/landing/sightings.ts';
import { type Sighting, type SnapshotPart, sightingKey } from '../../../lib/lake/stream-keys.ts';

const STREAM: Stream = { name: 'instruments', market: 'um' };
const DAY = 86_400_000;
const BEGIN = Date.parse('2024-01-28');

const seen = (part: SnapshotPart, content: string, seenAtMs: number): Sighting => ({
  stream: STREAM,
  part,
  contentSha256: content.repeat(64),
  seenAtMs,
});

/** Snapshots a day apart, each with the contents of exchange_info and fundingInfo; one of them may be missing. */
const keysOf = (snapshots: readonly (readonly [info: string, funding: string])[]) =>
  snapshots.flatMap(([info, funding], day) => [
    ...(funding ? [sightingKey(seen('funding_info', funding, BEGIN + day * DAY))] : []),
    ...(info ? [sightingKey(seen('exchange_info', info, BEGIN + day * DAY))] : []),
  ]);

const countingDays = (keys: readonly string[]) => [
  ...new Set([...sightingsByPeriod(STREAM, keys).values()].flat().map(({ seenAtMs }) => (seenAtMs - BEGIN) / DAY)),
];

/** The pairs of contents that a reader works with at the sightings of exchange_info, without repetitions. */
function pairsRead(keys: readonly string[]): string[] {
  const contents = new Map<SnapshotPart, string>();
  const pairs: string[] = [];
  const all = [...sightingsByPeriod(STREAM, keys).values()].flat();
  for (const day of new Set(all.map(({ seenAtMs }) => seenAtMs))) {
    const parts = all.filter(({ seenAtMs }) => seenAtMs === day);
    for (const { part, contentSha256 } of parts) contents.set(part, contentSha256[0]!);
    if (!parts.some(({ part }) => part === 'exchange_info')) continue;
    const pair = `${contents.get('exchange_info')} ${contents.get('funding_info')}`;
    if (pairs.at(-1) !== pair) pairs.push(pair);
  }
  return pairs;
}

test('a snapshot counts if it has something new, or is the first of its month', () => {
  expect(
    countingDays(
      keysOf([
        ['a', 'f'],
        ['a', 'f'],
        ['b', 'f'],
        ['b', 'f'],
        ['b', 'f'],
        ['b', 'e'],
        ['b', 'e'],
      ]),
    ),
  ).toEqual([
    0,
    2,
    4, // 1 February
    5,
  ]);
});

test('a snapshot that goes back to what was there before counts', () => {
  expect(
    countingDays(
      keysOf([
        ['a', 'f'],
        ['b', 'f'],
        ['a', 'f'],
      ]),
    ),
  ).toEqual([0, 1, 2]);
});

test('a snapshot counts if only fundingInfo was seen before it, with another content', () => {
  expect(
    countingDays(
      keysOf([
        ['a', 'f'],
        ['', 'e'],
        ['a', 'e'],
        ['a', 'e'],
      ]),
    ),
  ).toEqual([0, 1, 2]);
});

test('sightings that do not count change nothing that is read, whatever was seen', () => {
  const content = fc.constantFrom('', 'a', 'b');
  fc.assert(
    fc.property(fc.array(fc.tuple(content, content), { maxLength: 12 }), (snapshots) => {
      // Read every snapshot, one after the other.
      const pairs: string[] = [];
      let [lastInfo, lastFunding]: [string, string] = ['', ''];
      for (const [info, funding] of snapshots) {
        lastInfo = info || lastInfo;
        lastFunding = funding || lastFunding;
        const pair = `${lastInfo} ${lastFunding || undefined}`;
        if (info && pairs.at(-1) !== pair) pairs.push(pair);
      }
      expect(pairsRead(keysOf(snapshots))).toEqual(pairs);
    }),
    { numRuns: 2_000 },
  );
});
