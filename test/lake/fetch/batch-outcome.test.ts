import { ExchangeBusy, ExchangeRefused } from '../../../lib/domain/errors.ts';
import { resultOf, throwFailure } from '../../../lib/lake/fetch/fetch-batch.ts';
import { restChunk } from '../../support/fetched-lake.ts';

const landed = (bytes: number) => ({ status: 'fulfilled', value: { requests: 1, bytes, restWeight: 2 } }) as const;
const there = { status: 'fulfilled', value: undefined } as const;
const failed = (reason: unknown) => ({ status: 'rejected', reason }) as const;
type Outcomes = Parameters<typeof resultOf>[1];
const ending = (outcomes: Outcomes) => () => {
  const errors = outcomes.flatMap((outcome, index) =>
    outcome.status === 'rejected'
      ? [{ chunk: restChunk(`2024-01-0${index + 1}`, '2024-02-01'), error: outcome.reason as unknown }]
      : [],
  );
  throwFailure(errors, outcomes.length);
};
const name = (index: number) => `um/BTCUSDT/15m rest 2024010${index + 1}T000000Z-20240201T000000Z`;

test('a batch is what its chunks cost, and those that had landed cost nothing', () => {
  const result = { batch: 'b', landed: 2, skipped: 1, requests: 2, bytes: 12, restWeight: 4 };
  expect(resultOf('b', [landed(5), there, landed(7)])).toEqual(result);
  expect(ending([landed(5), there])).not.toThrow();
});

test('it ends with the first failure that a pause may mend, or else the first, and counts the others', () => {
  const refused = () => failed(new ExchangeRefused('HTTP 400', { status: 400 }));
  expect(ending([landed(5), refused()])).toThrow(new ExchangeRefused(`${name(1)}: HTTP 400`, { status: 400 }));
  const busy = failed(new ExchangeBusy('HTTP 429'));
  expect(ending([refused(), busy, there])).toThrow(`${name(1)}: HTTP 429 (and 1 more of 3 chunks failed)`);
  expect(ending([refused(), refused()])).toThrow(`${name(0)}: HTTP 400 (and 1 more of 2 chunks failed)`);
});
