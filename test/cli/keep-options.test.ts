import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { keepOptions } from '../../lib/cli/keep-options.ts';

test('a shell reads every option of a hint as it was given', () => {
  const word = fc.string({ unit: fc.constantFrom(...`aZ0 '"$\`\\;&|*?[]()<>!#~\n\té币`), minLength: 1 });
  fc.assert(
    fc.property(word, fc.array(word, { minLength: 1, maxLength: 3 }), (lake, symbols) => {
      const command = keepOptions('npx lake run', { lake, symbols }).replace(/^npx lake/, `printf '%s\\0'`);
      const { stdout } = spawnSync('sh', ['-c', command]);
      const read = stdout.toString().split('\0').slice(0, -1);
      expect(read).toEqual(['run', '--lake', lake, '--symbols', symbols.join(',')]);
    }),
    { numRuns: 60 },
  );
});

describe('a hint keeps the options of the call', () => {
  const given = { lake: './cor', market: 'um', interval: '1h', symbols: ['BTCUSDT'], json: true, source: 'auto' };

  test.each([
    ['run `npx lake run` first', 'run `npx lake run --lake ./cor --market um --symbols BTCUSDT --interval 1h` first'],
    [
      'npx lake audit --repair, then npx lake run',
      'npx lake audit --lake ./cor --market um --symbols BTCUSDT --interval 1h --repair, then ' +
        'npx lake run --lake ./cor --market um --symbols BTCUSDT --interval 1h',
    ],
    [
      'run `npx lake run --symbols ETHUSDT --interval 15m --market spot` first',
      'run `npx lake run --lake ./cor --symbols ETHUSDT --interval 15m --market spot` first',
    ],
    ['make one with `npx lake dataset`', 'make one with `npx lake dataset --lake ./cor`'],
    ['npx lake run --source simulated', 'npx lake run --lake ./cor --symbols BTCUSDT --interval 1h --source simulated'],
    ['nothing to paste', 'nothing to paste'],
  ])('%s', (message, hint) => {
    expect(keepOptions(message, given)).toBe(hint);
  });

  test('but not all symbols of the lake, which would be those of the exchange', () => {
    expect(keepOptions('npx lake run', { symbols: ['ALL'] })).toBe('npx lake run');
    expect(keepOptions('npx lake audit --repair', { symbols: ['all'] })).toBe('npx lake audit --symbols all --repair');
  });
});
