/** Answers that people keep ready (docs/design/api.md#quick-replies). */
import { z } from 'zod';
import { because, EMPTY } from '../../domain/problems.ts';
import { UNKNOWN_VARIABLE, variablesOf } from '../../domain/blasts/personalise.ts';
import { Refusal } from '../../domain/refusals.ts';
import {
  holderOf,
  QUICK_REPLIES_ID,
  quickReplies as aggregate,
  type QuickReplies,
  type QuickReply,
  type QuickReplyEvent,
} from '../../domain/settings/quick-replies.ts';
import { type Caller, visibleDivision } from '../../domain/staff/privileges.ts';
import { division } from '../../domain/vocabulary.ts';
import { showsSomething } from '../../domain/words.ts';
import type { Clock, Ids } from '../../ports.ts';
import { type CommandContext, eventContextOf } from '../context.ts';
import { messageText } from '../conversation/reply.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';

const members = {
  shortcut: z
    .string()
    .trim()
    .normalize('NFC')
    .min(1)
    .max(30)
    .refine(
      (text) => showsSomething(text) && !/\s/u.test(text),
      because('BAD_FORMAT', 'Satu kata tanpa spasi'),
    )
    .meta({ description: 'What one types to get it; one word.' }),
  title: z.string().trim().min(1).max(100).refine(showsSomething, EMPTY),
  body: messageText.refine((text) => variablesOf(text).sound, UNKNOWN_VARIABLE),
};
export const input = z
  .strictObject({
    ...members,
    division: division.nullable().default(null).meta({ description: 'Null: of all divisions, or personal.' }),
    personal: z.boolean().default(false).meta({ description: 'Nobody else sees it.' }),
  })
  .refine(({ personal, division: of }) => !personal || of === null, {
    path: ['division'],
    ...because('NOT_TOGETHER', 'Balasan pribadi tidak punya divisi', { fields: ['personal', 'division'] }),
  });
export type QuickReplyInput = z.infer<typeof input>;
export const patchInput = z.strictObject(members).partial();
export type QuickReplyPatch = z.infer<typeof patchInput>;

/** Own ones anybody may keep; shared ones are for who keeps the templates, each in the divisions that they see. */
function requireMayChange(
  { ownerId, division: of }: Pick<QuickReply, 'ownerId' | 'division'>,
  caller: Caller,
): void {
  if (ownerId !== null) return;
  if (!caller.privileges.has('manage_templates')) throw new Refusal('FORBIDDEN');
  const seen = visibleDivision(caller);
  if (seen !== 'all' && of !== seen) throw new Refusal('DIVISION_FORBIDDEN');
}

/** Does the caller see it? */
export function seesQuickReply({ ownerId, division: of }: QuickReply, caller: Caller): boolean {
  if (ownerId !== null) return ownerId === caller.id;
  const seen = visibleDivision(caller);
  return of === null || seen === 'all' || of === seen;
}

function requireFree(state: QuickReplies, wanted: QuickReply): void {
  const holder = holderOf(state, wanted);
  if (holder && holder.quickReplyId !== wanted.quickReplyId) throw new Refusal('SHORTCUT_TAKEN');
}

/** What the caller does not see is not there for them. @throws Refusal QUICK_REPLY_NOT_FOUND */
function requireSeen({ byId }: QuickReplies, quickReplyId: string, caller: Caller): QuickReply {
  const found = byId.get(quickReplyId);
  if (!found || !seesQuickReply(found, caller)) throw new Refusal('QUICK_REPLY_NOT_FOUND');
  return found;
}

/** @throws Refusal FORBIDDEN, DIVISION_FORBIDDEN, SHORTCUT_TAKEN */
export function decideDefineQuickReply(
  state: QuickReplies,
  { personal, ...wanted }: QuickReplyInput,
  quickReplyId: string,
  caller: Caller,
): QuickReplyEvent[] {
  const data: QuickReply = { quickReplyId, ...wanted, ownerId: personal ? caller.id : null };
  requireMayChange(data, caller);
  requireFree(state, data);
  return [{ type: 'QuickReplySet', data }];
}

/** The same again makes no event. @throws Refusal QUICK_REPLY_NOT_FOUND, FORBIDDEN, DIVISION_FORBIDDEN, SHORTCUT_TAKEN */
export function decidePatchQuickReply(
  state: QuickReplies,
  quickReplyId: string,
  { shortcut, title, body }: QuickReplyPatch,
  caller: Caller,
): QuickReplyEvent[] {
  const found = requireSeen(state, quickReplyId, caller);
  requireMayChange(found, caller);
  const data: QuickReply = {
    ...found,
    shortcut: shortcut ?? found.shortcut,
    title: title ?? found.title,
    body: body ?? found.body,
  };
  requireFree(state, data);
  return JSON.stringify(data) === JSON.stringify(found) ? [] : [{ type: 'QuickReplySet', data }];
}

/** @throws Refusal QUICK_REPLY_NOT_FOUND, FORBIDDEN, DIVISION_FORBIDDEN */
export function decideDeleteQuickReply(
  state: QuickReplies,
  quickReplyId: string,
  caller: Caller,
): QuickReplyEvent[] {
  requireMayChange(requireSeen(state, quickReplyId, caller), caller);
  return [{ type: 'QuickReplyDeleted', data: { quickReplyId } }];
}

/** As it goes over the wire. */
const shownAs = ({ quickReplyId, ownerId, ...reply }: QuickReply) => ({
  id: quickReplyId,
  ...reply,
  variables: [...variablesOf(reply.body).names],
  personal: ownerId !== null,
});

export function quickReplies({ handler, clock, ids }: { handler: CommandHandler; clock: Clock; ids: Ids }) {
  const run = (ctx: CommandContext, decide: (state: QuickReplies) => QuickReplyEvent[]) =>
    handler.executeCommand(aggregate, QUICK_REPLIES_ID, eventContextOf(ctx, clock), decide);
  return {
    /** Those that the caller sees, by shortcut. From the events: there are few, and what was just written is there. */
    list: async (caller: Caller) => {
      const { byId } = await handler.load(aggregate, QUICK_REPLIES_ID);
      return [...byId.values()]
        .filter((one) => seesQuickReply(one, caller))
        .sort(
          (a, b) =>
            a.shortcut.localeCompare(b.shortcut, 'id') || a.quickReplyId.localeCompare(b.quickReplyId),
        )
        .map(shownAs);
    },
    define: async (ctx: CommandContext, wanted: QuickReplyInput) => {
      const id = ids.next();
      const { events, state, position } = await run(ctx, (current) =>
        decideDefineQuickReply(current, wanted, id, ctx.caller),
      );
      // With a repeated key these are the events of the first run.
      const made = state.byId.get(events[0]?.data.quickReplyId ?? id);
      if (!made) throw new Refusal('QUICK_REPLY_NOT_FOUND');
      return { quick_reply: shownAs(made), position };
    },
    patch: async (ctx: CommandContext, id: string, patch: QuickReplyPatch) => {
      const { state, position } = await run(ctx, (current) =>
        decidePatchQuickReply(current, id, patch, ctx.caller),
      );
      return { quick_reply: shownAs(requireSeen(state, id, ctx.caller)), position };
    },
    remove: async (ctx: CommandContext, id: string) =>
      run(ctx, (current) => decideDeleteQuickReply(current, id, ctx.caller)),
  };
}
