import { readFileSync } from 'node:fs';
import { contractShapes } from './contract-shapes.ts';

const RECORDED = readFileSync(new URL('recorded-contracts.txt', import.meta.url), 'utf8');

// After a wanted change: node --import tsx test/lake/record-contracts.ts
test('no contract accepts a field, a type or a limit that is not recorded, or refuses one that is', () => {
  expect(contractShapes().split('\n')).toEqual(RECORDED.split('\n'));
});
