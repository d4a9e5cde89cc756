import { startExchange } from '../../lib/exchange/simulated/exchange.ts';
import { ACCESS } from '../../lib/infra/access.ts';
import { planAudit, reportAudit } from '../../lib/lake/audit/audit.ts';
import { auditItem } from '../../lib/lake/audit/audit-item.ts';
import type { MemoryStore } from '../../lib/lake/memory-store.ts';
import type { ObjectStore } from '../../lib/ports.ts';
import { auditedLake, auditWorld } from '../support/audited-lake.ts';
import { workflowLake } from '../support/workflow-lake.ts';
import { mayPut } from './may-put.ts';

test('an audit that finds a rewritten file and other values touches only what its role allows', async () => {
  const exchange = await startExchange({ nowMs: Date.parse('2024-02-03T10:07Z') });
  try {
    const lake = auditedLake(exchange);
    await lake.run({ market: 'um', symbol: 'BTCUSDT', interval: '4h' }, [['archive_monthly', '2024-01']]);
    exchange.faults.add({ kind: 'restated_rows', match: '/monthly/' }, { kind: 'restated_rows', match: '/daily/' });
    const { store, denied, touched } = watched(lake.store);
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

test('an audit of streams that finds a rewritten file touches no more of the lake than its role allows', async () => {
  let nowMs = Date.parse('2024-02-03T10:07Z');
  const exchange = await startExchange({ nowMs: () => nowMs });
  try {
    const lake = workflowLake(() => exchange);
    await lake.run({ symbols: ['BTCUSDT'], interval: '1d', from: '2024-01-30', streams: true });
    nowMs += 3_600_000;
    exchange.history.rewrite('metrics-2024-01-31.zip', nowMs - 1, (rows) => rows.slice(1));
    const { store, denied, touched } = watched(lake.store);
    const world = auditWorld(exchange, store, undefined, 'code');
    const plan = await planAudit('first', { sample: 0 }, world);
    for (const item of plan.items) await auditItem(item, world);
    expect(await reportAudit(plan, world)).toMatchObject({ streams: 4, counts: { wrong: 0, differs: 1 } });
    expect(denied).toEqual([]);
    expect([...touched]).toEqual(
      expect.arrayContaining(['write landing/', 'read instruments/', 'read open_interest/', 'list mark_candles/']),
    );
  } finally {
    await exchange.close();
  }
});

/** The store, and what is done with it that the role of the audit does not allow, and where. */
function watched(own: MemoryStore) {
  const denied: string[] = [];
  const touched = new Set<string>();
  const note = (action: 'list' | 'read' | 'write', key: string) => {
    const prefixes = action === 'list' ? ACCESS.audit.list : ACCESS.audit.read;
    const allowed = action === 'write' ? mayPut('audit', key) : prefixes.some((prefix) => key.startsWith(prefix));
    if (!allowed) denied.push(`${action} ${key}`);
    touched.add(`${action} ${key.split('/')[0]}/`);
  };
  const store: ObjectStore = {
    url: own.url,
    get: (key) => {
      note('read', key);
      return own.get(key);
    },
    put: (key, bytes, condition) => {
      note('write', key);
      // S3 compares the tag of an object only for a caller who may read the object.
      if (condition?.tag !== undefined) note('read', key);
      return own.put(key, bytes, condition);
    },
    list: (prefix, after) => {
      note('list', prefix);
      return own.list(prefix, after);
    },
  };
  return { store, denied, touched };
}
