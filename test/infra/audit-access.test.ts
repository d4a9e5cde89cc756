import { planAudit, reportAudit } from '../../lib/audit/audit.ts';
import { auditItem } from '../../lib/audit/audit-item.ts';
import { ACCESS } from '../../lib/infra/access.ts';
import type { ObjectStore } from '../../lib/ports.ts';
import { auditedLake, auditWorld } from '../audit/audited-lake.ts';
import { startExchange } from '../exchange/exchange.ts';

test('an audit that finds a rewritten file and other values touches no more of the lake than its role allows', async () => {
  const exchange = await startExchange({ nowMs: Date.parse('2024-02-03T10:07Z') });
  try {
    const lake = auditedLake(exchange);
    await lake.run({ market: 'um', symbol: 'BTCUSDT', interval: '4h' }, [['archive_monthly', '2024-01']]);
    exchange.faults.add({ kind: 'restated_rows', match: '/monthly/' }, { kind: 'restated_rows', match: '/daily/' });
    const denied: string[] = [];
    const touched = new Set<string>();
    const note = (action: 'list' | 'read' | 'write', key: string) => {
      if (!ACCESS.audit[action].some((prefix) => key.startsWith(prefix))) denied.push(`${action} ${key}`);
      touched.add(`${action} ${key.split('/')[0]}/`);
    };
    const store: ObjectStore = {
      url: lake.store.url,
      get: (key) => {
        note('read', key);
        return lake.store.get(key);
      },
      put: (key, bytes) => {
        note('write', key);
        return lake.store.put(key, bytes);
      },
      list: (prefix) => {
        note('list', prefix);
        return lake.store.list(prefix);
      },
    };
    const world = auditWorld(exchange, store);
    const plan = await planAudit('first', { sample: 'all' }, world);
    for (const item of plan.items) await auditItem(item, world);
    const { counts } = await reportAudit(plan, world);
    expect(counts.differs).toBeGreaterThan(3);
    expect(denied).toEqual([]);
    expect([...touched]).toEqual(
      expect.arrayContaining(['write landing/', 'write audits/', 'read features/', 'list versions/']),
    );
  } finally {
    await exchange.close();
  }
});
