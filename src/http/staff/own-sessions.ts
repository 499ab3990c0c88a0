/** Area: where somebody is signed in, and ending it from elsewhere (docs/design/api.md#sessions-and-tokens). */
import { z } from 'zod';
import { signOut } from './credentials.ts';
import { HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { route, type SignedIn } from '../framework/route.ts';
import { id, time } from '../framework/schemas.ts';

const TAG = 'Auth';

const sessionObject = z
  .strictObject({
    id,
    started_at: time,
    last_used_at: time.meta({ description: 'When it last got tokens: at its sign-in or a refresh.' }),
    expires_at: time.meta({
      description:
        'When it is over if it is not used (SESSION_IDLE_HOURS), at the latest 30 days after its sign-in.',
    }),
    address: z.string().nullable().meta({ description: 'Where it began.', example: '203.0.113.7' }),
    user_agent: z.string().nullable().meta({ example: 'Mozilla/5.0 (X11; Linux x86_64)' }),
    current: z.boolean().meta({ description: 'Of this request.' }),
  })
  .meta({ id: 'Session' });

/** Those that are good: of the generation of this one. */
async function sessionsOf({ sessions }: HttpContext, { caller, sessionId }: SignedIn) {
  const current = await sessions.find(sessionId);
  return current ? sessions.ofUser(caller.id, current.generation) : [];
}

export const ownSessions = route({
  method: 'get',
  path: '/api/auth/sessions',
  name: 'listSessions',
  tag: TAG,
  summary: 'Where am I signed in?',
  description: 'The live sessions of the caller, newest first.',
  access: 'authenticated',
  status: 200,
  data: z.strictObject({ sessions: z.array(sessionObject) }),
  errors: [],
  async handle({ signedIn, context }) {
    const found = await sessionsOf(context, signedIn);
    return {
      data: {
        sessions: found.map((one) => ({
          id: one.id,
          started_at: one.startedAt.toISOString(),
          last_used_at: one.lastUsedAt.toISOString(),
          expires_at: one.expiresAt.toISOString(),
          address: one.address,
          user_agent: one.userAgent,
          current: one.id === signedIn.sessionId,
        })),
      },
    };
  },
});

export const endSession = route({
  method: 'delete',
  path: '/api/auth/sessions/:id',
  name: 'endSession',
  tag: TAG,
  summary: 'Sign out elsewhere',
  description: 'Ends one session of the caller: its tokens are worth nothing from the next request on.',
  access: 'authenticated',
  params: { id },
  status: 204,
  data: null,
  errors: ['SESSION_NOT_FOUND'],
  async handle({ params, signedIn, command, context }) {
    const own = await sessionsOf(context, signedIn);
    if (!own.some((one) => one.id === params.id)) throw new HttpError('SESSION_NOT_FOUND');
    await signOut(context, command, signedIn, params.id);
    return { data: null };
  },
});
