/** Which keys the data of this database was made with (docs/design/reliability.md#keys-and-clocks). */
import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { type NoRow, statement } from '../../engine/sql/statement.ts';
import { tables } from '../../engine/sql/tables.ts';
import type { WriteStore } from '../../ports.ts';
import type { Secrets } from './secrets.ts';

const NAMES = ['BLIND_INDEX_KEY', 'MASTER_KEY'] as const;
type KeyName = (typeof NAMES)[number];
type Keys = Pick<Secrets, KeyName>;

const LOSS: Readonly<Record<KeyName, string>> = {
  BLIND_INDEX_KEY: 'no customer and no account is found, and second ones are made',
  MASTER_KEY: 'no name and no text of a customer can be read',
};

/** The configured keys are not those that the data was made with. The message names each, and no key. */
export class ChangedKeys extends Error {
  override readonly name = 'ChangedKeys';
  constructor(readonly keys: readonly KeyName[]) {
    const lines = keys.map((name) => `  ${name}: with another one ${LOSS[name]}`);
    super(
      `This database was made with other keys:\n${lines.join('\n')}\n` +
        'Put the keys of this installation back (DATA_DIR/secrets.json or the environment). Nothing was changed. ' +
        'A new MASTER_KEY goes in front of the old one (new,old), then npm run keys:rewrap (docs/erasure.md). ' +
        'BLIND_INDEX_KEY cannot be changed.',
    );
  }
}

/** MASTER_KEY may be several, the newest first. */
const given = (keys: Keys, name: KeyName): readonly string[] =>
  name === 'BLIND_INDEX_KEY'
    ? [fingerprintOf(keys[name])]
    : keys[name]
        .split(',')
        .map((key) => key.trim())
        .filter((key) => key !== '')
        .map(fingerprintOf);

const fingerprintOf = (key: string): string =>
  createHmac('sha256', key).update('saga key fingerprint').digest('hex');

const tableIsThere = statement(
  null,
  () => sql<{ readonly there: boolean }>`select to_regclass('ops.key_fingerprints') is not null as there`,
);
const allFingerprints = statement(null, () =>
  tables.selectFrom('ops.key_fingerprints').select(['name', 'fingerprint']),
);
const waitForTurn = statement(
  null,
  () => sql<NoRow>`lock table ops.key_fingerprints in share row exclusive mode`,
);
const addFingerprint = statement(null, (name: KeyName, fingerprint: string) =>
  tables.insertInto('ops.key_fingerprints').values({ name, fingerprint }),
);
const forgetOthers = statement(null, (name: KeyName, fingerprint: string) =>
  tables.deleteFrom('ops.key_fingerprints').where('name', '=', name).where('fingerprint', '<>', fingerprint),
);

type KnownFingerprints = readonly { readonly name: KeyName; readonly fingerprint: string }[];

function compare(known: KnownFingerprints, keys: Keys): void {
  const changed = NAMES.filter((name) => {
    const mine = new Set(given(keys, name));
    return known.some((one) => one.name === name && !mine.has(one.fingerprint));
  });
  if (changed.length > 0) throw new ChangedKeys(changed);
}

const missing = (known: KnownFingerprints, keys: Keys) =>
  NAMES.flatMap((name) => {
    const newest = given(keys, name)[0] ?? '';
    return known.some((one) => one.name === name && one.fingerprint === newest) ? [] : [{ name, newest }];
  });

/** Changes nothing. A database of an older version has no fingerprints yet. @throws ChangedKeys */
export async function assertSameKeys(database: Pick<WriteStore, 'query'>, keys: Keys): Promise<void> {
  const [table] = await database.query(tableIsThere());
  if (table?.there) compare(await database.query(allFingerprints()), keys);
}

/**
 * Compares, and notes keys that are not noted yet: at the first start, after the update to this version, and when a new
 * MASTER_KEY goes in front of the old one.
 * @param fits whether the data that is there was made with this BLIND_INDEX_KEY; null: it cannot be told now, nothing is noted
 * @throws ChangedKeys
 */
export async function noteKeys(
  database: WriteStore,
  keys: Keys,
  fits: () => Promise<boolean | null>,
): Promise<void> {
  const before = await database.query(allFingerprints());
  compare(before, keys);
  if (missing(before, keys).length === 0) return;
  if (!before.some(({ name }) => name === 'BLIND_INDEX_KEY')) {
    const answer = await fits();
    if (answer === false) throw new ChangedKeys(['BLIND_INDEX_KEY']);
    if (answer === null) return;
  }
  await database.transaction(async (on) => {
    await on.query(waitForTurn());
    const known = await on.query(allFingerprints());
    compare(known, keys);
    for (const { name, newest } of missing(known, keys)) await on.query(addFingerprint(name, newest));
  });
}

/** After every customer's key was wrapped with the newest MASTER_KEY: the older ones are needed no more. */
export async function forgetOldMasters(database: WriteStore, keys: Keys): Promise<void> {
  const [newest = ''] = given(keys, 'MASTER_KEY');
  await database.query(forgetOthers('MASTER_KEY', newest));
}
