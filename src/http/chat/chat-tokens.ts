/** Tokens of visitors of the web chat: `Authorization: Chat <token>`. Signed, not stored (docs/design/chat.md#sessions). */
import { z } from 'zod';
import type { Visitor } from '../../commands/chat/visitor.ts';
import { division } from '../../domain/vocabulary.ts';
import type { Clock } from '../../ports.ts';
import { createLinkSigner } from '../framework/server/link-signer.ts';

/** Days. */
const GOOD_FOR = 30;

const claims = z.strictObject({ s: z.uuid(), k: z.string(), d: division, e: z.int() });

export interface ChatTokens {
  /** @returns the token, and until when it is good (ISO 8601) */
  give(visitor: Visitor): { readonly token: string; readonly expiresAt: string };
  /** @returns null: not ours, changed, or run out */
  read(token: string): Visitor | null;
}

function parsed(text: string): z.infer<typeof claims> | undefined {
  try {
    return claims.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** @param secret of the access tokens: a key of its own is made from it */
export function createChatTokens(secret: Uint8Array, clock: Clock): ChatTokens {
  const { sign, isGenuine } = createLinkSigner(secret, 'saga chat tokens');
  const seconds = (): number => Math.floor(clock.now().getTime() / 1000);
  return {
    give: ({ sessionId, siteKey, division: of }) => {
      const e = seconds() + GOOD_FOR * 86_400;
      const body = Buffer.from(JSON.stringify({ s: sessionId, k: siteKey, d: of, e })).toString('base64url');
      return { token: `${body}.${sign(body)}`, expiresAt: new Date(e * 1000).toISOString() };
    },
    read: (token) => {
      const [body = '', signature = '', ...more] = token.split('.');
      if (more.length > 0 || !isGenuine(signature, body)) return null;
      const read = parsed(Buffer.from(body, 'base64url').toString('utf8'));
      if (read === undefined || read.e <= seconds()) return null;
      return { sessionId: read.s, siteKey: read.k, division: read.d };
    },
  };
}
