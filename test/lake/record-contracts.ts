import { writeFileSync } from 'node:fs';
import { contractShapes } from './contract-shapes.ts';

/** `node --import tsx test/lake/record-contracts.ts` writes the recorded contracts again, after a wanted change. */
writeFileSync(new URL('recorded-contracts.txt', import.meta.url), contractShapes());
