import { LABELS_SCHEMA } from '../../lib/labels/schema.ts';

test('the schema has the columns in order, times never null', () => {
  expect(LABELS_SCHEMA.columns.map(({ name, type, nullable }) => `${name} ${type}${nullable ? '?' : ''}`)).toEqual([
    'open_time timestamp',
    'known_at timestamp',
    'signal int8?',
    'signal_target float64?',
    'signal_bars int32?',
    'signal_return float64?',
    'signal_t1 timestamp?',
    'signal_ambiguous int8?',
    'tb_2_20 int8?',
    'tb_2_20_return float64?',
    'tb_2_20_t1 timestamp?',
    'fwd_return_1 float64?',
    'fwd_return_5 float64?',
    'fwd_return_15 float64?',
    'fwd_return_60 float64?',
    'trend_up_15 int8?',
    'uniqueness float64?',
  ]);
});
