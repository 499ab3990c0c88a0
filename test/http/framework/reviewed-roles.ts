/** The reviewed matrix of roles: a person decides each row, none is derived from the routes. */
import type { Role } from '../../../src/domain/vocabulary.ts';

/**
 * What each role gets on a FREE ticket (or whatever the route is about) of sari, savi and safia. Agent and viewer
 * are of sari; the lead's own division is sari too. `ok`: the success the route declares. Reviewed against
 * docs/design/api.md#roles-and-privileges: change it with care, and only together with that table.
 */
type Cell =
  | 'ok'
  | 'ATTACHMENT_NOT_FOUND'
  | 'CUSTOMER_HAS_OPEN_TICKET'
  | 'CUSTOMER_NOT_FOUND'
  | 'FORBIDDEN'
  | 'LINE_CANNOT'
  | 'DIVISION_FORBIDDEN'
  | 'SESSION_NOT_FOUND'
  | 'CHALLENGE_OVER'
  | 'SECOND_FACTOR_MISSING'
  | 'PASSWORD_WRONG'
  | 'NOT_ASSIGNEE'
  | 'NOT_ASSIGNED'
  | 'ASSIGNEE_CHANGED'
  | 'BLAST_NOT_FOUND'
  | 'BLAST_NOT_SENDING'
  | 'BLAST_NOT_PAUSED'
  | 'EXPORT_NOT_FOUND'
  | 'EXPORT_LINK_INVALID'
  | 'INVALID_REFRESH_TOKEN'
  | 'NOTIFICATION_NOT_FOUND'
  | 'MESSAGE_NOT_FOUND'
  | 'TAG_NOT_FOUND'
  | 'QUICK_REPLY_NOT_FOUND'
  | 'FILE_LINK_INVALID'
  | 'SITE_UNKNOWN'
  | 'CHAT_SESSION_INVALID'
  | 'TICKET_NOT_FOUND'
  | 'PUSH_NOT_CONFIGURED';
type Cells = readonly [sari: Cell, savi: Cell, safia: Cell];
/** A role of field service that a row leaves out is refused. */
type FieldRole = 'dispatcher' | 'technician';
type Row = Readonly<Record<Exclude<Role, FieldRole>, Cells> & Partial<Record<FieldRole, Cells>>>;

const all = (cell: Cell): readonly [Cell, Cell, Cell] => [cell, cell, cell];
const ok = all('ok');
const no = all('FORBIDDEN');
export const REFUSED = no;
const own = ['ok', 'DIVISION_FORBIDDEN', 'DIVISION_FORBIDDEN'] as const;

const everybody: Row = {
  super_admin: ok,
  team_lead: ok,
  sales_agent: ok,
  dispatcher: ok,
  technician: ok,
  viewer: ok,
};
/** All but technicians: they have nothing of the inbox. */
const office: Row = { ...everybody, technician: no };
/** Allowed, and there is nothing to do it with. */
const nobodyYet = (cell: Cell): Row => ({
  super_admin: all(cell),
  team_lead: all(cell),
  sales_agent: all(cell),
  dispatcher: all(cell),
  technician: all(cell),
  viewer: all(cell),
});
const superAdmin: Row = {
  super_admin: ok,
  team_lead: no,
  sales_agent: no,
  viewer: no,
};
const leads: Row = {
  super_admin: ok,
  team_lead: ok,
  sales_agent: no,
  viewer: no,
};
/** No quick reply has the id of a person. */
const quickReplyGone: Row = {
  super_admin: all('QUICK_REPLY_NOT_FOUND'),
  team_lead: all('QUICK_REPLY_NOT_FOUND'),
  sales_agent: all('QUICK_REPLY_NOT_FOUND'),
  viewer: no,
};
/** No tag has the id of a person. */
const noTag: Row = { ...superAdmin, super_admin: all('TAG_NOT_FOUND') };
/** A customer of another division is as unknown as none. */
const ofCustomer: Row = {
  super_admin: ok,
  team_lead: ok,
  sales_agent: ['ok', 'CUSTOMER_NOT_FOUND', 'CUSTOMER_NOT_FOUND'],
  dispatcher: ['ok', 'CUSTOMER_NOT_FOUND', 'CUSTOMER_NOT_FOUND'],
  viewer: no,
};
/** Who only looks on sees them, too. */
const ofAnyCustomer: Row = { ...ofCustomer, viewer: ofCustomer.sales_agent };
const ownOrLeads: Row = {
  super_admin: ok,
  team_lead: ok,
  sales_agent: own,
  dispatcher: own,
  viewer: own,
};
const ownOrLeadsNotViewer: Row = {
  super_admin: ok,
  team_lead: ok,
  sales_agent: own,
  viewer: no,
};
/** An agent only on tickets of their own, a viewer never: L2, follow-ups. */
const notes: Row = {
  super_admin: ok,
  team_lead: ok,
  sales_agent: ['NOT_ASSIGNEE', 'DIVISION_FORBIDDEN', 'DIVISION_FORBIDDEN'],
  viewer: no,
};

const ofSomebody: Row = {
  super_admin: all('NOT_ASSIGNED'),
  team_lead: all('NOT_ASSIGNED'),
  sales_agent: ['NOT_ASSIGNED', 'DIVISION_FORBIDDEN', 'DIVISION_FORBIDDEN'],
  viewer: no,
};

/** Blasts that somebody else made: of an agent's own there is a test of its own. Nobody else's is there for them. */
const blasts = (cell: Cell): Row => ({
  super_admin: all(cell),
  team_lead: all(cell),
  sales_agent: all('BLAST_NOT_FOUND'),
  viewer: no,
});

/** A team lead takes out of the house only what is of their own division (docs/design/api.md#roles-and-privileges). */
const exporting: Row = {
  super_admin: ok,
  team_lead: own,
  sales_agent: no,
  viewer: no,
};

export const EXPECTED: Readonly<Record<string, Row>> = {
  login: everybody,
  refresh: nobodyYet('INVALID_REFRESH_TOKEN'),
  loginTotp: nobodyYet('CHALLENGE_OVER'),
  getTotp: everybody,
  enrolTotp: everybody,
  confirmTotp: nobodyYet('CHALLENGE_OVER'),
  disableTotp: nobodyYet('SECOND_FACTOR_MISSING'),
  resetPassword: superAdmin,
  resetTotp: {
    super_admin: all('SECOND_FACTOR_MISSING'),
    team_lead: no,
    sales_agent: no,
    viewer: no,
  },
  logout: everybody,
  changePassword: nobodyYet('PASSWORD_WRONG'),
  listSessions: everybody,
  endSession: nobodyYet('SESSION_NOT_FOUND'),
  me: everybody,
  setOwnPresence: {
    super_admin: ok,
    team_lead: ok,
    sales_agent: ok,
    viewer: no,
  },
  setPresence: leads,
  listPresences: leads,
  listAgents: ownOrLeads,
  listInbox: ownOrLeads,
  countInbox: ownOrLeads,
  listFreeTickets: office,
  searchMessages: ownOrLeads,
  getTicket: ownOrLeads,
  listAudit: leads,
  getHistory: leads,
  selfTakeover: {
    super_admin: no,
    team_lead: no,
    sales_agent: own,
    viewer: no,
  },
  assign: leads,
  reassign: {
    super_admin: all('ASSIGNEE_CHANGED'),
    team_lead: all('ASSIGNEE_CHANGED'),
    sales_agent: no,
    viewer: no,
  },
  tagTicket: ownOrLeadsNotViewer,
  updateCrm: { ...ownOrLeadsNotViewer, dispatcher: own },
  closeTicket: ownOrLeadsNotViewer,
  reopenTicket: ownOrLeadsNotViewer,
  // Nobody has a FREE ticket.
  releaseTicket: ofSomebody,
  snoozeTicket: ofSomebody,
  unsnoozeTicket: ofSomebody,
  markTicketRead: ownOrLeads,
  // What is refused of single tickets is in its answer.
  bulkTickets: {
    super_admin: ok,
    team_lead: ok,
    sales_agent: ok,
    viewer: no,
  },
  listMessages: ownOrLeads,
  reply: {
    super_admin: all('NOT_ASSIGNEE'),
    team_lead: all('NOT_ASSIGNEE'),
    sales_agent: ['NOT_ASSIGNEE', 'DIVISION_FORBIDDEN', 'DIVISION_FORBIDDEN'],
    viewer: no,
  },
  // Of nobody's division: the talks of the caller.
  listConversations: office,
  replyToConversation: {
    super_admin: all('NOT_ASSIGNEE'),
    team_lead: all('NOT_ASSIGNEE'),
    sales_agent: ['NOT_ASSIGNEE', 'DIVISION_FORBIDDEN', 'DIVISION_FORBIDDEN'],
    viewer: no,
  },
  uploadMedia: {
    super_admin: all('NOT_ASSIGNEE'),
    team_lead: all('NOT_ASSIGNEE'),
    sales_agent: ['NOT_ASSIGNEE', 'DIVISION_FORBIDDEN', 'DIVISION_FORBIDDEN'],
    viewer: no,
  },
  replyAsSa: superAdmin,
  // Nobody sent one with this id.
  resendMessage: {
    super_admin: all('MESSAGE_NOT_FOUND'),
    team_lead: all('NOT_ASSIGNEE'),
    sales_agent: ['NOT_ASSIGNEE', 'DIVISION_FORBIDDEN', 'DIVISION_FORBIDDEN'],
    viewer: no,
  },
  // Of visitors: who has no chat token is nobody there, whatever they may elsewhere.
  startChat: nobodyYet('SITE_UNKNOWN'),
  chat: nobodyYet('CHAT_SESSION_INVALID'),
  chatMessages: nobodyYet('CHAT_SESSION_INVALID'),
  chatStream: nobodyYet('CHAT_SESSION_INVALID'),
  chatStatus: everybody,
  escalateChat: nobodyYet('CHAT_SESSION_INVALID'),
  chatHandoffLink: nobodyYet('CHAT_SESSION_INVALID'),
  leaveMessage: nobodyYet('CHAT_SESSION_INVALID'),
  rateChat: nobodyYet('CHAT_SESSION_INVALID'),
  chatTranscript: nobodyYet('CHAT_SESSION_INVALID'),
  chatCta: nobodyYet('CHAT_SESSION_INVALID'),
  chatChecklist: nobodyYet('CHAT_SESSION_INVALID'),
  openChecklist: nobodyYet('FILE_LINK_INVALID'),
  endChat: nobodyYet('CHAT_SESSION_INVALID'),
  chatFaq: everybody,
  // No session has this id.
  claimChat: {
    super_admin: no,
    team_lead: no,
    sales_agent: all('TICKET_NOT_FOUND'),
    viewer: no,
  },
  sendChat: {
    super_admin: all('TICKET_NOT_FOUND'),
    team_lead: all('TICKET_NOT_FOUND'),
    sales_agent: all('TICKET_NOT_FOUND'),
    viewer: no,
  },
  getFaq: superAdmin,
  putFaq: superAdmin,
  rollbackFaq: superAdmin,
  tryFaq: superAdmin,
  getChatAnalytics: {
    super_admin: ok,
    team_lead: ok,
    sales_agent: ok,
    viewer: no,
  },
  listRecommendations: {
    super_admin: ok,
    team_lead: ok,
    sales_agent: ok,
    viewer: no,
  },
  sendFollowup: notes,
  previewFollowup: notes,
  listInternalMessages: notes,
  postInternalMessage: notes,
  getAssignedAgent: ofAnyCustomer,
  listCustomers: office,
  getCustomer: ofAnyCustomer,
  listCustomerMessages: ofAnyCustomer,
  editCustomer: ofCustomer,
  // With themselves: nothing is merged, and who may not is refused.
  mergeCustomers: leads,
  optOutCustomer: ofCustomer,
  optInCustomer: ofCustomer,
  // Their ticket is open: what is refused is the erasure, not the person.
  eraseCustomer: {
    super_admin: all('CUSTOMER_HAS_OPEN_TICKET'),
    team_lead: no,
    sales_agent: no,
    viewer: no,
  },
  trackOrder: everybody,
  getOfficeHours: everybody,
  setOfficeHours: superAdmin,
  putOfficeHours: superAdmin,
  listAdminAudit: superAdmin,
  listAccess: leads,
  listUsers: superAdmin,
  getUser: superAdmin,
  createUser: superAdmin,
  patchUser: superAdmin,
  getPrivileges: superAdmin,
  setPrivileges: superAdmin,
  listNotifications: everybody,
  readNotifications: everybody,
  getNotificationPreferences: everybody,
  changeNotificationPreferences: everybody,
  getNotification: nobodyYet('NOTIFICATION_NOT_FOUND'),
  readNotification: nobodyYet('NOTIFICATION_NOT_FOUND'),
  getPushKey: everybody,
  subscribePush: nobodyYet('PUSH_NOT_CONFIGURED'),
  registerDevice: nobodyYet('PUSH_NOT_CONFIGURED'),
  unregisterDevice: everybody,
  unsubscribePush: everybody,
  stream: everybody,
  streamTicket: everybody,
  sayTyping: {
    super_admin: ok,
    team_lead: all('NOT_ASSIGNEE'),
    sales_agent: ['NOT_ASSIGNEE', 'DIVISION_FORBIDDEN', 'DIVISION_FORBIDDEN'],
    viewer: no,
  },
  sayViewing: ownOrLeads,
  getMeta: everybody,
  listCities: everybody,
  // The tickets of this test have no attachment: whoever may read one is told so.
  downloadAttachment: {
    super_admin: all('ATTACHMENT_NOT_FOUND'),
    team_lead: all('ATTACHMENT_NOT_FOUND'),
    sales_agent: ['ATTACHMENT_NOT_FOUND', 'DIVISION_FORBIDDEN', 'DIVISION_FORBIDDEN'],
    dispatcher: ['ATTACHMENT_NOT_FOUND', 'DIVISION_FORBIDDEN', 'DIVISION_FORBIDDEN'],
    viewer: ['ATTACHMENT_NOT_FOUND', 'DIVISION_FORBIDDEN', 'DIVISION_FORBIDDEN'],
  },
  listFollowupTemplates: {
    super_admin: ok,
    team_lead: ok,
    sales_agent: ok,
    viewer: no,
  },
  previewBlast: ownOrLeadsNotViewer,
  createBlast: ownOrLeadsNotViewer,
  listBlasts: { super_admin: ok, team_lead: ok, sales_agent: ok, viewer: no },
  getBlast: blasts('ok'),
  getBlastStatus: blasts('ok'),
  approveBlast: leads,
  rejectBlast: leads,
  pauseBlast: blasts('BLAST_NOT_SENDING'),
  resumeBlast: blasts('BLAST_NOT_PAUSED'),
  cancelBlast: blasts('ok'),
  exportExcel: exporting,
  exportPdf: exporting,
  listExports: leads,
  // Nobody asked for one with this id.
  getExportStatus: {
    super_admin: all('EXPORT_NOT_FOUND'),
    team_lead: all('EXPORT_NOT_FOUND'),
    sales_agent: no,
    viewer: no,
  },
  downloadExport: nobodyYet('EXPORT_LINK_INVALID'),
  // The link is the credential, and nobody signed this one.
  openFile: nobodyYet('FILE_LINK_INVALID'),
  getDivisionAnalytics: ownOrLeadsNotViewer,
  // About the agent of the division: an agent only about themselves.
  getAgentAnalytics: {
    super_admin: ok,
    team_lead: ok,
    sales_agent: ['ok', 'FORBIDDEN', 'FORBIDDEN'],
    viewer: no,
  },
  listAgentAnalytics: ownOrLeadsNotViewer,
  listLines: superAdmin,
  getLine: superAdmin,
  // Of Meta's numbers.
  restartLine: {
    super_admin: all('LINE_CANNOT'),
    team_lead: no,
    sales_agent: no,
    viewer: no,
  },
  getLineQr: {
    super_admin: all('LINE_CANNOT'),
    team_lead: no,
    sales_agent: no,
    viewer: no,
  },
  testLine: superAdmin,
  listChannelCosts: leads,
  setChannelCost: leads,
  getCapacity: { ...leads, dispatcher: own },
  setCapacity: { ...superAdmin, dispatcher: own },
  listTechnicians: { ...leads, dispatcher: ok },
  setTechnician: { ...superAdmin, dispatcher: own },
  setTechnicianLeave: { ...superAdmin, dispatcher: own },
  cancelTechnicianLeave: { ...superAdmin, dispatcher: own },
  listTemplates: superAdmin,
  defineTemplate: superAdmin,
  patchTemplate: superAdmin,
  deleteTemplate: superAdmin,
  listQuickReplies: {
    super_admin: ok,
    team_lead: ok,
    sales_agent: ok,
    viewer: no,
  },
  defineQuickReply: {
    super_admin: ok,
    team_lead: ok,
    sales_agent: ok,
    viewer: no,
  },
  patchQuickReply: quickReplyGone,
  deleteQuickReply: quickReplyGone,
  listTags: everybody,
  defineTag: superAdmin,
  patchTag: noTag,
  deleteTag: noTag,
  listDeadLetters: superAdmin,
  replayDeadLetters: superAdmin,
  healthz: everybody,
  readyz: everybody,
  getOperations: superAdmin,
};
