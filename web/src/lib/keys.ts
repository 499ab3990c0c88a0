/** The names under which answers are kept; the live stream finds them by the same names. */
export const keys = {
  inbox: ['inbox'] as const,
  list: (query: object) => ['inbox', query] as const,
  counts: ['counts'] as const,
  ticket: (id: string) => ['ticket', id] as const,
  messages: (id: string) => ['messages', id] as const,
  notes: (id: string) => ['notes', id] as const,
  agents: (query: object) => ['agents', query] as const,
  presences: ['presences'] as const,
  meta: ['meta'] as const,
  tags: ['tags'] as const,
  quickReplies: ['quick-replies'] as const,
  notifications: (query: object) => ['notifications', query] as const,
  unread: ['notifications', 'unread'] as const,
  customer: (id: string) => ['customer', id] as const,
  blasts: ['blasts'] as const,
  exports: ['exports'] as const,
};
