import type { Stream } from '../../../../lib/domain/stream.ts';
import {
  FUNDING,
  INSTRUMENTS,
  JANUARY,
  landAnswer,
  landSighting,
  metrics,
  OPEN_INTEREST,
  oiRow,
  refineIn,
  reportIn,
  streamLake,
  T0,
} from '../../../support/stream-lake.ts';
import { HOUR_MS } from '../../../support/time.ts';

describe('what has not the form it should have', () => {
  const range = { fromMs: T0, toMs: T0 + 24 * HOUR_MS };
  const bad: [string, Stream, 'rest' | 'archive_daily' | 'archive_monthly', string, RegExp][] = [
    ['no JSON', FUNDING, 'rest', '<html>', /\.json is not JSON$/],
    ['an object', OPEN_INTEREST, 'rest', '{"code":0}', /\.json is not a JSON array$/],
    [
      'a rate in words',
      FUNDING,
      'rest',
      `[{"fundingTime":${T0},"fundingRate":"high"}]`,
      /^row 1 of .* field fundingRate/,
    ],
    [
      'a time in seconds',
      OPEN_INTEREST,
      'rest',
      JSON.stringify([oiRow(T0), { ...oiRow(T0), timestamp: 1706659200 }]),
      /^row 2 of .* field timestamp/,
    ],
    [
      'another header',
      OPEN_INTEREST,
      'archive_daily',
      'time,symbol\n1,2',
      /^header of some.zip is 'time,symbol', expected it to have create_time$/,
    ],
    [
      'a row cut short',
      OPEN_INTEREST,
      'archive_daily',
      `${metrics([])}\n2024-01-31 00:00:00,BTC`,
      /^row 1 of some.zip has 2 fields, expected 5/,
    ],
    [
      'a day that does not exist',
      OPEN_INTEREST,
      'archive_daily',
      metrics([['2024-02-30 00:00:00', 1]]),
      /^row 1 of some.zip field create_time .*2024-02-30/,
    ],
    [
      'an empty amount',
      OPEN_INTEREST,
      'archive_daily',
      `${metrics([])}\n2024-01-31 00:00:00,BTCUSDT,"",1,""`,
      /^row 1 of some.zip field sum_open_interest/,
    ],
    [
      'an interval of none',
      FUNDING,
      'archive_monthly',
      `${T0},,0.0001`,
      /^row 1 of some.zip field funding_interval_hours/,
    ],
  ];
  test.each(bad)('%s is UnexpectedFormat and says where', async (_what, stream, source, body, message) => {
    const lake = streamLake();
    const asked = source === 'archive_monthly' ? JANUARY : range;
    await landAnswer(lake, { stream, source, range: asked, body });
    const told = { error: 'UnexpectedFormat', message: expect.stringMatching(message) };
    if (source === 'rest') {
      const { error: name, ...where } = told;
      await expect(refineIn(lake, stream)).rejects.toMatchObject({ name, ...where });
    } else {
      await refineIn(lake, stream);
      expect(reportIn(lake).failed).toEqual([{ source, range: asked, ...told, landed: true, lacking: [asked] }]);
    }
  });

  test('so is a snapshot without symbols', async () => {
    const lake = streamLake();
    await landSighting(lake, INSTRUMENTS, 'exchange_info', '{"symbols":[{"name":"BTCUSDT"}]}', T0);
    await expect(refineIn(lake, INSTRUMENTS)).rejects.toMatchObject({
      name: 'UnexpectedFormat',
      message: expect.stringMatching(/part=exchange_info.* field symbols\.0\.symbol/),
    });
  });
});
