import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { ATR, CCI, EMA, ROC, SMA, Stochastic } from 'technicalindicators';
import { allocateCandles } from '../../lib/domain/candles.ts';
import { createFeatureEngine } from '../../lib/features/engine.ts';
import type { FeatureName } from '../../lib/features/table.ts';
import { describeWithRecordedData, recordedFile } from '../recorded-data.ts';

// technicalindicators 3.1 agrees with TA-Lib on these; its RSI, MFI, OBV and others do not, and are left out.
describeWithRecordedData('technicalindicators over a recorded month of BTCUSDT 1h', () => {
  const text = gunzipSync(readFileSync(recordedFile('futures-um/klines-12col/BTCUSDT/1h/BTCUSDT-1h-2026-07.csv.gz')));
  const lines = text.toString().trim().split('\n');
  const rows = lines.map((line) => line.split(',').map(Number)).filter(([openTimeMs]) => openTimeMs! > 0);
  const candles = allocateCandles(rows.length);
  rows.forEach((row, i) => {
    for (const [place, name] of (['openTimeMs', 'open', 'high', 'low', 'close', 'volume'] as const).entries()) {
      candles[name][i] = row[place]!;
    }
  });
  const { columns } = createFeatureEngine('1h').run(candles);
  const [high, low, close] = [[...candles.high], [...candles.low], [...candles.close]];
  const stochastic = Stochastic.calculate({ high, low, close, period: 14, signalPeriod: 3 });

  test.each<[FeatureName, number[]]>([
    ['sma_20', SMA.calculate({ period: 20, values: close })],
    ['ema_20', EMA.calculate({ period: 20, values: close })],
    ['ema_200', EMA.calculate({ period: 200, values: close })],
    ['atr_14', ATR.calculate({ high, low, close, period: 14 })],
    ['roc_10', ROC.calculate({ period: 10, values: close })],
    ['cci_20', CCI.calculate({ high, low, close, period: 20 })],
    // Its %D over 3 is the slow %K.
    ['stoch_14_3_3_k', stochastic.map(({ d }) => d).filter((d) => d !== undefined)],
  ])('%s', (name, theirs) => {
    const count = Math.min(theirs.length, columns[name].filter((value) => !Number.isNaN(value)).length);
    expect(count).toBeGreaterThan(500);
    const differing = theirs
      .slice(-count)
      .map((value, i) => [value, columns[name][candles.length - count + i]!] as const)
      .filter(([a, b]) => !(Math.abs(a - b) <= 1e-9 * Math.max(100, Math.abs(b))));
    expect(differing).toEqual([]);
  });
});
