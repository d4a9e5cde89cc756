export { type MemoryStore, memoryStore } from '../../lib/lake/memory-store.ts';
