export { type MemoryStore, memoryStore } from '../../lib/memory-store.ts';
