/**
 * What the program needs from outside: types and their errors, no implementation.
 * Adapters implement them; domain, commands, projections, http and jobs use only these types.
 */
export * from './ports/event-store.ts';
export * from './ports/store-unavailable.ts';
export * from './ports/read-tables.ts';
export * from './ports/bulk.ts';
export * from './ports/identity.ts';
export * from './ports/processes.ts';
export * from './ports/sign-in.ts';
export * from './ports/webhook-inbox.ts';
export * from './ports/channel.ts';
export * from './ports/channel-http.ts';
export * from './ports/job-checkpoints.ts';
export * from './ports/schedule.ts';
export * from './ports/push.ts';
export * from './ports/files.ts';
export * from './ports/media-source.ts';
export * from './ports/line-desk.ts';
export * from './ports/file-scanner.ts';
export * from './ports/name-source.ts';
export * from './ports/number-source.ts';
export * from './ports/job-offers.ts';
export * from './ports/staff-bot.ts';
export * from './ports/staff-group.ts';
export * from './ports/reports.ts';
export * from './ports/personal-keys.ts';
export * from './ports/personal-traces.ts';
export * from './ports/erasure-ledger.ts';
export * from './ports/provider-erasures.ts';
export * from './ports/access-journal.ts';
export * from './ports/answerer.ts';
export * from './ports/chat-clicks.ts';
