import { LRUCache } from 'lru-cache';

/**
 * A cache of the entries used last. It grows with what it holds: given `max`, the package takes the memory for all
 * entries when it is made, which for all caches of a program was a third of a second of its start.
 * @param most entries
 */
export const boundedCache = <K extends NonNullable<unknown>, V extends NonNullable<unknown>>(
  most: number,
): LRUCache<K, V> => new LRUCache<K, V>({ maxSize: most, sizeCalculation: () => 1 });
