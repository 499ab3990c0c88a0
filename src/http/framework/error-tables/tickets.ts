/** The codes of who may do what with a ticket. */
export const TICKET_ERRORS = {
  NOT_ASSIGNEE: {
    status: 403,
    message: 'Tiket ini tidak ditugaskan kepada Anda.',
    meaning: 'Only the agent the ticket is assigned to may do this.',
  },
  MESSAGE_NOT_FOUND: {
    status: 404,
    message: 'Pesan tidak ditemukan.',
    meaning: 'The ticket has no message with this id.',
  },
  CUSTOMERS_NOT_MERGEABLE: {
    status: 409,
    message: 'Hanya pelanggan dari divisi dan kanal yang sama yang dapat digabung.',
    meaning: 'The two customers are of two divisions, or write on two channels.',
  },
  NOT_ASSIGNED: {
    status: 409,
    message: 'Tiket ini belum dipegang agent mana pun.',
    meaning: 'The ticket is with the bot or in the queue: nobody can release it or put it aside.',
  },
} as const;
