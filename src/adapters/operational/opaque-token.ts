/** Tokens that mean nothing to who has them: random, and kept as a hash only, so that a copy of the table opens nothing. */
import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, as text for an address or a header. */
export const newOpaqueToken = (): string => randomBytes(32).toString('base64url');

/** What is kept of it. */
export const hashOfToken = (token: string): Buffer => createHash('sha256').update(token).digest();
