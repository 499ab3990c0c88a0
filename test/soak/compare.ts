/** Compares the answers that people got, and what they saw, with what is in the store. */
import type { CheckedHistory, TicketState } from './model.ts';
import type { Record_, Seen, CommandOutcome } from './requests.ts';

/** What an acknowledged command leaves in the ticket's stream; those that may find it done already leave nothing then. */
const LEAVES: Readonly<Record<string, { readonly types: readonly string[]; readonly always: boolean }>> = {
  'self-takeover': { types: ['TicketTakenOver'], always: true },
  assign: { types: ['TicketAssigned'], always: true },
  reassign: { types: ['TicketReassigned'], always: true },
  tag: { types: ['TicketTagged', 'TicketUntagged'], always: false },
  close: { types: ['TicketClosed'], always: false },
  reopen: { types: ['TicketReopened'], always: false },
};

/** Each acknowledged command is there once, each refused one not at all, each unknown one at most once. */
export function checkCommands(
  { commands }: Pick<Record_, 'commands'>,
  { byRequest }: CheckedHistory,
): string[] {
  return commands.flatMap((one: CommandOutcome) => {
    const leaves = LEAVES[one.verb];
    if (!leaves) return [];
    const found = (byRequest.get(one.requestId) ?? []).filter(({ type }) => leaves.types.includes(type));
    const [least, most] = {
      acknowledged: [leaves.always ? 1 : 0, 1],
      refused: [0, 0],
      unknown: [0, 1],
    }[one.outcome] as [number, number];
    const problems: string[] = [];
    if (found.length < least || found.length > most) problems.push(`${String(found.length)} events of it`);
    for (const { ticketId, data } of found) {
      const agent = data.agentId ?? data.toAgent;
      const wanted = { 'self-takeover': one.by, assign: one.body.assign_to, reassign: one.body.to_agent }[
        one.verb
      ];
      if (ticketId !== one.ticketId) problems.push(`on ticket ${ticketId}`);
      if (wanted !== undefined && agent !== wanted) problems.push(`for ${String(agent)}`);
    }
    return problems.map(
      (what) => `${one.verb} ${one.outcome} on ${one.ticketId} (${one.requestId}): ${what}`,
    );
  });
}

/** After the 200 of a removal no request sent later gets anything with a token from before it (docs/design/reliability.md#authority). */
export function checkRemovals({
  removals,
  successes,
  tokens,
}: Pick<Record_, 'removals' | 'successes' | 'tokens'>): string[] {
  return successes.flatMap(({ token, began, what }) => {
    const owner = tokens.get(token);
    const after = removals.find(
      ({ userId, began: asked, answered }) =>
        userId === owner?.userId && owner.since <= asked && began >= answered,
    );
    return after
      ? [
          `${what} of ${after.userId} succeeded ${(began - after.answered).toFixed(0)} ms after they were sent away`,
        ]
      : [];
  });
}

const same = (a: TicketState, b: Seen): boolean =>
  a.status === b.status &&
  a.holder === b.holder &&
  a.tags.length === b.tags.length &&
  a.tags.every((tag) => b.tags.includes(tag));

/** Whoever looks sees the ticket as it once was, and never as it was before their own last command. */
export function checkReads(
  { seen }: Pick<Record_, 'seen'>,
  { ticketStates, byRequest }: CheckedHistory,
): string[] {
  return seen.flatMap((one) => {
    const all = ticketStates.get(one.ticketId) ?? [];
    const written = one.after.flatMap((id) => (byRequest.get(id) ?? []).map(({ revision }) => revision));
    const from = one.stale ? 0 : Math.max(0, ...written);
    const { ticketId, status, holder, tags, at, api } = one;
    const what = `${ticketId} seen ${status} with ${String(holder)} [${tags.join(',')}] at ${at} on ${api}`;
    if (!all.some((state) => same(state, one))) return [`${what}: it never was so`];
    const since = all.slice(from).some((state) => same(state, one));
    return since
      ? []
      : [`${what}: not any more since revision ${String(from)}, which this person had written`];
  });
}
