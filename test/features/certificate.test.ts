import { readFileSync } from 'node:fs';
import { certificatePage, certify } from '../../lib/features/certificate.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const findings = JSON.parse(read('docs/generated/oracles.json'));

describe('certificate', () => {
  test('the page is the one that the table and the findings make; if not, `npm run gen`', () => {
    expect(read('docs/features.md')).toBe(certificatePage('15m', findings));
  });

  test('every link of the page has its anchor, and every column its formula', () => {
    const page = read('docs/features.md');
    const anchors = [...page.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, id]) => id);
    expect(new Set(anchors).size).toBe(anchors.length);
    expect([...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, id]) => id).filter((id) => !anchors.includes(id))).toEqual([]);
    for (const { name, formula } of certify('15m', findings)) {
      expect(page).toMatch(new RegExp(`^\\| <a id="${name}"></a>\`${name}\``, 'm'));
      expect(page).toContain(`\`${formula}\``);
    }
  });

  test('every column was compared with something, and no finding is of a column that is gone', () => {
    expect(Object.keys(findings).sort()).toEqual(
      certify('15m', findings)
        .map(({ name }) => name)
        .sort(),
    );
  });

  test('nothing was ever further from its oracle than 1e-9', () => {
    for (const { name, largestError } of certify('15m', findings)) {
      expect([name, Number(largestError) <= 1e-9]).toEqual([name, true]);
    }
  });
});
