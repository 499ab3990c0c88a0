import { hash, verify } from '@node-rs/argon2';
import pLimit from 'p-limit';
import { normalPassword } from '../../domain/staff/password.ts';
import type { Passwords } from '../../ports.ts';

/**
 * OWASP's minimum for argon2id (docs/design/reliability.md#passwords): 19 MiB, two passes, one lane. The package's
 * default variant is argon2id.
 */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * Argon2id hashes. `concurrency` bounds how many run at once: each takes 19 MiB and a thread of libuv's
 * four, which file and DNS work share.
 */
export async function createPasswords(concurrency = 2): Promise<Passwords> {
  const limit = pLimit(concurrency);
  const nobody = await hash('no account has this password', COST);
  return {
    hash: (password) => limit(() => hash(normalPassword(password), COST)),
    verify: (known, password) =>
      limit(async () => {
        const normal = normalPassword(password);
        const matches =
          (await verify(known ?? nobody, normal)) ||
          // Hashed before passwords were normalised.
          (normal !== password && (await verify(known ?? nobody, password)));
        return known !== null && matches;
      }),
  };
}
