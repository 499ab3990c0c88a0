/** The check of a soak (docs/design/reliability.md#fault-tests, F25) must find each violation. */
import { expect } from 'chai';
import type { StoredEvent } from '../../src/ports.ts';
import { checkCommands, checkReads, checkRemovals } from './compare.ts';
import { checkHistory } from './model.ts';
import type { Seen, CommandOutcome } from './requests.ts';

type Line = readonly [stream: string, type: string, data: object, actor?: object, at?: string];

const LEAD = { kind: 'user', id: 'tuti', role: 'team_lead' };
const ANDI = { kind: 'user', id: 'andi', role: 'sales_agent' };
const ROUTER = { kind: 'system', process: 'router' };
const CUSTOMER = { kind: 'customer' };
const BEGAN = Date.parse('2026-07-03T10:00:00Z');
const minute = (n: number): string => new Date(BEGAN + n * 60_000).toISOString();

/** One minute after the other; the number of the line is the id of its request. */
function stored(lines: readonly Line[]): StoredEvent[] {
  const revisions = new Map<string, bigint>();
  return lines.map(([stream, type, data, actor = CUSTOMER, at = minute(0)], n) => {
    const revision = (revisions.get(stream) ?? -1n) + 1n;
    revisions.set(stream, revision);
    const metadata = { correlationId: `r${String(n)}`, at: at === minute(0) ? minute(n) : at, actor };
    return { id: `e${String(n)}`, stream, type, data, metadata, revision, position: String(1000 + n) };
  });
}

const on = (type: string, data: object = {}, actor: object = CUSTOMER, id = 't1'): Line => [
  `ticket-${id}`,
  type,
  { ticketId: id, division: 'sari', ...data },
  actor,
];
const arrives = (userId: string): Line => [`user-${userId}`, 'UserRegistered', { userId }];
const opened = (id = 't1', customerKey = 'c1') => on('TicketOpened', { customerKey }, CUSTOMER, id);
const taken = on('TicketTakenOver', { agentId: 'andi', agentDivision: 'sari' }, ANDI);
const queued = on('TicketQueued', { label: 'waiting_agent', waitingFor: null });
const given = (data: object, actor: object = LEAD) =>
  on('TicketAssigned', { agentId: 'bela', from: 'bot', ...data }, actor);
const closed = on('TicketClosed', { outcome: 'closed' }, ANDI);
const said = (type: string, data: object): Line => [
  'conversation-t1',
  type,
  { ticketId: 't1', division: 'sari', messageId: 'm1', ...data },
];
const tried = (attempt: number): Line => ['delivery-m1', 'DeliveryAttempted', { attempt }];
const staff = [arrives('andi'), arrives('bela')];

const violationsOf = (...lines: Line[]) => checkHistory(stored([...staff, ...lines])).violations.join('\n');

describe('the model of a ticket’s life', () => {
  it('accepts a life that keeps the rules', () => {
    expect(
      violationsOf(
        opened(),
        said('MessageReceived', { messageId: 'm0' }),
        on('HandoffRequested'),
        queued,
        given({ from: 'queue', replyBy: minute(7) }, ROUTER),
        on('TicketWithdrawn', { agentId: 'bela' }, ROUTER),
        given({ from: 'queue', agentId: 'andi' }, ROUTER),
        said('AgentReplied', { agentId: 'andi' }),
        tried(1),
        ['delivery-m1', 'DeliveryDeferred', {}],
        tried(2),
        ['delivery-m1', 'DeliveryAccepted', {}],
        on('TicketReassigned', { fromAgent: 'andi', toAgent: 'bela' }, LEAD),
        on('TicketTagged', { tag: 'vip' }),
        on('TicketUntagged', { tag: 'vip' }),
        on('CrmUpdated', { changes: [{ field: 'crm_stage', from: 'Lead', to: 'Won' }] }),
        on('TicketClosed', { outcome: 'won' }),
        on('TicketReopened', { agentId: 'bela' }),
        closed,
        opened('t2'),
        on('TicketClosed', { outcome: 'bot_resolved' }, CUSTOMER, 't2'),
      ),
    ).to.equal('');
  });

  const WRONG: readonly (readonly [rule: RegExp, ...lines: Line[]])[] = [
    [/taken over while assigned/, opened(), taken, taken],
    [/taken over while queued/, opened(), queued, taken],
    [
      /taken over for somebody else/,
      opened(),
      on('TicketTakenOver', { agentId: 'bela', agentDivision: 'sari' }, ANDI),
    ],
    [
      /by another division/,
      opened(),
      on('TicketTakenOver', { agentId: 'andi', agentDivision: 'savi' }, ANDI),
    ],
    [/opened twice/, opened(), opened()],
    [/before it was opened/, taken],
    [/has ticket t1 open too/, opened(), opened('t2')],
    [/from bot, but it was with andi/, opened(), taken, given({})],
    [/given to who has it/, opened(), given({}), given({ from: 'bela' })],
    [/after it was closed/, opened(), closed, given({})],
    [/by who may not/, opened(), given({}, ANDI)],
    [/nobody’s queue/, opened(), given({}, ROUTER)],
    [/given to who had left/, ['user-bela', 'UserDeactivated', { userId: 'bela' }], opened(), given({})],
    [/moved from who/, opened(), taken, on('TicketReassigned', { fromAgent: 'bela', toAgent: 'andi' }, LEAD)],
    [/handed off while assigned/, opened(), taken, on('HandoffRequested')],
    [/queued while assigned/, opened(), taken, queued],
    [
      /label and agent disagree/,
      opened(),
      on('TicketQueued', { label: 'waiting_agent', waitingFor: 'andi' }),
    ],
    [/before its time/, opened(), taken, on('TicketWithdrawn', { agentId: 'andi' }, ROUTER)],
    [
      /who had answered/,
      opened(),
      given({ replyBy: minute(5) }),
      said('AgentReplied', { agentId: 'bela' }),
      on('TicketWithdrawn', { agentId: 'bela' }, ROUTER),
    ],
    [/tagged twice/, opened(), on('TicketTagged', { tag: 'a' }), on('TicketTagged', { tag: 'a' })],
    [/no such tag/, opened(), on('TicketUntagged', { tag: 'a' })],
    [/closed twice/, opened(), closed, closed],
    [/not its own/, opened(), taken, on('TicketClosed', { outcome: 'bot_resolved' })],
    [/won in stage Lead/, opened(), on('TicketClosed', { outcome: 'won' })],
    [/reopened while open/, opened(), on('TicketReopened', { agentId: null })],
    [/did not have it/, opened(), closed, on('TicketReopened', { agentId: 'andi' })],
    [/nothing that happens/, opened(), on('TicketForgotten')],
    [/said before/, said('MessageReceived', {})],
    [/said twice/, opened(), said('MessageReceived', {}), said('MessageReceived', {})],
    [/does not have the ticket/, opened(), said('AgentReplied', { agentId: 'andi' })],
    [/outcome of the last try/, opened(), tried(1), tried(2)],
    [/after its end/, opened(), tried(1), ['delivery-m1', 'DeliveryLeftUnknown', {}], tried(2)],
    [/not the next attempt/, opened(), tried(2)],
  ];
  for (const [rule, ...lines] of WRONG)
    it(`finds: ${rule.source}`, () => {
      expect(violationsOf(...lines)).to.match(rule);
    });
});

describe('the answers that people got, and what they saw', () => {
  const checked = checkHistory(stored([...staff, opened(), taken, on('TicketTagged', { tag: 'vip' }, ANDI)]));
  const outcomeProblems = (over: Partial<CommandOutcome>): string[] =>
    checkCommands(
      {
        commands: [
          {
            ...{
              requestId: 'r3',
              verb: 'self-takeover',
              ticketId: 't1',
              by: 'andi',
              outcome: 'acknowledged',
              body: {},
            },
            ...over,
          },
        ],
      },
      checked,
    );
  const saw = (over: Partial<Seen>): string[] =>
    checkReads(
      {
        seen: [
          {
            ...{
              ticketId: 't1',
              status: 'assigned',
              holder: 'andi',
              tags: ['vip'],
              after: ['r3', 'r4'],
              stale: false,
              at: '',
              api: '',
            },
            ...over,
          },
        ],
      },
      checked,
    );

  it('is compared with what is there', () => {
    expect([
      outcomeProblems({}),
      saw({}),
      outcomeProblems({ requestId: 'r9', outcome: 'refused' }),
    ]).to.deep.equal([[], [], []]);
  });

  it('finds what was acknowledged and is not there, refused and is, or is somebody else’s', () => {
    expect(outcomeProblems({ requestId: 'r9' })).to.have.length(1);
    expect(outcomeProblems({ outcome: 'refused' })).to.have.length(1);
    expect(outcomeProblems({ by: 'bela' })).to.have.length(1);
    expect(outcomeProblems({ ticketId: 't2' })).to.have.length(1);
  });

  it('finds a state that never was, and one from before the reader’s own command', () => {
    expect(saw({ holder: 'bela' })[0]).to.match(/never was so/);
    expect(saw({ tags: [] })[0]).to.match(/not any more since/);
    expect(saw({ tags: [], stale: true })).to.deep.equal([]);
  });

  it('finds a success after the 200 of a removal, with a token from before it', () => {
    const problems = (began: number, since = 10): string[] =>
      checkRemovals({
        removals: [{ userId: 'andi', began: 20, answered: 30 }],
        tokens: new Map([['token', { userId: 'andi', since }]]),
        successes: [{ token: 'token', began, what: 'inbox' }],
      });
    expect(problems(30)[0]).to.match(/andi succeeded 0 ms after/);
    expect(problems(29), 'under way').to.deep.equal([]);
    expect(problems(30, 21), 'signed in again').to.deep.equal([]);
  });
});
