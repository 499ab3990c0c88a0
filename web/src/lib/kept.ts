/** What this device keeps: drafts and what waits to be sent, in IndexedDB (docs/design/dashboard.md#drafts-and-the-outbox). */
const NAME = 'saga';
const VERSION = 1;
export type Shelf = 'drafts' | 'outbox';

let opening: Promise<IDBDatabase> | null = null;

function open(): Promise<IDBDatabase> {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      request.result.createObjectStore('drafts');
      request.result.createObjectStore('outbox');
    };
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      opening = null;
      reject(request.error ?? new Error('IndexedDB does not open'));
    };
  });
  return opening;
}

async function within<T>(
  shelf: Shelf,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(shelf, mode);
    const request = work(transaction.objectStore(shelf));
    transaction.oncomplete = () => {
      resolve(request.result);
    };
    transaction.onerror = () => {
      reject(transaction.error ?? new Error('IndexedDB does not answer'));
    };
    transaction.onabort = transaction.onerror;
  });
}

export const keep = async (shelf: Shelf, key: string, value: unknown): Promise<void> => {
  await within(shelf, 'readwrite', (store) => store.put(value, key));
};
export const drop = async (shelf: Shelf, key: string): Promise<void> => {
  await within(shelf, 'readwrite', (store) => store.delete(key));
};
export const empty = async (shelf: Shelf): Promise<void> => {
  await within(shelf, 'readwrite', (store) => store.clear());
};
export const kept = async <T>(shelf: Shelf, key: string): Promise<T | undefined> =>
  (await within(shelf, 'readonly', (store) => store.get(key) as IDBRequest<T | undefined>)) ?? undefined;
export const keptAll = <T>(shelf: Shelf): Promise<T[]> =>
  within(shelf, 'readonly', (store) => store.getAll() as IDBRequest<T[]>);
