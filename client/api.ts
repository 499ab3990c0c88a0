// Made by `npm run openapi` from openapi.json: do not edit.
export interface paths {
  '/api/auth/login': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Sign in
     * @description E-mail and password against an access token (8 hours) and a refresh token. Throttled by failures per account and address (15 minutes, then longer) and per address (a minute); never where the account was used before. An unknown e-mail, a wrong password and a deactivated account look and time alike. Where the account has a second factor, the answer has a challenge and no tokens. With `must_change_password` everything but me, password, logout and refresh is 403 `PASSWORD_CHANGE_REQUIRED`.
     *
     *     Who may: anybody, no token.
     */
    post: operations['login'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/auth/login/totp': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Sign in, second step
     * @description The challenge of `POST /api/auth/login`, and a code, against tokens. A code is good once, a challenge for five minutes, five tries and one sign-in. Wrong codes are throttled per account and address.
     *
     *     Who may: anybody, no token.
     */
    post: operations['loginTotp'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/auth/refresh': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Trade a refresh token for a new pair
     * @description The refresh token is good for one use. For REFRESH_GRACE_SECONDS (10) a second use answers the same successor: two tabs may refresh at once, and an answer may get lost. A use after that means that two parties hold it: the whole session ends. A session ends 30 days after its login, and when it got no tokens for SESSION_IDLE_HOURS (72). Throttled per address by tokens that are not good. Without `refresh_token` the cookie of the sign-in is taken, and renewed; then the header `X-Saga-Client` must be there.
     *
     *     Who may: anybody, no token.
     */
    post: operations['refresh'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/auth/logout': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Sign out
     * @description Ends the session: its access and refresh tokens are worth nothing from the next request on. Who signs out of the last session is offline. The cookie of the sign-in goes with it.
     *
     *     Who may: every signed-in user.
     */
    post: operations['logout'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/auth/password': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Change the own password
     * @description With the present one (also a temporary one), which is throttled as a sign-in is, and a code where there is a second factor. All other sessions of the person end, and all streams; this session goes on.
     *
     *     Who may: every signed-in user.
     */
    post: operations['changePassword'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/auth/sessions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Where am I signed in?
     * @description The live sessions of the caller, newest first.
     *
     *     Who may: every signed-in user.
     */
    get: operations['listSessions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/auth/sessions/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Sign out elsewhere
     * @description Ends one session of the caller: its tokens are worth nothing from the next request on.
     *
     *     Who may: every signed-in user.
     */
    delete: operations['endSession'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/auth/me': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who am I?
     * @description The caller with their present role, division and effective privileges.
     *
     *     Who may: every signed-in user.
     */
    get: operations['me'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/auth/totp': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Have I a second factor?
     * @description `required`: the role must have one (TOTP_REQUIRED_ROLES).
     *
     *     Who may: every signed-in user.
     */
    get: operations['getTotp'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/auth/totp/enrol': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Begin to set up a second factor
     * @description Answers the secret for an authenticator app, as text and as `otpauth:` address for a QR code. Nothing changes until `POST /api/auth/totp/confirm`. Who has a second factor already replaces it, and gives a code of the old one (or a recovery code) as `code`.
     *
     *     Who may: every signed-in user.
     */
    post: operations['enrolTotp'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/auth/totp/confirm': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Turn the second factor on
     * @description With a code of the app. Answers ten recovery codes, each good once and never shown again, and tokens of a new session: all other sessions of the person end.
     *
     *     Who may: every signed-in user.
     */
    post: operations['confirmTotp'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/auth/totp/disable': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Turn the second factor off
     * @description With the password and a code. Answers tokens of a new session: all other sessions of the person end. Refused where the role must have one.
     *
     *     Who may: every signed-in user.
     */
    post: operations['disableTotp'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/agent/status': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Come to or leave the desk
     * @description Online: tickets that wait for you come first, then those of the queue. Offline: you keep the tickets you have.
     *
     *     Who may: users with the privilege `presence_self`.
     */
    post: operations['setOwnPresence'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/agent/{id}/status': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Set the presence of an agent
     * @description For an agent who forgot to.
     *
     *     Who may: users with the privilege `presence_others`.
     */
    post: operations['setPresence'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/agent/status/all': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who is online, with how many open tickets
     * @description Agents, team leads and super admins of the divisions that the caller sees; deactivated ones are left out.
     *
     *     Who may: users with the privilege `presence_read`.
     */
    get: operations['listPresences'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/agents': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Colleagues who work on the tickets that the caller sees
     * @description Active, no viewers, by name. `division`: who works there. `taggable_for`: only those who may read the internal notes of that ticket.
     *
     *     Who may: users with the privilege `inbox_read`.
     */
    get: operations['listAgents'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/inbox': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Tickets, newest activity first
     * @description Filters narrow together. `division=all` for super admins and team leads. `meta.total` counts all that match; `meta.next_cursor` leads on, at the same price for every page. `queue_status` without `status` means open tickets. What was put aside (`snoozed_until`) is left out of `open=true`, `view=mine` and `assigned_to=<id>`.
     *
     *     Who may: users with the privilege `inbox_read`.
     */
    get: operations['listInbox'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/inbox/counts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How many tickets each tab of a desk holds
     * @description The totals of the inbox in one call. `mine`, `mine_unread`, `waiting_for_me` and `snoozed` are the caller's own; the others of the divisions that they see.
     *
     *     Who may: users with the privilege `inbox_read`.
     */
    get: operations['countInbox'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/inbox/free': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * FREE tickets: the bot is talking, no agent yet
     * @description Of the caller's division, or of all divisions for super admins and team leads.
     *
     *     Who may: users with the privilege `inbox_read`.
     */
    get: operations['listFreeTickets'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One ticket
     * @description Also a ticket of another division that was assigned to the caller. The `ETag` is the version of its CRM data, for `If-Match` when you change them.
     *
     *     Who may: users with the privilege `inbox_read`.
     */
    get: operations['getTicket'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}/audit-log': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What happened to a ticket, and who did it
     * @description Oldest first. `meta.next_cursor`, when there is one, leads to the next page.
     *
     *     Who may: users with the privilege `audit_read`.
     */
    get: operations['listAudit'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}/history': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A ticket as it was at a moment, and what happened up to then
     * @description Folded from the events, never from the read tables. `ticket` and `crm` are what `GET ticket` showed then, with the names people had then; `is_idle` is worked out for that moment. Of `as_of` everything counts that had happened by then; of `revision` everything that was recorded up to that event, also in the conversation. `events` are the last `limit` of them, oldest first; `meta.next_cursor` with the same moment leads to earlier ones. The steps of a delivery come with their message and do not count. Internal notes (L2) are among them only for those who may read them on this ticket (`meta.internal_notes`); without `messages_read` the words of the talk are left out.
     *
     *     Who may: users with the privilege `audit_read`.
     */
    get: operations['getHistory'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}/self-takeover': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Take a FREE ticket over
     * @description Of many who try at once exactly one gets it. A message of the customer in between refuses nobody. By default the privilege of sales agents, on FREE tickets of their own division.
     *
     *     Who may: users with the privilege `self_takeover`.
     */
    post: operations['selfTakeover'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}/assign': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Assign a ticket to an agent
     * @description Also to an agent of another division: that agent then sees this one ticket. `from` is who had it: the bot, the queue, or an agent's id.
     *
     *     Who may: users with the privilege `assign`.
     */
    post: operations['assign'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}/reassign': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Move a ticket from one agent to another
     * @description Refused when `from_agent` does not have the ticket any more: somebody else was quicker.
     *
     *     Who may: users with the privilege `assign`.
     */
    post: operations['reassign'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}/tag': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Put a tag on a ticket, or take it off
     * @description Adding what is there or removing what is not is no error and changes nothing.
     *
     *     Who may: users with the privilege `tag`.
     */
    post: operations['tagTicket'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}/crm': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Change the CRM data of a ticket
     * @description Members are merged into what is stored; null clears a field. `crm_data` is another name of `crm_fields`, whose members are those of the ticket's division. Lost needs a `lost_reason`; leaving Lost clears it. Won and Lost close the ticket; a ticket that is reopened goes on in the stage before. Also a closed ticket can be corrected.
     *
     *     Who may: users with the privilege `crm_update`.
     */
    patch: operations['updateCrm'];
    trace?: never;
  };
  '/api/admin/ticket/{id}/close': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Close a ticket
     * @description A closed ticket keeps its agent. Closing it again changes nothing.
     *
     *     Who may: users with the privilege `ticket_close`.
     */
    post: operations['closeTicket'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}/reopen': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Reopen a closed ticket
     * @description It goes back to the agent it was closed with, or to the bot when they take no tickets any more. Refused when the customer has another open ticket.
     *
     *     Who may: users with the privilege `ticket_close`.
     */
    post: operations['reopenTicket'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}/release': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Give a ticket up
     * @description To the queue, whose next agent gets it (never the same one), or back to the bot. Its agent may, and super admins and team leads.
     *
     *     Who may: users with the privilege `reply`.
     */
    post: operations['releaseTicket'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}/snooze': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Put a ticket aside
     * @description Until a time within 90 days, or until the customer writes. Its agent is told when it wakes. Its agent may, and super admins and team leads.
     *
     *     Who may: users with the privilege `reply`.
     */
    post: operations['snoozeTicket'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}/unsnooze': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Take a ticket up again that was put aside
     * @description One that is not put aside stays as it is.
     *
     *     Who may: users with the privilege `reply`.
     */
    post: operations['unsnoozeTicket'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}/read': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * I have read the messages of this ticket
     * @description All of them, or up to one message. Each person has marks of their own. When the agent of the ticket reads, WhatsApp is told: the customer sees it.
     *
     *     Who may: users with the privilege `messages_read`.
     */
    post: operations['markTicketRead'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/tickets/bulk': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * The same to many tickets
     * @description Each ticket is a command of its own: some may be done and others refused. The privilege of the action is needed (`assign`, `tag`, `ticket_close`; `reply` to put aside).
     *
     *     Who may: every signed-in user.
     */
    post: operations['bulkTickets'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/search': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Search in messages
     * @description Newest first. Each word of `q` must begin a word of the message, in any order; case and accents do not matter. Internal notes are among the hits for those who may read them. `meta.next_cursor` leads on.
     *
     *     Who may: users with the privilege `messages_read`.
     */
    get: operations['searchMessages'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}/messages': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Messages with the customer
     * @description The last `limit` messages, oldest first. For earlier ones: `before` is the id of the first message you have. Internal notes are never among them.
     *
     *     Who may: users with the privilege `messages_read`.
     */
    get: operations['listMessages'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}/attachments/{attachment_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Download a file of a message
     * @description The `id` of an attachment that is `ready`. Its type is what the bytes are, whatever the sender called them; it always comes as a download. `Range` is answered.
     *
     *     Who may: users with the privilege `messages_read`.
     */
    get: operations['downloadAttachment'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/files/{attachment_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A file of a message, without a token
     * @description The address as `url` of an attachment gave it, for 15 to 30 minutes: the link is the credential. Images, audio, video and PDF can be shown in a page, everything else is a download. `Range` is answered.
     *
     *     Who may: anybody, no token.
     */
    get: operations['openFile'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}/media': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Upload a file for the customer
     * @description A form with one member `file`. Only the agent who has the ticket; then `POST .../reply` sends it by its `media_id`. Its type is what the bytes are. What the channel cannot carry is refused with the reason in `details`.
     *
     *     Who may: users with the privilege `reply`.
     */
    post: operations['uploadMedia'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}/reply': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Answer the customer
     * @description Only the agent who has the ticket: words, uploaded files, or both. The message is recorded at once and delivered by the channel sender; `delivery_status` of the message tells how far it came. Each file is a message of its own: `messages` has all of them in their order, `message` the first, which holds `client_ref` and the quote. Both are null with `meta.stale`.
     *
     *     Who may: users with the privilege `reply`.
     */
    post: operations['reply'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}/reply-as-sa': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Answer the customer as the team
     * @description The customer reads it as said by `display_name`, which is always `Saga Team`. The ticket keeps its agent, who is told.
     *
     *     Who may: users with the privilege `reply_as_sa`.
     */
    post: operations['replyAsSa'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}/messages/{message_id}/resend': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Send again what did not arrive
     * @description Only a message that `failed`, or one that is `unknown` with `confirm_unknown: true`; each once. It is a message of its own, in the name of who asks. For the agent of the ticket, and for super admins.
     *
     *     Who may: users with the privilege `reply`.
     */
    post: operations['resendMessage'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/quick-replies': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Answers that are kept ready
     * @description Of everybody, of the caller's division, and their own.
     *
     *     Who may: users with the privilege `reply`.
     */
    get: operations['listQuickReplies'];
    put?: never;
    /**
     * Keep an answer ready
     * @description A `personal` one for oneself. One for a division, or for all (`division` null), needs `manage_templates`. A shortcut is one among those who share it, however it is written.
     *
     *     Who may: users with the privilege `reply`.
     */
    post: operations['defineQuickReply'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/quick-replies/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Keep an answer ready no longer
     * @description What was said with it stays said.
     *
     *     Who may: users with the privilege `reply`.
     */
    delete: operations['deleteQuickReply'];
    options?: never;
    head?: never;
    /**
     * Change an answer that is kept ready
     * @description Whose it is stays.
     *
     *     Who may: users with the privilege `reply`.
     */
    patch: operations['patchQuickReply'];
    trace?: never;
  };
  '/api/admin/followup/recommendations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Customers to follow up, and why
     * @description What the last night recommended, hottest first. A ticket that was followed up, answered or reached by a blast since, that is closed by now, or whose customer has a newer open ticket, is left out. `meta.total` counts all that match.
     *
     *     Who may: users with the privilege `followup_send`.
     */
    get: operations['listRecommendations'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}/followup': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Write to one customer again
     * @description Agents on tickets of their own, team leads and super admins on any, also on a closed one. Delivered like a reply. On WhatsApp, 24 hours after the last message of the customer, only with an approved template: that is what the customer then gets and what the talk shows; a `message` that says something else is refused. Variables (`{{name}}`, `{{origin_city}}`, `{{destination_city}}`, `{{agent_name}}`) are filled as in a blast.
     *
     *     Who may: users with the privilege `followup_send`.
     */
    post: operations['sendFollowup'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}/followup/preview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * What a follow-up would say
     * @description Sends nothing. `refusal` says why it could not be sent now.
     *
     *     Who may: users with the privilege `followup_send`.
     */
    post: operations['previewFollowup'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}/internal-messages': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Internal notes of a ticket
     * @description The last `limit` notes, oldest first. For earlier ones: `before` is the id of the first note you have. Sales agents only on tickets assigned to them; viewers never.
     *
     *     Who may: users with the privilege `internal_read`.
     */
    get: operations['listInternalMessages'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}/internal-message': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Write an internal note
     * @description Never sent to a channel. Somebody who could not read it cannot be tagged in it.
     *
     *     Who may: users with the privilege `internal_write`.
     */
    post: operations['postInternalMessage'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/customers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * All customers, the newest first
     * @description `q` finds them by name or phone, as in the inbox. Customers who were erased, and those who turned out to be another one, are not in the list.
     *
     *     Who may: users with the privilege `inbox_read`.
     */
    get: operations['listCustomers'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/customer/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One customer
     * @description With their newest 50 tickets, and the customers of other divisions and channels who have the same number, as far as the caller may see them. The id of one who was merged into another leads to that other one.
     *
     *     Who may: users with the privilege `inbox_read`.
     */
    get: operations['getCustomer'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Write down who a customer is
     * @description What is left out stays as it is; null clears it. A name that a person typed is not overwritten by what a channel says.
     *
     *     Who may: users with the privilege `crm_update`.
     */
    patch: operations['editCustomer'];
    trace?: never;
  };
  '/api/admin/customer/{id}/messages': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Every talk with a customer in one thread
     * @description The last `limit` messages of all their tickets, oldest first. For earlier ones: `before` is the id of the first message you have. Internal notes are never among them.
     *
     *     Who may: users with the privilege `messages_read`.
     */
    get: operations['listCustomerMessages'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/customer/{id}/merge': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Two customers are the same person
     * @description The one who was known first stays, with the tickets, talks, names and numbers of both; both ids lead to them from then on. An opt-out of either holds. With `join_tickets` (the default) two open tickets become one: the older one goes on, takes the agent, tags and sale of the other where it has none, and shows both talks. Nobody can take it apart again. Asked for again it changes nothing.
     *
     *     Who may: users with the privilege `assign`.
     */
    post: operations['mergeCustomers'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/customer/{id}/assigned-agent': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who knows this customer
     * @description The agent of the last ticket that had one. A customer of another division is as unknown as none.
     *
     *     Who may: users with the privilege `inbox_read`.
     */
    get: operations['getAssignedAgent'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/customer/{id}/opt-out': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * The customer wants no more offers
     * @description No blast and no follow-up from now on; answers in an open talk go on. Who opted out already stays so. `reason` is what the customer said, for auditors.
     *
     *     Who may: users with the privilege `crm_update`.
     */
    post: operations['optOutCustomer'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/customer/{id}/opt-in': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * The customer wants offers again
     * @description Only when they said so. A customer may also write MULAI or START.
     *
     *     Who may: users with the privilege `crm_update`.
     */
    post: operations['optInCustomer'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/customer/{id}/erase': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Erase a customer for good
     * @description Destroys the key that names, numbers, messages, notes and files of this customer are encrypted with, and takes them out of every list, search, file and export (Indonesian law 27/2022). Tickets, stages and figures stay. Nobody can bring it back, no backup either. A customer with an open ticket is refused: close it first. Who was erased already is answered the same. `reason` stays on record: no names in it. 202: the key is destroyed, lists and files follow within seconds.
     *
     *     Who may: users with the privilege `customer_erase`.
     */
    post: operations['eraseCustomer'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/tracking/{order_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Where an order is
     * @description Always `not_available`: the transport management system is not connected yet.
     *
     *     Who may: every signed-in user.
     */
    get: operations['trackOrder'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/followup/templates': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Templates that may be used now
     * @description Those that are paused, rejected or disabled are left out.
     *
     *     Who may: users with the privilege `followup_send`.
     */
    get: operations['listFollowupTemplates'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/blast/preview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Whom a blast would reach, and what they would read
     * @description Creates nothing. `recipients` or `filter`, as for a new blast. `skipped` says who gets no message, and why; each is looked at again right before it is sent. More than 1,000 may be shown, but not created.
     *
     *     Who may: users with the privilege `blast_create`.
     */
    post: operations['previewBlast'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/blast/create': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Prepare a message to many
     * @description Waits for the approval of another person. Only tickets the caller may see, only customers who wrote before, each customer once. `filter` instead of `recipients` takes those that `POST .../preview` calls sendable. The message may use {{name}}, {{origin_city}}, {{destination_city}}, {{agent_name}}; customers who wrote last over 24 hours ago get the template instead.
     *
     *     Who may: users with the privilege `blast_create`.
     */
    post: operations['createBlast'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/blast': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Blasts, newest first
     * @description Those the caller made; all of them for who approves. Only blasts whose recipients are all of divisions they see.
     *
     *     Who may: users with the privilege `blast_create`.
     */
    get: operations['listBlasts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/blast/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * A blast with its recipients
     * @description Each with the message as they get it, and how far it came.
     *
     *     Who may: users with the privilege `blast_create`.
     */
    get: operations['getBlast'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/blast/{id}/status': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What became of a blast
     * @description Counts so far. `total_sent`: the channel took it. Responded: the customer wrote within 72 hours of it, or answered that very message.
     *
     *     Who may: users with the privilege `blast_create`.
     */
    get: operations['getBlastStatus'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/blast/{id}/approve': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Let a blast be sent
     * @description As it is: recipients, message and template. Nobody approves their own. Decided once.
     *
     *     Who may: users with the privilege `blast_approve`.
     */
    post: operations['approveBlast'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/blast/{id}/reject': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Refuse a blast
     * @description With a reason that its creator reads. Decided once.
     *
     *     Who may: users with the privilege `blast_approve`.
     */
    post: operations['rejectBlast'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/blast/{id}/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Hold a blast
     * @description Nothing more leaves until it is resumed; the one message under way may.
     *
     *     Who may: users with the privilege `blast_create`.
     */
    post: operations['pauseBlast'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/blast/{id}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Let a held blast go on
     * @description By who held it, or by one who may approve.
     *
     *     Who may: users with the privilege `blast_create`.
     */
    post: operations['resumeBlast'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/blast/{id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * End a blast for good
     * @description Nothing more leaves; who was reached stays reached.
     *
     *     Who may: users with the privilege `blast_create`.
     */
    post: operations['cancelBlast'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/export/excel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * A workbook of a division and period
     * @description Figures, leads, tickets with their CRM values, agents, lost reasons, routes. A super admin any division or `all`, others their own (who belongs to `all` has every one). Answers at once: the link waits for the file, 25 s at most, and then says 409 `EXPORT_NOT_READY`; `GET /api/export/{id}/status` and `export` in the live stream tell how far it is. One export of a person runs and five wait; one more is 429 `EXPORT_LIMIT`.
     *
     *     Who may: users with the privilege `export`.
     */
    post: operations['exportExcel'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/export/pdf': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * A report of a division and period to read or print
     * @description Figures, charts and tables. A super admin any division or `all`, others their own (who belongs to `all` has every one). Answers at once: the link waits for the file, 25 s at most, and then says 409 `EXPORT_NOT_READY`; `GET /api/export/{id}/status` and `export` in the live stream tell how far it is. One export of a person runs and five wait; one more is 429 `EXPORT_LIMIT`.
     *
     *     Who may: users with the privilege `export`.
     */
    post: operations['exportPdf'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/export': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What the caller asked for
     * @description Newest first, also those whose file is gone.
     *
     *     Who may: users with the privilege `export`.
     */
    get: operations['listExports'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/export/{id}/status': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How far an export is
     * @description Of an export of your own; a super admin sees everybody’s.
     *
     *     Who may: users with the privilege `export`.
     */
    get: operations['getExportStatus'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/export/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Download an export
     * @description The address as `download_url` gave it. The link is the credential: it carries its own file and nothing else, until `expires_at`, or until the person who asked for it is deactivated or may not export that division any more.
     *
     *     Who may: anybody, no token.
     */
    get: operations['downloadExport'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/analytics/division/{div}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Figures of a division
     * @description Days and months are those of the business. `previous` holds the same figures of the months before whole months, else of as many days before. `all` sums over the divisions, for super admins and team leads. Won and lost count on the day of the last entry into that stage; a ticket that is opened again counts no more. `granularity` adds `series`: the same period step by step, weeks from Monday.
     *
     *     Who may: users with the privilege `analytics_division`.
     */
    get: operations['getDivisionAnalytics'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/analytics/agent/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Figures of one agent
     * @description Days and months are those of the business. `previous` holds the same figures of the months before whole months, else of as many days before. Sales agents see only themselves. A decision counts for who had the ticket then. Each assignment waits for its own first reply; one that nobody answered within the limit is a miss. Available: online within the office hours in force at that time. `idle_tickets` are those of now, at most 200.
     *
     *     Who may: users with the privilege `analytics_agent`.
     */
    get: operations['getAgentAnalytics'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/analytics/agents': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Figures of all agents
     * @description Days and months are those of the business. `previous` holds the same figures of the months before whole months, else of as many days before. The sales agents of the division, by name, and everybody else who has figures in the period; those who work for all divisions are in every one. Sales agents see their own line only.
     *
     *     Who may: users with the privilege `analytics_agent`.
     */
    get: operations['listAgentAnalytics'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/channel-costs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What the channels cost
     * @description By month, of the whole firm. Only for those who see all divisions.
     *
     *     Who may: users with the privilege `analytics_division`.
     */
    get: operations['listChannelCosts'];
    /**
     * Say what a channel cost in a month
     * @description Replaces what was said about this month and channel. The figures of a division bear its share of the channel’s leads of that month.
     *
     *     Who may: users with the privilege `analytics_division`.
     */
    put: operations['setChannelCost'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/notifications': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What you were told
     * @description Your own, newest first, without the kinds that you do not want in the list. `meta.unread` counts all you have not read, whatever the filter. Super admins get `store_changed` first, as long as another event store answers than the right one, and `stream_not_whole` for each stream that an administrator of the event store cut, as long as it is so (the first 50). These cannot be marked as read.
     *
     *     Who may: every signed-in user.
     */
    get: operations['listNotifications'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/notifications/read': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Mark several of your notifications as read
     * @description Exactly one of `ids`, `ticket_id` and `all`; `before` leaves out what came after that time. The newest 1000 at most. Ids that are not yours, or read already, change nothing. `unread`: how many are left.
     *
     *     Who may: every signed-in user.
     */
    post: operations['readNotifications'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/notifications/{id}/read': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Mark one of your notifications as read
     * @description Again: the same answer, the first moment stays.
     *
     *     Who may: every signed-in user.
     */
    post: operations['readNotification'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/notifications/preferences': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What you want to be told of
     * @description Every kind, with what holds for it. Who said nothing is told of everything.
     *
     *     Who may: every signed-in user.
     */
    get: operations['getNotificationPreferences'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Say what you want to be told of
     * @description Kinds and members that are not named stay as they are. Answers with all.
     *
     *     Who may: every signed-in user.
     */
    patch: operations['changeNotificationPreferences'];
    trace?: never;
  };
  '/api/notifications/push-subscriptions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What a browser needs to subscribe to Web Push
     * @description `public_key`: the `applicationServerKey` (VAPID); null while Web Push is not set up.
     *
     *     Who may: every signed-in user.
     */
    get: operations['getPushKey'];
    put?: never;
    /**
     * Be told on this device, too
     * @description The browser's PushSubscription as it is. It holds as long as the login it was made in. A push for an internal note says only that there is one.
     *
     *     Who may: every signed-in user.
     */
    post: operations['subscribePush'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/push-subscriptions/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Be told on that device no more
     * @description One that is not yours, or not there, changes nothing.
     *
     *     Who may: every signed-in user.
     */
    delete: operations['unsubscribePush'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/notifications/devices': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Be told in a native app, too
     * @description The token that Firebase gave the app. It holds as long as the login it was made in; the same token again is the same device. Each push has `id, kind, layer, ticket_id, blast_id, badge, sound` as texts in `data` and a neutral text, never what a customer said.
     *
     *     Who may: every signed-in user.
     */
    post: operations['registerDevice'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/notifications/devices/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Be told in that app no more
     * @description One that is not yours, or not there, changes nothing.
     *
     *     Who may: every signed-in user.
     */
    delete: operations['unregisterDevice'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/notifications/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One of your notifications
     * @description As the list shows it; also one of a kind that you do not want in the list.
     *
     *     Who may: every signed-in user.
     */
    get: operations['getNotification'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/stream': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What happens, as it happens (Server-Sent Events)
     * @description The same objects as the reads give, to those who may read them: `ticket` (a ticket as it is now), `message` (new, or its delivery went on; L2 only for those who may read the notes), `crm` (what is known of the sale, when it changes), `presence`, `notification`, `blast` (how far it came), `unread` (the caller read something on another device), `counts` (of the tabs of their desk, at most every 2 s), `typing`, `viewers`. Open the stream first, then load: nothing falls in between. With `Last-Event-ID` you get what you missed; `reset` means: load everything again, too much time went by or your rights changed. A comment comes every 15 s. Who does not read is cut off. EventSource of browsers cannot send the token: with `ticket` it needs none.
     *
     *     Who may: every signed-in user.
     */
    get: operations['stream'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/stream/ticket': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * A ticket that opens one live stream
     * @description For `GET /api/stream?ticket=` of a browser. It is good once: to connect again, ask for another one. The stream ends with the access token that asked.
     *
     *     Who may: every signed-in user.
     */
    post: operations['streamTicket'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}/typing': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * I am writing
     * @description For those who may see that layer, as `typing` on the live stream. L1: who may answer the customer; L2: who may write notes. Nothing is stored: say it again every few seconds.
     *
     *     Who may: every signed-in user.
     */
    post: operations['sayTyping'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/ticket/{id}/viewing': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * I am looking at this ticket
     * @description Good for 45 s: say it again every 30 s. `viewers` of the ticket, and on the live stream, name who looks at it.
     *
     *     Who may: users with the privilege `messages_read`.
     */
    post: operations['sayViewing'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/meta': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Closed lists with their labels, CRM forms, limits, and who is at work
     * @description Labels are Indonesian, for screens. `push` says which ways of pushing this installation has; the key of Web Push is in `GET /api/notifications/push-subscriptions`.
     *
     *     Who may: every signed-in user.
     */
    get: operations['getMeta'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/cities': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Cities for the fields of a route
     * @description Those that routes of the caller's divisions name already, the most used first, then cities and regencies of Indonesia. Case and accents do not count.
     *
     *     Who may: every signed-in user.
     */
    get: operations['listCities'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/users': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * All staff
     * @description Of the divisions that the caller sees, with their presence and effective privileges, deactivated ones included.
     *
     *     Who may: users with the privilege `manage_users`.
     */
    get: operations['listUsers'];
    put?: never;
    /**
     * Add a member of staff
     * @description A sales agent belongs to one division. The password has 10 to 128 characters, is none of the common ones and not the own e-mail address. With `must_change_password` it is temporary: the person changes it at the first sign-in, within TEMPORARY_PASSWORD_DAYS.
     *
     *     Who may: users with the privilege `manage_users`.
     */
    post: operations['createUser'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/users/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * One member of staff
     * @description Of the divisions that the caller sees.
     *
     *     Who may: users with the privilege `manage_users`.
     */
    get: operations['getUser'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Change a member of staff
     * @description Any of the members, but no one their own password. The own e-mail address, which one signs in with, needs `current_password`, and `code` where there is a second factor. A new password, role, division or set of privileges and a deactivation end all sessions and streams of that person at once. `privileges` replaces what was granted to and revoked from them. `must_change_password` makes a new password temporary. The last active super admin can neither be deactivated nor given another role, nor lose `manage_users` or `manage_privileges`. Who is no super admin changes no super admin and gives nobody more than they have.
     *
     *     Who may: users with the privilege `manage_users`.
     */
    patch: operations['patchUser'];
    trace?: never;
  };
  '/api/admin/users/{id}/reset-password': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Give somebody a temporary password
     * @description For who forgot theirs. All sessions and streams of that person end. They change it at the next sign-in, within TEMPORARY_PASSWORD_DAYS: until then everything but me, password, logout and refresh is 403 `PASSWORD_CHANGE_REQUIRED`. Who is no super admin does so for no super admin and no one who may more than they.
     *
     *     Who may: users with the privilege `manage_users`.
     */
    post: operations['resetPassword'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/users/{id}/reset-totp': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Take somebody's second factor away
     * @description For who lost the phone and the recovery codes. All sessions and streams of that person end. Who is no super admin resets no super admin and no one who may more than they; no one resets their own.
     *
     *     Who may: users with the privilege `manage_users`.
     */
    post: operations['resetTotp'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/privileges/{role}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What a role may
     * @description The set of the role, before what single persons were granted or revoked.
     *
     *     Who may: users with the privilege `manage_privileges`.
     */
    get: operations['getPrivileges'];
    put?: never;
    /**
     * Set what a role may
     * @description Replaces the set. Viewers can never be given the internal notes; super admins keep `manage_privileges` and `manage_users`, or nobody could undo it.
     *
     *     Who may: users with the privilege `manage_privileges`.
     */
    post: operations['setPrivileges'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/tags': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Tags to choose from
     * @description A ticket may carry tags that are not among them.
     *
     *     Who may: every signed-in user.
     */
    get: operations['listTags'];
    put?: never;
    /**
     * Add a tag to choose from
     * @description Names differ by more than capitals and accents typed in another way.
     *
     *     Who may: users with the privilege `manage_tags`.
     */
    post: operations['defineTag'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/tags/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Take a tag out of the choice
     * @description Tickets keep the word that they have.
     *
     *     Who may: users with the privilege `manage_tags`.
     */
    delete: operations['deleteTag'];
    options?: never;
    head?: never;
    /**
     * Change a tag to choose from
     * @description Tickets keep the word that they have.
     *
     *     Who may: users with the privilege `manage_tags`.
     */
    patch: operations['patchTag'];
    trace?: never;
  };
  '/api/admin/templates': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * The catalogue of templates
     * @description In every state.
     *
     *     Who may: users with the privilege `manage_templates`.
     */
    get: operations['listTemplates'];
    put?: never;
    /**
     * Add a template
     * @description The body may use {{name}}, {{origin_city}}, {{destination_city}} and {{agent_name}}: named parameters of the template that Meta approved under `whatsapp_template_name`. Without that name it is not sent outside the 24 hours.
     *
     *     Who may: users with the privilege `manage_templates`.
     */
    post: operations['defineTemplate'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/templates/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Take a template out of the catalogue
     * @description A blast that was approved with it stops until it is cancelled.
     *
     *     Who may: users with the privilege `manage_templates`.
     */
    delete: operations['deleteTemplate'];
    options?: never;
    head?: never;
    /**
     * Change a template, or whether it may be used
     * @description A blast that was approved with other words stops until it is cancelled and created again.
     *
     *     Who may: users with the privilege `manage_templates`.
     */
    patch: operations['patchTemplate'];
    trace?: never;
  };
  '/api/admin/config/office-hours/{div}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * When a division is at work
     * @description Local times of the business. A `close_time` before its `open_time` ends on the next day. Until it is set: Monday to Friday, 08:00 to 17:00.
     *
     *     Who may: every signed-in user.
     */
    get: operations['getOfficeHours'];
    /**
     * Set when a division is at work, and see it
     * @description As PATCH; answers the hours as they are then.
     *
     *     Who may: users with the privilege `manage_office_hours`.
     */
    put: operations['putOfficeHours'];
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /**
     * Set when a division is at work
     * @description Replaces all rows. Several rows a day are allowed; active ones must not overlap. Who was granted this privilege: of their own division.
     *
     *     Who may: users with the privilege `manage_office_hours`.
     */
    patch: operations['setOfficeHours'];
    trace?: never;
  };
  '/api/admin/audit-log': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * What was changed in the administration, and who did it
     * @description Newest first. `subject` is the user, role, division or tag it is about. Who sees one division reads what is about it and its people.
     *
     *     Who may: users with the privilege `manage_users`.
     */
    get: operations['listAdminAudit'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/audit/access': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Who looked at personal data, and who signed in or failed to
     * @description Newest first. `event` is `personal_data_read` (`metadata.kind` says what, `metadata.filters` which filters of a list were used; one entry per person, kind, ticket and address in 15 minutes, and one for each search for a phone number), `signed_in`, `signed_out`, `sign_in_failed` (`metadata.reason`), `refresh_token_reused` or `access_refused` (`metadata.action` names the operation, `metadata.code` the answer). `metadata.unrecorded` counts those that were too many to be recorded. `metadata.origin`, `metadata.email_key` and `metadata.searched` are keyed hashes: the same one is the same place, address or number. `metadata.request_id` is in the log of the program. `user` is null where no account has the address. Who sees one division reads of its people only.
     *
     *     Who may: users with the privilege `audit_read`.
     */
    get: operations['listAccess'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/webhook/dead-letters': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Webhook items that could not be understood
     * @description Newest first: unknown numbers, shapes and failures that a retry does not fix. Nothing that came in is lost. Who sees one division gets those that name it; what names none is for team leads and super admins.
     *
     *     Who may: users with the privilege `dead_letters_read`.
     */
    get: operations['listDeadLetters'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/webhook/dead-letters/replay': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Read dead letters again
     * @description After a number was added or the program learned a form: what is understood now becomes what it would have been, once. Without `ids` all of them, the oldest first, up to 500 deliveries; `next` says where to go on. What is older than `WEBHOOK_MAX_AGE_DAYS` was when it came, or said something else under a known id, stays.
     *
     *     Who may: users with the privilege `dead_letters_replay`.
     */
    post: operations['replayDeadLetters'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/healthz': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Is the process up?
     * @description Looks at nothing but the process itself: restart it when this does not answer.
     *
     *     Who may: anybody, no token.
     */
    get: operations['healthz'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/readyz': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Should it get requests?
     * @description Stores reachable and projections caught up; else 503 with what is missing in `details`. What a person should look at, such as an event that a job could not read or that a view holds back (parked), is in `warnings`, and the status is `degraded`; with a 503 it is in `details`. Checks, warnings and details are for loopback and for `Authorization: Bearer <OPS_TOKEN>`; anybody else gets the status only.
     *
     *     Who may: anybody, no token.
     */
    get: operations['readyz'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/admin/operations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * How views, jobs, lines and webhooks do
     * @description For a page that asks again every some seconds. `problems` and `warnings` are those of `GET /readyz`. `lines` are the numbers, pages and bots of the divisions that the caller sees.
     *
     *     Who may: users with the privilege `dead_letters_read`.
     */
    get: operations['getOperations'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    /** @description Every answer that is no success. */
    ApiError: {
      /** @constant */
      success: false;
      error: {
        code: components['schemas']['ErrorCode'];
        /** @description Indonesian; can be shown as it is. */
        message: string;
        details?: {
          /** @description Of the field: `schedules.3.open_time`. Empty: the whole body. */
          path: string;
          /** @description Indonesian; can be shown next to the field. */
          message: string;
          /** @description Stable: the code of a problem, or that of the error. */
          code: string;
          /** @description What the message names: `minimum`, `maximum`, `choices`, `fields` and so on. */
          params: {
            [key: string]: unknown;
          };
        }[];
      };
    };
    SignedIn: {
      /** @description Access token (JWT), for `Authorization: Bearer`. */
      token: string;
      /** @description Opaque; good for one `POST /api/auth/refresh`. Not with `transport: cookie`. */
      refresh_token?: string;
      /**
       * @description Seconds until the access token expires.
       * @example 28800
       */
      expires_in: number;
      user: components['schemas']['Me'];
    };
    Me: {
      /** Format: uuid */
      id: string;
      name: string;
      email: string;
      role: components['schemas']['Role'];
      division: components['schemas']['UserDivision'];
      status: components['schemas']['Presence'];
      /** @description The effective set. */
      privileges: components['schemas']['Privilege'][];
      /**
       * @description Somebody else chose the password: until it is changed, everything but me, password, logout and refresh is refused.
       * @example false
       */
      must_change_password: boolean;
    };
    CodeWanted: {
      /**
       * @description The account has a second factor.
       * @constant
       */
      mfa_required: true;
      /** @description For `POST /api/auth/login/totp`, with the code. */
      challenge: string;
      /**
       * @description Seconds until the challenge is over.
       * @example 300
       */
      expires_in: number;
    };
    Session: {
      /** Format: uuid */
      id: string;
      /** Format: date-time */
      started_at: string;
      /**
       * Format: date-time
       * @description When it last got tokens: at its sign-in or a refresh.
       */
      last_used_at: string;
      /**
       * Format: date-time
       * @description When it is over if it is not used (SESSION_IDLE_HOURS), at the latest 30 days after its sign-in.
       */
      expires_at: string;
      /**
       * @description Where it began.
       * @example 203.0.113.7
       */
      address: string | null;
      /** @example Mozilla/5.0 (X11; Linux x86_64) */
      user_agent: string | null;
      /** @description Of this request. */
      current: boolean;
    };
    Ticket: {
      /** Format: uuid */
      id: string;
      /** Format: uuid */
      customer_id: string;
      customer_name: string | null;
      customer_phone: string | null;
      division: components['schemas']['Division'];
      channel: components['schemas']['Channel'];
      bot_id: string | null;
      wa_phone_id: string | null;
      wa_display_name: string | null;
      status: components['schemas']['TicketStatus'];
      /** @description null once it is closed: it is in no queue. */
      queue_status: components['schemas']['QueueStatus'] | null;
      queue_label: components['schemas']['QueueLabel'] | null;
      waiting_for_agent: components['schemas']['Person'] | null;
      assigned_to: components['schemas']['Person'] | null;
      assigned_at: string | null;
      /** @description What the person wrote who gave the ticket to its agent. */
      assignment_note: {
        text: string;
        by: components['schemas']['Person'] | null;
        /** Format: date-time */
        at: string;
      } | null;
      is_returning_customer: boolean;
      is_off_hours: boolean;
      /** @description Open, assigned, no activity for 4 hours. */
      is_idle: boolean;
      tags: string[];
      /** @description The customer wants no offers: no blast, no follow-up. */
      opted_out: boolean;
      crm_stage: components['schemas']['CrmStage'];
      last_message_preview: string | null;
      last_message_at: string | null;
      last_message_from: components['schemas']['SenderType'] | null;
      last_customer_message_at: string | null;
      /** @description The oldest message of the customer that nobody has answered. */
      waiting_since: string | null;
      /** @description Since when it is in the queue it is in. */
      queued_at: string | null;
      /** @description Put aside until then, or until the customer writes. */
      snoozed_until: string | null;
      line: {
        /** @example PHONE_ID_001 */
        id: string;
        /** @example Saga Kargo */
        name: string | null;
      } | null;
      first_reply_at: string | null;
      response_due_at: string | null;
      /** @description Until then a free text may be sent on WhatsApp. */
      window_expires_at: string | null;
      closed_at: string | null;
      /**
       * @description Of its CRM data, for `If-Match: "crm-<version>"` when you change them.
       * @example 3
       */
      version: number;
      /** Format: date-time */
      created_at: string;
      /** Format: date-time */
      updated_at: string;
      /** @description How far the last message came, if it is ours. Not in the live stream. */
      last_delivery_status?: components['schemas']['DeliveryStatus'] | null;
      /**
       * @description Earlier tickets of this customer. Not in the live stream.
       * @example 2
       */
      previous_ticket_count?: number;
      /**
       * @description Messages of the customer that the caller has not read. Not in the live stream.
       * @example 1
       */
      unread_count?: number;
      /** @description What the caller may do with it now. Not in the live stream. */
      can?: components['schemas']['TicketRights'];
    };
    Person: {
      /** Format: uuid */
      id: string;
      name: string;
    };
    TicketRights: {
      reply: boolean;
      self_takeover: boolean;
      assign: boolean;
      internal: boolean;
      followup: boolean;
      close: boolean;
      reopen: boolean;
      release: boolean;
    };
    DeskCounts: {
      /** @example 3 */
      mine: number;
      /** @example 3 */
      mine_unread: number;
      /** @example 3 */
      waiting_for_me: number;
      /** @example 3 */
      free: number;
      /** @example 3 */
      queued: number;
      /** @example 3 */
      queued_over_5: number;
      /** @example 3 */
      queued_over_15: number;
      /** @example 3 */
      off_hours: number;
      /** @example 3 */
      idle: number;
      /** @example 3 */
      snoozed: number;
    };
    Crm: {
      crm_stage: components['schemas']['CrmStage'];
      lost_reason: components['schemas']['LostReason'] | null;
      quote_value: number | null;
      deal_value: number | null;
      discount_given: number | null;
      origin_city: string | null;
      destination_city: string | null;
      customer_type: components['schemas']['CustomerType'] | null;
      /** @description All fields of the ticket's division, null where nothing is known. */
      crm_fields:
        | {
            service_type: components['schemas']['ServiceType'] | null;
            cargo_weight_kg: number | null;
            cargo_volume_cbm: number | null;
            vehicle_type_motor: components['schemas']['VehicleTypeMotor'] | null;
            is_recurring: boolean | null;
            estimated_monthly_volume: number | null;
            last_order_date: string | null;
          }
        | {
            vehicle_brand_model: string | null;
            vehicle_count: number;
            origin_type: components['schemas']['OriginType'] | null;
            is_electric_vehicle: boolean | null;
            documents: {
              stnk: components['schemas']['DocumentsState'] | null;
              bpkb: components['schemas']['DocumentsState'] | null;
              ktp: components['schemas']['DocumentsState'] | null;
              ntpn: components['schemas']['DocumentsState'] | null;
              ppftz: components['schemas']['DocumentsState'] | null;
            };
            document_complete: boolean;
          }
        | {
            move_type: components['schemas']['MoveType'] | null;
            move_trigger: components['schemas']['MoveTrigger'] | null;
            how_did_they_find_us: components['schemas']['HowDidTheyFindUs'] | null;
            desired_move_date: string | null;
            estimated_cbm: number | null;
            survey_date: string | null;
            survey_show_up: boolean | null;
            survey_result_cbm: number | null;
            competitor_mentioned: string | null;
            competitor_price: number | null;
          };
      /** @description Who set a field: `documents.stnk` is the member of a group. */
      crm_field_sources: {
        [key: string]: {
          /** @enum {string} */
          source: 'bot' | 'agent';
          confidence?: number;
          /** Format: date-time */
          at: string;
        };
      };
    };
    AuditEvent: {
      /** Format: uuid */
      id: string;
      event: string;
      /** Format: date-time */
      timestamp: string;
      actor: components['schemas']['Person'] | null;
      actor_role: string | null;
      from?: unknown;
      to?: unknown;
      metadata?: {
        [key: string]: unknown;
      };
    };
    HistoryEvent: {
      /** Format: uuid */
      id: string;
      /** @example TicketAssigned */
      type: string;
      /** @example ticket-019a9d1e-7c00-7000-8000-000000000101 */
      stream: string;
      /**
       * @description In its stream, from 0.
       * @example 2
       */
      revision: number;
      /** Format: date-time */
      timestamp: string;
      /** @description Null when it was no member of staff. */
      actor: components['schemas']['Person'] | null;
      /** @enum {string} */
      actor_kind: 'user' | 'customer' | 'bot' | 'system' | 'unknown';
      /** @description The role they had at that moment. */
      actor_role: string | null;
      /**
       * @description Which part of the program it was.
       * @example router
       */
      process?: string;
      /** @example Pelanggan minta bicara dengan Andi */
      reason?: string;
      /** @description Fields of `ticket`, and of `crm` as `crm.<field>`; `updated_at` is left out. */
      changes: {
        /** @example status */
        field: string;
        /** @example new */
        from: unknown;
        /** @example in_progress */
        to: unknown;
      }[];
      /**
       * @description What the event says.
       * @example {
       *       "from": "bot",
       *       "note": null
       *     }
       */
      data: {
        [key: string]: unknown;
      };
      /** @description Only of a gap: an event that this version of the program cannot read. What it says is not shown, and `ticket` and `crm` are without it. */
      unreadable?: {
        /** @example unknown type */
        because: string;
        /** @description Who let everything go on without it; null: nobody yet. */
        skipped: {
          /** Format: date-time */
          at: string;
          /** @example Sari Admin */
          by: string;
          /** @example Versi ditarik */
          reason: string;
        } | null;
      };
    };
    SearchHit: {
      /** Format: uuid */
      ticket_id: string;
      /** Format: uuid */
      message_id: string;
      layer: components['schemas']['Layer'];
      customer_name: string | null;
      snippet: components['schemas']['SearchSnippet'];
      /** Format: date-time */
      sent_at: string;
    };
    SearchSnippet: {
      /** @example Berapa ongkir motor dari Batam ke Jakarta? */
      text: string;
      /**
       * @description Beginning and end of each word that was found, in UTF-16 units of `text`.
       * @example [
       *       [
       *         14,
       *         19
       *       ]
       *     ]
       */
      matches: number[][];
    };
    Message: {
      /** Format: uuid */
      id: string;
      /**
       * @description `message`: of the customer, the bot, or said elsewhere. `reply`, `followup`, `blast`: of our people. `notice`: of the product itself.
       * @enum {string}
       */
      kind: 'message' | 'reply' | 'followup' | 'blast' | 'notice';
      sender_type: components['schemas']['SenderType'];
      sender_id: string | null;
      sender_name: string | null;
      /** @description The name under which the customer reads it, where it is not their agent. */
      sent_as: string | null;
      /** @description A line that a person can read, whatever it was. */
      content: string;
      /** Format: date-time */
      sent_at: string;
      /** @description Null: it came from the customer. */
      delivery_status: components['schemas']['DeliveryStatus'] | null;
      /** @description With `failed` or `unknown`. */
      delivery_error: {
        /** @description The channel's code, or one of ours. */
        code: string;
        /** @description Indonesian: why, and what to do. */
        text: string;
        /** @description Sending the same again may help. */
        retryable: boolean;
      } | null;
      /** @description The bot's own. */
      confidence: number | null;
      template: {
        id: string | null;
        name: string;
      } | null;
      blast_id: string | null;
      /** @description What the client called it when it sent it. */
      client_ref: string | null;
      /** @description The message that this one answers or is about; or the story, which is no message. */
      reply_to: {
        id: string | null;
        preview: string | null;
        story: {
          url: string | null;
        } | null;
      } | null;
      reactions: {
        emoji: string;
        /** @enum {string} */
        by: 'customer' | 'agent';
        /** Format: date-time */
        at: string;
      }[];
      edited_at: string | null;
      /** @description Its sender took it back; what it said stays for us. */
      revoked_at: string | null;
      attachments: components['schemas']['Attachment'][];
      location: {
        latitude: number;
        longitude: number;
        name: string | null;
        address: string | null;
      } | null;
      contacts: {
        name: string | null;
        phones: string[];
        emails: string[];
        organisation: string | null;
      }[];
      order: {
        items: {
          id: string;
          quantity: number;
          price: number | null;
          currency: string | null;
        }[];
        text: string | null;
      } | null;
      referral: {
        headline: string | null;
        body: string | null;
        source_url: string | null;
        source_id: string | null;
        media_url: string | null;
      } | null;
      form: {
        name: string | null;
        answers: {
          [key: string]: string;
        };
      } | null;
      /** @description What it was at the channel: text, image, reaction, edited, deleted, call, ... Of messages that came in. */
      content_kind: string | null;
      /** @description Our number, page, account or bot that it came or went by. */
      line: string | null;
    };
    Attachment: {
      id: string;
      kind: components['schemas']['AttachmentKind'];
      name: string | null;
      mime_type: string | null;
      /** @description Bytes; null while it is not known. */
      size: number | null;
      /** @enum {string} */
      state: 'pending' | 'ready' | 'failed' | 'too_large' | 'gone' | 'refused';
      /** @description Indonesian: why there is nothing to download, or not yet. */
      reason: string | null;
      /** @description The file, without a token, for 15 to 30 minutes: read the message again for another one. Null unless `ready`. */
      url: string | null;
      width: number | null;
      height: number | null;
      duration_s: number | null;
      caption: string | null;
    };
    QuickReply: {
      /** Format: uuid */
      id: string;
      shortcut: string;
      title: string;
      body: string;
      /** @description Those of a blast that `body` uses. */
      variables: string[];
      division: components['schemas']['Division'] | null;
      personal: boolean;
    };
    InternalMessage: {
      /** Format: uuid */
      id: string;
      /** Format: uuid */
      sender_id: string;
      sender_name: string | null;
      content: string;
      tagged_agent?: components['schemas']['Person'] | null;
      /** Format: date-time */
      sent_at: string;
    };
    Customer: {
      /** Format: uuid */
      id: string;
      name: string | null;
      phone: string | null;
      division: components['schemas']['Division'];
      channels: {
        channel: components['schemas']['Channel'];
        /**
         * @description The end of the channel's id.
         * @example …0001
         */
        id_hint: string;
        /** @example PHONE_ID_001 */
        line: string | null;
      }[];
      /** @example budi.santoso@contoh.co.id */
      email: string | null;
      /** @example Jl. Kenari 5, Batam */
      address: string | null;
      /** @example Lebih suka ditelepon sore. */
      notes: string | null;
      /** @description Wants no offers: since when, who wrote it down, and how they said so. */
      opted_out: {
        /** Format: date-time */
        at: string;
        by: components['schemas']['Person'] | null;
        /** @enum {string} */
        how: 'keyword' | 'channel' | 'agent';
      } | null;
      assigned_agent: components['schemas']['Person'] | null;
      first_seen_at: string | null;
      last_interaction_at: string | null;
      ticket_count: number;
      won_count: number;
      revenue: number;
    };
    SamePerson: {
      /** Format: uuid */
      customer_id: string;
      division: components['schemas']['Division'];
      channel: components['schemas']['Channel'];
    };
    Blast: {
      /** Format: uuid */
      id: string;
      status: components['schemas']['BlastStatus'];
      message: string;
      template: {
        /** Format: uuid */
        id: string;
        name: string;
        language: string;
      };
      recipient_count: number;
      created_by: components['schemas']['Person'];
      /** Format: date-time */
      created_at: string;
      approved_at: string | null;
      rejected_at: string | null;
      reject_reason: string | null;
      /** @description Set when the program paused it: code of the channel, or of the template. */
      pause_reason: string | null;
      finished_at: string | null;
    };
    BlastRecipient: {
      /** Format: uuid */
      ticket_id: string;
      customer_name: string | null;
      division: components['schemas']['Division'];
      category: components['schemas']['BlastCategory'];
      /** @enum {string} */
      status:
        | 'planned'
        | 'attempted'
        | 'deferred'
        | 'accepted'
        | 'delivered'
        | 'read'
        | 'responded'
        | 'failed'
        | 'unknown'
        | 'skipped';
      /** @description How it went out: free text, or the template. */
      form: components['schemas']['MessageForm'] | null;
      /** @description The message as this customer gets it within 24 h. */
      preview: string;
      /** @description The template as this customer gets it after 24 h. */
      template_preview: string;
      message_id: string | null;
      sent_at: string | null;
      reason: string | null;
      responded_at: string | null;
    };
    Export: {
      /** Format: uuid */
      export_id: string;
      /** @enum {string} */
      status: 'pending' | 'running' | 'ready' | 'failed' | 'expired';
      /** @example 100 */
      progress_pct: number;
      type: components['schemas']['ExportType'];
      report_type: components['schemas']['ReportType'] | null;
      division: components['schemas']['UserDivision'];
      date_range: {
        /** Format: date */
        start: string;
        /** Format: date */
        end: string;
      };
      /**
       * @description Bytes, once it is there.
       * @example 48213
       */
      size: number | null;
      /**
       * @description Why it failed, or why its file is gone.
       * @example null
       */
      reason: string | null;
      /** Format: date-time */
      requested_at: string;
      finished_at: string | null;
      /** Format: date-time */
      expires_at: string;
    };
    /** @description Days of the business, inclusive. */
    Period: {
      /**
       * Format: date
       * @example 2026-07-01
       */
      start: string;
      /**
       * Format: date
       * @example 2026-07-01
       */
      end: string;
    };
    AppNotification: {
      /** Format: uuid */
      id: string;
      /** @enum {string} */
      kind:
        | 'ticket_assigned'
        | 'waiting_ticket_assigned'
        | 'ticket_reassigned_away'
        | 'ticket_withdrawn'
        | 'ticket_woke'
        | 'tickets_returned'
        | 'customer_message'
        | 'message_failed'
        | 'internal_note'
        | 'sa_replied'
        | 'l2_tagged'
        | 'queue_alert'
        | 'idle_ticket'
        | 'blast_waiting'
        | 'blast_approved'
        | 'blast_rejected'
        | 'blast_stopped'
        | 'projection_parked'
        | 'store_changed'
        | 'stream_not_whole';
      /** @description What it is about: L1, L2, or neither. */
      layer: components['schemas']['Layer'] | null;
      /** @example Tiket Anda dipindahkan oleh Tono */
      text: string;
      ticket_id: string | null;
      blast_id: string | null;
      /** @description How many tickets or messages it counts. */
      count: number;
      /** @description What the person wrote who gave you the ticket. */
      note: string | null;
      /** Format: date-time */
      created_at: string;
      read_at: string | null;
      /** @description Since when nobody has to look at it any more; then it counts as no unread one. */
      resolved_at: string | null;
    };
    NotificationPreference: {
      /** @description In the list, and on the live stream. */
      in_app: boolean;
      /** @description On your devices. */
      push: boolean;
      /** @description A push makes itself heard. */
      sound: boolean;
    };
    NotificationPreferenceChange: {
      in_app?: boolean;
      push?: boolean;
      sound?: boolean;
    };
    /** @description What `data:` of an event of the live stream holds, by the name of the event. */
    StreamEvents: {
      ticket: components['schemas']['Ticket'];
      message: components['schemas']['StreamMessage'];
      presence: components['schemas']['StreamPresence'];
      notification: components['schemas']['AppNotification'];
      blast: components['schemas']['StreamBlast'];
      export: components['schemas']['Export'];
      unread: components['schemas']['StreamUnread'];
      crm: components['schemas']['StreamCrm'];
      counts: components['schemas']['DeskCounts'];
      typing: components['schemas']['StreamTyping'];
      viewers: components['schemas']['StreamViewers'];
      reset: components['schemas']['StreamReset'];
    };
    StreamMessage:
      | {
          /** Format: uuid */
          ticket_id: string;
          division: components['schemas']['Division'];
          /** @constant */
          layer: 'L1';
          message: components['schemas']['Message'];
        }
      | {
          /** Format: uuid */
          ticket_id: string;
          division: components['schemas']['Division'];
          /** @constant */
          layer: 'L2';
          message: components['schemas']['InternalMessage'];
        };
    StreamPresence: {
      /** Format: uuid */
      id: string;
      name: string;
      division: components['schemas']['UserDivision'];
      status: components['schemas']['Presence'];
      /** Format: date-time */
      changed_at: string;
      active_ticket_count: number;
    };
    StreamBlast: {
      /** Format: uuid */
      blast_id: string;
      status: components['schemas']['BlastStatus'];
      total_recipients: number;
      total_sent: number;
      total_failed: number;
      total_responded: number;
      response_rate_pct: number;
      /** @description Opted out, or outside 24 h without a template. */
      total_skipped: number;
      /** @description May or may not have gone out: never sent again by itself. */
      total_unknown: number;
      pause_reason: string | null;
      per_category: {
        PANAS: {
          recipients: number;
          sent: number;
          responded: number;
          response_rate_pct: number;
        };
        HANGAT: {
          recipients: number;
          sent: number;
          responded: number;
          response_rate_pct: number;
        };
        DINGIN: {
          recipients: number;
          sent: number;
          responded: number;
          response_rate_pct: number;
        };
        NONE: {
          recipients: number;
          sent: number;
          responded: number;
          response_rate_pct: number;
        };
      };
    };
    StreamUnread: {
      /** Format: uuid */
      ticket_id: string;
      unread_count: number;
    };
    StreamCrm: {
      /** Format: uuid */
      ticket_id: string;
      division: components['schemas']['Division'];
      crm: components['schemas']['Crm'];
    };
    StreamTyping: {
      /** Format: uuid */
      ticket_id: string;
      layer: components['schemas']['Layer'];
      by: components['schemas']['Person'];
    };
    StreamViewers: {
      /** Format: uuid */
      ticket_id: string;
      viewers: components['schemas']['Person'][];
    };
    StreamReset: {
      /** @enum {string} */
      reason: 'unknown' | 'too_old' | 'rights_changed';
    };
    User: {
      /** Format: uuid */
      id: string;
      name: string;
      email: string;
      role: components['schemas']['Role'];
      division: components['schemas']['UserDivision'];
      status: components['schemas']['Presence'];
      /** @description The effective set. */
      privileges: components['schemas']['Privilege'][];
      /**
       * @description Somebody else chose the password: until it is changed, everything but me, password, logout and refresh is refused.
       * @example false
       */
      must_change_password: boolean;
      is_active: boolean;
      /**
       * @description On top of the role.
       * @example []
       */
      granted: components['schemas']['Privilege'][];
      /**
       * @description Taken away from the role.
       * @example []
       */
      revoked: components['schemas']['Privilege'][];
      /** @example 20 */
      max_active_tickets: number | null;
      /** Format: date-time */
      created_at: string;
      last_login_at: string | null;
      /** @description The last request or open stream. */
      last_seen_at: string | null;
    };
    Tag: {
      /** Format: uuid */
      id: string;
      name: string;
      color: string;
      type: components['schemas']['TagType'];
    };
    Template: {
      /** Format: uuid */
      id: string;
      name: string;
      /** @example id */
      language: string;
      /** @example Halo {{name}}, rencana kirim ke {{destination_city}} jadi kapan? */
      body: string;
      variables: string[];
      /** @description Name under which Meta approved it; null: only within 24 h. */
      whatsapp_template_name: string | null;
      state: components['schemas']['TemplateState'];
    };
    DeadLetter: {
      id: string;
      reason: string;
      /** Format: date-time */
      received_at: string;
      attempts: number;
      /** @description As it was sent, or as it was understood. */
      payload: unknown;
    };
    /** @enum {string} */
    TokenTransport: 'body' | 'cookie';
    /** @enum {string} */
    Presence: 'online' | 'offline';
    /** @enum {string} */
    UserDivision: 'sari' | 'savi' | 'safia' | 'all';
    /** @enum {string} */
    Role: 'super_admin' | 'team_lead' | 'sales_agent' | 'viewer';
    /** @enum {string} */
    PresenceReason: 'logout' | 'gone';
    /** @enum {string} */
    TicketStatus: 'new' | 'in_progress' | 'awaiting_response' | 'closed';
    /** @enum {string} */
    QueueStatus: 'free' | 'queued' | 'assigned' | 'off_hours';
    /** @enum {string} */
    QueueLabel: 'returning_customer' | 'waiting_agent' | 'off_hours';
    /** @enum {string} */
    Channel: 'whatsapp' | 'telegram' | 'instagram' | 'facebook' | 'web';
    /** @enum {string} */
    CrmStage: 'Lead' | 'Qualified' | 'Proposal' | 'Won' | 'Lost';
    /** @enum {string} */
    TagAction: 'add' | 'remove';
    /** @enum {string} */
    LostReason:
      'price' | 'competitor' | 'cancelled_plan' | 'no_response' | 'out_of_coverage' | 'schedule' | 'other';
    /** @enum {string} */
    CustomerType: 'individual' | 'company';
    /** @enum {string} */
    ServiceType: 'kargo' | 'motor' | 'air_cargo';
    /** @enum {string} */
    VehicleTypeMotor: 'bebek' | 'matic' | 'sport' | 'besar';
    /** @enum {string} */
    OriginType: 'batam_ftz' | 'batam_nasional' | 'lainnya';
    /** @enum {string} */
    DocumentsState: 'sudah' | 'belum' | 'tidak_perlu';
    /** @enum {string} */
    MoveType: 'rumah' | 'apartemen' | 'kantor';
    /** @enum {string} */
    MoveTrigger:
      'mutasi_kerja' | 'beli_rumah' | 'habis_sewa' | 'pulang_kampung' | 'relokasi_kantor' | 'lainnya';
    /** @enum {string} */
    HowDidTheyFindUs: 'google' | 'instagram' | 'facebook' | 'referral' | 'website' | 'telegram' | 'lainnya';
    /** @enum {string} */
    Division: 'sari' | 'savi' | 'safia';
    /** @enum {string} */
    LeadCategory: 'PANAS' | 'HANGAT' | 'DINGIN';
    /** @enum {string} */
    MessageForm: 'text' | 'template';
    /** @enum {string} */
    BlastStatus: 'pending' | 'approved' | 'sending' | 'paused' | 'rejected' | 'cancelled' | 'done';
    /** @enum {string} */
    ReportType: 'division_summary' | 'agent_performance';
    /** @enum {string} */
    Granularity: 'day' | 'week' | 'month';
    /** @enum {string} */
    NotificationKind:
      | 'ticket_assigned'
      | 'waiting_ticket_assigned'
      | 'ticket_reassigned_away'
      | 'ticket_withdrawn'
      | 'ticket_woke'
      | 'tickets_returned'
      | 'customer_message'
      | 'message_failed'
      | 'internal_note'
      | 'sa_replied'
      | 'l2_tagged'
      | 'queue_alert'
      | 'idle_ticket'
      | 'blast_waiting'
      | 'blast_approved'
      | 'blast_rejected'
      | 'blast_stopped'
      | 'projection_parked';
    /** @enum {string} */
    Layer: 'L1' | 'L2';
    /** @enum {string} */
    Privilege:
      | 'inbox_read'
      | 'messages_read'
      | 'reply'
      | 'reply_as_sa'
      | 'self_takeover'
      | 'assign'
      | 'tag'
      | 'crm_update'
      | 'ticket_close'
      | 'internal_read'
      | 'internal_write'
      | 'followup_send'
      | 'blast_create'
      | 'blast_approve'
      | 'analytics_division'
      | 'analytics_agent'
      | 'export'
      | 'presence_self'
      | 'presence_others'
      | 'presence_read'
      | 'audit_read'
      | 'manage_users'
      | 'manage_privileges'
      | 'manage_office_hours'
      | 'manage_tags'
      | 'manage_templates'
      | 'dead_letters_read'
      | 'dead_letters_replay'
      | 'customer_erase';
    /** @enum {string} */
    TemplateState: 'approved' | 'paused' | 'rejected' | 'disabled';
    /** @enum {string} */
    ErrorCode:
      | 'EMAIL_TAKEN'
      | 'LAST_SUPER_ADMIN'
      | 'SUPER_ADMIN_PROTECTED'
      | 'ROLE_ABOVE_OWN'
      | 'PRIVILEGE_ABOVE_OWN'
      | 'PRIVILEGE_NOT_GRANTABLE'
      | 'DIVISION_REQUIRED'
      | 'PASSWORD_OWN'
      | 'PASSWORD_EXPIRED'
      | 'PASSWORD_CHANGE_REQUIRED'
      | 'PASSWORD_UNCHANGED'
      | 'PASSWORD_TOO_EASY'
      | 'EXPORT_NOT_FOUND'
      | 'EXPORT_LINK_INVALID'
      | 'EXPORT_NOT_READY'
      | 'EXPORT_FAILED'
      | 'EXPORT_EXPIRED'
      | 'EXPORT_LIMIT'
      | 'SERVICE_WINDOW_CLOSED'
      | 'CHANNEL_UNREADABLE'
      | 'CUSTOMER_OPTED_OUT'
      | 'MESSAGE_NOT_SENT_AS_TEMPLATE'
      | 'MESSAGE_NOT_FOUND'
      | 'NOT_FAILED'
      | 'MESSAGE_TOO_LONG'
      | 'FILE_LINK_INVALID'
      | 'MEDIA_NOT_SUPPORTED'
      | 'QUICK_REPLY_NOT_FOUND'
      | 'SHORTCUT_TAKEN'
      | 'MEDIA_QUOTA_USED'
      | 'MEDIA_NOT_FOUND'
      | 'PASSWORD_WRONG'
      | 'CODE_WRONG'
      | 'CHALLENGE_OVER'
      | 'SECOND_FACTOR_NOT_SET_UP'
      | 'SECOND_FACTOR_REQUIRED'
      | 'SECOND_FACTOR_MISSING'
      | 'SECOND_FACTOR_OWN'
      | 'NOT_ASSIGNEE'
      | 'CUSTOMERS_NOT_MERGEABLE'
      | 'NOT_ASSIGNED'
      | 'VALIDATION_FAILED'
      | 'MALFORMED_JSON'
      | 'UNSUPPORTED_MEDIA_TYPE'
      | 'BAD_REQUEST'
      | 'UNAUTHENTICATED'
      | 'INVALID_CREDENTIALS'
      | 'INVALID_REFRESH_TOKEN'
      | 'CLIENT_HEADER_MISSING'
      | 'SESSION_REVOKED'
      | 'INVALID_SIGNATURE'
      | 'FORBIDDEN'
      | 'DIVISION_FORBIDDEN'
      | 'NOT_FOUND'
      | 'CUSTOMER_NOT_FOUND'
      | 'ATTACHMENT_NOT_FOUND'
      | 'TICKET_NOT_FOUND'
      | 'NOT_THERE_THEN'
      | 'NOTIFICATION_NOT_FOUND'
      | 'SESSION_NOT_FOUND'
      | 'PUSH_NOT_CONFIGURED'
      | 'USER_NOT_FOUND'
      | 'TICKET_ALREADY_TAKEN'
      | 'TICKET_CLOSED'
      | 'ALREADY_ASSIGNED'
      | 'ASSIGNEE_CHANGED'
      | 'LOST_REASON_REQUIRED'
      | 'VERSION_CONFLICT'
      | 'CUSTOMER_HAS_OPEN_TICKET'
      | 'AGENT_INACTIVE'
      | 'NOT_AN_AGENT'
      | 'TAG_NAME_TAKEN'
      | 'TAG_NOT_FOUND'
      | 'TAG_OF_SYSTEM'
      | 'TEMPLATE_NOT_FOUND'
      | 'TEMPLATE_NAME_TAKEN'
      | 'TEMPLATE_NOT_USABLE'
      | 'BLAST_NOT_FOUND'
      | 'BLAST_NOT_PENDING'
      | 'BLAST_NOT_SENDING'
      | 'BLAST_NOT_PAUSED'
      | 'BLAST_OVER'
      | 'BLAST_OWN_APPROVAL'
      | 'BLAST_RECIPIENTS_REFUSED'
      | 'TAGGED_USER_CANNOT_READ'
      | 'IDEMPOTENCY_KEY_REUSED'
      | 'IDEMPOTENCY_KEY_IN_USE'
      | 'TICKET_NEEDS_ATTENTION'
      | 'RECORD_NEEDS_ATTENTION'
      | 'PAYLOAD_TOO_LARGE'
      | 'RATE_LIMITED'
      | 'LOGIN_THROTTLED'
      | 'INTERNAL_ERROR'
      | 'STORE_UNAVAILABLE'
      | 'STORE_CHANGED'
      | 'OVERLOADED'
      | 'BUSY'
      | 'NOT_READY';
    /** @enum {string} */
    SenderType: 'customer' | 'bot' | 'agent' | 'sa';
    /** @enum {string} */
    DeliveryStatus: 'queued' | 'sent' | 'delivered' | 'read' | 'failed' | 'unknown';
    /** @enum {string} */
    AttachmentKind: 'image' | 'audio' | 'video' | 'document' | 'sticker' | 'location' | 'contact' | 'other';
    /** @enum {string} */
    BlastCategory: 'PANAS' | 'HANGAT' | 'DINGIN' | 'NONE';
    /** @enum {string} */
    ExportType: 'excel' | 'pdf';
    /** @enum {string} */
    TagType: 'system' | 'custom';
  };
  responses: never;
  parameters: {
    /** @description The `ETag` you have: if somebody changed it since, nothing is stored and the answer is 409. */
    IfMatch: string;
    /** @description The last `id` you got: the stream goes on behind it. */
    LastEventId: string;
    /** @description The same key and request get the first answer again for 24 hours. */
    IdempotencyKey: string;
  };
  requestBodies: never;
  headers: {
    /** @description Version of the CRM data of the ticket, for `If-Match`. */
    ETag: string;
    /** @description Whole seconds until another try makes sense. */
    RetryAfter: number;
  };
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  login: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "email": "agent1.sari@demo.saga",
         *       "password": "kata sandi yang panjang",
         *       "transport": "body"
         *     }
         */
        'application/json': {
          /** @example agent1.sari@demo.saga */
          email: string;
          password: string;
          /**
           * @description `cookie`, for browsers: the refresh token comes as an HttpOnly cookie and is no member of the answer.
           * @example body
           */
          transport?: components['schemas']['TokenTransport'];
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "token": "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTlhOWQxZSJ9.c2lnbmF0dXJl",
           *         "refresh_token": "q7Zy3m1vKc0t9XfLw2Rb8sPnDhJ5uGaE",
           *         "expires_in": 28800,
           *         "user": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000301",
           *           "name": "Andi Saputra",
           *           "email": "agent1.sari@demo.saga",
           *           "role": "sales_agent",
           *           "division": "sari",
           *           "status": "online",
           *           "privileges": [
           *             "inbox_read",
           *             "messages_read",
           *             "reply",
           *             "self_takeover"
           *           ],
           *           "must_change_password": false
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: components['schemas']['SignedIn'] | components['schemas']['CodeWanted'];
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INVALID_CREDENTIALS`: Unknown e-mail, wrong password or deactivated account: they look alike. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PASSWORD_EXPIRED`: The password is right, but somebody else chose it, and its time (TEMPORARY_PASSWORD_DAYS) is over. A new one is needed. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `LOGIN_THROTTLED`: Too many failures for this account from this address, or from this address at all; see Retry-After.
       *
       *     `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After.
       */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `OVERLOADED`: Too many bodies of senders without a token come in at once, or this request was not whole in time; nothing was done, see Retry-After.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  loginTotp: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "challenge": "c2Vb4kXw7Zr1nTqYp0Hs9LmJd6GfUeAi",
         *       "code": "492039",
         *       "transport": "body"
         *     }
         */
        'application/json': {
          challenge: string;
          /**
           * @description Six digits of the app, or a recovery code.
           * @example 492039
           */
          code: string;
          /**
           * @description `cookie`, for browsers: the refresh token comes as an HttpOnly cookie and is no member of the answer.
           * @example body
           */
          transport?: components['schemas']['TokenTransport'];
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "token": "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTlhOWQxZSJ9.c2lnbmF0dXJl",
           *         "refresh_token": "q7Zy3m1vKc0t9XfLw2Rb8sPnDhJ5uGaE",
           *         "expires_in": 28800,
           *         "user": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000301",
           *           "name": "Andi Saputra",
           *           "email": "agent1.sari@demo.saga",
           *           "role": "sales_agent",
           *           "division": "sari",
           *           "status": "online",
           *           "privileges": [
           *             "inbox_read",
           *             "messages_read",
           *             "reply",
           *             "self_takeover"
           *           ],
           *           "must_change_password": false
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** @description Access token (JWT), for `Authorization: Bearer`. */
              token: string;
              /** @description Opaque; good for one `POST /api/auth/refresh`. Not with `transport: cookie`. */
              refresh_token?: string;
              /**
               * @description Seconds until the access token expires.
               * @example 28800
               */
              expires_in: number;
              user: components['schemas']['Me'];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INVALID_CREDENTIALS`: Unknown e-mail, wrong password or deactivated account: they look alike. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `CHALLENGE_OVER`: The challenge was never given, was used, has run out, had too many wrong codes, or the account has changed since.
       *
       *     `CODE_WRONG`: The code is wrong, is too old, or was used before; so is a recovery code.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `LOGIN_THROTTLED`: Too many failures for this account from this address, or from this address at all; see Retry-After.
       *
       *     `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After.
       */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `OVERLOADED`: Too many bodies of senders without a token come in at once, or this request was not whole in time; nothing was done, see Retry-After.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  refresh: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "refresh_token": "q7Zy3m1vKc0t9XfLw2Rb8sPnDhJ5uGaE"
         *     }
         */
        'application/json': {
          refresh_token?: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "token": "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTlhOWQxZSJ9.c2lnbmF0dXJl",
           *         "refresh_token": "q7Zy3m1vKc0t9XfLw2Rb8sPnDhJ5uGaE",
           *         "expires_in": 28800
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** @description Access token (JWT), for `Authorization: Bearer`. */
              token: string;
              /** @description Opaque; good for one `POST /api/auth/refresh`. Not with `transport: cookie`. */
              refresh_token?: string;
              /**
               * @description Seconds until the access token expires.
               * @example 28800
               */
              expires_in: number;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `INVALID_REFRESH_TOKEN`: This refresh token was never issued.
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       *
       *     `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `CLIENT_HEADER_MISSING`: The refresh token is in a cookie and the header `X-Saga-Client` is missing: any page can make a browser send the cookie. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `LOGIN_THROTTLED`: Too many failures for this account from this address, or from this address at all; see Retry-After.
       *
       *     `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After.
       */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `OVERLOADED`: Too many bodies of senders without a token come in at once, or this request was not whole in time; nothing was done, see Retry-After.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  logout: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /** @example {} */
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description Done, nothing to say. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  changePassword: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "current_password": "sapi terbang malam",
         *       "new_password": "kuda lumping pagi",
         *       "code": "492039"
         *     }
         */
        'application/json': {
          current_password: string;
          /** @description 10 to 128 characters, none of the common ones. */
          new_password: string;
          /**
           * @description Six digits of the app, or a recovery code.
           * @example 492039
           */
          code?: string;
        };
      };
    };
    responses: {
      /** @description Done, nothing to say. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `PASSWORD_TOO_EASY`: The password is on the list of common ones, repeats one or two characters, or is the own e-mail address.
       *
       *     `PASSWORD_UNCHANGED`: The new password is the present one.
       *
       *     `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `PASSWORD_WRONG`: The own password, asked for again, is wrong. The session goes on.
       *
       *     `PASSWORD_EXPIRED`: The password is right, but somebody else chose it, and its time (TEMPORARY_PASSWORD_DAYS) is over. A new one is needed.
       *
       *     `CODE_WRONG`: The code is wrong, is too old, or was used before; so is a recovery code.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `USER_NOT_FOUND`: There is no user with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `LOGIN_THROTTLED`: Too many failures for this account from this address, or from this address at all; see Retry-After.
       *
       *     `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After.
       */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listSessions: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "sessions": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000101",
           *             "started_at": "2026-07-03T10:30:00.000Z",
           *             "last_used_at": "2026-07-03T10:30:00.000Z",
           *             "expires_at": "2026-07-03T10:30:00.000Z",
           *             "address": "203.0.113.7",
           *             "user_agent": "Mozilla/5.0 (X11; Linux x86_64)",
           *             "current": false
           *           }
           *         ]
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              sessions: components['schemas']['Session'][];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  endSession: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done, nothing to say. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `SESSION_NOT_FOUND`: There is no live session of yours with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  me: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "user": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000301",
           *           "name": "Andi Saputra",
           *           "email": "agent1.sari@demo.saga",
           *           "role": "sales_agent",
           *           "division": "sari",
           *           "status": "online",
           *           "privileges": [
           *             "inbox_read",
           *             "messages_read",
           *             "reply",
           *             "self_takeover"
           *           ],
           *           "must_change_password": false
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              user: components['schemas']['Me'];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  getTotp: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "enrolled": false,
           *         "required": false,
           *         "recovery_codes_left": 9
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              enrolled: boolean;
              required: boolean;
              /** @example 9 */
              recovery_codes_left: number;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  enrolTotp: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "password": "kata sandi yang panjang",
         *       "code": "492039"
         *     }
         */
        'application/json': {
          password: string;
          /**
           * @description Six digits of the app, or a recovery code.
           * @example 492039
           */
          code?: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "challenge": "c2Vb4kXw7Zr1nTqYp0Hs9LmJd6GfUeAi",
           *         "secret": "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
           *         "otpauth_url": "otpauth://totp/Saga:agent1.sari%40demo.saga?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Saga",
           *         "expires_in": 300
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** @description For the confirmation. */
              challenge: string;
              /**
               * @description Base32.
               * @example JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP
               */
              secret: string;
              /** @example otpauth://totp/Saga:agent1.sari%40demo.saga?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Saga */
              otpauth_url: string;
              /**
               * @description Seconds until the challenge is over.
               * @example 300
               */
              expires_in: number;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `PASSWORD_WRONG`: The own password, asked for again, is wrong. The session goes on.
       *
       *     `CODE_WRONG`: The code is wrong, is too old, or was used before; so is a recovery code.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `LOGIN_THROTTLED`: Too many failures for this account from this address, or from this address at all; see Retry-After.
       *
       *     `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After.
       */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  confirmTotp: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "challenge": "c2Vb4kXw7Zr1nTqYp0Hs9LmJd6GfUeAi",
         *       "code": "492039",
         *       "transport": "body"
         *     }
         */
        'application/json': {
          challenge: string;
          /**
           * @description Six digits of the app, or a recovery code.
           * @example 492039
           */
          code: string;
          /**
           * @description `cookie`, for browsers: the refresh token comes as an HttpOnly cookie and is no member of the answer.
           * @example body
           */
          transport?: components['schemas']['TokenTransport'];
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "recovery_codes": [
           *           "K7QF-2MWX-PZ4R-9TDH-J3VB-8CNY-5GLE"
           *         ],
           *         "token": "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTlhOWQxZSJ9.c2lnbmF0dXJl",
           *         "refresh_token": "q7Zy3m1vKc0t9XfLw2Rb8sPnDhJ5uGaE",
           *         "expires_in": 28800
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              recovery_codes: string[];
              /** @description Access token (JWT), for `Authorization: Bearer`. */
              token: string;
              /** @description Opaque; good for one `POST /api/auth/refresh`. Not with `transport: cookie`. */
              refresh_token?: string;
              /**
               * @description Seconds until the access token expires.
               * @example 28800
               */
              expires_in: number;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `INVALID_CREDENTIALS`: Unknown e-mail, wrong password or deactivated account: they look alike.
       *
       *     `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `CHALLENGE_OVER`: The challenge was never given, was used, has run out, had too many wrong codes, or the account has changed since.
       *
       *     `CODE_WRONG`: The code is wrong, is too old, or was used before; so is a recovery code.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `USER_NOT_FOUND`: There is no user with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  disableTotp: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "password": "kata sandi yang panjang",
         *       "code": "492039",
         *       "transport": "body"
         *     }
         */
        'application/json': {
          password: string;
          /**
           * @description Six digits of the app, or a recovery code.
           * @example 492039
           */
          code: string;
          /**
           * @description `cookie`, for browsers: the refresh token comes as an HttpOnly cookie and is no member of the answer.
           * @example body
           */
          transport?: components['schemas']['TokenTransport'];
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "token": "eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzdWIiOiIwMTlhOWQxZSJ9.c2lnbmF0dXJl",
           *         "refresh_token": "q7Zy3m1vKc0t9XfLw2Rb8sPnDhJ5uGaE",
           *         "expires_in": 28800
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** @description Access token (JWT), for `Authorization: Bearer`. */
              token: string;
              /** @description Opaque; good for one `POST /api/auth/refresh`. Not with `transport: cookie`. */
              refresh_token?: string;
              /**
               * @description Seconds until the access token expires.
               * @example 28800
               */
              expires_in: number;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `INVALID_CREDENTIALS`: Unknown e-mail, wrong password or deactivated account: they look alike.
       *
       *     `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `PASSWORD_WRONG`: The own password, asked for again, is wrong. The session goes on.
       *
       *     `CODE_WRONG`: The code is wrong, is too old, or was used before; so is a recovery code.
       *
       *     `SECOND_FACTOR_REQUIRED`: The role must have a second factor (TOTP_REQUIRED_ROLES); it can be replaced, not removed.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `USER_NOT_FOUND`: There is no user with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_MISSING`: The account has no second factor.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `LOGIN_THROTTLED`: Too many failures for this account from this address, or from this address at all; see Retry-After.
       *
       *     `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After.
       */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  setOwnPresence: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "status": "online"
         *     }
         */
        'application/json': {
          status: components['schemas']['Presence'];
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "status": "online",
           *         "changed_at": "2026-07-03T10:30:00.000Z"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              status: components['schemas']['Presence'];
              /** Format: date-time */
              changed_at: string;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `NOT_AN_AGENT`: The chosen user cannot be given a ticket (viewer).
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  setPresence: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000301 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "status": "online"
         *     }
         */
        'application/json': {
          status: components['schemas']['Presence'];
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "status": "online",
           *         "changed_at": "2026-07-03T10:30:00.000Z"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              status: components['schemas']['Presence'];
              /** Format: date-time */
              changed_at: string;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `USER_NOT_FOUND`: There is no user with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `AGENT_INACTIVE`: The chosen agent is deactivated.
       *
       *     `NOT_AN_AGENT`: The chosen user cannot be given a ticket (viewer).
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listPresences: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "agents": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000101",
           *             "name": "Andi Saputra",
           *             "division": "sari",
           *             "status": "online",
           *             "active_ticket_count": 3,
           *             "role": "sales_agent",
           *             "status_changed_at": "2026-07-03T10:30:00.000Z",
           *             "reason": "logout",
           *             "max_active_tickets": 12
           *           }
           *         ]
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              agents: {
                /** Format: uuid */
                id: string;
                name: string;
                division: components['schemas']['UserDivision'];
                status: components['schemas']['Presence'];
                active_ticket_count: number;
                role: components['schemas']['Role'];
                status_changed_at: string | null;
                /** @description Why they went offline who did not say so: the last session ended, or nothing was heard. */
                reason: components['schemas']['PresenceReason'] | null;
                max_active_tickets: number | null;
              }[];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listAgents: {
    parameters: {
      query?: {
        /** @description Example: `sari` */
        division?: components['schemas']['UserDivision'];
        /** @description Example: `online` */
        status?: components['schemas']['Presence'];
        /** @description Example: `019a9d1e-7c00-7000-8000-000000000101` */
        taggable_for?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "agents": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra",
           *             "role": "sales_agent",
           *             "division": "sari",
           *             "status": "online"
           *           }
           *         ]
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              agents: {
                /** Format: uuid */
                id: string;
                name: string;
                role: components['schemas']['Role'];
                division: components['schemas']['UserDivision'];
                status: components['schemas']['Presence'];
              }[];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `TICKET_NOT_FOUND`: There is no ticket with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listInbox: {
    parameters: {
      query?: {
        /** @description Example: `sari` */
        division?: components['schemas']['UserDivision'];
        /** @description Open tickets of the caller, and those that wait for them. Example: `mine` */
        view?: 'mine';
        /** @description Several may be given, repeated or separated by commas: one of them must match. Example: `in_progress` */
        status?: components['schemas']['TicketStatus'] | components['schemas']['TicketStatus'][];
        /** @description Several may be given, repeated or separated by commas: one of them must match. Example: `assigned` */
        queue_status?: components['schemas']['QueueStatus'] | components['schemas']['QueueStatus'][];
        /** @description Several may be given, repeated or separated by commas: one of them must match. Example: `(left out)` */
        queue_label?: components['schemas']['QueueLabel'] | components['schemas']['QueueLabel'][];
        /** @description Example: `false` */
        open?: boolean;
        /** @description Every one must match. Repeat it, or separate by commas. Example: `b2b,kargo` */
        tags?: string | string[];
        /** @description Several may be given, repeated or separated by commas: one of them must match. Example: `whatsapp` */
        channel?: components['schemas']['Channel'] | components['schemas']['Channel'][];
        /** @description Several may be given, repeated or separated by commas: one of them must match. Example: `Lead` */
        crm_stage?: components['schemas']['CrmStage'] | components['schemas']['CrmStage'][];
        /** @description Example: `me` */
        assigned_to?: string | 'me' | 'none';
        /** @description Example: `(left out)` */
        waiting_for?: string | 'me';
        /** @description Open tickets with messages that the caller has not read. Example: `true` */
        unread?: true;
        /** @description Example: `false` */
        snoozed?: boolean;
        /** @description Example: `(left out)` */
        is_returning_customer?: boolean;
        /** @description Example: `(left out)` */
        is_off_hours?: boolean;
        /** @description Example: `019a9d1e-7c00-7000-8000-000000000201` */
        customer_id?: string;
        /** @description Example: `(left out)` */
        created_from?: string;
        /** @description Example: `(left out)` */
        created_to?: string;
        /** @description Example: `12` */
        waiting_over_min?: number;
        /** @description Customer name or phone. Example: `budi` */
        q?: string;
        /** @description Example: `false` */
        is_idle?: boolean;
        /** @description `waiting` lists those whose customer waits, `queued` those in the queue. Example: `waiting` */
        sort?: 'last_activity' | 'waiting' | 'created' | 'queued';
        /** @description Default: newest or longest first. Example: `(left out)` */
        order?: 'asc' | 'desc';
        /** @description 1-200 Example: `50` */
        limit?: number;
        /** @description Example: `0` */
        offset?: number;
        /** @description Example: `eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9` */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "tickets": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000101",
           *             "customer_id": "019a9d1e-7c00-7000-8000-000000000201",
           *             "customer_name": "Budi Santoso",
           *             "customer_phone": "+6280001110001",
           *             "division": "sari",
           *             "channel": "whatsapp",
           *             "bot_id": "sari",
           *             "wa_phone_id": "PHONE_ID_001",
           *             "wa_display_name": "Saga Kargo",
           *             "status": "in_progress",
           *             "queue_status": "assigned",
           *             "queue_label": null,
           *             "waiting_for_agent": null,
           *             "assigned_to": {
           *               "id": "019a9d1e-7c00-7000-8000-000000000301",
           *               "name": "Andi Saputra"
           *             },
           *             "assigned_at": "2026-07-03T10:20:00.000Z",
           *             "assignment_note": null,
           *             "is_returning_customer": false,
           *             "is_off_hours": false,
           *             "is_idle": false,
           *             "tags": [
           *               "b2b",
           *               "kargo"
           *             ],
           *             "opted_out": false,
           *             "crm_stage": "Lead",
           *             "last_message_preview": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *             "last_message_at": "2026-07-03T10:30:00.000Z",
           *             "last_message_from": "agent",
           *             "last_customer_message_at": "2026-07-03T10:12:00.000Z",
           *             "waiting_since": null,
           *             "queued_at": null,
           *             "snoozed_until": null,
           *             "line": {
           *               "id": "PHONE_ID_001",
           *               "name": "Saga Kargo"
           *             },
           *             "first_reply_at": "2026-07-03T10:26:00.000Z",
           *             "response_due_at": null,
           *             "window_expires_at": "2026-07-04T10:12:00.000Z",
           *             "closed_at": null,
           *             "version": 3,
           *             "created_at": "2026-07-03T08:12:00.000Z",
           *             "updated_at": "2026-07-03T10:30:00.000Z",
           *             "last_delivery_status": "delivered",
           *             "previous_ticket_count": 2,
           *             "unread_count": 1,
           *             "can": {
           *               "reply": true,
           *               "self_takeover": true,
           *               "assign": true,
           *               "internal": true,
           *               "followup": true,
           *               "close": true,
           *               "reopen": true,
           *               "release": true
           *             }
           *           }
           *         ]
           *       },
           *       "meta": {
           *         "total": 1,
           *         "limit": 50,
           *         "offset": 0,
           *         "next_cursor": "eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              tickets: components['schemas']['Ticket'][];
            };
            meta?: {
              total: number;
              limit: number;
              offset?: number;
              next_cursor?: string;
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  countInbox: {
    parameters: {
      query?: {
        /** @description Example: `sari` */
        division?: components['schemas']['UserDivision'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "mine": 3,
           *         "mine_unread": 3,
           *         "waiting_for_me": 3,
           *         "free": 3,
           *         "queued": 3,
           *         "queued_over_5": 3,
           *         "queued_over_15": 3,
           *         "off_hours": 3,
           *         "idle": 3,
           *         "snoozed": 3
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: components['schemas']['DeskCounts'];
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listFreeTickets: {
    parameters: {
      query?: {
        /** @description Example: `sari` */
        division?: components['schemas']['UserDivision'];
        /** @description Customer name or phone. Example: `budi` */
        q?: string;
        /** @description 1-200 Example: `50` */
        limit?: number;
        /** @description Example: `eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9` */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "tickets": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000101",
           *             "customer_id": "019a9d1e-7c00-7000-8000-000000000201",
           *             "customer_name": "Budi Santoso",
           *             "customer_phone": "+6280001110001",
           *             "division": "sari",
           *             "channel": "whatsapp",
           *             "bot_id": "sari",
           *             "wa_phone_id": "PHONE_ID_001",
           *             "wa_display_name": "Saga Kargo",
           *             "status": "new",
           *             "queue_status": "free",
           *             "queue_label": null,
           *             "waiting_for_agent": null,
           *             "assigned_to": null,
           *             "assigned_at": null,
           *             "assignment_note": null,
           *             "is_returning_customer": false,
           *             "is_off_hours": false,
           *             "is_idle": false,
           *             "tags": [],
           *             "opted_out": false,
           *             "crm_stage": "Lead",
           *             "last_message_preview": "Halo, mau tanya ongkir kargo dari Jakarta ke Batam untuk 250 kg",
           *             "last_message_at": "2026-07-03T10:30:00.000Z",
           *             "last_message_from": "customer",
           *             "last_customer_message_at": "2026-07-03T10:12:00.000Z",
           *             "waiting_since": null,
           *             "queued_at": null,
           *             "snoozed_until": null,
           *             "line": {
           *               "id": "PHONE_ID_001",
           *               "name": "Saga Kargo"
           *             },
           *             "first_reply_at": null,
           *             "response_due_at": null,
           *             "window_expires_at": "2026-07-04T10:12:00.000Z",
           *             "closed_at": null,
           *             "version": 3,
           *             "created_at": "2026-07-03T08:12:00.000Z",
           *             "updated_at": "2026-07-03T10:30:00.000Z",
           *             "last_delivery_status": "delivered",
           *             "previous_ticket_count": 2,
           *             "unread_count": 1,
           *             "can": {
           *               "reply": true,
           *               "self_takeover": true,
           *               "assign": true,
           *               "internal": true,
           *               "followup": true,
           *               "close": true,
           *               "reopen": true,
           *               "release": true
           *             }
           *           }
           *         ]
           *       },
           *       "meta": {
           *         "total": 1,
           *         "next_cursor": "eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              tickets: components['schemas']['Ticket'][];
            };
            meta?: {
              total: number;
              next_cursor?: string;
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  getTicket: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "ticket": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000101",
           *           "customer_id": "019a9d1e-7c00-7000-8000-000000000201",
           *           "customer_name": "Budi Santoso",
           *           "customer_phone": "+6280001110001",
           *           "division": "sari",
           *           "channel": "whatsapp",
           *           "bot_id": "sari",
           *           "wa_phone_id": "PHONE_ID_001",
           *           "wa_display_name": "Saga Kargo",
           *           "status": "in_progress",
           *           "queue_status": "assigned",
           *           "queue_label": null,
           *           "waiting_for_agent": null,
           *           "assigned_to": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra"
           *           },
           *           "assigned_at": "2026-07-03T10:20:00.000Z",
           *           "assignment_note": null,
           *           "is_returning_customer": false,
           *           "is_off_hours": false,
           *           "is_idle": false,
           *           "tags": [
           *             "b2b",
           *             "kargo"
           *           ],
           *           "opted_out": false,
           *           "crm_stage": "Proposal",
           *           "last_message_preview": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *           "last_message_at": "2026-07-03T10:30:00.000Z",
           *           "last_message_from": "agent",
           *           "last_customer_message_at": "2026-07-03T10:12:00.000Z",
           *           "waiting_since": null,
           *           "queued_at": null,
           *           "snoozed_until": null,
           *           "line": {
           *             "id": "PHONE_ID_001",
           *             "name": "Saga Kargo"
           *           },
           *           "first_reply_at": "2026-07-03T10:26:00.000Z",
           *           "response_due_at": null,
           *           "window_expires_at": "2026-07-04T10:12:00.000Z",
           *           "closed_at": null,
           *           "version": 3,
           *           "created_at": "2026-07-03T08:12:00.000Z",
           *           "updated_at": "2026-07-03T10:30:00.000Z",
           *           "last_delivery_status": "delivered",
           *           "previous_ticket_count": 2,
           *           "unread_count": 1,
           *           "can": {
           *             "reply": true,
           *             "self_takeover": true,
           *             "assign": true,
           *             "internal": true,
           *             "followup": true,
           *             "close": true,
           *             "reopen": true,
           *             "release": true
           *           }
           *         },
           *         "crm": {
           *           "crm_stage": "Proposal",
           *           "lost_reason": null,
           *           "quote_value": 3750000,
           *           "deal_value": null,
           *           "discount_given": null,
           *           "origin_city": "Jakarta",
           *           "destination_city": "Batam",
           *           "customer_type": "company",
           *           "crm_fields": {
           *             "service_type": "kargo",
           *             "cargo_weight_kg": 250,
           *             "cargo_volume_cbm": 1.2,
           *             "vehicle_type_motor": null,
           *             "is_recurring": false,
           *             "estimated_monthly_volume": 500,
           *             "last_order_date": "2026-05-18"
           *           },
           *           "crm_field_sources": {
           *             "cargo_weight_kg": {
           *               "source": "bot",
           *               "confidence": 0.93,
           *               "at": "2026-07-03T10:30:00.000Z"
           *             },
           *             "quote_value": {
           *               "source": "agent",
           *               "at": "2026-07-03T11:05:00.000Z"
           *             }
           *           }
           *         },
           *         "viewers": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra"
           *           }
           *         ]
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              ticket: components['schemas']['Ticket'];
              crm: components['schemas']['Crm'];
              /** @description Who looks at it now. */
              viewers: components['schemas']['Person'][];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `TICKET_NOT_FOUND`: There is no ticket with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listAudit: {
    parameters: {
      query?: {
        /** @description 1-200 Example: `50` */
        limit?: number;
        /** @description Example: `eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9` */
        cursor?: string;
      };
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "events": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000101",
           *             "event": "self_takeover",
           *             "timestamp": "2026-07-03T10:30:00.000Z",
           *             "actor": {
           *               "id": "019a9d1e-7c00-7000-8000-000000000301",
           *               "name": "Andi Saputra"
           *             },
           *             "actor_role": "sales_agent",
           *             "from": "bot",
           *             "to": {
           *               "id": "019a9d1e-7c00-7000-8000-000000000301",
           *               "name": "Andi Saputra"
           *             },
           *             "metadata": {}
           *           }
           *         ]
           *       },
           *       "meta": {
           *         "limit": 50,
           *         "next_cursor": "eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              events: components['schemas']['AuditEvent'][];
            };
            meta?: {
              limit?: number;
              next_cursor?: string;
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `TICKET_NOT_FOUND`: There is no ticket with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  getHistory: {
    parameters: {
      query?: {
        /** @description A time, or a day: its end in the business’ time zone. In the future: now. Default: now. Example: `2026-07-03T10:30:00Z` */
        as_of?: string;
        /** @description Revision of the ticket's own stream; 0 is its opening. Not together with `as_of`. Example: `4` */
        revision?: number;
        /** @description 1-200 Example: `50` */
        limit?: number;
        /** @description Example: `eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9` */
        cursor?: string;
      };
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "ticket": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000101",
           *           "customer_id": "019a9d1e-7c00-7000-8000-000000000201",
           *           "customer_name": "Budi Santoso",
           *           "customer_phone": "+6280001110001",
           *           "division": "sari",
           *           "channel": "whatsapp",
           *           "bot_id": "sari",
           *           "wa_phone_id": "PHONE_ID_001",
           *           "wa_display_name": "Saga Kargo",
           *           "status": "in_progress",
           *           "queue_status": "assigned",
           *           "queue_label": null,
           *           "waiting_for_agent": null,
           *           "assigned_to": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra"
           *           },
           *           "assigned_at": "2026-07-03T10:20:00.000Z",
           *           "assignment_note": null,
           *           "is_returning_customer": false,
           *           "is_off_hours": false,
           *           "is_idle": false,
           *           "tags": [
           *             "b2b",
           *             "kargo"
           *           ],
           *           "opted_out": false,
           *           "crm_stage": "Proposal",
           *           "last_message_preview": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *           "last_message_at": "2026-07-03T10:30:00.000Z",
           *           "last_message_from": "agent",
           *           "last_customer_message_at": "2026-07-03T10:12:00.000Z",
           *           "waiting_since": null,
           *           "queued_at": null,
           *           "snoozed_until": null,
           *           "line": {
           *             "id": "PHONE_ID_001",
           *             "name": "Saga Kargo"
           *           },
           *           "first_reply_at": "2026-07-03T10:26:00.000Z",
           *           "response_due_at": null,
           *           "window_expires_at": "2026-07-04T10:12:00.000Z",
           *           "closed_at": null,
           *           "version": 3,
           *           "created_at": "2026-07-03T08:12:00.000Z",
           *           "updated_at": "2026-07-03T10:30:00.000Z",
           *           "last_delivery_status": "delivered",
           *           "previous_ticket_count": 2,
           *           "unread_count": 1,
           *           "can": {
           *             "reply": true,
           *             "self_takeover": true,
           *             "assign": true,
           *             "internal": true,
           *             "followup": true,
           *             "close": true,
           *             "reopen": true,
           *             "release": true
           *           }
           *         },
           *         "crm": {
           *           "crm_stage": "Proposal",
           *           "lost_reason": null,
           *           "quote_value": 3750000,
           *           "deal_value": null,
           *           "discount_given": null,
           *           "origin_city": "Jakarta",
           *           "destination_city": "Batam",
           *           "customer_type": "company",
           *           "crm_fields": {
           *             "service_type": "kargo",
           *             "cargo_weight_kg": 250,
           *             "cargo_volume_cbm": 1.2,
           *             "vehicle_type_motor": null,
           *             "is_recurring": false,
           *             "estimated_monthly_volume": 500,
           *             "last_order_date": "2026-05-18"
           *           },
           *           "crm_field_sources": {
           *             "cargo_weight_kg": {
           *               "source": "bot",
           *               "confidence": 0.93,
           *               "at": "2026-07-03T10:30:00.000Z"
           *             },
           *             "quote_value": {
           *               "source": "agent",
           *               "at": "2026-07-03T11:05:00.000Z"
           *             }
           *           }
           *         },
           *         "events": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000101",
           *             "type": "TicketAssigned",
           *             "stream": "ticket-019a9d1e-7c00-7000-8000-000000000101",
           *             "revision": 2,
           *             "timestamp": "2026-07-03T10:30:00.000Z",
           *             "actor": {
           *               "id": "019a9d1e-7c00-7000-8000-000000000301",
           *               "name": "Andi Saputra"
           *             },
           *             "actor_kind": "user",
           *             "actor_role": "sales_agent",
           *             "process": "router",
           *             "reason": "Pelanggan minta bicara dengan Andi",
           *             "changes": [
           *               {
           *                 "field": "status",
           *                 "from": "new",
           *                 "to": "in_progress"
           *               }
           *             ],
           *             "data": {
           *               "from": "bot",
           *               "note": null
           *             },
           *             "unreadable": {
           *               "because": "unknown type",
           *               "skipped": {
           *                 "at": "2026-07-03T10:30:00.000Z",
           *                 "by": "Sari Admin",
           *                 "reason": "Versi ditarik"
           *               }
           *             }
           *           }
           *         ]
           *       },
           *       "meta": {
           *         "as_of": "2026-07-03T10:30:00.000Z",
           *         "revision": 4,
           *         "internal_notes": false,
           *         "limit": 50,
           *         "next_cursor": "eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              ticket: components['schemas']['Ticket'];
              crm: components['schemas']['Crm'];
              events: components['schemas']['HistoryEvent'][];
            };
            meta?: {
              /** Format: date-time */
              as_of?: string;
              revision?: number;
              internal_notes?: boolean;
              limit?: number;
              next_cursor?: string;
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NOT_FOUND`: There is no ticket with this id.
       *
       *     `NOT_THERE_THEN`: The ticket was not there at that moment, or it has no such revision (yet).
       */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  selfTakeover: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /** @example {} */
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "ticket_id": "019a9d1e-7c00-7000-8000-000000000101",
           *         "assigned_to": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000301",
           *           "name": "Andi Saputra"
           *         },
           *         "taken_at": "2026-07-03T10:30:00.000Z",
           *         "ticket": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000101",
           *           "customer_id": "019a9d1e-7c00-7000-8000-000000000201",
           *           "customer_name": "Budi Santoso",
           *           "customer_phone": "+6280001110001",
           *           "division": "sari",
           *           "channel": "whatsapp",
           *           "bot_id": "sari",
           *           "wa_phone_id": "PHONE_ID_001",
           *           "wa_display_name": "Saga Kargo",
           *           "status": "in_progress",
           *           "queue_status": "assigned",
           *           "queue_label": null,
           *           "waiting_for_agent": null,
           *           "assigned_to": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra"
           *           },
           *           "assigned_at": "2026-07-03T10:20:00.000Z",
           *           "assignment_note": null,
           *           "is_returning_customer": false,
           *           "is_off_hours": false,
           *           "is_idle": false,
           *           "tags": [
           *             "b2b",
           *             "kargo"
           *           ],
           *           "opted_out": false,
           *           "crm_stage": "Proposal",
           *           "last_message_preview": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *           "last_message_at": "2026-07-03T10:30:00.000Z",
           *           "last_message_from": "agent",
           *           "last_customer_message_at": "2026-07-03T10:12:00.000Z",
           *           "waiting_since": null,
           *           "queued_at": null,
           *           "snoozed_until": null,
           *           "line": {
           *             "id": "PHONE_ID_001",
           *             "name": "Saga Kargo"
           *           },
           *           "first_reply_at": "2026-07-03T10:26:00.000Z",
           *           "response_due_at": null,
           *           "window_expires_at": "2026-07-04T10:12:00.000Z",
           *           "closed_at": null,
           *           "version": 3,
           *           "created_at": "2026-07-03T08:12:00.000Z",
           *           "updated_at": "2026-07-03T10:30:00.000Z",
           *           "last_delivery_status": "delivered",
           *           "previous_ticket_count": 2,
           *           "unread_count": 1,
           *           "can": {
           *             "reply": true,
           *             "self_takeover": true,
           *             "assign": true,
           *             "internal": true,
           *             "followup": true,
           *             "close": true,
           *             "reopen": true,
           *             "release": true
           *           }
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** Format: uuid */
              ticket_id: string;
              assigned_to: components['schemas']['Person'];
              /** Format: date-time */
              taken_at: string;
              /** @description As it is afterwards. Null when the caller may not see it any more; with `meta.stale`, when it could not be read just now. */
              ticket: components['schemas']['Ticket'] | null;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `TICKET_NOT_FOUND`: There is no ticket with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_ALREADY_TAKEN`: The ticket is not FREE (any more).
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  assign: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "assign_to": "019a9d1e-7c00-7000-8000-000000000301",
         *       "note": "Tolong ditangani hari ini, pelanggan menunggu penawaran."
         *     }
         */
        'application/json': {
          /** Format: uuid */
          assign_to: string;
          note?: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "from": "queue",
           *         "to": "019a9d1e-7c00-7000-8000-000000000301",
           *         "timestamp": "2026-07-03T10:30:00.000Z",
           *         "ticket": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000101",
           *           "customer_id": "019a9d1e-7c00-7000-8000-000000000201",
           *           "customer_name": "Budi Santoso",
           *           "customer_phone": "+6280001110001",
           *           "division": "sari",
           *           "channel": "whatsapp",
           *           "bot_id": "sari",
           *           "wa_phone_id": "PHONE_ID_001",
           *           "wa_display_name": "Saga Kargo",
           *           "status": "in_progress",
           *           "queue_status": "assigned",
           *           "queue_label": null,
           *           "waiting_for_agent": null,
           *           "assigned_to": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra"
           *           },
           *           "assigned_at": "2026-07-03T10:20:00.000Z",
           *           "assignment_note": null,
           *           "is_returning_customer": false,
           *           "is_off_hours": false,
           *           "is_idle": false,
           *           "tags": [
           *             "b2b",
           *             "kargo"
           *           ],
           *           "opted_out": false,
           *           "crm_stage": "Proposal",
           *           "last_message_preview": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *           "last_message_at": "2026-07-03T10:30:00.000Z",
           *           "last_message_from": "agent",
           *           "last_customer_message_at": "2026-07-03T10:12:00.000Z",
           *           "waiting_since": null,
           *           "queued_at": null,
           *           "snoozed_until": null,
           *           "line": {
           *             "id": "PHONE_ID_001",
           *             "name": "Saga Kargo"
           *           },
           *           "first_reply_at": "2026-07-03T10:26:00.000Z",
           *           "response_due_at": null,
           *           "window_expires_at": "2026-07-04T10:12:00.000Z",
           *           "closed_at": null,
           *           "version": 3,
           *           "created_at": "2026-07-03T08:12:00.000Z",
           *           "updated_at": "2026-07-03T10:30:00.000Z",
           *           "last_delivery_status": "delivered",
           *           "previous_ticket_count": 2,
           *           "unread_count": 1,
           *           "can": {
           *             "reply": true,
           *             "self_takeover": true,
           *             "assign": true,
           *             "internal": true,
           *             "followup": true,
           *             "close": true,
           *             "reopen": true,
           *             "release": true
           *           }
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              from: ('bot' | 'queue') | string;
              /** Format: uuid */
              to: string;
              /** Format: date-time */
              timestamp: string;
              /** @description As it is afterwards. Null when the caller may not see it any more; with `meta.stale`, when it could not be read just now. */
              ticket: components['schemas']['Ticket'] | null;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NOT_FOUND`: There is no ticket with this id.
       *
       *     `USER_NOT_FOUND`: There is no user with this id.
       */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `AGENT_INACTIVE`: The chosen agent is deactivated.
       *
       *     `NOT_AN_AGENT`: The chosen user cannot be given a ticket (viewer).
       *
       *     `TICKET_CLOSED`: The ticket is closed; reopen it first.
       *
       *     `ALREADY_ASSIGNED`: The ticket already belongs to this agent.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  reassign: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "from_agent": "019a9d1e-7c00-7000-8000-000000000301",
         *       "to_agent": "019a9d1e-7c00-7000-8000-000000000302",
         *       "reason": "Andi cuti mulai besok"
         *     }
         */
        'application/json': {
          /** Format: uuid */
          from_agent: string;
          /** Format: uuid */
          to_agent: string;
          reason?: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "timestamp": "2026-07-03T10:30:00.000Z",
           *         "audit_id": "019a9d1e-7c00-7000-8000-000000000701",
           *         "ticket": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000101",
           *           "customer_id": "019a9d1e-7c00-7000-8000-000000000201",
           *           "customer_name": "Budi Santoso",
           *           "customer_phone": "+6280001110001",
           *           "division": "sari",
           *           "channel": "whatsapp",
           *           "bot_id": "sari",
           *           "wa_phone_id": "PHONE_ID_001",
           *           "wa_display_name": "Saga Kargo",
           *           "status": "in_progress",
           *           "queue_status": "assigned",
           *           "queue_label": null,
           *           "waiting_for_agent": null,
           *           "assigned_to": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra"
           *           },
           *           "assigned_at": "2026-07-03T10:20:00.000Z",
           *           "assignment_note": null,
           *           "is_returning_customer": false,
           *           "is_off_hours": false,
           *           "is_idle": false,
           *           "tags": [
           *             "b2b",
           *             "kargo"
           *           ],
           *           "opted_out": false,
           *           "crm_stage": "Proposal",
           *           "last_message_preview": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *           "last_message_at": "2026-07-03T10:30:00.000Z",
           *           "last_message_from": "agent",
           *           "last_customer_message_at": "2026-07-03T10:12:00.000Z",
           *           "waiting_since": null,
           *           "queued_at": null,
           *           "snoozed_until": null,
           *           "line": {
           *             "id": "PHONE_ID_001",
           *             "name": "Saga Kargo"
           *           },
           *           "first_reply_at": "2026-07-03T10:26:00.000Z",
           *           "response_due_at": null,
           *           "window_expires_at": "2026-07-04T10:12:00.000Z",
           *           "closed_at": null,
           *           "version": 3,
           *           "created_at": "2026-07-03T08:12:00.000Z",
           *           "updated_at": "2026-07-03T10:30:00.000Z",
           *           "last_delivery_status": "delivered",
           *           "previous_ticket_count": 2,
           *           "unread_count": 1,
           *           "can": {
           *             "reply": true,
           *             "self_takeover": true,
           *             "assign": true,
           *             "internal": true,
           *             "followup": true,
           *             "close": true,
           *             "reopen": true,
           *             "release": true
           *           }
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** Format: date-time */
              timestamp: string;
              /** @description The event, as the audit log names it. */
              audit_id: string;
              /** @description As it is afterwards. Null when the caller may not see it any more; with `meta.stale`, when it could not be read just now. */
              ticket: components['schemas']['Ticket'] | null;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NOT_FOUND`: There is no ticket with this id.
       *
       *     `USER_NOT_FOUND`: There is no user with this id.
       */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `AGENT_INACTIVE`: The chosen agent is deactivated.
       *
       *     `NOT_AN_AGENT`: The chosen user cannot be given a ticket (viewer).
       *
       *     `TICKET_CLOSED`: The ticket is closed; reopen it first.
       *
       *     `ASSIGNEE_CHANGED`: `from_agent` is not the assignee (any more).
       *
       *     `ALREADY_ASSIGNED`: The ticket already belongs to this agent.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  tagTicket: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "action": "add",
         *       "tag": "kargo"
         *     }
         */
        'application/json': {
          action: components['schemas']['TagAction'];
          tag: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "tags": [
           *           "b2b",
           *           "kargo"
           *         ],
           *         "ticket": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000101",
           *           "customer_id": "019a9d1e-7c00-7000-8000-000000000201",
           *           "customer_name": "Budi Santoso",
           *           "customer_phone": "+6280001110001",
           *           "division": "sari",
           *           "channel": "whatsapp",
           *           "bot_id": "sari",
           *           "wa_phone_id": "PHONE_ID_001",
           *           "wa_display_name": "Saga Kargo",
           *           "status": "in_progress",
           *           "queue_status": "assigned",
           *           "queue_label": null,
           *           "waiting_for_agent": null,
           *           "assigned_to": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra"
           *           },
           *           "assigned_at": "2026-07-03T10:20:00.000Z",
           *           "assignment_note": null,
           *           "is_returning_customer": false,
           *           "is_off_hours": false,
           *           "is_idle": false,
           *           "tags": [
           *             "b2b",
           *             "kargo"
           *           ],
           *           "opted_out": false,
           *           "crm_stage": "Proposal",
           *           "last_message_preview": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *           "last_message_at": "2026-07-03T10:30:00.000Z",
           *           "last_message_from": "agent",
           *           "last_customer_message_at": "2026-07-03T10:12:00.000Z",
           *           "waiting_since": null,
           *           "queued_at": null,
           *           "snoozed_until": null,
           *           "line": {
           *             "id": "PHONE_ID_001",
           *             "name": "Saga Kargo"
           *           },
           *           "first_reply_at": "2026-07-03T10:26:00.000Z",
           *           "response_due_at": null,
           *           "window_expires_at": "2026-07-04T10:12:00.000Z",
           *           "closed_at": null,
           *           "version": 3,
           *           "created_at": "2026-07-03T08:12:00.000Z",
           *           "updated_at": "2026-07-03T10:30:00.000Z",
           *           "last_delivery_status": "delivered",
           *           "previous_ticket_count": 2,
           *           "unread_count": 1,
           *           "can": {
           *             "reply": true,
           *             "self_takeover": true,
           *             "assign": true,
           *             "internal": true,
           *             "followup": true,
           *             "close": true,
           *             "reopen": true,
           *             "release": true
           *           }
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              tags: string[];
              /** @description As it is afterwards. Null when the caller may not see it any more; with `meta.stale`, when it could not be read just now. */
              ticket: components['schemas']['Ticket'] | null;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `TICKET_NOT_FOUND`: There is no ticket with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  updateCrm: {
    parameters: {
      query?: never;
      header?: {
        /** @description The `ETag` you have: if somebody changed it since, nothing is stored and the answer is 409. */
        'If-Match'?: components['parameters']['IfMatch'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "crm_stage": "Proposal",
         *       "quote_value": 3750000,
         *       "origin_city": "Jakarta",
         *       "destination_city": "Batam",
         *       "customer_type": "company",
         *       "crm_fields": {
         *         "service_type": "kargo",
         *         "cargo_weight_kg": 250
         *       }
         *     }
         */
        'application/json': {
          crm_stage?: components['schemas']['CrmStage'];
          lost_reason?: (components['schemas']['LostReason'] | '') | null;
          quote_value?: number | null;
          deal_value?: number | null;
          discount_given?: number | null;
          origin_city?: string | null;
          destination_city?: string | null;
          customer_type?: components['schemas']['CustomerType'] | null;
          /**
           * @description Fields of the ticket's division. They are merged into what is stored; null clears one.
           * @example {
           *       "service_type": "kargo",
           *       "cargo_weight_kg": 250
           *     }
           */
          crm_fields?:
            | {
                [key: string]: unknown;
              }
            | {
                service_type?: components['schemas']['ServiceType'] | null;
                cargo_weight_kg?: number | null;
                cargo_volume_cbm?: number | null;
                vehicle_type_motor?: components['schemas']['VehicleTypeMotor'] | null;
                is_recurring?: boolean | null;
                estimated_monthly_volume?: number | null;
                last_order_date?: string | null;
              }
            | {
                vehicle_brand_model?: string | null;
                vehicle_count?: number | null;
                origin_type?: components['schemas']['OriginType'] | null;
                is_electric_vehicle?: boolean | null;
                documents?: {
                  stnk?: components['schemas']['DocumentsState'] | null;
                  bpkb?: components['schemas']['DocumentsState'] | null;
                  ktp?: components['schemas']['DocumentsState'] | null;
                  ntpn?: components['schemas']['DocumentsState'] | null;
                  ppftz?: components['schemas']['DocumentsState'] | null;
                } | null;
              }
            | {
                move_type?: components['schemas']['MoveType'] | null;
                move_trigger?: components['schemas']['MoveTrigger'] | null;
                how_did_they_find_us?: components['schemas']['HowDidTheyFindUs'] | null;
                desired_move_date?: string | null;
                estimated_cbm?: number | null;
                survey_date?: string | null;
                survey_show_up?: boolean | null;
                survey_result_cbm?: number | null;
                competitor_mentioned?: string | null;
                competitor_price?: number | null;
              };
          /** @description Fields of the ticket's division. They are merged into what is stored; null clears one. */
          crm_data?:
            | {
                [key: string]: unknown;
              }
            | {
                service_type?: components['schemas']['ServiceType'] | null;
                cargo_weight_kg?: number | null;
                cargo_volume_cbm?: number | null;
                vehicle_type_motor?: components['schemas']['VehicleTypeMotor'] | null;
                is_recurring?: boolean | null;
                estimated_monthly_volume?: number | null;
                last_order_date?: string | null;
              }
            | {
                vehicle_brand_model?: string | null;
                vehicle_count?: number | null;
                origin_type?: components['schemas']['OriginType'] | null;
                is_electric_vehicle?: boolean | null;
                documents?: {
                  stnk?: components['schemas']['DocumentsState'] | null;
                  bpkb?: components['schemas']['DocumentsState'] | null;
                  ktp?: components['schemas']['DocumentsState'] | null;
                  ntpn?: components['schemas']['DocumentsState'] | null;
                  ppftz?: components['schemas']['DocumentsState'] | null;
                } | null;
              }
            | {
                move_type?: components['schemas']['MoveType'] | null;
                move_trigger?: components['schemas']['MoveTrigger'] | null;
                how_did_they_find_us?: components['schemas']['HowDidTheyFindUs'] | null;
                desired_move_date?: string | null;
                estimated_cbm?: number | null;
                survey_date?: string | null;
                survey_show_up?: boolean | null;
                survey_result_cbm?: number | null;
                competitor_mentioned?: string | null;
                competitor_price?: number | null;
              };
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          ETag: components['headers']['ETag'];
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "updated_at": "2026-07-03T10:30:00.000Z",
           *         "ticket": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000101",
           *           "customer_id": "019a9d1e-7c00-7000-8000-000000000201",
           *           "customer_name": "Budi Santoso",
           *           "customer_phone": "+6280001110001",
           *           "division": "sari",
           *           "channel": "whatsapp",
           *           "bot_id": "sari",
           *           "wa_phone_id": "PHONE_ID_001",
           *           "wa_display_name": "Saga Kargo",
           *           "status": "in_progress",
           *           "queue_status": "assigned",
           *           "queue_label": null,
           *           "waiting_for_agent": null,
           *           "assigned_to": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra"
           *           },
           *           "assigned_at": "2026-07-03T10:20:00.000Z",
           *           "assignment_note": null,
           *           "is_returning_customer": false,
           *           "is_off_hours": false,
           *           "is_idle": false,
           *           "tags": [
           *             "b2b",
           *             "kargo"
           *           ],
           *           "opted_out": false,
           *           "crm_stage": "Proposal",
           *           "last_message_preview": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *           "last_message_at": "2026-07-03T10:30:00.000Z",
           *           "last_message_from": "agent",
           *           "last_customer_message_at": "2026-07-03T10:12:00.000Z",
           *           "waiting_since": null,
           *           "queued_at": null,
           *           "snoozed_until": null,
           *           "line": {
           *             "id": "PHONE_ID_001",
           *             "name": "Saga Kargo"
           *           },
           *           "first_reply_at": "2026-07-03T10:26:00.000Z",
           *           "response_due_at": null,
           *           "window_expires_at": "2026-07-04T10:12:00.000Z",
           *           "closed_at": null,
           *           "version": 3,
           *           "created_at": "2026-07-03T08:12:00.000Z",
           *           "updated_at": "2026-07-03T10:30:00.000Z",
           *           "last_delivery_status": "delivered",
           *           "previous_ticket_count": 2,
           *           "unread_count": 1,
           *           "can": {
           *             "reply": true,
           *             "self_takeover": true,
           *             "assign": true,
           *             "internal": true,
           *             "followup": true,
           *             "close": true,
           *             "reopen": true,
           *             "release": true
           *           }
           *         },
           *         "crm": {
           *           "crm_stage": "Proposal",
           *           "lost_reason": null,
           *           "quote_value": 3750000,
           *           "deal_value": null,
           *           "discount_given": null,
           *           "origin_city": "Jakarta",
           *           "destination_city": "Batam",
           *           "customer_type": "company",
           *           "crm_fields": {
           *             "service_type": "kargo",
           *             "cargo_weight_kg": 250,
           *             "cargo_volume_cbm": 1.2,
           *             "vehicle_type_motor": null,
           *             "is_recurring": false,
           *             "estimated_monthly_volume": 500,
           *             "last_order_date": "2026-05-18"
           *           },
           *           "crm_field_sources": {
           *             "cargo_weight_kg": {
           *               "source": "bot",
           *               "confidence": 0.93,
           *               "at": "2026-07-03T10:30:00.000Z"
           *             },
           *             "quote_value": {
           *               "source": "agent",
           *               "at": "2026-07-03T11:05:00.000Z"
           *             }
           *           }
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** Format: date-time */
              updated_at: string;
              /** @description As it is afterwards. Null when the caller may not see it any more; with `meta.stale`, when it could not be read just now. */
              ticket: components['schemas']['Ticket'] | null;
              crm: components['schemas']['Crm'] | null;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `LOST_REASON_REQUIRED`: A ticket is Lost only with a `lost_reason`, in the request or stored before.
       *
       *     `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `TICKET_NOT_FOUND`: There is no ticket with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `VERSION_CONFLICT`: The ticket has another `ETag` than the `If-Match` of the request.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  closeTicket: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "reason": "Sudah dijawab lewat email"
         *     }
         */
        'application/json': {
          reason?: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "status": "closed",
           *         "ticket": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000101",
           *           "customer_id": "019a9d1e-7c00-7000-8000-000000000201",
           *           "customer_name": "Budi Santoso",
           *           "customer_phone": "+6280001110001",
           *           "division": "sari",
           *           "channel": "whatsapp",
           *           "bot_id": "sari",
           *           "wa_phone_id": "PHONE_ID_001",
           *           "wa_display_name": "Saga Kargo",
           *           "status": "in_progress",
           *           "queue_status": "assigned",
           *           "queue_label": null,
           *           "waiting_for_agent": null,
           *           "assigned_to": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra"
           *           },
           *           "assigned_at": "2026-07-03T10:20:00.000Z",
           *           "assignment_note": null,
           *           "is_returning_customer": false,
           *           "is_off_hours": false,
           *           "is_idle": false,
           *           "tags": [
           *             "b2b",
           *             "kargo"
           *           ],
           *           "opted_out": false,
           *           "crm_stage": "Proposal",
           *           "last_message_preview": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *           "last_message_at": "2026-07-03T10:30:00.000Z",
           *           "last_message_from": "agent",
           *           "last_customer_message_at": "2026-07-03T10:12:00.000Z",
           *           "waiting_since": null,
           *           "queued_at": null,
           *           "snoozed_until": null,
           *           "line": {
           *             "id": "PHONE_ID_001",
           *             "name": "Saga Kargo"
           *           },
           *           "first_reply_at": "2026-07-03T10:26:00.000Z",
           *           "response_due_at": null,
           *           "window_expires_at": "2026-07-04T10:12:00.000Z",
           *           "closed_at": null,
           *           "version": 3,
           *           "created_at": "2026-07-03T08:12:00.000Z",
           *           "updated_at": "2026-07-03T10:30:00.000Z",
           *           "last_delivery_status": "delivered",
           *           "previous_ticket_count": 2,
           *           "unread_count": 1,
           *           "can": {
           *             "reply": true,
           *             "self_takeover": true,
           *             "assign": true,
           *             "internal": true,
           *             "followup": true,
           *             "close": true,
           *             "reopen": true,
           *             "release": true
           *           }
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              status: components['schemas']['TicketStatus'];
              /** @description As it is afterwards. Null when the caller may not see it any more; with `meta.stale`, when it could not be read just now. */
              ticket: components['schemas']['Ticket'] | null;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `TICKET_NOT_FOUND`: There is no ticket with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  reopenTicket: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "reason": "Pelanggan bertanya lagi"
         *     }
         */
        'application/json': {
          reason?: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "status": "in_progress",
           *         "ticket": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000101",
           *           "customer_id": "019a9d1e-7c00-7000-8000-000000000201",
           *           "customer_name": "Budi Santoso",
           *           "customer_phone": "+6280001110001",
           *           "division": "sari",
           *           "channel": "whatsapp",
           *           "bot_id": "sari",
           *           "wa_phone_id": "PHONE_ID_001",
           *           "wa_display_name": "Saga Kargo",
           *           "status": "in_progress",
           *           "queue_status": "assigned",
           *           "queue_label": null,
           *           "waiting_for_agent": null,
           *           "assigned_to": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra"
           *           },
           *           "assigned_at": "2026-07-03T10:20:00.000Z",
           *           "assignment_note": null,
           *           "is_returning_customer": false,
           *           "is_off_hours": false,
           *           "is_idle": false,
           *           "tags": [
           *             "b2b",
           *             "kargo"
           *           ],
           *           "opted_out": false,
           *           "crm_stage": "Proposal",
           *           "last_message_preview": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *           "last_message_at": "2026-07-03T10:30:00.000Z",
           *           "last_message_from": "agent",
           *           "last_customer_message_at": "2026-07-03T10:12:00.000Z",
           *           "waiting_since": null,
           *           "queued_at": null,
           *           "snoozed_until": null,
           *           "line": {
           *             "id": "PHONE_ID_001",
           *             "name": "Saga Kargo"
           *           },
           *           "first_reply_at": "2026-07-03T10:26:00.000Z",
           *           "response_due_at": null,
           *           "window_expires_at": "2026-07-04T10:12:00.000Z",
           *           "closed_at": null,
           *           "version": 3,
           *           "created_at": "2026-07-03T08:12:00.000Z",
           *           "updated_at": "2026-07-03T10:30:00.000Z",
           *           "last_delivery_status": "delivered",
           *           "previous_ticket_count": 2,
           *           "unread_count": 1,
           *           "can": {
           *             "reply": true,
           *             "self_takeover": true,
           *             "assign": true,
           *             "internal": true,
           *             "followup": true,
           *             "close": true,
           *             "reopen": true,
           *             "release": true
           *           }
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              status: components['schemas']['TicketStatus'];
              /** @description As it is afterwards. Null when the caller may not see it any more; with `meta.stale`, when it could not be read just now. */
              ticket: components['schemas']['Ticket'] | null;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `TICKET_NOT_FOUND`: There is no ticket with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `CUSTOMER_HAS_OPEN_TICKET`: A customer has one open ticket per division.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  releaseTicket: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "to": "queue",
         *       "reason": "Pelanggan minta divisi lain"
         *     }
         */
        'application/json': {
          /** @enum {string} */
          to: 'queue' | 'bot';
          reason?: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "ticket": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000101",
           *           "customer_id": "019a9d1e-7c00-7000-8000-000000000201",
           *           "customer_name": "Budi Santoso",
           *           "customer_phone": "+6280001110001",
           *           "division": "sari",
           *           "channel": "whatsapp",
           *           "bot_id": "sari",
           *           "wa_phone_id": "PHONE_ID_001",
           *           "wa_display_name": "Saga Kargo",
           *           "status": "in_progress",
           *           "queue_status": "queued",
           *           "queue_label": null,
           *           "waiting_for_agent": null,
           *           "assigned_to": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra"
           *           },
           *           "assigned_at": "2026-07-03T10:20:00.000Z",
           *           "assignment_note": null,
           *           "is_returning_customer": false,
           *           "is_off_hours": false,
           *           "is_idle": false,
           *           "tags": [
           *             "b2b",
           *             "kargo"
           *           ],
           *           "opted_out": false,
           *           "crm_stage": "Proposal",
           *           "last_message_preview": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *           "last_message_at": "2026-07-03T10:30:00.000Z",
           *           "last_message_from": "agent",
           *           "last_customer_message_at": "2026-07-03T10:12:00.000Z",
           *           "waiting_since": null,
           *           "queued_at": null,
           *           "snoozed_until": null,
           *           "line": {
           *             "id": "PHONE_ID_001",
           *             "name": "Saga Kargo"
           *           },
           *           "first_reply_at": "2026-07-03T10:26:00.000Z",
           *           "response_due_at": null,
           *           "window_expires_at": "2026-07-04T10:12:00.000Z",
           *           "closed_at": null,
           *           "version": 3,
           *           "created_at": "2026-07-03T08:12:00.000Z",
           *           "updated_at": "2026-07-03T10:30:00.000Z",
           *           "last_delivery_status": "delivered",
           *           "previous_ticket_count": 2,
           *           "unread_count": 1,
           *           "can": {
           *             "reply": true,
           *             "self_takeover": true,
           *             "assign": true,
           *             "internal": true,
           *             "followup": true,
           *             "close": true,
           *             "reopen": true,
           *             "release": true
           *           }
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** @description As it is afterwards. Null when the caller may not see it any more; with `meta.stale`, when it could not be read just now. */
              ticket: components['schemas']['Ticket'] | null;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `NOT_ASSIGNEE`: Only the agent the ticket is assigned to may do this.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `TICKET_NOT_FOUND`: There is no ticket with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_CLOSED`: The ticket is closed; reopen it first.
       *
       *     `NOT_ASSIGNED`: The ticket is with the bot or in the queue: nobody can release it or put it aside.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  snoozeTicket: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "until": "2026-07-06T02:00:00.000Z"
         *     }
         */
        'application/json': {
          /** Format: date-time */
          until: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "ticket": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000101",
           *           "customer_id": "019a9d1e-7c00-7000-8000-000000000201",
           *           "customer_name": "Budi Santoso",
           *           "customer_phone": "+6280001110001",
           *           "division": "sari",
           *           "channel": "whatsapp",
           *           "bot_id": "sari",
           *           "wa_phone_id": "PHONE_ID_001",
           *           "wa_display_name": "Saga Kargo",
           *           "status": "in_progress",
           *           "queue_status": "assigned",
           *           "queue_label": null,
           *           "waiting_for_agent": null,
           *           "assigned_to": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra"
           *           },
           *           "assigned_at": "2026-07-03T10:20:00.000Z",
           *           "assignment_note": null,
           *           "is_returning_customer": false,
           *           "is_off_hours": false,
           *           "is_idle": false,
           *           "tags": [
           *             "b2b",
           *             "kargo"
           *           ],
           *           "opted_out": false,
           *           "crm_stage": "Proposal",
           *           "last_message_preview": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *           "last_message_at": "2026-07-03T10:30:00.000Z",
           *           "last_message_from": "agent",
           *           "last_customer_message_at": "2026-07-03T10:12:00.000Z",
           *           "waiting_since": null,
           *           "queued_at": null,
           *           "snoozed_until": "2026-07-06T02:00:00.000Z",
           *           "line": {
           *             "id": "PHONE_ID_001",
           *             "name": "Saga Kargo"
           *           },
           *           "first_reply_at": "2026-07-03T10:26:00.000Z",
           *           "response_due_at": null,
           *           "window_expires_at": "2026-07-04T10:12:00.000Z",
           *           "closed_at": null,
           *           "version": 3,
           *           "created_at": "2026-07-03T08:12:00.000Z",
           *           "updated_at": "2026-07-03T10:30:00.000Z",
           *           "last_delivery_status": "delivered",
           *           "previous_ticket_count": 2,
           *           "unread_count": 1,
           *           "can": {
           *             "reply": true,
           *             "self_takeover": true,
           *             "assign": true,
           *             "internal": true,
           *             "followup": true,
           *             "close": true,
           *             "reopen": true,
           *             "release": true
           *           }
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** @description As it is afterwards. Null when the caller may not see it any more; with `meta.stale`, when it could not be read just now. */
              ticket: components['schemas']['Ticket'] | null;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `NOT_ASSIGNEE`: Only the agent the ticket is assigned to may do this.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `TICKET_NOT_FOUND`: There is no ticket with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_CLOSED`: The ticket is closed; reopen it first.
       *
       *     `NOT_ASSIGNED`: The ticket is with the bot or in the queue: nobody can release it or put it aside.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  unsnoozeTicket: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /** @example {} */
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "ticket": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000101",
           *           "customer_id": "019a9d1e-7c00-7000-8000-000000000201",
           *           "customer_name": "Budi Santoso",
           *           "customer_phone": "+6280001110001",
           *           "division": "sari",
           *           "channel": "whatsapp",
           *           "bot_id": "sari",
           *           "wa_phone_id": "PHONE_ID_001",
           *           "wa_display_name": "Saga Kargo",
           *           "status": "in_progress",
           *           "queue_status": "assigned",
           *           "queue_label": null,
           *           "waiting_for_agent": null,
           *           "assigned_to": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra"
           *           },
           *           "assigned_at": "2026-07-03T10:20:00.000Z",
           *           "assignment_note": null,
           *           "is_returning_customer": false,
           *           "is_off_hours": false,
           *           "is_idle": false,
           *           "tags": [
           *             "b2b",
           *             "kargo"
           *           ],
           *           "opted_out": false,
           *           "crm_stage": "Proposal",
           *           "last_message_preview": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *           "last_message_at": "2026-07-03T10:30:00.000Z",
           *           "last_message_from": "agent",
           *           "last_customer_message_at": "2026-07-03T10:12:00.000Z",
           *           "waiting_since": null,
           *           "queued_at": null,
           *           "snoozed_until": null,
           *           "line": {
           *             "id": "PHONE_ID_001",
           *             "name": "Saga Kargo"
           *           },
           *           "first_reply_at": "2026-07-03T10:26:00.000Z",
           *           "response_due_at": null,
           *           "window_expires_at": "2026-07-04T10:12:00.000Z",
           *           "closed_at": null,
           *           "version": 3,
           *           "created_at": "2026-07-03T08:12:00.000Z",
           *           "updated_at": "2026-07-03T10:30:00.000Z",
           *           "last_delivery_status": "delivered",
           *           "previous_ticket_count": 2,
           *           "unread_count": 1,
           *           "can": {
           *             "reply": true,
           *             "self_takeover": true,
           *             "assign": true,
           *             "internal": true,
           *             "followup": true,
           *             "close": true,
           *             "reopen": true,
           *             "release": true
           *           }
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** @description As it is afterwards. Null when the caller may not see it any more; with `meta.stale`, when it could not be read just now. */
              ticket: components['schemas']['Ticket'] | null;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `NOT_ASSIGNEE`: Only the agent the ticket is assigned to may do this.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `TICKET_NOT_FOUND`: There is no ticket with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_CLOSED`: The ticket is closed; reopen it first.
       *
       *     `NOT_ASSIGNED`: The ticket is with the bot or in the queue: nobody can release it or put it aside.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  markTicketRead: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "message_id": "019a9d1e-7c00-7000-8000-000000000401"
         *     }
         */
        'application/json': {
          /**
           * Format: uuid
           * @description Up to this message; without it everything.
           */
          message_id?: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "unread_count": 0,
           *         "ticket": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000101",
           *           "customer_id": "019a9d1e-7c00-7000-8000-000000000201",
           *           "customer_name": "Budi Santoso",
           *           "customer_phone": "+6280001110001",
           *           "division": "sari",
           *           "channel": "whatsapp",
           *           "bot_id": "sari",
           *           "wa_phone_id": "PHONE_ID_001",
           *           "wa_display_name": "Saga Kargo",
           *           "status": "in_progress",
           *           "queue_status": "assigned",
           *           "queue_label": null,
           *           "waiting_for_agent": null,
           *           "assigned_to": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra"
           *           },
           *           "assigned_at": "2026-07-03T10:20:00.000Z",
           *           "assignment_note": null,
           *           "is_returning_customer": false,
           *           "is_off_hours": false,
           *           "is_idle": false,
           *           "tags": [
           *             "b2b",
           *             "kargo"
           *           ],
           *           "opted_out": false,
           *           "crm_stage": "Proposal",
           *           "last_message_preview": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *           "last_message_at": "2026-07-03T10:30:00.000Z",
           *           "last_message_from": "agent",
           *           "last_customer_message_at": "2026-07-03T10:12:00.000Z",
           *           "waiting_since": null,
           *           "queued_at": null,
           *           "snoozed_until": null,
           *           "line": {
           *             "id": "PHONE_ID_001",
           *             "name": "Saga Kargo"
           *           },
           *           "first_reply_at": "2026-07-03T10:26:00.000Z",
           *           "response_due_at": null,
           *           "window_expires_at": "2026-07-04T10:12:00.000Z",
           *           "closed_at": null,
           *           "version": 3,
           *           "created_at": "2026-07-03T08:12:00.000Z",
           *           "updated_at": "2026-07-03T10:30:00.000Z",
           *           "last_delivery_status": "delivered",
           *           "previous_ticket_count": 2,
           *           "unread_count": 1,
           *           "can": {
           *             "reply": true,
           *             "self_takeover": true,
           *             "assign": true,
           *             "internal": true,
           *             "followup": true,
           *             "close": true,
           *             "reopen": true,
           *             "release": true
           *           }
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** @example 0 */
              unread_count: number;
              /** @description As it is afterwards. Null when the caller may not see it any more; with `meta.stale`, when it could not be read just now. */
              ticket: components['schemas']['Ticket'] | null;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NOT_FOUND`: There is no ticket with this id.
       *
       *     `MESSAGE_NOT_FOUND`: The ticket has no message with this id.
       */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  bulkTickets: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "ticket_ids": [
         *         "019a9d1e-7c00-7000-8000-000000000001"
         *       ],
         *       "action": {
         *         "kind": "tag",
         *         "action": "add",
         *         "tag": "kargo"
         *       }
         *     }
         */
        'application/json': {
          ticket_ids: string[];
          action:
            | {
                /** @constant */
                kind: 'assign';
                /** Format: uuid */
                to: string;
              }
            | {
                /** @constant */
                kind: 'tag';
                action: components['schemas']['TagAction'];
                tag: string;
              }
            | {
                /** @constant */
                kind: 'close';
                reason?: string;
              }
            | {
                /** @constant */
                kind: 'snooze';
                /** Format: date-time */
                until: string;
              };
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "results": [
           *           {
           *             "ticket_id": "019a9d1e-7c00-7000-8000-000000000101",
           *             "ok": false,
           *             "code": "TICKET_CLOSED"
           *           }
           *         ]
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              results: {
                /** Format: uuid */
                ticket_id: string;
                ok: boolean;
                /**
                 * @description Why not.
                 * @example TICKET_CLOSED
                 */
                code?: string;
              }[];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `FORBIDDEN`: The caller lacks the privilege of this route.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  searchMessages: {
    parameters: {
      query: {
        /** @example ongkir batam */
        q: string;
        /** @description Example: `sari` */
        division?: components['schemas']['UserDivision'];
        /** @description 1-50 Example: `50` */
        limit?: number;
        /** @description Example: `eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9` */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "hits": [
           *           {
           *             "ticket_id": "019a9d1e-7c00-7000-8000-000000000101",
           *             "message_id": "019a9d1e-7c00-7000-8000-000000000401",
           *             "layer": "L1",
           *             "customer_name": "Budi Santoso",
           *             "snippet": {
           *               "text": "Berapa ongkir motor dari Batam ke Jakarta?",
           *               "matches": [
           *                 [
           *                   14,
           *                   19
           *                 ]
           *               ]
           *             },
           *             "sent_at": "2026-07-03T10:30:00.000Z"
           *           }
           *         ]
           *       },
           *       "meta": {
           *         "next_cursor": "eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              hits: components['schemas']['SearchHit'][];
            };
            meta?: {
              next_cursor?: string;
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listMessages: {
    parameters: {
      query?: {
        /** @description 1-200 Example: `50` */
        limit?: number;
        /** @description Example: `019a9d1e-7c00-7000-8000-000000000001` */
        before?: string;
      };
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "messages": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000401",
           *             "kind": "reply",
           *             "sender_type": "agent",
           *             "sender_id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "sender_name": "Andi Saputra",
           *             "sent_as": null,
           *             "content": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *             "sent_at": "2026-07-03T10:30:00.000Z",
           *             "delivery_status": "delivered",
           *             "delivery_error": null,
           *             "confidence": null,
           *             "template": null,
           *             "blast_id": null,
           *             "client_ref": "tab-1-17",
           *             "reply_to": {
           *               "id": "019a9d1e-7c00-7000-8000-000000000701",
           *               "preview": "Halo, mau tanya ongkir kargo dari Jakarta ke Batam untuk 250 kg",
           *               "story": null
           *             },
           *             "reactions": [],
           *             "edited_at": null,
           *             "revoked_at": null,
           *             "attachments": [],
           *             "location": null,
           *             "contacts": [],
           *             "order": null,
           *             "referral": null,
           *             "form": null,
           *             "content_kind": null,
           *             "line": "PHONE_ID_001"
           *           }
           *         ]
           *       },
           *       "meta": {
           *         "has_more": false
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              messages: components['schemas']['Message'][];
            };
            meta?: {
              /**
               * @description There are earlier ones.
               * @example false
               */
              has_more: boolean;
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `TICKET_NOT_FOUND`: There is no ticket with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  downloadAttachment: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
        /** @example 019a9d1e-7c00-7000-8000-000000000401-0 */
        attachment_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The file. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/octet-stream': unknown;
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NOT_FOUND`: There is no ticket with this id.
       *
       *     `ATTACHMENT_NOT_FOUND`: The ticket has no such attachment, or its file is not here (yet).
       */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  openFile: {
    parameters: {
      query?: {
        /** @description Example: `019a9d1e-7c00-7000-8000-000000000101` */
        ticket?: string;
        /** @description Example: `1783078200` */
        expires?: string;
        /** @description Example: `9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08` */
        signature?: string;
      };
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000401-0 */
        attachment_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The file. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/octet-stream': unknown;
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `FILE_LINK_INVALID`: The signature is missing or wrong, or the time of the link is over: read the message again. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `ATTACHMENT_NOT_FOUND`: The ticket has no such attachment, or its file is not here (yet). */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  uploadMedia: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'multipart/form-data': {
          /**
           * Format: binary
           * @description One file, with its name.
           */
          file: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "media_id": "019a9d1e-7c00-7000-8000-000000000701",
           *         "kind": "document",
           *         "mime_type": "application/pdf",
           *         "size": 182044,
           *         "name": "penawaran.pdf"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** Format: uuid */
              media_id: string;
              /**
               * @description As what the customer gets it.
               * @enum {string}
               */
              kind: 'image' | 'audio' | 'video' | 'document';
              mime_type: string;
              size: number;
              name: string | null;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `MEDIA_NOT_SUPPORTED`: The channel cannot carry it, or nobody may send it; `details` says why.
       *
       *     `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `NOT_ASSIGNEE`: Only the agent the ticket is assigned to may do this.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NOT_FOUND`: There is no ticket with this id.
       *
       *     `MEDIA_NOT_FOUND`: No file was uploaded to this ticket with one of these ids.
       */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_CLOSED`: The ticket is closed; reopen it first.
       *
       *     `CHANNEL_UNREADABLE`: Nothing shows the customer what is written on this channel (web chat without a widget).
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `MEDIA_QUOTA_USED`: The files or bytes that one person may upload on a day are used up (MEDIA_DAILY_FILES, MEDIA_DAILY_MB).
       *
       *     `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After.
       */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `OVERLOADED`: Too many bodies of senders without a token come in at once, or this request was not whole in time; nothing was done, see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  reply: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "message": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
         *       "media_ids": [
         *         "019a9d1e-7c00-7000-8000-000000000001"
         *       ],
         *       "reply_to": "019a9d1e-7c00-7000-8000-000000000001",
         *       "client_ref": "tab-1-17"
         *     }
         */
        'application/json': {
          message?: string;
          /** @description Of files that were uploaded to this ticket. */
          media_ids?: string[];
          /**
           * Format: uuid
           * @description A message of this talk. The customer sees the quote where the channel can show it.
           */
          reply_to?: string;
          /**
           * @description Whatever the client calls it; it comes back with the message, also on the stream.
           * @example tab-1-17
           */
          client_ref?: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "message_id": "019a9d1e-7c00-7000-8000-000000000401",
           *         "sent_at": "2026-07-03T10:30:00.000Z",
           *         "message": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000401",
           *           "kind": "reply",
           *           "sender_type": "agent",
           *           "sender_id": "019a9d1e-7c00-7000-8000-000000000301",
           *           "sender_name": "Andi Saputra",
           *           "sent_as": null,
           *           "content": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *           "sent_at": "2026-07-03T10:30:00.000Z",
           *           "delivery_status": "delivered",
           *           "delivery_error": null,
           *           "confidence": null,
           *           "template": null,
           *           "blast_id": null,
           *           "client_ref": "tab-1-17",
           *           "reply_to": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000701",
           *             "preview": "Halo, mau tanya ongkir kargo dari Jakarta ke Batam untuk 250 kg",
           *             "story": null
           *           },
           *           "reactions": [],
           *           "edited_at": null,
           *           "revoked_at": null,
           *           "attachments": [],
           *           "location": null,
           *           "contacts": [],
           *           "order": null,
           *           "referral": null,
           *           "form": null,
           *           "content_kind": null,
           *           "line": "PHONE_ID_001"
           *         },
           *         "messages": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000401",
           *             "kind": "reply",
           *             "sender_type": "agent",
           *             "sender_id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "sender_name": "Andi Saputra",
           *             "sent_as": null,
           *             "content": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *             "sent_at": "2026-07-03T10:30:00.000Z",
           *             "delivery_status": "delivered",
           *             "delivery_error": null,
           *             "confidence": null,
           *             "template": null,
           *             "blast_id": null,
           *             "client_ref": "tab-1-17",
           *             "reply_to": {
           *               "id": "019a9d1e-7c00-7000-8000-000000000701",
           *               "preview": "Halo, mau tanya ongkir kargo dari Jakarta ke Batam untuk 250 kg",
           *               "story": null
           *             },
           *             "reactions": [],
           *             "edited_at": null,
           *             "revoked_at": null,
           *             "attachments": [],
           *             "location": null,
           *             "contacts": [],
           *             "order": null,
           *             "referral": null,
           *             "form": null,
           *             "content_kind": null,
           *             "line": "PHONE_ID_001"
           *           }
           *         ],
           *         "ticket": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000101",
           *           "customer_id": "019a9d1e-7c00-7000-8000-000000000201",
           *           "customer_name": "Budi Santoso",
           *           "customer_phone": "+6280001110001",
           *           "division": "sari",
           *           "channel": "whatsapp",
           *           "bot_id": "sari",
           *           "wa_phone_id": "PHONE_ID_001",
           *           "wa_display_name": "Saga Kargo",
           *           "status": "in_progress",
           *           "queue_status": "assigned",
           *           "queue_label": null,
           *           "waiting_for_agent": null,
           *           "assigned_to": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra"
           *           },
           *           "assigned_at": "2026-07-03T10:20:00.000Z",
           *           "assignment_note": null,
           *           "is_returning_customer": false,
           *           "is_off_hours": false,
           *           "is_idle": false,
           *           "tags": [
           *             "b2b",
           *             "kargo"
           *           ],
           *           "opted_out": false,
           *           "crm_stage": "Proposal",
           *           "last_message_preview": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *           "last_message_at": "2026-07-03T10:30:00.000Z",
           *           "last_message_from": "agent",
           *           "last_customer_message_at": "2026-07-03T10:12:00.000Z",
           *           "waiting_since": null,
           *           "queued_at": null,
           *           "snoozed_until": null,
           *           "line": {
           *             "id": "PHONE_ID_001",
           *             "name": "Saga Kargo"
           *           },
           *           "first_reply_at": "2026-07-03T10:26:00.000Z",
           *           "response_due_at": null,
           *           "window_expires_at": "2026-07-04T10:12:00.000Z",
           *           "closed_at": null,
           *           "version": 3,
           *           "created_at": "2026-07-03T08:12:00.000Z",
           *           "updated_at": "2026-07-03T10:30:00.000Z",
           *           "last_delivery_status": "delivered",
           *           "previous_ticket_count": 2,
           *           "unread_count": 1,
           *           "can": {
           *             "reply": true,
           *             "self_takeover": true,
           *             "assign": true,
           *             "internal": true,
           *             "followup": true,
           *             "close": true,
           *             "reopen": true,
           *             "release": true
           *           }
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** Format: uuid */
              message_id: string;
              /** Format: date-time */
              sent_at: string;
              message: components['schemas']['Message'] | null;
              messages: components['schemas']['Message'][] | null;
              /** @description As it is afterwards. Null when the caller may not see it any more; with `meta.stale`, when it could not be read just now. */
              ticket: components['schemas']['Ticket'] | null;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `MESSAGE_TOO_LONG`: The channel takes shorter messages; `details` says how long.
       *
       *     `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `NOT_ASSIGNEE`: Only the agent the ticket is assigned to may do this.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NOT_FOUND`: There is no ticket with this id.
       *
       *     `MEDIA_NOT_FOUND`: No file was uploaded to this ticket with one of these ids.
       */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_CLOSED`: The ticket is closed; reopen it first.
       *
       *     `SERVICE_WINDOW_CLOSED`: WhatsApp: the customer's last message is over 24 hours old.
       *
       *     `CHANNEL_UNREADABLE`: Nothing shows the customer what is written on this channel (web chat without a widget).
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  replyAsSa: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "message": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
         *       "display_name": "Saga Team"
         *     }
         */
        'application/json': {
          message: string;
          /**
           * @default Saga Team
           * @constant
           */
          display_name?: 'Saga Team';
        };
      };
    };
    responses: {
      /** @description Success. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "message_id": "019a9d1e-7c00-7000-8000-000000000401",
           *         "notified_agent_id": "019a9d1e-7c00-7000-8000-000000000301",
           *         "ticket": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000101",
           *           "customer_id": "019a9d1e-7c00-7000-8000-000000000201",
           *           "customer_name": "Budi Santoso",
           *           "customer_phone": "+6280001110001",
           *           "division": "sari",
           *           "channel": "whatsapp",
           *           "bot_id": "sari",
           *           "wa_phone_id": "PHONE_ID_001",
           *           "wa_display_name": "Saga Kargo",
           *           "status": "in_progress",
           *           "queue_status": "assigned",
           *           "queue_label": null,
           *           "waiting_for_agent": null,
           *           "assigned_to": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra"
           *           },
           *           "assigned_at": "2026-07-03T10:20:00.000Z",
           *           "assignment_note": null,
           *           "is_returning_customer": false,
           *           "is_off_hours": false,
           *           "is_idle": false,
           *           "tags": [
           *             "b2b",
           *             "kargo"
           *           ],
           *           "opted_out": false,
           *           "crm_stage": "Proposal",
           *           "last_message_preview": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *           "last_message_at": "2026-07-03T10:30:00.000Z",
           *           "last_message_from": "agent",
           *           "last_customer_message_at": "2026-07-03T10:12:00.000Z",
           *           "waiting_since": null,
           *           "queued_at": null,
           *           "snoozed_until": null,
           *           "line": {
           *             "id": "PHONE_ID_001",
           *             "name": "Saga Kargo"
           *           },
           *           "first_reply_at": "2026-07-03T10:26:00.000Z",
           *           "response_due_at": null,
           *           "window_expires_at": "2026-07-04T10:12:00.000Z",
           *           "closed_at": null,
           *           "version": 3,
           *           "created_at": "2026-07-03T08:12:00.000Z",
           *           "updated_at": "2026-07-03T10:30:00.000Z",
           *           "last_delivery_status": "delivered",
           *           "previous_ticket_count": 2,
           *           "unread_count": 1,
           *           "can": {
           *             "reply": true,
           *             "self_takeover": true,
           *             "assign": true,
           *             "internal": true,
           *             "followup": true,
           *             "close": true,
           *             "reopen": true,
           *             "release": true
           *           }
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** Format: uuid */
              message_id: string;
              notified_agent_id: string | null;
              /** @description As it is afterwards. Null when the caller may not see it any more; with `meta.stale`, when it could not be read just now. */
              ticket: components['schemas']['Ticket'] | null;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `MESSAGE_TOO_LONG`: The channel takes shorter messages; `details` says how long.
       *
       *     `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `TICKET_NOT_FOUND`: There is no ticket with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_CLOSED`: The ticket is closed; reopen it first.
       *
       *     `SERVICE_WINDOW_CLOSED`: WhatsApp: the customer's last message is over 24 hours old.
       *
       *     `CHANNEL_UNREADABLE`: Nothing shows the customer what is written on this channel (web chat without a widget).
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  resendMessage: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
        /** @example 019a9d1e-7c00-7000-8000-000000000401 */
        message_id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "confirm_unknown": false
         *     }
         */
        'application/json': {
          /** @description Of a message that may have arrived: send it all the same. */
          confirm_unknown?: boolean;
        };
      };
    };
    responses: {
      /** @description Success. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "message": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000401",
           *           "kind": "reply",
           *           "sender_type": "agent",
           *           "sender_id": "019a9d1e-7c00-7000-8000-000000000301",
           *           "sender_name": "Andi Saputra",
           *           "sent_as": null,
           *           "content": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *           "sent_at": "2026-07-03T10:30:00.000Z",
           *           "delivery_status": "delivered",
           *           "delivery_error": null,
           *           "confidence": null,
           *           "template": null,
           *           "blast_id": null,
           *           "client_ref": "tab-1-17",
           *           "reply_to": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000701",
           *             "preview": "Halo, mau tanya ongkir kargo dari Jakarta ke Batam untuk 250 kg",
           *             "story": null
           *           },
           *           "reactions": [],
           *           "edited_at": null,
           *           "revoked_at": null,
           *           "attachments": [],
           *           "location": null,
           *           "contacts": [],
           *           "order": null,
           *           "referral": null,
           *           "form": null,
           *           "content_kind": null,
           *           "line": "PHONE_ID_001"
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              message: components['schemas']['Message'];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `NOT_ASSIGNEE`: Only the agent the ticket is assigned to may do this.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NOT_FOUND`: There is no ticket with this id.
       *
       *     `MESSAGE_NOT_FOUND`: The ticket has no message with this id.
       */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `NOT_FAILED`: Only a message that `failed` is sent again, or one that is `unknown` with `confirm_unknown`; each once.
       *
       *     `TICKET_CLOSED`: The ticket is closed; reopen it first.
       *
       *     `SERVICE_WINDOW_CLOSED`: WhatsApp: the customer's last message is over 24 hours old.
       *
       *     `CUSTOMER_OPTED_OUT`: The customer opted out: no blast and no follow-up; answers in an open talk go on.
       *
       *     `CHANNEL_UNREADABLE`: Nothing shows the customer what is written on this channel (web chat without a widget).
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listQuickReplies: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "quick_replies": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000101",
           *             "shortcut": "ongkir",
           *             "title": "Minta volume",
           *             "body": "Halo {{name}}, ini {{agent_name}} dari Saga. Penawaran kami ke {{destination_city}} masih berlaku. Apakah ada yang bisa kami bantu?",
           *             "variables": [
           *               "name",
           *               "agent_name",
           *               "destination_city"
           *             ],
           *             "division": "sari",
           *             "personal": false
           *           }
           *         ]
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              quick_replies: components['schemas']['QuickReply'][];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  defineQuickReply: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "shortcut": "ongkir",
         *       "title": "Minta volume",
         *       "body": "Halo {{name}}, ini {{agent_name}} dari Saga. Penawaran kami ke {{destination_city}} masih berlaku. Apakah ada yang bisa kami bantu?",
         *       "division": "sari",
         *       "personal": false
         *     }
         */
        'application/json': {
          /** @description What one types to get it; one word. */
          shortcut: string;
          title: string;
          body: string;
          /**
           * @description Null: of all divisions, or personal.
           * @default null
           */
          division?: components['schemas']['Division'] | null;
          /**
           * @description Nobody else sees it.
           * @default false
           */
          personal?: boolean;
        };
      };
    };
    responses: {
      /** @description Success. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "quick_reply": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000101",
           *           "shortcut": "ongkir",
           *           "title": "Minta volume",
           *           "body": "Halo {{name}}, ini {{agent_name}} dari Saga. Penawaran kami ke {{destination_city}} masih berlaku. Apakah ada yang bisa kami bantu?",
           *           "variables": [
           *             "name",
           *             "agent_name",
           *             "destination_city"
           *           ],
           *           "division": "sari",
           *           "personal": false
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              quick_reply: components['schemas']['QuickReply'];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `FORBIDDEN`: The caller lacks the privilege of this route.
       *
       *     `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SHORTCUT_TAKEN`: Another quick reply of the same person, division or of all has it, however it is written.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  deleteQuickReply: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done, nothing to say. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `FORBIDDEN`: The caller lacks the privilege of this route.
       *
       *     `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `QUICK_REPLY_NOT_FOUND`: There is none with this id that the caller sees. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  patchQuickReply: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "shortcut": "ongkir",
         *       "title": "Minta volume",
         *       "body": "Halo {{name}}, ini {{agent_name}} dari Saga. Penawaran kami ke {{destination_city}} masih berlaku. Apakah ada yang bisa kami bantu?"
         *     }
         */
        'application/json': {
          /** @description What one types to get it; one word. */
          shortcut?: string;
          title?: string;
          body?: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "quick_reply": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000101",
           *           "shortcut": "ongkir",
           *           "title": "Minta volume",
           *           "body": "Halo {{name}}, ini {{agent_name}} dari Saga. Penawaran kami ke {{destination_city}} masih berlaku. Apakah ada yang bisa kami bantu?",
           *           "variables": [
           *             "name",
           *             "agent_name",
           *             "destination_city"
           *           ],
           *           "division": "sari",
           *           "personal": false
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              quick_reply: components['schemas']['QuickReply'];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `FORBIDDEN`: The caller lacks the privilege of this route.
       *
       *     `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `QUICK_REPLY_NOT_FOUND`: There is none with this id that the caller sees. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SHORTCUT_TAKEN`: Another quick reply of the same person, division or of all has it, however it is written.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listRecommendations: {
    parameters: {
      query?: {
        /** @description Example: `sari` */
        division?: components['schemas']['UserDivision'];
        /** @description Example: `PANAS` */
        category?: components['schemas']['LeadCategory'];
        /** @description Example: `019a9d1e-7c00-7000-8000-000000000001` */
        assigned_to?: string | 'me';
        /** @description 1-1000 Example: `50` */
        limit?: number;
        /** @description Example: `eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9` */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "leads": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000101",
           *             "ticket_id": "019a9d1e-7c00-7000-8000-000000000101",
           *             "customer_id": "019a9d1e-7c00-7000-8000-000000000201",
           *             "customer_name": "Budi Santoso",
           *             "customer_phone": "+6280001110001",
           *             "division": "sari",
           *             "channel": "whatsapp",
           *             "crm_stage": "Proposal",
           *             "category": "PANAS",
           *             "reason": "Penawaran terkirim 3 hari lalu, belum ada jawaban",
           *             "assigned_to": {
           *               "id": "019a9d1e-7c00-7000-8000-000000000301",
           *               "name": "Andi Saputra"
           *             },
           *             "last_interaction_at": "2026-07-03T10:30:00.000Z",
           *             "idle_days": 3,
           *             "window_expires_at": "2026-07-03T10:30:00.000Z",
           *             "opted_out": false,
           *             "can_follow_up": true,
           *             "is_acted": false
           *           }
           *         ]
           *       },
           *       "meta": {
           *         "total": 1,
           *         "limit": 50,
           *         "next_cursor": "eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              leads: {
                /** Format: uuid */
                id: string;
                /** Format: uuid */
                ticket_id: string;
                /** Format: uuid */
                customer_id: string;
                customer_name: string | null;
                customer_phone: string | null;
                division: components['schemas']['Division'];
                channel: components['schemas']['Channel'];
                crm_stage: components['schemas']['CrmStage'];
                category: components['schemas']['LeadCategory'];
                reason: string;
                assigned_to: components['schemas']['Person'] | null;
                /** Format: date-time */
                last_interaction_at: string;
                idle_days: number;
                window_expires_at: string | null;
                opted_out: boolean;
                /** @description The caller may follow it up, and the customer wants offers. */
                can_follow_up: boolean;
                is_acted: boolean;
              }[];
            };
            meta?: {
              total: number;
              limit: number;
              next_cursor?: string;
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  sendFollowup: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "template_id": "019a9d1e-7c00-7000-8000-000000000501",
         *       "message": "Halo {{name}}, ini {{agent_name}} dari Saga. Penawaran kami ke {{destination_city}} masih berlaku. Apakah ada yang bisa kami bantu?"
         *     }
         */
        'application/json': {
          /** Format: uuid */
          template_id?: string;
          message?: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "message_id": "019a9d1e-7c00-7000-8000-000000000401",
           *         "sent_at": "2026-07-03T10:30:00.000Z",
           *         "ticket": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000101",
           *           "customer_id": "019a9d1e-7c00-7000-8000-000000000201",
           *           "customer_name": "Budi Santoso",
           *           "customer_phone": "+6280001110001",
           *           "division": "sari",
           *           "channel": "whatsapp",
           *           "bot_id": "sari",
           *           "wa_phone_id": "PHONE_ID_001",
           *           "wa_display_name": "Saga Kargo",
           *           "status": "in_progress",
           *           "queue_status": "assigned",
           *           "queue_label": null,
           *           "waiting_for_agent": null,
           *           "assigned_to": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra"
           *           },
           *           "assigned_at": "2026-07-03T10:20:00.000Z",
           *           "assignment_note": null,
           *           "is_returning_customer": false,
           *           "is_off_hours": false,
           *           "is_idle": false,
           *           "tags": [
           *             "b2b",
           *             "kargo"
           *           ],
           *           "opted_out": false,
           *           "crm_stage": "Proposal",
           *           "last_message_preview": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *           "last_message_at": "2026-07-03T10:30:00.000Z",
           *           "last_message_from": "agent",
           *           "last_customer_message_at": "2026-07-03T10:12:00.000Z",
           *           "waiting_since": null,
           *           "queued_at": null,
           *           "snoozed_until": null,
           *           "line": {
           *             "id": "PHONE_ID_001",
           *             "name": "Saga Kargo"
           *           },
           *           "first_reply_at": "2026-07-03T10:26:00.000Z",
           *           "response_due_at": null,
           *           "window_expires_at": "2026-07-04T10:12:00.000Z",
           *           "closed_at": null,
           *           "version": 3,
           *           "created_at": "2026-07-03T08:12:00.000Z",
           *           "updated_at": "2026-07-03T10:30:00.000Z",
           *           "last_delivery_status": "delivered",
           *           "previous_ticket_count": 2,
           *           "unread_count": 1,
           *           "can": {
           *             "reply": true,
           *             "self_takeover": true,
           *             "assign": true,
           *             "internal": true,
           *             "followup": true,
           *             "close": true,
           *             "reopen": true,
           *             "release": true
           *           }
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** Format: uuid */
              message_id: string;
              /** Format: date-time */
              sent_at: string;
              /** @description As it is afterwards. Null when the caller may not see it any more; with `meta.stale`, when it could not be read just now. */
              ticket: components['schemas']['Ticket'] | null;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `MESSAGE_TOO_LONG`: The channel takes shorter messages; `details` says how long.
       *
       *     `MESSAGE_NOT_SENT_AS_TEMPLATE`: Outside the 24 hours the approved template goes out, and it does not say what was typed.
       *
       *     `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `NOT_ASSIGNEE`: Only the agent the ticket is assigned to may do this.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NOT_FOUND`: There is no ticket with this id.
       *
       *     `TEMPLATE_NOT_FOUND`: There is no template with this id.
       */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SERVICE_WINDOW_CLOSED`: WhatsApp: the customer's last message is over 24 hours old.
       *
       *     `CUSTOMER_OPTED_OUT`: The customer opted out: no blast and no follow-up; answers in an open talk go on.
       *
       *     `CHANNEL_UNREADABLE`: Nothing shows the customer what is written on this channel (web chat without a widget).
       *
       *     `TEMPLATE_NOT_USABLE`: The template is paused, rejected or disabled.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  previewFollowup: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "template_id": "019a9d1e-7c00-7000-8000-000000000501",
         *       "message": "Halo {{name}}, ini {{agent_name}} dari Saga. Penawaran kami ke {{destination_city}} masih berlaku. Apakah ada yang bisa kami bantu?"
         *     }
         */
        'application/json': {
          /** Format: uuid */
          template_id?: string;
          message?: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "text": "Halo Budi Santoso, ini Andi Saputra dari Saga. Penawaran kami ke Batam masih berlaku.",
           *         "form": "template",
           *         "missing": [],
           *         "window_open": false,
           *         "opted_out": false,
           *         "sendable": true,
           *         "refusal": null
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** @description What the customer will read. */
              text: string;
              form: components['schemas']['MessageForm'];
              /** @description Variables without a value; a neutral word stands there. */
              missing: string[];
              window_open: boolean;
              opted_out: boolean;
              sendable: boolean;
              refusal: {
                code: string;
                message: string;
              } | null;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `NOT_ASSIGNEE`: Only the agent the ticket is assigned to may do this.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NOT_FOUND`: There is no ticket with this id.
       *
       *     `TEMPLATE_NOT_FOUND`: There is no template with this id.
       */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `CHANNEL_UNREADABLE`: Nothing shows the customer what is written on this channel (web chat without a widget).
       *
       *     `TEMPLATE_NOT_USABLE`: The template is paused, rejected or disabled.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listInternalMessages: {
    parameters: {
      query?: {
        /** @description 1-200 Example: `50` */
        limit?: number;
        /** @description Example: `019a9d1e-7c00-7000-8000-000000000001` */
        before?: string;
      };
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "messages": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000401",
           *             "sender_id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "sender_name": "Andi Saputra",
           *             "content": "Minta volume dulu sebelum kirim penawaran.",
           *             "tagged_agent": {
           *               "id": "019a9d1e-7c00-7000-8000-000000000302",
           *               "name": "Ayu Wulandari"
           *             },
           *             "sent_at": "2026-07-03T10:30:00.000Z"
           *           }
           *         ]
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              messages: components['schemas']['InternalMessage'][];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `NOT_ASSIGNEE`: Only the agent the ticket is assigned to may do this.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `TICKET_NOT_FOUND`: There is no ticket with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  postInternalMessage: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "content": "Minta volume dulu sebelum kirim penawaran.",
         *       "tagged_agent_id": "019a9d1e-7c00-7000-8000-000000000302"
         *     }
         */
        'application/json': {
          content: string;
          /** Format: uuid */
          tagged_agent_id?: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "message_id": "019a9d1e-7c00-7000-8000-000000000401",
           *         "sent_at": "2026-07-03T10:30:00.000Z",
           *         "ticket": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000101",
           *           "customer_id": "019a9d1e-7c00-7000-8000-000000000201",
           *           "customer_name": "Budi Santoso",
           *           "customer_phone": "+6280001110001",
           *           "division": "sari",
           *           "channel": "whatsapp",
           *           "bot_id": "sari",
           *           "wa_phone_id": "PHONE_ID_001",
           *           "wa_display_name": "Saga Kargo",
           *           "status": "in_progress",
           *           "queue_status": "assigned",
           *           "queue_label": null,
           *           "waiting_for_agent": null,
           *           "assigned_to": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra"
           *           },
           *           "assigned_at": "2026-07-03T10:20:00.000Z",
           *           "assignment_note": null,
           *           "is_returning_customer": false,
           *           "is_off_hours": false,
           *           "is_idle": false,
           *           "tags": [
           *             "b2b",
           *             "kargo"
           *           ],
           *           "opted_out": false,
           *           "crm_stage": "Proposal",
           *           "last_message_preview": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *           "last_message_at": "2026-07-03T10:30:00.000Z",
           *           "last_message_from": "agent",
           *           "last_customer_message_at": "2026-07-03T10:12:00.000Z",
           *           "waiting_since": null,
           *           "queued_at": null,
           *           "snoozed_until": null,
           *           "line": {
           *             "id": "PHONE_ID_001",
           *             "name": "Saga Kargo"
           *           },
           *           "first_reply_at": "2026-07-03T10:26:00.000Z",
           *           "response_due_at": null,
           *           "window_expires_at": "2026-07-04T10:12:00.000Z",
           *           "closed_at": null,
           *           "version": 3,
           *           "created_at": "2026-07-03T08:12:00.000Z",
           *           "updated_at": "2026-07-03T10:30:00.000Z",
           *           "last_delivery_status": "delivered",
           *           "previous_ticket_count": 2,
           *           "unread_count": 1,
           *           "can": {
           *             "reply": true,
           *             "self_takeover": true,
           *             "assign": true,
           *             "internal": true,
           *             "followup": true,
           *             "close": true,
           *             "reopen": true,
           *             "release": true
           *           }
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** Format: uuid */
              message_id: string;
              /** Format: date-time */
              sent_at: string;
              /** @description As it is afterwards. Null when the caller may not see it any more; with `meta.stale`, when it could not be read just now. */
              ticket: components['schemas']['Ticket'] | null;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `TAGGED_USER_CANNOT_READ`: The tagged user may not read this ticket's internal notes.
       *
       *     `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `NOT_ASSIGNEE`: Only the agent the ticket is assigned to may do this.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `TICKET_NOT_FOUND`: There is no ticket with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listCustomers: {
    parameters: {
      query?: {
        /** @description Customer name or phone. Example: `budi` */
        q?: string;
        /** @description Example: `sari` */
        division?: components['schemas']['UserDivision'];
        /** @description Example: `whatsapp` */
        channel?: components['schemas']['Channel'];
        /** @description Example: `(left out)` */
        opted_out?: boolean;
        /** @description 1-200 Example: `50` */
        limit?: number;
        /** @description Example: `eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9` */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "customers": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000201",
           *             "name": "Budi Santoso",
           *             "phone": "+6280001110001",
           *             "division": "sari",
           *             "channels": [
           *               {
           *                 "channel": "whatsapp",
           *                 "id_hint": "…0001",
           *                 "line": "PHONE_ID_001"
           *               }
           *             ],
           *             "email": "budi.santoso@contoh.co.id",
           *             "address": "Jl. Kenari 5, Batam",
           *             "notes": "Lebih suka ditelepon sore.",
           *             "opted_out": null,
           *             "assigned_agent": {
           *               "id": "019a9d1e-7c00-7000-8000-000000000301",
           *               "name": "Andi Saputra"
           *             },
           *             "first_seen_at": "2026-07-03T10:30:00.000Z",
           *             "last_interaction_at": "2026-07-03T10:30:00.000Z",
           *             "ticket_count": 2,
           *             "won_count": 1,
           *             "revenue": 3750000
           *           }
           *         ]
           *       },
           *       "meta": {
           *         "total": 1,
           *         "limit": 50,
           *         "next_cursor": "eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              customers: components['schemas']['Customer'][];
            };
            meta?: {
              total: number;
              limit: number;
              next_cursor?: string;
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  getCustomer: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000201 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "customer": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000201",
           *           "name": "Budi Santoso",
           *           "phone": "+6280001110001",
           *           "division": "sari",
           *           "channels": [
           *             {
           *               "channel": "whatsapp",
           *               "id_hint": "…0001",
           *               "line": "PHONE_ID_001"
           *             }
           *           ],
           *           "email": "budi.santoso@contoh.co.id",
           *           "address": "Jl. Kenari 5, Batam",
           *           "notes": "Lebih suka ditelepon sore.",
           *           "opted_out": null,
           *           "assigned_agent": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra"
           *           },
           *           "first_seen_at": "2026-07-03T10:30:00.000Z",
           *           "last_interaction_at": "2026-07-03T10:30:00.000Z",
           *           "ticket_count": 2,
           *           "won_count": 1,
           *           "revenue": 3750000
           *         },
           *         "tickets": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000201",
           *             "customer_id": "019a9d1e-7c00-7000-8000-000000000201",
           *             "customer_name": "Budi Santoso",
           *             "customer_phone": "+6280001110001",
           *             "division": "sari",
           *             "channel": "whatsapp",
           *             "bot_id": "sari",
           *             "wa_phone_id": "PHONE_ID_001",
           *             "wa_display_name": "Saga Kargo",
           *             "status": "in_progress",
           *             "queue_status": "assigned",
           *             "queue_label": null,
           *             "waiting_for_agent": null,
           *             "assigned_to": {
           *               "id": "019a9d1e-7c00-7000-8000-000000000301",
           *               "name": "Andi Saputra"
           *             },
           *             "assigned_at": "2026-07-03T10:20:00.000Z",
           *             "assignment_note": null,
           *             "is_returning_customer": false,
           *             "is_off_hours": false,
           *             "is_idle": false,
           *             "tags": [
           *               "b2b",
           *               "kargo"
           *             ],
           *             "opted_out": false,
           *             "crm_stage": "Proposal",
           *             "last_message_preview": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *             "last_message_at": "2026-07-03T10:30:00.000Z",
           *             "last_message_from": "agent",
           *             "last_customer_message_at": "2026-07-03T10:12:00.000Z",
           *             "waiting_since": null,
           *             "queued_at": null,
           *             "snoozed_until": null,
           *             "line": {
           *               "id": "019a9d1e-7c00-7000-8000-000000000201",
           *               "name": "Saga Kargo"
           *             },
           *             "first_reply_at": "2026-07-03T10:26:00.000Z",
           *             "response_due_at": null,
           *             "window_expires_at": "2026-07-04T10:12:00.000Z",
           *             "closed_at": null,
           *             "version": 3,
           *             "created_at": "2026-07-03T08:12:00.000Z",
           *             "updated_at": "2026-07-03T10:30:00.000Z",
           *             "last_delivery_status": "delivered",
           *             "previous_ticket_count": 2,
           *             "unread_count": 1,
           *             "can": {
           *               "reply": true,
           *               "self_takeover": true,
           *               "assign": true,
           *               "internal": true,
           *               "followup": true,
           *               "close": true,
           *               "reopen": true,
           *               "release": true
           *             }
           *           }
           *         ],
           *         "same_person": [
           *           {
           *             "customer_id": "019a9d1e-7c00-7000-8000-000000000701",
           *             "division": "savi",
           *             "channel": "whatsapp"
           *           }
           *         ]
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              customer: components['schemas']['Customer'];
              tickets: components['schemas']['Ticket'][];
              same_person: components['schemas']['SamePerson'][];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `CUSTOMER_NOT_FOUND`: No customer with this id has a ticket in a division you may see. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  editCustomer: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000201 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "name": "Budi Santoso",
         *       "email": "budi.santoso@contoh.co.id",
         *       "address": "Jl. Kenari 5, Batam",
         *       "notes": "Lebih suka ditelepon sore."
         *     }
         */
        'application/json': {
          name?: string;
          email?: string | null;
          address?: string | null;
          notes?: string | null;
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "customer": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000201",
           *           "name": "Budi Santoso",
           *           "phone": "+6280001110001",
           *           "division": "sari",
           *           "channels": [
           *             {
           *               "channel": "whatsapp",
           *               "id_hint": "…0001",
           *               "line": "PHONE_ID_001"
           *             }
           *           ],
           *           "email": "budi.santoso@contoh.co.id",
           *           "address": "Jl. Kenari 5, Batam",
           *           "notes": "Lebih suka ditelepon sore.",
           *           "opted_out": null,
           *           "assigned_agent": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra"
           *           },
           *           "first_seen_at": "2026-07-03T10:30:00.000Z",
           *           "last_interaction_at": "2026-07-03T10:30:00.000Z",
           *           "ticket_count": 2,
           *           "won_count": 1,
           *           "revenue": 3750000
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              customer: components['schemas']['Customer'];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `CUSTOMER_NOT_FOUND`: No customer with this id has a ticket in a division you may see. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listCustomerMessages: {
    parameters: {
      query?: {
        /** @description 1-200 Example: `50` */
        limit?: number;
        /** @description Example: `019a9d1e-7c00-7000-8000-000000000001` */
        before?: string;
      };
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "messages": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000401",
           *             "kind": "reply",
           *             "sender_type": "agent",
           *             "sender_id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "sender_name": "Andi Saputra",
           *             "sent_as": null,
           *             "content": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *             "sent_at": "2026-07-03T10:30:00.000Z",
           *             "delivery_status": "delivered",
           *             "delivery_error": null,
           *             "confidence": null,
           *             "template": null,
           *             "blast_id": null,
           *             "client_ref": "tab-1-17",
           *             "reply_to": {
           *               "id": "019a9d1e-7c00-7000-8000-000000000701",
           *               "preview": "Halo, mau tanya ongkir kargo dari Jakarta ke Batam untuk 250 kg",
           *               "story": null
           *             },
           *             "reactions": [],
           *             "edited_at": null,
           *             "revoked_at": null,
           *             "attachments": [],
           *             "location": null,
           *             "contacts": [],
           *             "order": null,
           *             "referral": null,
           *             "form": null,
           *             "content_kind": null,
           *             "line": "PHONE_ID_001"
           *           }
           *         ]
           *       },
           *       "meta": {
           *         "has_more": false
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              messages: components['schemas']['Message'][];
            };
            meta?: {
              /**
               * @description There are earlier ones.
               * @example false
               */
              has_more: boolean;
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `CUSTOMER_NOT_FOUND`: No customer with this id has a ticket in a division you may see. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  mergeCustomers: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000201 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "customer_id": "019a9d1e-7c00-7000-8000-000000000701",
         *       "join_tickets": false
         *     }
         */
        'application/json': {
          /** Format: uuid */
          customer_id: string;
          join_tickets?: boolean;
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "customer": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000201",
           *           "name": "Budi Santoso",
           *           "phone": "+6280001110001",
           *           "division": "sari",
           *           "channels": [
           *             {
           *               "channel": "whatsapp",
           *               "id_hint": "…0001",
           *               "line": "PHONE_ID_001"
           *             }
           *           ],
           *           "email": "budi.santoso@contoh.co.id",
           *           "address": "Jl. Kenari 5, Batam",
           *           "notes": "Lebih suka ditelepon sore.",
           *           "opted_out": null,
           *           "assigned_agent": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra"
           *           },
           *           "first_seen_at": "2026-07-03T10:30:00.000Z",
           *           "last_interaction_at": "2026-07-03T10:30:00.000Z",
           *           "ticket_count": 2,
           *           "won_count": 1,
           *           "revenue": 3750000
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              customer: components['schemas']['Customer'];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `CUSTOMER_NOT_FOUND`: No customer with this id has a ticket in a division you may see. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `CUSTOMERS_NOT_MERGEABLE`: The two customers are of two divisions, or write on two channels.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  getAssignedAgent: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000201 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "customer_id": "019a9d1e-7c00-7000-8000-000000000201",
           *         "assigned_agent_id": "019a9d1e-7c00-7000-8000-000000000301",
           *         "last_ticket_id": "019a9d1e-7c00-7000-8000-000000000101",
           *         "last_interaction_at": "2026-07-03T10:30:00.000Z"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** Format: uuid */
              customer_id: string;
              assigned_agent_id: string | null;
              /** Format: uuid */
              last_ticket_id: string;
              /** Format: date-time */
              last_interaction_at: string;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `CUSTOMER_NOT_FOUND`: No customer with this id has a ticket in a division you may see. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  optOutCustomer: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000201 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "reason": "Pelanggan minta lewat telepon"
         *     }
         */
        'application/json': {
          reason: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "customer": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000201",
           *           "name": "Budi Santoso",
           *           "phone": "+6280001110001",
           *           "division": "sari",
           *           "channels": [
           *             {
           *               "channel": "whatsapp",
           *               "id_hint": "…0001",
           *               "line": "PHONE_ID_001"
           *             }
           *           ],
           *           "email": "budi.santoso@contoh.co.id",
           *           "address": "Jl. Kenari 5, Batam",
           *           "notes": "Lebih suka ditelepon sore.",
           *           "opted_out": {
           *             "at": "2026-07-03T10:30:00.000Z",
           *             "by": {
           *               "id": "019a9d1e-7c00-7000-8000-000000000301",
           *               "name": "Budi Santoso"
           *             },
           *             "how": "keyword"
           *           },
           *           "assigned_agent": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra"
           *           },
           *           "first_seen_at": "2026-07-03T10:30:00.000Z",
           *           "last_interaction_at": "2026-07-03T10:30:00.000Z",
           *           "ticket_count": 2,
           *           "won_count": 1,
           *           "revenue": 3750000
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              customer: components['schemas']['Customer'];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `CUSTOMER_NOT_FOUND`: No customer with this id has a ticket in a division you may see. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  optInCustomer: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000201 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "reason": "Pelanggan minta lewat telepon"
         *     }
         */
        'application/json': {
          reason: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "customer": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000201",
           *           "name": "Budi Santoso",
           *           "phone": "+6280001110001",
           *           "division": "sari",
           *           "channels": [
           *             {
           *               "channel": "whatsapp",
           *               "id_hint": "…0001",
           *               "line": "PHONE_ID_001"
           *             }
           *           ],
           *           "email": "budi.santoso@contoh.co.id",
           *           "address": "Jl. Kenari 5, Batam",
           *           "notes": "Lebih suka ditelepon sore.",
           *           "opted_out": null,
           *           "assigned_agent": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra"
           *           },
           *           "first_seen_at": "2026-07-03T10:30:00.000Z",
           *           "last_interaction_at": "2026-07-03T10:30:00.000Z",
           *           "ticket_count": 2,
           *           "won_count": 1,
           *           "revenue": 3750000
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              customer: components['schemas']['Customer'];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `CUSTOMER_NOT_FOUND`: No customer with this id has a ticket in a division you may see. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  eraseCustomer: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000201 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "reason": "Permintaan pelanggan lewat surat tanggal 1 Juli 2026"
         *     }
         */
        'application/json': {
          reason?: string | null;
        };
      };
    };
    responses: {
      /** @description Success. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "customer_id": "019a9d1e-7c00-7000-8000-000000000201",
           *         "erased_at": "2026-07-03T10:30:00.000Z"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** Format: uuid */
              customer_id: string;
              /** Format: date-time */
              erased_at: string;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `CUSTOMER_NOT_FOUND`: No customer with this id has a ticket in a division you may see. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `CUSTOMER_HAS_OPEN_TICKET`: A customer has one open ticket per division.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  trackOrder: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example SGK-2026-000123 */
        order_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "status": "not_available",
           *         "message": "Pelacakan pesanan belum tersedia."
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** @constant */
              status: 'not_available';
              message: string;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listFollowupTemplates: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "templates": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000501",
           *             "name": "Tanya kabar penawaran",
           *             "body": "Halo {{name}}, ini {{agent_name}} dari Saga. Penawaran kami ke {{destination_city}} masih berlaku. Apakah ada yang bisa kami bantu?",
           *             "variables": [
           *               "name",
           *               "agent_name",
           *               "destination_city"
           *             ]
           *           }
           *         ]
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              templates: {
                /** Format: uuid */
                id: string;
                name: string;
                body: string;
                variables: string[];
              }[];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  previewBlast: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "recipients": [
         *         "019a9d1e-7c00-7000-8000-000000000101"
         *       ],
         *       "template_id": "019a9d1e-7c00-7000-8000-000000000501",
         *       "message": "Halo {{name}}, ini {{agent_name}} dari Saga. Penawaran kami ke {{destination_city}} masih berlaku. Apakah ada yang bisa kami bantu?"
         *     }
         */
        'application/json': {
          recipients?: string[];
          filter?: {
            division: components['schemas']['Division'];
            category?: components['schemas']['LeadCategory'][];
            crm_stage?: components['schemas']['CrmStage'][];
            tags?: string[];
          };
          /** Format: uuid */
          template_id: string;
          message: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "total": 2,
           *         "sendable": 1,
           *         "skipped": [
           *           {
           *             "ticket_id": "019a9d1e-7c00-7000-8000-000000000101",
           *             "reason": "opted_out"
           *           }
           *         ],
           *         "samples": [
           *           {
           *             "ticket_id": "019a9d1e-7c00-7000-8000-000000000101",
           *             "form": "text",
           *             "text": "Halo Budi Santoso, ini Andi Saputra dari Saga. Penawaran kami ke Batam masih berlaku."
           *           }
           *         ]
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              total: number;
              sendable: number;
              skipped: {
                /** Format: uuid */
                ticket_id: string;
                /** @enum {string} */
                reason: 'never_wrote' | 'same_customer' | 'opted_out' | 'window_closed';
              }[];
              samples: {
                /** Format: uuid */
                ticket_id: string;
                /** @description Free text within 24 hours of the customer, else the template. */
                form: components['schemas']['MessageForm'];
                text: string;
              }[];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NOT_FOUND`: There is no ticket with this id.
       *
       *     `TEMPLATE_NOT_FOUND`: There is no template with this id.
       */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TEMPLATE_NOT_USABLE`: The template is paused, rejected or disabled.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  createBlast: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "recipients": [
         *         "019a9d1e-7c00-7000-8000-000000000101"
         *       ],
         *       "template_id": "019a9d1e-7c00-7000-8000-000000000501",
         *       "message": "Halo {{name}}, ini {{agent_name}} dari Saga. Penawaran kami ke {{destination_city}} masih berlaku. Apakah ada yang bisa kami bantu?"
         *     }
         */
        'application/json': {
          recipients?: string[];
          filter?: {
            division: components['schemas']['Division'];
            category?: components['schemas']['LeadCategory'][];
            crm_stage?: components['schemas']['CrmStage'][];
            tags?: string[];
          };
          /** Format: uuid */
          template_id: string;
          message: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "blast_id": "019a9d1e-7c00-7000-8000-000000000601",
           *         "recipient_count": 100,
           *         "status": "pending"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** Format: uuid */
              blast_id: string;
              recipient_count: number;
              /** @constant */
              status: 'pending';
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `BLAST_RECIPIENTS_REFUSED`: `details` names each: never wrote to us, or the same customer as another recipient.
       *
       *     `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NOT_FOUND`: There is no ticket with this id.
       *
       *     `TEMPLATE_NOT_FOUND`: There is no template with this id.
       */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TEMPLATE_NOT_USABLE`: The template is paused, rejected or disabled.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listBlasts: {
    parameters: {
      query?: {
        /** @description Example: `pending` */
        status?: components['schemas']['BlastStatus'];
        /** @description 1-200 Example: `50` */
        limit?: number;
        /** @description Example: `eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9` */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "blasts": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000601",
           *             "status": "sending",
           *             "message": "Halo {{name}}, ini {{agent_name}} dari Saga. Penawaran kami ke {{destination_city}} masih berlaku. Apakah ada yang bisa kami bantu?",
           *             "template": {
           *               "id": "019a9d1e-7c00-7000-8000-000000000501",
           *               "name": "Tanya kabar penawaran",
           *               "language": "id"
           *             },
           *             "recipient_count": 100,
           *             "created_by": {
           *               "id": "019a9d1e-7c00-7000-8000-000000000301",
           *               "name": "Andi Saputra"
           *             },
           *             "created_at": "2026-07-03T08:12:00.000Z",
           *             "approved_at": "2026-07-03T10:30:00.000Z",
           *             "rejected_at": null,
           *             "reject_reason": null,
           *             "pause_reason": null,
           *             "finished_at": null
           *           }
           *         ]
           *       },
           *       "meta": {
           *         "limit": 50,
           *         "next_cursor": "eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              blasts: components['schemas']['Blast'][];
            };
            meta?: {
              limit: number;
              next_cursor?: string;
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  getBlast: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000601 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "blast": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000601",
           *           "status": "sending",
           *           "message": "Halo {{name}}, ini {{agent_name}} dari Saga. Penawaran kami ke {{destination_city}} masih berlaku. Apakah ada yang bisa kami bantu?",
           *           "template": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000501",
           *             "name": "Tanya kabar penawaran",
           *             "language": "id"
           *           },
           *           "recipient_count": 100,
           *           "created_by": {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra"
           *           },
           *           "created_at": "2026-07-03T08:12:00.000Z",
           *           "approved_at": "2026-07-03T10:30:00.000Z",
           *           "rejected_at": null,
           *           "reject_reason": null,
           *           "pause_reason": null,
           *           "finished_at": null,
           *           "recipients": [
           *             {
           *               "ticket_id": "019a9d1e-7c00-7000-8000-000000000101",
           *               "customer_name": "Budi Santoso",
           *               "division": "sari",
           *               "category": "PANAS",
           *               "status": "delivered",
           *               "form": "text",
           *               "preview": "Halo Budi Santoso, ini Andi Saputra dari Saga. Penawaran kami ke Batam masih berlaku.",
           *               "template_preview": "Halo Budi Santoso, ini Andi Saputra dari Saga. Penawaran kami ke Batam masih berlaku.",
           *               "message_id": "019a9d1e-7c00-7000-8000-000000000401",
           *               "sent_at": "2026-07-03T10:30:00.000Z",
           *               "reason": null,
           *               "responded_at": "2026-07-03T10:30:00.000Z"
           *             }
           *           ]
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              blast: {
                /** Format: uuid */
                id: string;
                status: components['schemas']['BlastStatus'];
                message: string;
                template: {
                  /** Format: uuid */
                  id: string;
                  name: string;
                  language: string;
                };
                recipient_count: number;
                created_by: components['schemas']['Person'];
                /** Format: date-time */
                created_at: string;
                approved_at: string | null;
                rejected_at: string | null;
                reject_reason: string | null;
                /** @description Set when the program paused it: code of the channel, or of the template. */
                pause_reason: string | null;
                finished_at: string | null;
                recipients: components['schemas']['BlastRecipient'][];
              };
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `BLAST_NOT_FOUND`: There is no blast with this id that you may see. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  getBlastStatus: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000601 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "status": "sending",
           *         "total_recipients": 100,
           *         "total_sent": 60,
           *         "total_failed": 1,
           *         "total_responded": 12,
           *         "response_rate_pct": 20,
           *         "total_skipped": 2,
           *         "total_unknown": 0,
           *         "pause_reason": null,
           *         "per_category": {
           *           "PANAS": {
           *             "recipients": 25,
           *             "sent": 15,
           *             "responded": 3,
           *             "response_rate_pct": 20
           *           },
           *           "HANGAT": {
           *             "recipients": 25,
           *             "sent": 15,
           *             "responded": 3,
           *             "response_rate_pct": 20
           *           },
           *           "DINGIN": {
           *             "recipients": 25,
           *             "sent": 15,
           *             "responded": 3,
           *             "response_rate_pct": 20
           *           },
           *           "NONE": {
           *             "recipients": 25,
           *             "sent": 15,
           *             "responded": 3,
           *             "response_rate_pct": 20
           *           }
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              status: components['schemas']['BlastStatus'];
              total_recipients: number;
              total_sent: number;
              total_failed: number;
              total_responded: number;
              response_rate_pct: number;
              /** @description Opted out, or outside 24 h without a template. */
              total_skipped: number;
              /** @description May or may not have gone out: never sent again by itself. */
              total_unknown: number;
              pause_reason: string | null;
              per_category: {
                PANAS: {
                  recipients: number;
                  sent: number;
                  responded: number;
                  response_rate_pct: number;
                };
                HANGAT: {
                  recipients: number;
                  sent: number;
                  responded: number;
                  response_rate_pct: number;
                };
                DINGIN: {
                  recipients: number;
                  sent: number;
                  responded: number;
                  response_rate_pct: number;
                };
                NONE: {
                  recipients: number;
                  sent: number;
                  responded: number;
                  response_rate_pct: number;
                };
              };
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `BLAST_NOT_FOUND`: There is no blast with this id that you may see. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  approveBlast: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000601 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /** @example {} */
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "approved_at": "2026-07-03T10:30:00.000Z",
           *         "estimated_send_duration_min": 2.5
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** Format: date-time */
              approved_at: string;
              /** @description Recipients times the delay between two messages. */
              estimated_send_duration_min: number;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BLAST_OWN_APPROVAL`: Nobody approves their own blast.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `BLAST_NOT_FOUND`: There is no blast with this id that you may see. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BLAST_NOT_PENDING`: The blast was approved, rejected or cancelled already.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  rejectBlast: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000601 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "reason": "Pesannya belum jelas, tolong sebut masa berlaku penawaran."
         *     }
         */
        'application/json': {
          reason: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "rejected_at": "2026-07-03T10:30:00.000Z"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** Format: date-time */
              rejected_at: string;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `BLAST_NOT_FOUND`: There is no blast with this id that you may see. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BLAST_NOT_PENDING`: The blast was approved, rejected or cancelled already.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  pauseBlast: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000601 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /** @example {} */
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "paused_at": "2026-07-03T10:30:00.000Z"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** Format: date-time */
              paused_at: string;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `BLAST_NOT_FOUND`: There is no blast with this id that you may see. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BLAST_NOT_SENDING`: Only a blast that is approved or sending can be paused.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  resumeBlast: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000601 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /** @example {} */
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "resumed_at": "2026-07-03T10:30:00.000Z"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** Format: date-time */
              resumed_at: string;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `BLAST_NOT_FOUND`: There is no blast with this id that you may see. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BLAST_NOT_PAUSED`: Only a paused blast can be resumed.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  cancelBlast: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000601 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /** @example {} */
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "cancelled_at": "2026-07-03T10:30:00.000Z"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** Format: date-time */
              cancelled_at: string;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `BLAST_NOT_FOUND`: There is no blast with this id that you may see. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BLAST_OVER`: The blast is done, rejected or cancelled.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  exportExcel: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "division": "sari",
         *       "date_range": {
         *         "start": "2026-07-01",
         *         "end": "2026-07-31"
         *       }
         *     }
         */
        'application/json': {
          division: components['schemas']['UserDivision'];
          /** @description First and last day, both within; at most 366 days. */
          date_range: {
            /** Format: date */
            start: string;
            /** Format: date */
            end: string;
          };
        };
      };
    };
    responses: {
      /** @description Success. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "download_url": "/api/export/019a9d1e-7c00-7000-8000-000000000701?expires=1783078200&signature=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
           *         "expires_at": "2026-07-03T10:30:00.000Z",
           *         "export_id": "019a9d1e-7c00-7000-8000-000000000701"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /**
               * @description Needs no token: everybody who has it gets the file. Without PUBLIC_URL a path of this API.
               * @example /api/export/019a9d1e-7c00-7000-8000-000000000701?expires=1783078200&signature=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
               */
              download_url: string;
              /** Format: date-time */
              expires_at: string;
              /** Format: uuid */
              export_id: string;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `EXPORT_LIMIT`: One export of this person runs and five wait; see Retry-After.
       *
       *     `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After.
       */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  exportPdf: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "division": "sari",
         *       "report_type": "division_summary",
         *       "date_range": {
         *         "start": "2026-07-01",
         *         "end": "2026-07-31"
         *       }
         *     }
         */
        'application/json': {
          division: components['schemas']['UserDivision'];
          report_type: components['schemas']['ReportType'];
          /** @description First and last day, both within; at most 366 days. */
          date_range: {
            /** Format: date */
            start: string;
            /** Format: date */
            end: string;
          };
        };
      };
    };
    responses: {
      /** @description Success. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "download_url": "/api/export/019a9d1e-7c00-7000-8000-000000000701?expires=1783078200&signature=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
           *         "expires_at": "2026-07-03T10:30:00.000Z",
           *         "export_id": "019a9d1e-7c00-7000-8000-000000000701"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /**
               * @description Needs no token: everybody who has it gets the file. Without PUBLIC_URL a path of this API.
               * @example /api/export/019a9d1e-7c00-7000-8000-000000000701?expires=1783078200&signature=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
               */
              download_url: string;
              /** Format: date-time */
              expires_at: string;
              /** Format: uuid */
              export_id: string;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `EXPORT_LIMIT`: One export of this person runs and five wait; see Retry-After.
       *
       *     `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After.
       */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listExports: {
    parameters: {
      query?: {
        /** @description 1-200 Example: `50` */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "exports": [
           *           {
           *             "export_id": "019a9d1e-7c00-7000-8000-000000000701",
           *             "status": "pending",
           *             "progress_pct": 100,
           *             "type": "excel",
           *             "report_type": "division_summary",
           *             "division": "sari",
           *             "date_range": {
           *               "start": "2026-07-01",
           *               "end": "2026-07-31"
           *             },
           *             "size": 48213,
           *             "reason": null,
           *             "requested_at": "2026-07-03T10:30:00.000Z",
           *             "finished_at": "2026-07-03T10:30:00.000Z",
           *             "expires_at": "2026-07-03T10:30:00.000Z"
           *           }
           *         ]
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              exports: components['schemas']['Export'][];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  getExportStatus: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "export_id": "019a9d1e-7c00-7000-8000-000000000701",
           *         "status": "pending",
           *         "progress_pct": 100,
           *         "type": "excel",
           *         "report_type": "division_summary",
           *         "division": "sari",
           *         "date_range": {
           *           "start": "2026-07-01",
           *           "end": "2026-07-31"
           *         },
           *         "size": 48213,
           *         "reason": null,
           *         "requested_at": "2026-07-03T10:30:00.000Z",
           *         "finished_at": "2026-07-03T10:30:00.000Z",
           *         "expires_at": "2026-07-03T10:30:00.000Z"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: components['schemas']['Export'];
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `EXPORT_NOT_FOUND`: There is no export of yours with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  downloadExport: {
    parameters: {
      query?: {
        /** @description Example: `1783078200` */
        expires?: string;
        /** @description Example: `9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08` */
        signature?: string;
      };
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000701 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The file. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/octet-stream': unknown;
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `EXPORT_LINK_INVALID`: The signature is missing, or is not that of this export and this time; or who asked for it may not export that division any more. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `EXPORT_NOT_READY`: The file is being made; see Retry-After, or follow its status.
       *
       *     `EXPORT_FAILED`: The file could not be made; its status says why. Ask for a new one.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `EXPORT_EXPIRED`: The time of the link is over, or the file was deleted before. */
      410: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  getDivisionAnalytics: {
    parameters: {
      query?: {
        /** @description A month, YYYY-MM. Default: this month. Example: `2026-07` */
        period?: string;
        /** @description Instead of `period`, with `end_date`. Example: `2026-07-01` */
        start_date?: string;
        /** @description Inclusive; at most 366 days. Example: `2026-07-31` */
        end_date?: string;
        /** @description Example: `day` */
        granularity?: components['schemas']['Granularity'];
      };
      header?: never;
      path: {
        /** @example sari */
        div: components['schemas']['UserDivision'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "period": {
           *           "start": "2026-07-01",
           *           "end": "2026-07-01"
           *         },
           *         "leads": {
           *           "total": 128,
           *           "valid": 96,
           *           "won": 30,
           *           "lost": 18
           *         },
           *         "closing_rate": 62.5,
           *         "revenue": 12500000,
           *         "bot_resolution_rate": 62.5,
           *         "cycle_time_avg": 6.25,
           *         "escalations": 41,
           *         "claimed_within_3min_pct": 62.5,
           *         "trend_3mo": [
           *           {
           *             "month": "2026-05",
           *             "closing_rate": 55.1,
           *             "won": 27,
           *             "lost": 22
           *           },
           *           {
           *             "month": "2026-06",
           *             "closing_rate": 57.45,
           *             "won": 27,
           *             "lost": 20
           *           },
           *           {
           *             "month": "2026-07",
           *             "closing_rate": 62.5,
           *             "won": 30,
           *             "lost": 18
           *           }
           *         ],
           *         "lost_reasons": {
           *           "price": 8,
           *           "competitor": 12,
           *           "cancelled_plan": 12,
           *           "no_response": 12,
           *           "out_of_coverage": 12,
           *           "schedule": 12,
           *           "other": 12
           *         },
           *         "top_routes": [
           *           {
           *             "origin": "Jakarta",
           *             "destination": "Batam",
           *             "count": 21
           *           },
           *           {
           *             "origin": "Bandung",
           *             "destination": "Medan",
           *             "count": 9
           *           }
           *         ],
           *         "roi_per_channel": {
           *           "whatsapp": {
           *             "leads": 34,
           *             "won": 30,
           *             "revenue": 12500000,
           *             "closing_rate": 62.5,
           *             "roi_pct": 420.5
           *           },
           *           "telegram": {
           *             "leads": 34,
           *             "won": 30,
           *             "revenue": 12500000,
           *             "closing_rate": 62.5,
           *             "roi_pct": 420.5
           *           },
           *           "instagram": {
           *             "leads": 34,
           *             "won": 30,
           *             "revenue": 12500000,
           *             "closing_rate": 62.5,
           *             "roi_pct": 420.5
           *           },
           *           "facebook": {
           *             "leads": 34,
           *             "won": 30,
           *             "revenue": 12500000,
           *             "closing_rate": 62.5,
           *             "roi_pct": 420.5
           *           },
           *           "web": {
           *             "leads": 34,
           *             "won": 30,
           *             "revenue": 12500000,
           *             "closing_rate": 62.5,
           *             "roi_pct": 420.5
           *           }
           *         },
           *         "channel_costs": {
           *           "whatsapp": 1500000,
           *           "telegram": 12500000,
           *           "instagram": 12500000,
           *           "facebook": 12500000,
           *           "web": 12500000
           *         },
           *         "resolve_median_min": 185,
           *         "opt_outs": 3,
           *         "seasonal_curve": [
           *           {
           *             "month": "2026-01",
           *             "leads": 41
           *           },
           *           {
           *             "month": "2026-02",
           *             "leads": 38
           *           },
           *           {
           *             "month": "2026-03",
           *             "leads": 66
           *           },
           *           {
           *             "month": "2026-04",
           *             "leads": 72
           *           },
           *           {
           *             "month": "2026-05",
           *             "leads": 51
           *           },
           *           {
           *             "month": "2026-06",
           *             "leads": 117
           *           },
           *           {
           *             "month": "2026-07",
           *             "leads": 128
           *           },
           *           {
           *             "month": "2026-08",
           *             "leads": 0
           *           },
           *           {
           *             "month": "2026-09",
           *             "leads": 0
           *           },
           *           {
           *             "month": "2026-10",
           *             "leads": 0
           *           },
           *           {
           *             "month": "2026-11",
           *             "leads": 0
           *           },
           *           {
           *             "month": "2026-12",
           *             "leads": 0
           *           }
           *         ],
           *         "blast_effectiveness": {
           *           "PANAS": {
           *             "sent": 12,
           *             "responded": 12,
           *             "response_rate_pct": 62.5
           *           },
           *           "HANGAT": {
           *             "sent": 12,
           *             "responded": 12,
           *             "response_rate_pct": 62.5
           *           },
           *           "DINGIN": {
           *             "sent": 12,
           *             "responded": 12,
           *             "response_rate_pct": 62.5
           *           }
           *         },
           *         "previous": {
           *           "period": {
           *             "start": "2026-06-01",
           *             "end": "2026-06-30"
           *           },
           *           "leads": {
           *             "total": 117,
           *             "valid": 90,
           *             "won": 27,
           *             "lost": 20
           *           },
           *           "closing_rate": 62.5,
           *           "revenue": 12500000,
           *           "bot_resolution_rate": 62.5,
           *           "cycle_time_avg": 6.25,
           *           "escalations": 41,
           *           "claimed_within_3min_pct": 62.5,
           *           "trend_3mo": [
           *             {
           *               "month": "2026-05",
           *               "closing_rate": 55.1,
           *               "won": 27,
           *               "lost": 22
           *             },
           *             {
           *               "month": "2026-06",
           *               "closing_rate": 57.45,
           *               "won": 27,
           *               "lost": 20
           *             },
           *             {
           *               "month": "2026-07",
           *               "closing_rate": 62.5,
           *               "won": 30,
           *               "lost": 18
           *             }
           *           ],
           *           "lost_reasons": {
           *             "price": 8,
           *             "competitor": 12,
           *             "cancelled_plan": 12,
           *             "no_response": 12,
           *             "out_of_coverage": 12,
           *             "schedule": 12,
           *             "other": 12
           *           },
           *           "top_routes": [
           *             {
           *               "origin": "Jakarta",
           *               "destination": "Batam",
           *               "count": 21
           *             },
           *             {
           *               "origin": "Bandung",
           *               "destination": "Medan",
           *               "count": 9
           *             }
           *           ],
           *           "roi_per_channel": {
           *             "whatsapp": {
           *               "leads": 34,
           *               "won": 30,
           *               "revenue": 12500000,
           *               "closing_rate": 62.5,
           *               "roi_pct": 420.5
           *             },
           *             "telegram": {
           *               "leads": 34,
           *               "won": 30,
           *               "revenue": 12500000,
           *               "closing_rate": 62.5,
           *               "roi_pct": 420.5
           *             },
           *             "instagram": {
           *               "leads": 34,
           *               "won": 30,
           *               "revenue": 12500000,
           *               "closing_rate": 62.5,
           *               "roi_pct": 420.5
           *             },
           *             "facebook": {
           *               "leads": 34,
           *               "won": 30,
           *               "revenue": 12500000,
           *               "closing_rate": 62.5,
           *               "roi_pct": 420.5
           *             },
           *             "web": {
           *               "leads": 34,
           *               "won": 30,
           *               "revenue": 12500000,
           *               "closing_rate": 62.5,
           *               "roi_pct": 420.5
           *             }
           *           },
           *           "channel_costs": {
           *             "whatsapp": 1500000,
           *             "telegram": 12500000,
           *             "instagram": 12500000,
           *             "facebook": 12500000,
           *             "web": 12500000
           *           },
           *           "resolve_median_min": 185,
           *           "opt_outs": 3,
           *           "seasonal_curve": [
           *             {
           *               "month": "2026-01",
           *               "leads": 41
           *             },
           *             {
           *               "month": "2026-02",
           *               "leads": 38
           *             },
           *             {
           *               "month": "2026-03",
           *               "leads": 66
           *             },
           *             {
           *               "month": "2026-04",
           *               "leads": 72
           *             },
           *             {
           *               "month": "2026-05",
           *               "leads": 51
           *             },
           *             {
           *               "month": "2026-06",
           *               "leads": 117
           *             },
           *             {
           *               "month": "2026-07",
           *               "leads": 128
           *             },
           *             {
           *               "month": "2026-08",
           *               "leads": 0
           *             },
           *             {
           *               "month": "2026-09",
           *               "leads": 0
           *             },
           *             {
           *               "month": "2026-10",
           *               "leads": 0
           *             },
           *             {
           *               "month": "2026-11",
           *               "leads": 0
           *             },
           *             {
           *               "month": "2026-12",
           *               "leads": 0
           *             }
           *           ],
           *           "blast_effectiveness": {
           *             "PANAS": {
           *               "sent": 12,
           *               "responded": 12,
           *               "response_rate_pct": 62.5
           *             },
           *             "HANGAT": {
           *               "sent": 12,
           *               "responded": 12,
           *               "response_rate_pct": 62.5
           *             },
           *             "DINGIN": {
           *               "sent": 12,
           *               "responded": 12,
           *               "response_rate_pct": 62.5
           *             }
           *           }
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              period: components['schemas']['Period'];
              leads: {
                /** @description Opened in the period. */
                total: number;
                /** @description Of those, ever Qualified or further. */
                valid: number;
                won: number;
                lost: number;
              };
              /**
               * @description 0-100, one decimal; null where there is nothing to divide by.
               * @example 62.5
               */
              closing_rate: number | null;
              /**
               * @description Deal values of the won tickets, in rupiah.
               * @example 12500000
               */
              revenue: number;
              /**
               * @description 0-100, one decimal; null where there is nothing to divide by.
               * @example 62.5
               */
              bot_resolution_rate: number | null;
              /**
               * @description Days from opened to Won, two decimals.
               * @example 6.25
               */
              cycle_time_avg: number | null;
              /**
               * @description Tickets that people got for the first time: queued, assigned or taken over.
               * @example 41
               */
              escalations: number;
              /**
               * @description 0-100, one decimal; null where there is nothing to divide by.
               * @example 62.5
               */
              claimed_within_3min_pct: number | null;
              trend_3mo: {
                /** @example 2026-07 */
                month: string;
                /**
                 * @description 0-100, one decimal; null where there is nothing to divide by.
                 * @example 62.5
                 */
                closing_rate: number | null;
                won: number;
                lost: number;
              }[];
              lost_reasons: {
                price: number;
                competitor: number;
                cancelled_plan: number;
                no_response: number;
                out_of_coverage: number;
                schedule: number;
                other: number;
              };
              top_routes: {
                /** @example Jakarta */
                origin: string;
                /** @example Batam */
                destination: string;
                count: number;
              }[];
              roi_per_channel: {
                whatsapp: {
                  leads: number;
                  won: number;
                  /**
                   * @description Rupiah.
                   * @example 12500000
                   */
                  revenue: number;
                  /**
                   * @description 0-100, one decimal; null where there is nothing to divide by.
                   * @example 62.5
                   */
                  closing_rate: number | null;
                  /**
                   * @description (revenue - cost) / cost in percent, one decimal; null without a cost.
                   * @example 420.5
                   */
                  roi_pct: number | null;
                };
                telegram: {
                  leads: number;
                  won: number;
                  /**
                   * @description Rupiah.
                   * @example 12500000
                   */
                  revenue: number;
                  /**
                   * @description 0-100, one decimal; null where there is nothing to divide by.
                   * @example 62.5
                   */
                  closing_rate: number | null;
                  /**
                   * @description (revenue - cost) / cost in percent, one decimal; null without a cost.
                   * @example 420.5
                   */
                  roi_pct: number | null;
                };
                instagram: {
                  leads: number;
                  won: number;
                  /**
                   * @description Rupiah.
                   * @example 12500000
                   */
                  revenue: number;
                  /**
                   * @description 0-100, one decimal; null where there is nothing to divide by.
                   * @example 62.5
                   */
                  closing_rate: number | null;
                  /**
                   * @description (revenue - cost) / cost in percent, one decimal; null without a cost.
                   * @example 420.5
                   */
                  roi_pct: number | null;
                };
                facebook: {
                  leads: number;
                  won: number;
                  /**
                   * @description Rupiah.
                   * @example 12500000
                   */
                  revenue: number;
                  /**
                   * @description 0-100, one decimal; null where there is nothing to divide by.
                   * @example 62.5
                   */
                  closing_rate: number | null;
                  /**
                   * @description (revenue - cost) / cost in percent, one decimal; null without a cost.
                   * @example 420.5
                   */
                  roi_pct: number | null;
                };
                web: {
                  leads: number;
                  won: number;
                  /**
                   * @description Rupiah.
                   * @example 12500000
                   */
                  revenue: number;
                  /**
                   * @description 0-100, one decimal; null where there is nothing to divide by.
                   * @example 62.5
                   */
                  closing_rate: number | null;
                  /**
                   * @description (revenue - cost) / cost in percent, one decimal; null without a cost.
                   * @example 420.5
                   */
                  roi_pct: number | null;
                };
              };
              /** @description The division’s part of what the channels cost in these days; see `setChannelCost`. */
              channel_costs: {
                /**
                 * @description Rupiah.
                 * @example 12500000
                 */
                whatsapp: number;
                /**
                 * @description Rupiah.
                 * @example 12500000
                 */
                telegram: number;
                /**
                 * @description Rupiah.
                 * @example 12500000
                 */
                instagram: number;
                /**
                 * @description Rupiah.
                 * @example 12500000
                 */
                facebook: number;
                /**
                 * @description Rupiah.
                 * @example 12500000
                 */
                web: number;
              };
              /**
               * @description Minutes that half of the tickets closed in the period had been open at most.
               * @example 185
               */
              resolve_median_min: number | null;
              /**
               * @description Customers who want no offers since a day of the period.
               * @example 3
               */
              opt_outs: number;
              seasonal_curve: {
                /** @example 2026-07 */
                month: string;
                leads: number;
              }[];
              blast_effectiveness: {
                PANAS: {
                  sent: number;
                  responded: number;
                  /**
                   * @description 0-100, one decimal; null where there is nothing to divide by.
                   * @example 62.5
                   */
                  response_rate_pct: number | null;
                };
                HANGAT: {
                  sent: number;
                  responded: number;
                  /**
                   * @description 0-100, one decimal; null where there is nothing to divide by.
                   * @example 62.5
                   */
                  response_rate_pct: number | null;
                };
                DINGIN: {
                  sent: number;
                  responded: number;
                  /**
                   * @description 0-100, one decimal; null where there is nothing to divide by.
                   * @example 62.5
                   */
                  response_rate_pct: number | null;
                };
              };
              previous: {
                period: components['schemas']['Period'];
                leads: {
                  /** @description Opened in the period. */
                  total: number;
                  /** @description Of those, ever Qualified or further. */
                  valid: number;
                  won: number;
                  lost: number;
                };
                /**
                 * @description 0-100, one decimal; null where there is nothing to divide by.
                 * @example 62.5
                 */
                closing_rate: number | null;
                /**
                 * @description Deal values of the won tickets, in rupiah.
                 * @example 12500000
                 */
                revenue: number;
                /**
                 * @description 0-100, one decimal; null where there is nothing to divide by.
                 * @example 62.5
                 */
                bot_resolution_rate: number | null;
                /**
                 * @description Days from opened to Won, two decimals.
                 * @example 6.25
                 */
                cycle_time_avg: number | null;
                /**
                 * @description Tickets that people got for the first time: queued, assigned or taken over.
                 * @example 41
                 */
                escalations: number;
                /**
                 * @description 0-100, one decimal; null where there is nothing to divide by.
                 * @example 62.5
                 */
                claimed_within_3min_pct: number | null;
                trend_3mo: {
                  /** @example 2026-07 */
                  month: string;
                  /**
                   * @description 0-100, one decimal; null where there is nothing to divide by.
                   * @example 62.5
                   */
                  closing_rate: number | null;
                  won: number;
                  lost: number;
                }[];
                lost_reasons: {
                  price: number;
                  competitor: number;
                  cancelled_plan: number;
                  no_response: number;
                  out_of_coverage: number;
                  schedule: number;
                  other: number;
                };
                top_routes: {
                  /** @example Jakarta */
                  origin: string;
                  /** @example Batam */
                  destination: string;
                  count: number;
                }[];
                roi_per_channel: {
                  whatsapp: {
                    leads: number;
                    won: number;
                    /**
                     * @description Rupiah.
                     * @example 12500000
                     */
                    revenue: number;
                    /**
                     * @description 0-100, one decimal; null where there is nothing to divide by.
                     * @example 62.5
                     */
                    closing_rate: number | null;
                    /**
                     * @description (revenue - cost) / cost in percent, one decimal; null without a cost.
                     * @example 420.5
                     */
                    roi_pct: number | null;
                  };
                  telegram: {
                    leads: number;
                    won: number;
                    /**
                     * @description Rupiah.
                     * @example 12500000
                     */
                    revenue: number;
                    /**
                     * @description 0-100, one decimal; null where there is nothing to divide by.
                     * @example 62.5
                     */
                    closing_rate: number | null;
                    /**
                     * @description (revenue - cost) / cost in percent, one decimal; null without a cost.
                     * @example 420.5
                     */
                    roi_pct: number | null;
                  };
                  instagram: {
                    leads: number;
                    won: number;
                    /**
                     * @description Rupiah.
                     * @example 12500000
                     */
                    revenue: number;
                    /**
                     * @description 0-100, one decimal; null where there is nothing to divide by.
                     * @example 62.5
                     */
                    closing_rate: number | null;
                    /**
                     * @description (revenue - cost) / cost in percent, one decimal; null without a cost.
                     * @example 420.5
                     */
                    roi_pct: number | null;
                  };
                  facebook: {
                    leads: number;
                    won: number;
                    /**
                     * @description Rupiah.
                     * @example 12500000
                     */
                    revenue: number;
                    /**
                     * @description 0-100, one decimal; null where there is nothing to divide by.
                     * @example 62.5
                     */
                    closing_rate: number | null;
                    /**
                     * @description (revenue - cost) / cost in percent, one decimal; null without a cost.
                     * @example 420.5
                     */
                    roi_pct: number | null;
                  };
                  web: {
                    leads: number;
                    won: number;
                    /**
                     * @description Rupiah.
                     * @example 12500000
                     */
                    revenue: number;
                    /**
                     * @description 0-100, one decimal; null where there is nothing to divide by.
                     * @example 62.5
                     */
                    closing_rate: number | null;
                    /**
                     * @description (revenue - cost) / cost in percent, one decimal; null without a cost.
                     * @example 420.5
                     */
                    roi_pct: number | null;
                  };
                };
                /** @description The division’s part of what the channels cost in these days; see `setChannelCost`. */
                channel_costs: {
                  /**
                   * @description Rupiah.
                   * @example 12500000
                   */
                  whatsapp: number;
                  /**
                   * @description Rupiah.
                   * @example 12500000
                   */
                  telegram: number;
                  /**
                   * @description Rupiah.
                   * @example 12500000
                   */
                  instagram: number;
                  /**
                   * @description Rupiah.
                   * @example 12500000
                   */
                  facebook: number;
                  /**
                   * @description Rupiah.
                   * @example 12500000
                   */
                  web: number;
                };
                /**
                 * @description Minutes that half of the tickets closed in the period had been open at most.
                 * @example 185
                 */
                resolve_median_min: number | null;
                /**
                 * @description Customers who want no offers since a day of the period.
                 * @example 3
                 */
                opt_outs: number;
                seasonal_curve: {
                  /** @example 2026-07 */
                  month: string;
                  leads: number;
                }[];
                blast_effectiveness: {
                  PANAS: {
                    sent: number;
                    responded: number;
                    /**
                     * @description 0-100, one decimal; null where there is nothing to divide by.
                     * @example 62.5
                     */
                    response_rate_pct: number | null;
                  };
                  HANGAT: {
                    sent: number;
                    responded: number;
                    /**
                     * @description 0-100, one decimal; null where there is nothing to divide by.
                     * @example 62.5
                     */
                    response_rate_pct: number | null;
                  };
                  DINGIN: {
                    sent: number;
                    responded: number;
                    /**
                     * @description 0-100, one decimal; null where there is nothing to divide by.
                     * @example 62.5
                     */
                    response_rate_pct: number | null;
                  };
                };
              };
              /** @description With `granularity` only. */
              series?: {
                /**
                 * Format: date
                 * @example 2026-07-01
                 */
                start: string;
                /**
                 * Format: date
                 * @example 2026-07-01
                 */
                end: string;
                leads: {
                  /** @description Opened in the period. */
                  total: number;
                  /** @description Of those, ever Qualified or further. */
                  valid: number;
                  won: number;
                  lost: number;
                };
                /**
                 * @description 0-100, one decimal; null where there is nothing to divide by.
                 * @example 62.5
                 */
                closing_rate: number | null;
                /**
                 * @description Deal values of the won tickets, in rupiah.
                 * @example 12500000
                 */
                revenue: number;
                /**
                 * @description 0-100, one decimal; null where there is nothing to divide by.
                 * @example 62.5
                 */
                bot_resolution_rate: number | null;
                /**
                 * @description Days from opened to Won, two decimals.
                 * @example 6.25
                 */
                cycle_time_avg: number | null;
                /**
                 * @description Tickets that people got for the first time: queued, assigned or taken over.
                 * @example 41
                 */
                escalations: number;
                /**
                 * @description 0-100, one decimal; null where there is nothing to divide by.
                 * @example 62.5
                 */
                claimed_within_3min_pct: number | null;
                channels: {
                  whatsapp: {
                    leads: number;
                    won: number;
                    /**
                     * @description Rupiah.
                     * @example 12500000
                     */
                    revenue: number;
                    /**
                     * @description 0-100, one decimal; null where there is nothing to divide by.
                     * @example 62.5
                     */
                    closing_rate: number | null;
                  };
                  telegram: {
                    leads: number;
                    won: number;
                    /**
                     * @description Rupiah.
                     * @example 12500000
                     */
                    revenue: number;
                    /**
                     * @description 0-100, one decimal; null where there is nothing to divide by.
                     * @example 62.5
                     */
                    closing_rate: number | null;
                  };
                  instagram: {
                    leads: number;
                    won: number;
                    /**
                     * @description Rupiah.
                     * @example 12500000
                     */
                    revenue: number;
                    /**
                     * @description 0-100, one decimal; null where there is nothing to divide by.
                     * @example 62.5
                     */
                    closing_rate: number | null;
                  };
                  facebook: {
                    leads: number;
                    won: number;
                    /**
                     * @description Rupiah.
                     * @example 12500000
                     */
                    revenue: number;
                    /**
                     * @description 0-100, one decimal; null where there is nothing to divide by.
                     * @example 62.5
                     */
                    closing_rate: number | null;
                  };
                  web: {
                    leads: number;
                    won: number;
                    /**
                     * @description Rupiah.
                     * @example 12500000
                     */
                    revenue: number;
                    /**
                     * @description 0-100, one decimal; null where there is nothing to divide by.
                     * @example 62.5
                     */
                    closing_rate: number | null;
                  };
                };
              }[];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  getAgentAnalytics: {
    parameters: {
      query?: {
        /** @description A month, YYYY-MM. Default: this month. Example: `2026-07` */
        period?: string;
        /** @description Instead of `period`, with `end_date`. Example: `2026-07-01` */
        start_date?: string;
        /** @description Inclusive; at most 366 days. Example: `2026-07-31` */
        end_date?: string;
        /** @description Example: `day` */
        granularity?: components['schemas']['Granularity'];
      };
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000301 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "period": {
           *           "start": "2026-07-01",
           *           "end": "2026-07-01"
           *         },
           *         "agent": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000301",
           *           "name": "Andi Saputra"
           *         },
           *         "closing_rate": 62.5,
           *         "trend_3mo": [
           *           {
           *             "month": "2026-05",
           *             "closing_rate": 55.1,
           *             "won": 27,
           *             "lost": 22
           *           },
           *           {
           *             "month": "2026-06",
           *             "closing_rate": 57.45,
           *             "won": 27,
           *             "lost": 20
           *           },
           *           {
           *             "month": "2026-07",
           *             "closing_rate": 62.5,
           *             "won": 30,
           *             "lost": 18
           *           }
           *         ],
           *         "pickup_time_avg_min": 3.4,
           *         "sla_compliance_pct": 62.5,
           *         "availability_rate_pct": 62.5,
           *         "deal_value_avg": 12500000,
           *         "discount_rate_pct": 62.5,
           *         "lost_reasons": {
           *           "price": 8,
           *           "competitor": 12,
           *           "cancelled_plan": 12,
           *           "no_response": 12,
           *           "out_of_coverage": 12,
           *           "schedule": 12,
           *           "other": 12
           *         },
           *         "previous": {
           *           "period": {
           *             "start": "2026-06-01",
           *             "end": "2026-06-30"
           *           },
           *           "closing_rate": 62.5,
           *           "trend_3mo": [
           *             {
           *               "month": "2026-05",
           *               "closing_rate": 55.1,
           *               "won": 27,
           *               "lost": 22
           *             },
           *             {
           *               "month": "2026-06",
           *               "closing_rate": 57.45,
           *               "won": 27,
           *               "lost": 20
           *             },
           *             {
           *               "month": "2026-07",
           *               "closing_rate": 62.5,
           *               "won": 30,
           *               "lost": 18
           *             }
           *           ],
           *           "pickup_time_avg_min": 3.4,
           *           "sla_compliance_pct": 62.5,
           *           "availability_rate_pct": 62.5,
           *           "deal_value_avg": 12500000,
           *           "discount_rate_pct": 62.5,
           *           "lost_reasons": {
           *             "price": 8,
           *             "competitor": 12,
           *             "cancelled_plan": 12,
           *             "no_response": 12,
           *             "out_of_coverage": 12,
           *             "schedule": 12,
           *             "other": 12
           *           }
           *         },
           *         "idle_tickets": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "customer_id": "019a9d1e-7c00-7000-8000-000000000201",
           *             "customer_name": "Budi Santoso",
           *             "customer_phone": "+6280001110001",
           *             "division": "sari",
           *             "channel": "whatsapp",
           *             "bot_id": "sari",
           *             "wa_phone_id": "PHONE_ID_001",
           *             "wa_display_name": "Saga Kargo",
           *             "status": "in_progress",
           *             "queue_status": "assigned",
           *             "queue_label": null,
           *             "waiting_for_agent": null,
           *             "assigned_to": {
           *               "id": "019a9d1e-7c00-7000-8000-000000000301",
           *               "name": "Andi Saputra"
           *             },
           *             "assigned_at": "2026-07-03T10:20:00.000Z",
           *             "assignment_note": null,
           *             "is_returning_customer": false,
           *             "is_off_hours": false,
           *             "is_idle": false,
           *             "tags": [
           *               "b2b",
           *               "kargo"
           *             ],
           *             "opted_out": false,
           *             "crm_stage": "Proposal",
           *             "last_message_preview": "Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.",
           *             "last_message_at": "2026-07-03T10:30:00.000Z",
           *             "last_message_from": "agent",
           *             "last_customer_message_at": "2026-07-03T10:12:00.000Z",
           *             "waiting_since": null,
           *             "queued_at": null,
           *             "snoozed_until": null,
           *             "line": {
           *               "id": "019a9d1e-7c00-7000-8000-000000000301",
           *               "name": "Saga Kargo"
           *             },
           *             "first_reply_at": "2026-07-03T10:26:00.000Z",
           *             "response_due_at": null,
           *             "window_expires_at": "2026-07-04T10:12:00.000Z",
           *             "closed_at": null,
           *             "version": 3,
           *             "created_at": "2026-07-03T08:12:00.000Z",
           *             "updated_at": "2026-07-03T10:30:00.000Z",
           *             "last_delivery_status": "delivered",
           *             "previous_ticket_count": 2,
           *             "unread_count": 1,
           *             "can": {
           *               "reply": true,
           *               "self_takeover": true,
           *               "assign": true,
           *               "internal": true,
           *               "followup": true,
           *               "close": true,
           *               "reopen": true,
           *               "release": true
           *             }
           *           }
           *         ]
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              period: components['schemas']['Period'];
              agent: components['schemas']['Person'];
              /**
               * @description 0-100, one decimal; null where there is nothing to divide by.
               * @example 62.5
               */
              closing_rate: number | null;
              trend_3mo: {
                /** @example 2026-07 */
                month: string;
                /**
                 * @description 0-100, one decimal; null where there is nothing to divide by.
                 * @example 62.5
                 */
                closing_rate: number | null;
                won: number;
                lost: number;
              }[];
              /**
               * @description Minutes from assignment to that agent’s first reply, two decimals.
               * @example 3.4
               */
              pickup_time_avg_min: number | null;
              /**
               * @description 0-100, one decimal; null where there is nothing to divide by.
               * @example 62.5
               */
              sla_compliance_pct: number | null;
              /**
               * @description 0-100, one decimal; null where there is nothing to divide by.
               * @example 62.5
               */
              availability_rate_pct: number | null;
              deal_value_avg: number | null;
              /**
               * @description 0-100, one decimal; null where there is nothing to divide by.
               * @example 62.5
               */
              discount_rate_pct: number | null;
              lost_reasons: {
                price: number;
                competitor: number;
                cancelled_plan: number;
                no_response: number;
                out_of_coverage: number;
                schedule: number;
                other: number;
              };
              previous: {
                period: components['schemas']['Period'];
                /**
                 * @description 0-100, one decimal; null where there is nothing to divide by.
                 * @example 62.5
                 */
                closing_rate: number | null;
                trend_3mo: {
                  /** @example 2026-07 */
                  month: string;
                  /**
                   * @description 0-100, one decimal; null where there is nothing to divide by.
                   * @example 62.5
                   */
                  closing_rate: number | null;
                  won: number;
                  lost: number;
                }[];
                /**
                 * @description Minutes from assignment to that agent’s first reply, two decimals.
                 * @example 3.4
                 */
                pickup_time_avg_min: number | null;
                /**
                 * @description 0-100, one decimal; null where there is nothing to divide by.
                 * @example 62.5
                 */
                sla_compliance_pct: number | null;
                /**
                 * @description 0-100, one decimal; null where there is nothing to divide by.
                 * @example 62.5
                 */
                availability_rate_pct: number | null;
                deal_value_avg: number | null;
                /**
                 * @description 0-100, one decimal; null where there is nothing to divide by.
                 * @example 62.5
                 */
                discount_rate_pct: number | null;
                lost_reasons: {
                  price: number;
                  competitor: number;
                  cancelled_plan: number;
                  no_response: number;
                  out_of_coverage: number;
                  schedule: number;
                  other: number;
                };
              };
              /** @description With `granularity` only: the same period step by step. */
              series?: {
                /**
                 * Format: date
                 * @example 2026-07-01
                 */
                start: string;
                /**
                 * Format: date
                 * @example 2026-07-01
                 */
                end: string;
                won: number;
                lost: number;
                /**
                 * @description Rupiah.
                 * @example 12500000
                 */
                revenue: number;
                /**
                 * @description 0-100, one decimal; null where there is nothing to divide by.
                 * @example 62.5
                 */
                closing_rate: number | null;
                /**
                 * @description Minutes from assignment to that agent’s first reply, two decimals.
                 * @example 3.4
                 */
                pickup_time_avg_min: number | null;
                /**
                 * @description 0-100, one decimal; null where there is nothing to divide by.
                 * @example 62.5
                 */
                sla_compliance_pct: number | null;
                /**
                 * @description 0-100, one decimal; null where there is nothing to divide by.
                 * @example 62.5
                 */
                availability_rate_pct: number | null;
                deal_value_avg: number | null;
                /**
                 * @description 0-100, one decimal; null where there is nothing to divide by.
                 * @example 62.5
                 */
                discount_rate_pct: number | null;
              }[];
              idle_tickets: components['schemas']['Ticket'][];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `USER_NOT_FOUND`: There is no user with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listAgentAnalytics: {
    parameters: {
      query?: {
        /** @description Example: `sari` */
        division?: components['schemas']['UserDivision'];
        /** @description A month, YYYY-MM. Default: this month. Example: `2026-07` */
        period?: string;
        /** @description Instead of `period`, with `end_date`. Example: `2026-07-01` */
        start_date?: string;
        /** @description Inclusive; at most 366 days. Example: `2026-07-31` */
        end_date?: string;
        /** @description Example: `day` */
        granularity?: components['schemas']['Granularity'];
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "period": {
           *           "start": "2026-07-01",
           *           "end": "2026-07-01"
           *         },
           *         "agents": [
           *           {
           *             "agent": {
           *               "id": "019a9d1e-7c00-7000-8000-000000000301",
           *               "name": "Andi Saputra"
           *             },
           *             "division": "sari",
           *             "won": 30,
           *             "lost": 18,
           *             "revenue": 12500000,
           *             "closing_rate": 62.5,
           *             "trend_3mo": [
           *               {
           *                 "month": "2026-05",
           *                 "closing_rate": 55.1,
           *                 "won": 27,
           *                 "lost": 22
           *               },
           *               {
           *                 "month": "2026-06",
           *                 "closing_rate": 57.45,
           *                 "won": 27,
           *                 "lost": 20
           *               },
           *               {
           *                 "month": "2026-07",
           *                 "closing_rate": 62.5,
           *                 "won": 30,
           *                 "lost": 18
           *               }
           *             ],
           *             "pickup_time_avg_min": 3.4,
           *             "sla_compliance_pct": 62.5,
           *             "availability_rate_pct": 62.5,
           *             "deal_value_avg": 12500000,
           *             "discount_rate_pct": 62.5,
           *             "lost_reasons": {
           *               "price": 8,
           *               "competitor": 12,
           *               "cancelled_plan": 12,
           *               "no_response": 12,
           *               "out_of_coverage": 12,
           *               "schedule": 12,
           *               "other": 12
           *             },
           *             "previous": {
           *               "period": {
           *                 "start": "2026-06-01",
           *                 "end": "2026-06-30"
           *               },
           *               "closing_rate": 62.5,
           *               "trend_3mo": [
           *                 {
           *                   "month": "2026-05",
           *                   "closing_rate": 55.1,
           *                   "won": 27,
           *                   "lost": 22
           *                 },
           *                 {
           *                   "month": "2026-06",
           *                   "closing_rate": 57.45,
           *                   "won": 27,
           *                   "lost": 20
           *                 },
           *                 {
           *                   "month": "2026-07",
           *                   "closing_rate": 62.5,
           *                   "won": 30,
           *                   "lost": 18
           *                 }
           *               ],
           *               "pickup_time_avg_min": 3.4,
           *               "sla_compliance_pct": 62.5,
           *               "availability_rate_pct": 62.5,
           *               "deal_value_avg": 12500000,
           *               "discount_rate_pct": 62.5,
           *               "lost_reasons": {
           *                 "price": 8,
           *                 "competitor": 12,
           *                 "cancelled_plan": 12,
           *                 "no_response": 12,
           *                 "out_of_coverage": 12,
           *                 "schedule": 12,
           *                 "other": 12
           *               }
           *             },
           *             "idle_ticket_count": 2
           *           }
           *         ]
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              period: components['schemas']['Period'];
              agents: {
                agent: components['schemas']['Person'];
                division: components['schemas']['UserDivision'];
                won: number;
                lost: number;
                /**
                 * @description Rupiah.
                 * @example 12500000
                 */
                revenue: number;
                /**
                 * @description 0-100, one decimal; null where there is nothing to divide by.
                 * @example 62.5
                 */
                closing_rate: number | null;
                trend_3mo: {
                  /** @example 2026-07 */
                  month: string;
                  /**
                   * @description 0-100, one decimal; null where there is nothing to divide by.
                   * @example 62.5
                   */
                  closing_rate: number | null;
                  won: number;
                  lost: number;
                }[];
                /**
                 * @description Minutes from assignment to that agent’s first reply, two decimals.
                 * @example 3.4
                 */
                pickup_time_avg_min: number | null;
                /**
                 * @description 0-100, one decimal; null where there is nothing to divide by.
                 * @example 62.5
                 */
                sla_compliance_pct: number | null;
                /**
                 * @description 0-100, one decimal; null where there is nothing to divide by.
                 * @example 62.5
                 */
                availability_rate_pct: number | null;
                deal_value_avg: number | null;
                /**
                 * @description 0-100, one decimal; null where there is nothing to divide by.
                 * @example 62.5
                 */
                discount_rate_pct: number | null;
                lost_reasons: {
                  price: number;
                  competitor: number;
                  cancelled_plan: number;
                  no_response: number;
                  out_of_coverage: number;
                  schedule: number;
                  other: number;
                };
                previous: {
                  period: components['schemas']['Period'];
                  /**
                   * @description 0-100, one decimal; null where there is nothing to divide by.
                   * @example 62.5
                   */
                  closing_rate: number | null;
                  trend_3mo: {
                    /** @example 2026-07 */
                    month: string;
                    /**
                     * @description 0-100, one decimal; null where there is nothing to divide by.
                     * @example 62.5
                     */
                    closing_rate: number | null;
                    won: number;
                    lost: number;
                  }[];
                  /**
                   * @description Minutes from assignment to that agent’s first reply, two decimals.
                   * @example 3.4
                   */
                  pickup_time_avg_min: number | null;
                  /**
                   * @description 0-100, one decimal; null where there is nothing to divide by.
                   * @example 62.5
                   */
                  sla_compliance_pct: number | null;
                  /**
                   * @description 0-100, one decimal; null where there is nothing to divide by.
                   * @example 62.5
                   */
                  availability_rate_pct: number | null;
                  deal_value_avg: number | null;
                  /**
                   * @description 0-100, one decimal; null where there is nothing to divide by.
                   * @example 62.5
                   */
                  discount_rate_pct: number | null;
                  lost_reasons: {
                    price: number;
                    competitor: number;
                    cancelled_plan: number;
                    no_response: number;
                    out_of_coverage: number;
                    schedule: number;
                    other: number;
                  };
                };
                /** @description With `granularity` only: the same period step by step. */
                series?: {
                  /**
                   * Format: date
                   * @example 2026-07-01
                   */
                  start: string;
                  /**
                   * Format: date
                   * @example 2026-07-01
                   */
                  end: string;
                  won: number;
                  lost: number;
                  /**
                   * @description Rupiah.
                   * @example 12500000
                   */
                  revenue: number;
                  /**
                   * @description 0-100, one decimal; null where there is nothing to divide by.
                   * @example 62.5
                   */
                  closing_rate: number | null;
                  /**
                   * @description Minutes from assignment to that agent’s first reply, two decimals.
                   * @example 3.4
                   */
                  pickup_time_avg_min: number | null;
                  /**
                   * @description 0-100, one decimal; null where there is nothing to divide by.
                   * @example 62.5
                   */
                  sla_compliance_pct: number | null;
                  /**
                   * @description 0-100, one decimal; null where there is nothing to divide by.
                   * @example 62.5
                   */
                  availability_rate_pct: number | null;
                  deal_value_avg: number | null;
                  /**
                   * @description 0-100, one decimal; null where there is nothing to divide by.
                   * @example 62.5
                   */
                  discount_rate_pct: number | null;
                }[];
                idle_ticket_count: number;
              }[];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listChannelCosts: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "channel_costs": [
           *           {
           *             "month": "2026-07",
           *             "channel": "whatsapp",
           *             "amount": 1500000
           *           }
           *         ]
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** @description Oldest month first; a channel and month without a line cost nothing. */
              channel_costs: {
                /** @example 2026-07 */
                month: string;
                channel: components['schemas']['Channel'];
                /**
                 * @description Rupiah.
                 * @example 1500000
                 */
                amount: number;
              }[];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  setChannelCost: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "month": "2026-07",
         *       "channel": "whatsapp",
         *       "amount": 1500000
         *     }
         */
        'application/json': {
          /** @example 2026-07 */
          month: string;
          channel: components['schemas']['Channel'];
          /**
           * @description Rupiah, of the whole firm.
           * @example 1500000
           */
          amount: number;
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "channel_costs": [
           *           {
           *             "month": "2026-07",
           *             "channel": "whatsapp",
           *             "amount": 1500000
           *           }
           *         ]
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** @description Oldest month first; a channel and month without a line cost nothing. */
              channel_costs: {
                /** @example 2026-07 */
                month: string;
                channel: components['schemas']['Channel'];
                /**
                 * @description Rupiah.
                 * @example 1500000
                 */
                amount: number;
              }[];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listNotifications: {
    parameters: {
      query?: {
        /** @description 1-200 Example: `50` */
        limit?: number;
        /** @description `next_cursor` of the page before. Example: `eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9` */
        cursor?: string;
        /** @description Example: `false` */
        unread?: boolean;
        /** @description Example: `ticket_assigned` */
        kind?: components['schemas']['NotificationKind'];
        /** @description Example: `L1` */
        layer?: components['schemas']['Layer'];
        /** @description Example: `019a9d1e-7c00-7000-8000-000000000101` */
        ticket_id?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "notifications": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000101",
           *             "kind": "ticket_assigned",
           *             "layer": null,
           *             "text": "Tiket Budi Santoso ditugaskan kepada Anda",
           *             "ticket_id": "019a9d1e-7c00-7000-8000-000000000101",
           *             "blast_id": null,
           *             "count": 1,
           *             "note": "Tolong bantu, pelanggan minta penawaran hari ini",
           *             "created_at": "2026-07-03T08:12:00.000Z",
           *             "read_at": null,
           *             "resolved_at": null
           *           }
           *         ]
           *       },
           *       "meta": {
           *         "unread": 3,
           *         "limit": 50,
           *         "next_cursor": "eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              notifications: components['schemas']['AppNotification'][];
            };
            meta?: {
              unread: number;
              limit: number;
              next_cursor?: string;
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  readNotifications: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "all": true,
         *       "before": "2026-07-03T10:30:00.000Z"
         *     }
         */
        'application/json': {
          ids?: string[];
          /** Format: uuid */
          ticket_id?: string;
          /** @constant */
          all?: true;
          /** Format: date-time */
          before?: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "unread": 3
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              unread: number;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  readNotification: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "read_at": "2026-07-03T10:30:00.000Z"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** Format: date-time */
              read_at: string;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `NOTIFICATION_NOT_FOUND`: There is no notification of yours with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  getNotificationPreferences: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "preferences": {
           *           "ticket_assigned": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "waiting_ticket_assigned": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "ticket_reassigned_away": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "ticket_withdrawn": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "ticket_woke": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "tickets_returned": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "customer_message": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "message_failed": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "internal_note": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "sa_replied": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "l2_tagged": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "queue_alert": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "idle_ticket": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "blast_waiting": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "blast_approved": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "blast_rejected": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "blast_stopped": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "projection_parked": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           }
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              preferences: {
                ticket_assigned: components['schemas']['NotificationPreference'];
                waiting_ticket_assigned: components['schemas']['NotificationPreference'];
                ticket_reassigned_away: components['schemas']['NotificationPreference'];
                ticket_withdrawn: components['schemas']['NotificationPreference'];
                ticket_woke: components['schemas']['NotificationPreference'];
                tickets_returned: components['schemas']['NotificationPreference'];
                customer_message: components['schemas']['NotificationPreference'];
                message_failed: components['schemas']['NotificationPreference'];
                internal_note: components['schemas']['NotificationPreference'];
                sa_replied: components['schemas']['NotificationPreference'];
                l2_tagged: components['schemas']['NotificationPreference'];
                queue_alert: components['schemas']['NotificationPreference'];
                idle_ticket: components['schemas']['NotificationPreference'];
                blast_waiting: components['schemas']['NotificationPreference'];
                blast_approved: components['schemas']['NotificationPreference'];
                blast_rejected: components['schemas']['NotificationPreference'];
                blast_stopped: components['schemas']['NotificationPreference'];
                projection_parked: components['schemas']['NotificationPreference'];
              };
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  changeNotificationPreferences: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "preferences": {
         *         "ticket_assigned": {
         *           "in_app": false,
         *           "push": false,
         *           "sound": false
         *         },
         *         "waiting_ticket_assigned": {
         *           "in_app": false,
         *           "push": false,
         *           "sound": false
         *         },
         *         "ticket_reassigned_away": {
         *           "in_app": false,
         *           "push": false,
         *           "sound": false
         *         },
         *         "ticket_withdrawn": {
         *           "in_app": false,
         *           "push": false,
         *           "sound": false
         *         },
         *         "ticket_woke": {
         *           "in_app": false,
         *           "push": false,
         *           "sound": false
         *         },
         *         "tickets_returned": {
         *           "in_app": false,
         *           "push": false,
         *           "sound": false
         *         },
         *         "customer_message": {
         *           "in_app": false,
         *           "push": false,
         *           "sound": false
         *         },
         *         "message_failed": {
         *           "in_app": false,
         *           "push": false,
         *           "sound": false
         *         },
         *         "internal_note": {
         *           "in_app": false,
         *           "push": false,
         *           "sound": false
         *         },
         *         "sa_replied": {
         *           "in_app": false,
         *           "push": false,
         *           "sound": false
         *         },
         *         "l2_tagged": {
         *           "in_app": false,
         *           "push": false,
         *           "sound": false
         *         },
         *         "queue_alert": {
         *           "in_app": false,
         *           "push": false,
         *           "sound": false
         *         },
         *         "idle_ticket": {
         *           "in_app": false,
         *           "push": false,
         *           "sound": false
         *         },
         *         "blast_waiting": {
         *           "in_app": false,
         *           "push": false,
         *           "sound": false
         *         },
         *         "blast_approved": {
         *           "in_app": false,
         *           "push": false,
         *           "sound": false
         *         },
         *         "blast_rejected": {
         *           "in_app": false,
         *           "push": false,
         *           "sound": false
         *         },
         *         "blast_stopped": {
         *           "in_app": false,
         *           "push": false,
         *           "sound": false
         *         },
         *         "projection_parked": {
         *           "in_app": false,
         *           "push": false,
         *           "sound": false
         *         }
         *       }
         *     }
         */
        'application/json': {
          preferences: {
            ticket_assigned?: components['schemas']['NotificationPreferenceChange'];
            waiting_ticket_assigned?: components['schemas']['NotificationPreferenceChange'];
            ticket_reassigned_away?: components['schemas']['NotificationPreferenceChange'];
            ticket_withdrawn?: components['schemas']['NotificationPreferenceChange'];
            ticket_woke?: components['schemas']['NotificationPreferenceChange'];
            tickets_returned?: components['schemas']['NotificationPreferenceChange'];
            customer_message?: components['schemas']['NotificationPreferenceChange'];
            message_failed?: components['schemas']['NotificationPreferenceChange'];
            internal_note?: components['schemas']['NotificationPreferenceChange'];
            sa_replied?: components['schemas']['NotificationPreferenceChange'];
            l2_tagged?: components['schemas']['NotificationPreferenceChange'];
            queue_alert?: components['schemas']['NotificationPreferenceChange'];
            idle_ticket?: components['schemas']['NotificationPreferenceChange'];
            blast_waiting?: components['schemas']['NotificationPreferenceChange'];
            blast_approved?: components['schemas']['NotificationPreferenceChange'];
            blast_rejected?: components['schemas']['NotificationPreferenceChange'];
            blast_stopped?: components['schemas']['NotificationPreferenceChange'];
            projection_parked?: components['schemas']['NotificationPreferenceChange'];
          };
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "preferences": {
           *           "ticket_assigned": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "waiting_ticket_assigned": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "ticket_reassigned_away": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "ticket_withdrawn": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "ticket_woke": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "tickets_returned": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "customer_message": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "message_failed": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "internal_note": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "sa_replied": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "l2_tagged": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "queue_alert": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "idle_ticket": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "blast_waiting": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "blast_approved": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "blast_rejected": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "blast_stopped": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           },
           *           "projection_parked": {
           *             "in_app": false,
           *             "push": false,
           *             "sound": false
           *           }
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              preferences: {
                ticket_assigned: components['schemas']['NotificationPreference'];
                waiting_ticket_assigned: components['schemas']['NotificationPreference'];
                ticket_reassigned_away: components['schemas']['NotificationPreference'];
                ticket_withdrawn: components['schemas']['NotificationPreference'];
                ticket_woke: components['schemas']['NotificationPreference'];
                tickets_returned: components['schemas']['NotificationPreference'];
                customer_message: components['schemas']['NotificationPreference'];
                message_failed: components['schemas']['NotificationPreference'];
                internal_note: components['schemas']['NotificationPreference'];
                sa_replied: components['schemas']['NotificationPreference'];
                l2_tagged: components['schemas']['NotificationPreference'];
                queue_alert: components['schemas']['NotificationPreference'];
                idle_ticket: components['schemas']['NotificationPreference'];
                blast_waiting: components['schemas']['NotificationPreference'];
                blast_approved: components['schemas']['NotificationPreference'];
                blast_rejected: components['schemas']['NotificationPreference'];
                blast_stopped: components['schemas']['NotificationPreference'];
                projection_parked: components['schemas']['NotificationPreference'];
              };
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  getPushKey: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "public_key": "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              public_key: string | null;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  subscribePush: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "endpoint": "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABl",
         *       "expirationTime": null,
         *       "keys": {
         *         "p256dh": "BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM",
         *         "auth": "tBHItJI5svbpez7KI4CCXg"
         *       }
         *     }
         */
        'application/json': {
          /** Format: uri */
          endpoint: string;
          expirationTime?: number | null;
          keys: {
            p256dh: string;
            auth: string;
          };
        };
      };
    };
    responses: {
      /** @description Success. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "subscription_id": "019a9d1e-7c00-7000-8000-000000000001"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** Format: uuid */
              subscription_id: string;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `PUSH_NOT_CONFIGURED`: The server has no VAPID keys, or no service account of Firebase for native apps.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  unsubscribePush: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done, nothing to say. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  registerDevice: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "platform": "ios",
         *       "token": "eXampleToken:APA91bF-exampleRegistrationToken",
         *       "app_version": "1.4.0"
         *     }
         */
        'application/json': {
          /** @enum {string} */
          platform: 'ios' | 'android';
          /** @example eXampleToken:APA91bF-exampleRegistrationToken */
          token: string;
          /** @example 1.4.0 */
          app_version?: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "device_id": "019a9d1e-7c00-7000-8000-000000000001"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** Format: uuid */
              device_id: string;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `PUSH_NOT_CONFIGURED`: The server has no VAPID keys, or no service account of Firebase for native apps.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  unregisterDevice: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done, nothing to say. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  getNotification: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "notification": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000101",
           *           "kind": "ticket_assigned",
           *           "layer": null,
           *           "text": "Tiket Budi Santoso ditugaskan kepada Anda",
           *           "ticket_id": "019a9d1e-7c00-7000-8000-000000000101",
           *           "blast_id": null,
           *           "count": 1,
           *           "note": "Tolong bantu, pelanggan minta penawaran hari ini",
           *           "created_at": "2026-07-03T08:12:00.000Z",
           *           "read_at": null,
           *           "resolved_at": null
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              notification: components['schemas']['AppNotification'];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `NOTIFICATION_NOT_FOUND`: There is no notification of yours with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  stream: {
    parameters: {
      query?: {
        /** @description Of `POST /api/stream/ticket`, instead of the header Authorization. Good once. Example: `h3u0wVtIYxq8mZ6mSxRrYl5sB1cQn2dEfGkPaLoWvTs` */
        ticket?: string;
        /** @description Like the header Last-Event-ID, which goes first: EventSource sends it when it connects again by itself. Example: `1834.0` */
        last_event_id?: string;
      };
      header?: {
        /** @description The last `id` you got: the stream goes on behind it. */
        'Last-Event-ID'?: components['parameters']['LastEventId'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example id: 00000000000000000042
           *     event: ticket
           *     data: {"id":"019a9d1e-7c00-7000-8000-000000000101","customer_id":"019a9d1e-7c00-7000-8000-000000000201","customer_name":"Budi Santoso","customer_phone":"+6280001110001","division":"sari","channel":"whatsapp","bot_id":"sari","wa_phone_id":"PHONE_ID_001","wa_display_name":"Saga Kargo","status":"in_progress","queue_status":"assigned","queue_label":null,"waiting_for_agent":null,"assigned_to":{"id":"019a9d1e-7c00-7000-8000-000000000301","name":"Andi Saputra"},"assigned_at":"2026-07-03T10:20:00.000Z","assignment_note":null,"is_returning_customer":false,"is_off_hours":false,"is_idle":false,"tags":["b2b","kargo"],"opted_out":false,"crm_stage":"Proposal","last_message_preview":"Selamat siang Pak Budi, saya Andi dari Saga Kargo. Saya siapkan penawarannya.","last_message_at":"2026-07-03T10:30:00.000Z","last_message_from":"agent","last_customer_message_at":"2026-07-03T10:12:00.000Z","waiting_since":null,"queued_at":null,"snoozed_until":null,"line":{"id":"PHONE_ID_001","name":"Saga Kargo"},"first_reply_at":"2026-07-03T10:26:00.000Z","response_due_at":null,"window_expires_at":"2026-07-04T10:12:00.000Z","closed_at":null,"version":3,"created_at":"2026-07-03T08:12:00.000Z","updated_at":"2026-07-03T10:30:00.000Z","last_delivery_status":"delivered","previous_ticket_count":2,"unread_count":1,"can":{"reply":true,"self_takeover":true,"assign":true,"internal":true,"followup":true,"close":true,"reopen":true,"release":true}}
           */
          'text/event-stream': string;
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  streamTicket: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "ticket": "h3u0wVtIYxq8mZ6mSxRrYl5sB1cQn2dEfGkPaLoWvTs",
           *         "expires_in": 28800
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              ticket: string;
              /** @description Seconds in which the stream must be opened. */
              expires_in: number;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  sayTyping: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "layer": "L1"
         *     }
         */
        'application/json': {
          layer: components['schemas']['Layer'];
        };
      };
    };
    responses: {
      /** @description Done, nothing to say. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `FORBIDDEN`: The caller lacks the privilege of this route.
       *
       *     `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `NOT_ASSIGNEE`: Only the agent the ticket is assigned to may do this.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `TICKET_NOT_FOUND`: There is no ticket with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  sayViewing: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /** @example {} */
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description Done, nothing to say. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `TICKET_NOT_FOUND`: There is no ticket with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  getMeta: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "lists": {
           *           "division": [
           *             {
           *               "value": "whatsapp",
           *               "label": "WhatsApp"
           *             }
           *           ],
           *           "role": [
           *             {
           *               "value": "whatsapp",
           *               "label": "WhatsApp"
           *             }
           *           ],
           *           "channel": [
           *             {
           *               "value": "whatsapp",
           *               "label": "WhatsApp"
           *             }
           *           ],
           *           "ticket_status": [
           *             {
           *               "value": "whatsapp",
           *               "label": "WhatsApp"
           *             }
           *           ],
           *           "queue_status": [
           *             {
           *               "value": "whatsapp",
           *               "label": "WhatsApp"
           *             }
           *           ],
           *           "queue_label": [
           *             {
           *               "value": "whatsapp",
           *               "label": "WhatsApp"
           *             }
           *           ],
           *           "crm_stage": [
           *             {
           *               "value": "whatsapp",
           *               "label": "WhatsApp"
           *             }
           *           ],
           *           "lost_reason": [
           *             {
           *               "value": "whatsapp",
           *               "label": "WhatsApp"
           *             }
           *           ],
           *           "customer_type": [
           *             {
           *               "value": "whatsapp",
           *               "label": "WhatsApp"
           *             }
           *           ],
           *           "presence": [
           *             {
           *               "value": "whatsapp",
           *               "label": "WhatsApp"
           *             }
           *           ],
           *           "delivery_status": [
           *             {
           *               "value": "whatsapp",
           *               "label": "WhatsApp"
           *             }
           *           ],
           *           "notification_kind": [
           *             {
           *               "value": "whatsapp",
           *               "label": "WhatsApp"
           *             }
           *           ]
           *         },
           *         "crm_forms": {
           *           "sari": {
           *             "fields": [
           *               {
           *                 "name": "service_type",
           *                 "schema": {
           *                   "type": "string",
           *                   "enum": [
           *                     "kargo",
           *                     "motor",
           *                     "air_cargo"
           *                   ]
           *                 },
           *                 "computed": false
           *               }
           *             ],
           *             "rules": [
           *               {
           *                 "field": "vehicle_type_motor",
           *                 "needs": [
           *                   "service_type"
           *                 ],
           *                 "message": "Hanya untuk layanan motor"
           *               }
           *             ]
           *           },
           *           "savi": {
           *             "fields": [
           *               {
           *                 "name": "service_type",
           *                 "schema": {
           *                   "type": "string",
           *                   "enum": [
           *                     "kargo",
           *                     "motor",
           *                     "air_cargo"
           *                   ]
           *                 },
           *                 "computed": false
           *               }
           *             ],
           *             "rules": [
           *               {
           *                 "field": "vehicle_type_motor",
           *                 "needs": [
           *                   "service_type"
           *                 ],
           *                 "message": "Hanya untuk layanan motor"
           *               }
           *             ]
           *           },
           *           "safia": {
           *             "fields": [
           *               {
           *                 "name": "service_type",
           *                 "schema": {
           *                   "type": "string",
           *                   "enum": [
           *                     "kargo",
           *                     "motor",
           *                     "air_cargo"
           *                   ]
           *                 },
           *                 "computed": false
           *               }
           *             ],
           *             "rules": [
           *               {
           *                 "field": "vehicle_type_motor",
           *                 "needs": [
           *                   "service_type"
           *                 ],
           *                 "message": "Hanya untuk layanan motor"
           *               }
           *             ]
           *           }
           *         },
           *         "limits": {
           *           "message_characters": 200,
           *           "note_characters": 200,
           *           "tag_characters": 200,
           *           "page_tickets": 200,
           *           "bulk_tickets": 200,
           *           "blast_recipients": 200,
           *           "snooze_days": 200
           *         },
           *         "idle_after_hours": 4,
           *         "sla_pickup_minutes": 5,
           *         "response_timeout_minutes": 15,
           *         "timezone": "Asia/Jakarta",
           *         "divisions": [
           *           {
           *             "division": "sari",
           *             "is_open": false,
           *             "next_open_at": "2026-07-06T01:00:00.000Z",
           *             "next_close_at": "2026-07-03T10:00:00.000Z"
           *           }
           *         ],
           *         "push": {
           *           "web": false,
           *           "native": false
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              lists: {
                division: {
                  /** @example whatsapp */
                  value: string;
                  /** @example WhatsApp */
                  label: string;
                }[];
                role: {
                  /** @example whatsapp */
                  value: string;
                  /** @example WhatsApp */
                  label: string;
                }[];
                channel: {
                  /** @example whatsapp */
                  value: string;
                  /** @example WhatsApp */
                  label: string;
                }[];
                ticket_status: {
                  /** @example whatsapp */
                  value: string;
                  /** @example WhatsApp */
                  label: string;
                }[];
                queue_status: {
                  /** @example whatsapp */
                  value: string;
                  /** @example WhatsApp */
                  label: string;
                }[];
                queue_label: {
                  /** @example whatsapp */
                  value: string;
                  /** @example WhatsApp */
                  label: string;
                }[];
                crm_stage: {
                  /** @example whatsapp */
                  value: string;
                  /** @example WhatsApp */
                  label: string;
                }[];
                lost_reason: {
                  /** @example whatsapp */
                  value: string;
                  /** @example WhatsApp */
                  label: string;
                }[];
                customer_type: {
                  /** @example whatsapp */
                  value: string;
                  /** @example WhatsApp */
                  label: string;
                }[];
                presence: {
                  /** @example whatsapp */
                  value: string;
                  /** @example WhatsApp */
                  label: string;
                }[];
                delivery_status: {
                  /** @example whatsapp */
                  value: string;
                  /** @example WhatsApp */
                  label: string;
                }[];
                notification_kind: {
                  /** @example whatsapp */
                  value: string;
                  /** @example WhatsApp */
                  label: string;
                }[];
              };
              crm_forms: {
                sari: {
                  fields: {
                    /**
                     * @description `documents.stnk`: a member of a group.
                     * @example service_type
                     */
                    name: string;
                    /**
                     * @description JSON Schema of what it holds.
                     * @example {
                     *       "type": "string",
                     *       "enum": [
                     *         "kargo",
                     *         "motor",
                     *         "air_cargo"
                     *       ]
                     *     }
                     */
                    schema: {
                      [key: string]: unknown;
                    };
                    /** @description Nobody fills it in. */
                    computed: boolean;
                  }[];
                  rules: {
                    /** @example vehicle_type_motor */
                    field: string;
                    /**
                     * @example [
                     *       "service_type"
                     *     ]
                     */
                    needs: string[];
                    /** @example Hanya untuk layanan motor */
                    message: string;
                  }[];
                };
                savi: {
                  fields: {
                    /**
                     * @description `documents.stnk`: a member of a group.
                     * @example service_type
                     */
                    name: string;
                    /**
                     * @description JSON Schema of what it holds.
                     * @example {
                     *       "type": "string",
                     *       "enum": [
                     *         "kargo",
                     *         "motor",
                     *         "air_cargo"
                     *       ]
                     *     }
                     */
                    schema: {
                      [key: string]: unknown;
                    };
                    /** @description Nobody fills it in. */
                    computed: boolean;
                  }[];
                  rules: {
                    /** @example vehicle_type_motor */
                    field: string;
                    /**
                     * @example [
                     *       "service_type"
                     *     ]
                     */
                    needs: string[];
                    /** @example Hanya untuk layanan motor */
                    message: string;
                  }[];
                };
                safia: {
                  fields: {
                    /**
                     * @description `documents.stnk`: a member of a group.
                     * @example service_type
                     */
                    name: string;
                    /**
                     * @description JSON Schema of what it holds.
                     * @example {
                     *       "type": "string",
                     *       "enum": [
                     *         "kargo",
                     *         "motor",
                     *         "air_cargo"
                     *       ]
                     *     }
                     */
                    schema: {
                      [key: string]: unknown;
                    };
                    /** @description Nobody fills it in. */
                    computed: boolean;
                  }[];
                  rules: {
                    /** @example vehicle_type_motor */
                    field: string;
                    /**
                     * @example [
                     *       "service_type"
                     *     ]
                     */
                    needs: string[];
                    /** @example Hanya untuk layanan motor */
                    message: string;
                  }[];
                };
              };
              limits: {
                /** @example 200 */
                message_characters: number;
                /** @example 200 */
                note_characters: number;
                /** @example 200 */
                tag_characters: number;
                /** @example 200 */
                page_tickets: number;
                /** @example 200 */
                bulk_tickets: number;
                /** @example 200 */
                blast_recipients: number;
                /** @example 200 */
                snooze_days: number;
              };
              /** @example 4 */
              idle_after_hours: number;
              /** @example 5 */
              sla_pickup_minutes: number;
              /**
               * @description null: nobody loses a ticket for not answering.
               * @example 15
               */
              response_timeout_minutes: number | null;
              /** @example Asia/Jakarta */
              timezone: string;
              divisions: {
                division: components['schemas']['Division'];
                is_open: boolean;
                /** @example 2026-07-06T01:00:00.000Z */
                next_open_at: string | null;
                /** @example 2026-07-03T10:00:00.000Z */
                next_close_at: string | null;
              }[];
              push: {
                web: boolean;
                native: boolean;
              };
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listCities: {
    parameters: {
      query: {
        /** @example bat */
        q: string;
        /** @description 1-50 Example: `50` */
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "cities": [
           *           {
           *             "name": "Batam",
           *             "kind": "kota",
           *             "province": "Kepulauan Riau"
           *           }
           *         ]
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              cities: {
                /** @example Batam */
                name: string;
                /** @description null: a name that somebody wrote. */
                kind: ('kota' | 'kabupaten') | null;
                /** @example Kepulauan Riau */
                province: string | null;
              }[];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listUsers: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "users": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000301",
           *             "name": "Andi Saputra",
           *             "email": "agent1.sari@demo.saga",
           *             "role": "sales_agent",
           *             "division": "sari",
           *             "status": "online",
           *             "privileges": [
           *               "inbox_read",
           *               "messages_read",
           *               "reply",
           *               "self_takeover"
           *             ],
           *             "must_change_password": false,
           *             "is_active": true,
           *             "granted": [],
           *             "revoked": [],
           *             "max_active_tickets": 20,
           *             "created_at": "2026-07-03T08:12:00.000Z",
           *             "last_login_at": "2026-07-03T01:00:00.000Z",
           *             "last_seen_at": "2026-07-03T10:20:00.000Z"
           *           }
           *         ]
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              users: components['schemas']['User'][];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  createUser: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "name": "Dimas Prakoso",
         *       "email": "dimas@demo.saga",
         *       "password": "kata sandi yang panjang",
         *       "role": "sales_agent",
         *       "division": "sari",
         *       "must_change_password": false
         *     }
         */
        'application/json': {
          name: string;
          /** Format: email */
          email: string;
          password: string;
          role: components['schemas']['Role'];
          division: components['schemas']['UserDivision'];
          /** @description The password is temporary: good for the way to an own one only, for some days. */
          must_change_password?: boolean;
        };
      };
    };
    responses: {
      /** @description Success. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "user_id": "019a9d1e-7c00-7000-8000-000000000301"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** Format: uuid */
              user_id: string;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `DIVISION_REQUIRED`: This role needs one division, not `all`.
       *
       *     `PASSWORD_TOO_EASY`: The password is on the list of common ones, repeats one or two characters, or is the own e-mail address.
       *
       *     `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `ROLE_ABOVE_OWN`: The role, or that of the person, is above the role of the caller.
       *
       *     `PRIVILEGE_ABOVE_OWN`: The change gives a privilege that the caller does not have; a new password or address counts as giving all of them.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `EMAIL_TAKEN`: Another user has this e-mail address.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  getUser: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000301 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "user": {
           *           "id": "019a9d1e-7c00-7000-8000-000000000301",
           *           "name": "Andi Saputra",
           *           "email": "agent1.sari@demo.saga",
           *           "role": "sales_agent",
           *           "division": "sari",
           *           "status": "online",
           *           "privileges": [
           *             "inbox_read",
           *             "messages_read",
           *             "reply",
           *             "self_takeover"
           *           ],
           *           "must_change_password": false,
           *           "is_active": true,
           *           "granted": [],
           *           "revoked": [],
           *           "max_active_tickets": 20,
           *           "created_at": "2026-07-03T08:12:00.000Z",
           *           "last_login_at": "2026-07-03T01:00:00.000Z",
           *           "last_seen_at": "2026-07-03T10:20:00.000Z"
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              user: components['schemas']['User'];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `USER_NOT_FOUND`: There is no user with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  patchUser: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000301 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "name": "Andi Saputra",
         *       "email": "agent1.sari@demo.saga",
         *       "password": "kata sandi yang panjang",
         *       "must_change_password": false,
         *       "role": "sales_agent",
         *       "division": "sari",
         *       "is_active": true,
         *       "max_active_tickets": 12,
         *       "privileges": {
         *         "granted": [
         *           "manage_templates"
         *         ],
         *         "revoked": []
         *       },
         *       "current_password": "sapi terbang malam",
         *       "code": "492039"
         *     }
         */
        'application/json': {
          name?: string;
          /** Format: email */
          email?: string;
          password?: string;
          /** @description The password is temporary: good for the way to an own one only, for some days. */
          must_change_password?: boolean;
          role?: components['schemas']['Role'];
          division?: components['schemas']['UserDivision'];
          is_active?: boolean;
          max_active_tickets?: number | null;
          privileges?: {
            granted: components['schemas']['Privilege'][];
            revoked: components['schemas']['Privilege'][];
          };
          current_password?: string;
          /**
           * @description Six digits of the app, or a recovery code.
           * @example 492039
           */
          code?: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "user_id": "019a9d1e-7c00-7000-8000-000000000301"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** Format: uuid */
              user_id: string;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `DIVISION_REQUIRED`: This role needs one division, not `all`.
       *
       *     `PRIVILEGE_NOT_GRANTABLE`: A viewer can never be given the internal notes.
       *
       *     `PASSWORD_TOO_EASY`: The password is on the list of common ones, repeats one or two characters, or is the own e-mail address.
       *
       *     `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `PASSWORD_OWN`: The own password is changed by `POST /api/auth/password`, with the present one: who has a session only could take the account.
       *
       *     `PASSWORD_WRONG`: The own password, asked for again, is wrong. The session goes on.
       *
       *     `CODE_WRONG`: The code is wrong, is too old, or was used before; so is a recovery code.
       *
       *     `SUPER_ADMIN_PROTECTED`: Nobody but a super admin changes anything about a super admin.
       *
       *     `ROLE_ABOVE_OWN`: The role, or that of the person, is above the role of the caller.
       *
       *     `PRIVILEGE_ABOVE_OWN`: The change gives a privilege that the caller does not have; a new password or address counts as giving all of them.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `USER_NOT_FOUND`: There is no user with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `EMAIL_TAKEN`: Another user has this e-mail address.
       *
       *     `LAST_SUPER_ADMIN`: The last active super admin cannot be deactivated, given another role, or lose `manage_users` or `manage_privileges`.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `LOGIN_THROTTLED`: Too many failures for this account from this address, or from this address at all; see Retry-After.
       *
       *     `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After.
       */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  resetPassword: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000301 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "password": "kata sandi yang panjang"
         *     }
         */
        'application/json': {
          /** @description 10 to 128 characters, none of the common ones. */
          password: string;
        };
      };
    };
    responses: {
      /** @description Done, nothing to say. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `PASSWORD_TOO_EASY`: The password is on the list of common ones, repeats one or two characters, or is the own e-mail address.
       *
       *     `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `PASSWORD_OWN`: The own password is changed by `POST /api/auth/password`, with the present one: who has a session only could take the account.
       *
       *     `SUPER_ADMIN_PROTECTED`: Nobody but a super admin changes anything about a super admin.
       *
       *     `ROLE_ABOVE_OWN`: The role, or that of the person, is above the role of the caller.
       *
       *     `PRIVILEGE_ABOVE_OWN`: The change gives a privilege that the caller does not have; a new password or address counts as giving all of them.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `USER_NOT_FOUND`: There is no user with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  resetTotp: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /** @example {} */
        'application/json': Record<string, never>;
      };
    };
    responses: {
      /** @description Done, nothing to say. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_OWN`: No one resets their own second factor: who has their session would do so.
       *
       *     `SUPER_ADMIN_PROTECTED`: Nobody but a super admin changes anything about a super admin.
       *
       *     `ROLE_ABOVE_OWN`: The role, or that of the person, is above the role of the caller.
       *
       *     `PRIVILEGE_ABOVE_OWN`: The change gives a privilege that the caller does not have; a new password or address counts as giving all of them.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `USER_NOT_FOUND`: There is no user with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_MISSING`: The account has no second factor.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  getPrivileges: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example viewer */
        role: components['schemas']['Role'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "role": "viewer",
           *         "privileges": [
           *           "inbox_read",
           *           "messages_read"
           *         ]
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              role: components['schemas']['Role'];
              privileges: components['schemas']['Privilege'][];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  setPrivileges: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path: {
        /** @example viewer */
        role: components['schemas']['Role'];
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "privileges": [
         *         "inbox_read",
         *         "messages_read"
         *       ]
         *     }
         */
        'application/json': {
          privileges: components['schemas']['Privilege'][];
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "role": "viewer",
           *         "privileges": [
           *           "inbox_read",
           *           "messages_read"
           *         ]
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              role: components['schemas']['Role'];
              privileges: components['schemas']['Privilege'][];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `PRIVILEGE_NOT_GRANTABLE`: A viewer can never be given the internal notes.
       *
       *     `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `ROLE_ABOVE_OWN`: The role, or that of the person, is above the role of the caller.
       *
       *     `PRIVILEGE_ABOVE_OWN`: The change gives a privilege that the caller does not have; a new password or address counts as giving all of them.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listTags: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "tags": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000101",
           *             "name": "kargo",
           *             "color": "#6D4C41",
           *             "type": "custom"
           *           }
           *         ]
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              tags: components['schemas']['Tag'][];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  defineTag: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "name": "kargo",
         *       "color": "#6D4C41"
         *     }
         */
        'application/json': {
          name: string;
          color: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "id": "019a9d1e-7c00-7000-8000-000000000101",
           *         "name": "kargo",
           *         "color": "#6D4C41",
           *         "type": "custom"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: components['schemas']['Tag'];
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TAG_NAME_TAKEN`: A tag of this name is in the catalogue.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  deleteTag: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done, nothing to say. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `TAG_NOT_FOUND`: There is no tag with this id in the catalogue. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TAG_OF_SYSTEM`: The program itself puts this tag on tickets.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  patchTag: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000101 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "name": "kargo",
         *       "color": "#6D4C41"
         *     }
         */
        'application/json': {
          name?: string;
          color?: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "id": "019a9d1e-7c00-7000-8000-000000000101",
           *         "name": "kargo",
           *         "color": "#6D4C41",
           *         "type": "custom"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: components['schemas']['Tag'];
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `TAG_NOT_FOUND`: There is no tag with this id in the catalogue. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TAG_NAME_TAKEN`: A tag of this name is in the catalogue.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listTemplates: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "templates": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000501",
           *             "name": "Tanya kabar penawaran",
           *             "language": "id",
           *             "body": "Halo {{name}}, rencana kirim ke {{destination_city}} jadi kapan?",
           *             "variables": [
           *               "name",
           *               "agent_name",
           *               "destination_city"
           *             ],
           *             "whatsapp_template_name": "tanya_kabar_penawaran",
           *             "state": "approved",
           *             "state_reason": null
           *           }
           *         ]
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              templates: {
                /** Format: uuid */
                id: string;
                name: string;
                /** @example id */
                language: string;
                /** @example Halo {{name}}, rencana kirim ke {{destination_city}} jadi kapan? */
                body: string;
                variables: string[];
                /** @description Name under which Meta approved it; null: only within 24 h. */
                whatsapp_template_name: string | null;
                state: components['schemas']['TemplateState'];
                /** @description Meta's word, where it changed the state. */
                state_reason: string | null;
              }[];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  defineTemplate: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "name": "Tanya kabar penawaran",
         *       "language": "id",
         *       "body": "Halo {{name}}, ini {{agent_name}} dari Saga. Penawaran kami ke {{destination_city}} masih berlaku. Apakah ada yang bisa kami bantu?",
         *       "whatsapp_template_name": "tanya_kabar_penawaran",
         *       "state": "approved"
         *     }
         */
        'application/json': {
          name: string;
          /** @default id */
          language?: string;
          body: string;
          /** @default null */
          whatsapp_template_name?: string | null;
          /** @default approved */
          state?: components['schemas']['TemplateState'];
        };
      };
    };
    responses: {
      /** @description Success. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "id": "019a9d1e-7c00-7000-8000-000000000501",
           *         "name": "Tanya kabar penawaran",
           *         "language": "id",
           *         "body": "Halo {{name}}, rencana kirim ke {{destination_city}} jadi kapan?",
           *         "variables": [
           *           "name",
           *           "agent_name",
           *           "destination_city"
           *         ],
           *         "whatsapp_template_name": "tanya_kabar_penawaran",
           *         "state": "approved"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: components['schemas']['Template'];
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `TEMPLATE_NOT_FOUND`: There is no template with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TEMPLATE_NAME_TAKEN`: A template of this name and language is in the catalogue.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  deleteTemplate: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000501 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done, nothing to say. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `TEMPLATE_NOT_FOUND`: There is no template with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  patchTemplate: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example 019a9d1e-7c00-7000-8000-000000000501 */
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "name": "Tanya kabar penawaran",
         *       "language": "id",
         *       "body": "Halo {{name}}, ini {{agent_name}} dari Saga. Penawaran kami ke {{destination_city}} masih berlaku. Apakah ada yang bisa kami bantu?",
         *       "whatsapp_template_name": "tanya_kabar_penawaran",
         *       "state": "approved"
         *     }
         */
        'application/json': {
          name?: string;
          language?: string;
          body?: string;
          whatsapp_template_name?: string | null;
          state?: components['schemas']['TemplateState'];
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "id": "019a9d1e-7c00-7000-8000-000000000501",
           *         "name": "Tanya kabar penawaran",
           *         "language": "id",
           *         "body": "Halo {{name}}, rencana kirim ke {{destination_city}} jadi kapan?",
           *         "variables": [
           *           "name",
           *           "agent_name",
           *           "destination_city"
           *         ],
           *         "whatsapp_template_name": "tanya_kabar_penawaran",
           *         "state": "approved"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: components['schemas']['Template'];
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `TEMPLATE_NOT_FOUND`: There is no template with this id. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TEMPLATE_NAME_TAKEN`: A template of this name and language is in the catalogue.
       *
       *     `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  getOfficeHours: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example sari */
        div: components['schemas']['Division'];
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "schedules": [
           *           {
           *             "day_of_week": 1,
           *             "open_time": "08:00",
           *             "close_time": "17:00",
           *             "is_active": true
           *           }
           *         ]
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              schedules: {
                day_of_week: number;
                open_time: string;
                close_time: string;
                is_active: boolean;
              }[];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  putOfficeHours: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example sari */
        div: components['schemas']['Division'];
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "schedules": [
         *         {
         *           "day_of_week": 1,
         *           "open_time": "08:00",
         *           "close_time": "17:00",
         *           "is_active": true
         *         }
         *       ]
         *     }
         */
        'application/json': {
          schedules: {
            day_of_week: number;
            open_time: string;
            close_time: string;
            is_active: boolean;
          }[];
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "schedules": [
           *           {
           *             "day_of_week": 1,
           *             "open_time": "08:00",
           *             "close_time": "17:00",
           *             "is_active": true
           *           }
           *         ]
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              schedules: {
                day_of_week: number;
                open_time: string;
                close_time: string;
                is_active: boolean;
              }[];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  setOfficeHours: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        /** @example sari */
        div: components['schemas']['Division'];
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "schedules": [
         *         {
         *           "day_of_week": 1,
         *           "open_time": "08:00",
         *           "close_time": "17:00",
         *           "is_active": true
         *         }
         *       ]
         *     }
         */
        'application/json': {
          schedules: {
            day_of_week: number;
            open_time: string;
            close_time: string;
            is_active: boolean;
          }[];
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "updated_at": "2026-07-03T10:30:00.000Z"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** Format: date-time */
              updated_at: string;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `BUSY`: Others kept changing the same thing; see Retry-After.
       *
       *     `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listAdminAudit: {
    parameters: {
      query?: {
        /** @description 1-200 Example: `50` */
        limit?: number;
        /** @description Example: `eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9` */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "events": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000101",
           *             "event": "privileges_set",
           *             "timestamp": "2026-07-03T10:30:00.000Z",
           *             "actor": {
           *               "id": "019a9d1e-7c00-7000-8000-000000000303",
           *               "name": "Sahpri"
           *             },
           *             "actor_role": "super_admin",
           *             "subject": "viewer",
           *             "metadata": {}
           *           }
           *         ]
           *       },
           *       "meta": {
           *         "limit": 50,
           *         "next_cursor": "eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              events: {
                /** Format: uuid */
                id: string;
                event: string;
                /** Format: date-time */
                timestamp: string;
                actor: {
                  /** Format: uuid */
                  id: string;
                  name: string;
                } | null;
                actor_role: string;
                subject: string;
                metadata: {
                  [key: string]: unknown;
                };
              }[];
            };
            meta?: {
              limit?: number;
              next_cursor?: string;
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listAccess: {
    parameters: {
      query?: {
        /** @description Example: `019a9d1e-7c00-7000-8000-000000000301` */
        user_id?: string;
        /** @description Example: `019a9d1e-7c00-7000-8000-000000000101` */
        ticket_id?: string;
        /** @description Searches for exactly this number, or this beginning of one. Example: `0812 3456 7890` */
        phone?: string;
        /** @description From this moment on. Example: `2026-07-01T00:00:00Z` */
        from?: string;
        /** @description Before this moment. Example: `2026-08-01T00:00:00Z` */
        to?: string;
        /** @description 1-200 Example: `50` */
        limit?: number;
        /** @description Example: `eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9` */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "events": [
           *           {
           *             "id": "019a9d1e-7c00-7000-8000-000000000101",
           *             "event": "personal_data_read",
           *             "timestamp": "2026-07-03T10:30:00.000Z",
           *             "user": {
           *               "id": "019a9d1e-7c00-7000-8000-000000000301",
           *               "name": "Andi Saputra"
           *             },
           *             "ticket_id": "019a9d1e-7c00-7000-8000-000000000101",
           *             "metadata": {}
           *           }
           *         ]
           *       },
           *       "meta": {
           *         "limit": 50,
           *         "next_cursor": "eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              events: {
                /** Format: uuid */
                id: string;
                /** @enum {string} */
                event:
                  | 'personal_data_read'
                  | 'signed_in'
                  | 'signed_out'
                  | 'sign_in_failed'
                  | 'refresh_token_reused'
                  | 'access_refused';
                /** Format: date-time */
                timestamp: string;
                user: {
                  /** Format: uuid */
                  id: string;
                  name: string;
                } | null;
                ticket_id: string | null;
                metadata: {
                  [key: string]: unknown;
                };
              }[];
            };
            meta?: {
              limit?: number;
              next_cursor?: string;
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  listDeadLetters: {
    parameters: {
      query?: {
        /** @description 1-200 Example: `50` */
        limit?: number;
        /** @description Example: `42` */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "dead_letters": [
           *           {
           *             "id": "42",
           *             "reason": "unknown phone_number_id",
           *             "received_at": "2026-07-03T10:30:00.000Z",
           *             "attempts": 1,
           *             "payload": {
           *               "entry": [
           *                 {
           *                   "changes": [
           *                     {
           *                       "field": "messages"
           *                     }
           *                   ]
           *                 }
           *               ]
           *             }
           *           }
           *         ]
           *       },
           *       "meta": {
           *         "limit": 50,
           *         "next_cursor": "eyJhdCI6IjIwMjYtMDctMDNUMTA6MzA6MDAuMDAwWiJ9"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              dead_letters: components['schemas']['DeadLetter'][];
            };
            meta?: {
              limit: number;
              next_cursor?: string;
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  replayDeadLetters: {
    parameters: {
      query?: never;
      header?: {
        /** @description The same key and request get the first answer again for 24 hours. */
        'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "ids": [
         *         "42"
         *       ],
         *       "after": "019a9d1e-7c00-7000-8000-000000000001"
         *     }
         */
        'application/json': {
          ids?: string[];
          /** Format: uuid */
          after?: string;
        };
      };
    };
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "deliveries": 1,
           *         "items": 1,
           *         "left": 0,
           *         "next": null
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              deliveries: number;
              /** @description Understood now, on their way to the ticket. */
              items: number;
              /** @description Dead letters that there are now. */
              left: number;
              next: string | null;
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /**
       * @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each.
       *
       *     `BAD_REQUEST`: The address or a header is malformed.
       *
       *     `MALFORMED_JSON`: The body is not JSON in UTF-8, is nested too deeply, or uses a forbidden member name.
       *
       *     `UNSUPPORTED_MEDIA_TYPE`: The body must be `application/json`, UTF-8, not compressed.
       */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `DIVISION_FORBIDDEN`: The ticket or the filter belongs to a division the caller may not see.
       *
       *     `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       *
       *     `IDEMPOTENCY_KEY_REUSED`: The `Idempotency-Key` was used by this caller for another path or body.
       *
       *     `IDEMPOTENCY_KEY_IN_USE`: The first request with this `Idempotency-Key` is still running; see Retry-After.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `PAYLOAD_TOO_LARGE`: The body has more bytes or members than this route takes, or its content is too large to be stored. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  healthz: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "status": "up"
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** @constant */
              status: 'up';
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  readyz: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "status": "ready",
           *         "checks": [
           *           "event store"
           *         ],
           *         "warnings": [
           *           {
           *             "path": "job routing",
           *             "message": "skipped 1 event that it cannot read"
           *           }
           *         ]
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** @enum {string} */
              status: 'ready' | 'degraded';
              checks?: string[];
              warnings?: {
                path: string;
                message: string;
              }[];
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `NOT_READY`: `details` names what is missing. */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
  getOperations: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Success. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          /**
           * @example {
           *       "success": true,
           *       "data": {
           *         "status": "ready",
           *         "problems": [
           *           {
           *             "path": "view inbox",
           *             "message": "behind by 3 s"
           *           }
           *         ],
           *         "warnings": [
           *           {
           *             "path": "view inbox",
           *             "message": "behind by 3 s"
           *           }
           *         ],
           *         "views": [
           *           {
           *             "view": "inbox",
           *             "state": "running",
           *             "lag_events": 12,
           *             "lag_seconds": 12,
           *             "stopped_because": null,
           *             "parked": {
           *               "streams": 12,
           *               "events": 12,
           *               "because": "TicketTagged: tag is missing"
           *             }
           *           }
           *         ],
           *         "jobs": [
           *           {
           *             "job": "routing",
           *             "state": "running",
           *             "lag_events": 12,
           *             "updated_at": "2026-07-03T10:30:00.000Z"
           *           }
           *         ],
           *         "lines": [
           *           {
           *             "channel": "whatsapp",
           *             "id": "PHONE_ID_001",
           *             "name": "Saga Logistics",
           *             "division": "sari",
           *             "state": "sending",
           *             "stopped_by": "token_invalid"
           *           }
           *         ],
           *         "webhooks": {
           *           "pending": 12,
           *           "dead": 12,
           *           "oldest_pending_at": "2026-07-03T10:30:00.000Z"
           *         }
           *       }
           *     }
           */
          'application/json': {
            /** @constant */
            success: true;
            data: {
              /** @enum {string} */
              status: 'ready' | 'degraded' | 'not_ready';
              problems: {
                path: string;
                message: string;
              }[];
              warnings: {
                path: string;
                message: string;
              }[];
              views: {
                /** @example inbox */
                view: string;
                /** @enum {string} */
                state: 'running' | 'stopped' | 'wrong_store';
                /** @description null: it belongs to another store. */
                lag_events: number | null;
                lag_seconds: number;
                /** @example null */
                stopped_because: string | null;
                /** @description What it holds back while it goes on with everything else. */
                parked: {
                  streams: number;
                  events: number;
                  /** @example TicketTagged: tag is missing */
                  because: string | null;
                } | null;
              }[];
              jobs: {
                /** @example routing */
                job: string;
                /** @enum {string} */
                state: 'running' | 'wrong_store';
                lag_events: number | null;
                /**
                 * Format: date-time
                 * @description When it last moved on.
                 */
                updated_at: string;
              }[];
              lines: {
                channel: components['schemas']['Channel'];
                /** @example PHONE_ID_001 */
                id: string;
                /** @example Saga Logistics */
                name: string | null;
                division: components['schemas']['Division'];
                /**
                 * @description `stopped`: it sends nothing until somebody acts. `unknown`: another process sends.
                 * @enum {string}
                 */
                state: 'sending' | 'stopped' | 'unknown';
                /**
                 * @description The code that stopped it.
                 * @example token_invalid
                 */
                stopped_by: string | null;
              }[];
              webhooks: {
                /** @description Taken in, and not read yet. */
                pending: number;
                /** @description See `GET /api/admin/webhook/dead-letters`. */
                dead: number;
                oldest_pending_at: string | null;
              };
            };
            meta?: {
              /**
               * @description The read tables lag behind your last change.
               * @constant
               */
              stale?: true;
            };
          };
        };
      };
      /** @description `VALIDATION_FAILED`: A parameter or a member of the body is missing, unknown or wrong; `details` names each. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `UNAUTHENTICATED`: No access token, or one that is not valid (any more).
       *
       *     `SESSION_REVOKED`: The session was logged out, ran out, or was ended because a refresh token came again long after its use.
       */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `SECOND_FACTOR_NOT_SET_UP`: The role must have a second factor (TOTP_REQUIRED_ROLES): until it is enrolled, all else is refused.
       *
       *     `PASSWORD_CHANGE_REQUIRED`: Somebody else chose the password: until it is changed (`POST /api/auth/password`), all else is refused.
       *
       *     `FORBIDDEN`: The caller lacks the privilege of this route.
       */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `TICKET_NEEDS_ATTENTION`: An event of the ticket cannot be read, or events of the ticket or its customer are missing in the event store: nothing can be decided about it until the program is updated, the event is skipped, or the events are back. It is not kept for the `Idempotency-Key`.
       *
       *     `RECORD_NEEDS_ATTENTION`: As `TICKET_NEEDS_ATTENTION`, of what is no ticket: a user, a customer, a blast, a setting.
       */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `RATE_LIMITED`: Over the limit per user, or per address without a token; see Retry-After. */
      429: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /** @description `INTERNAL_ERROR`: Not foreseen; the request id leads to the log entry. */
      500: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
      /**
       * @description `STORE_UNAVAILABLE`: A store does not answer; see Retry-After. Repeat a POST with the same Idempotency-Key.
       *
       *     `STORE_CHANGED`: Another event store answers than the right one, or an older copy of it. Nothing is written until the right one is back or an operator accepts this one; see Retry-After. Webhooks are kept.
       */
      503: {
        headers: {
          'Retry-After': components['headers']['RetryAfter'];
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiError'];
        };
      };
    };
  };
}
