/**
 * The whole API on one page, in the order of the document: each route is declared, with its privilege, in the
 * file of its area. The webhook is not among them on purpose (docs/design/api.md#webhook-address).
 */
import { accessLog } from './audit/access-log.ts';
import { adminAudit } from './audit/admin-audit.ts';
import { listChannelCosts, setChannelCost } from './analytics/channel-costs.ts';
import { agentAnalytics, agentsAnalytics, divisionAnalytics } from './analytics/analytics.ts';
import {
  cancelLeave,
  capacity,
  setCapacity,
  setLeave,
  setTechnician,
  technicians,
} from './capacity/capacity.ts';
import { FIELD_JOB_ROUTES } from './field-jobs/routes.ts';
import { agents } from './staff/agents.ts';
import { ownTelegramCode, telegramCode, unlinkOwnTelegram, unlinkTelegram } from './staff/telegram.ts';
import { othersPresence, ownPresence, presences } from './staff/presence.ts';
import { login, logout, me, refresh } from './staff/auth.ts';
import { changePassword } from './staff/own-password.ts';
import { endSession, ownSessions } from './staff/own-sessions.ts';
import {
  confirmTotp,
  disableTotp,
  enrolTotp,
  loginTotp,
  resetTotp,
  totpStatus,
} from './staff/second-factor.ts';
import { auditLog } from './audit/audit-log.ts';
import { attachment, openFile } from './media/attachments.ts';
import { uploadMedia } from './media/uploads.ts';
import { messages, reply, replyAsSa } from './conversation/messages.ts';
import { resend } from './conversation/resend.ts';
import { search } from './conversation/search.ts';
import { conversations, replyToConversation } from './conversation/seed-names.ts';
import { chatAnalytics } from './chat/figures.ts';
import { getFaq, putFaq, rollbackFaq, tryFaq } from './chat/faq.ts';
import { chatChecklist, chatChecklistFile, chatCta } from './chat/papers.ts';
import { chatFaq, chatSession, chatStatus, endChat } from './chat/session.ts';
import { claimChat, sendChat } from './chat/staff.ts';
import { chatStream } from './chat/stream.ts';
import { chatAsk, chatMessages } from './chat/talk.ts';
import { chatTranscript, chatTranscriptFile, chatTranscriptToWhatsApp } from './chat/transcript.ts';
import { chatEscalate, chatHandoffLink, chatLeaveMessage, chatRate } from './chat/to-people.ts';
import { updateCrm } from './crm/crm.ts';
import { assignedAgent, eraseCustomer, tracking } from './customers/customers.ts';
import {
  customer,
  customerMessages,
  customers,
  editCustomer,
  mergeCustomers,
} from './customers/customer-pages.ts';
import { optIn, optOut } from './customers/offers.ts';
import {
  archiveCustomer,
  correctCustomer,
  customerHistory,
  customerRecord,
  deleteCustomer,
  registerCustomer,
  unarchiveCustomer,
} from './customers/customer-records.ts';
import { previewBlast } from './blasts/blast-preview.ts';
import {
  approveBlast,
  blastProgress,
  blasts,
  cancelBlast,
  createBlast,
  oneBlast,
  pauseBlast,
  rejectBlast,
  resumeBlast,
} from './blasts/blasts.ts';
import { deadLetters, replay as replayDeadLetters } from './inbound/dead-letters.ts';
import {
  downloadExport,
  exportExcel,
  exportInvoices,
  exportJobs,
  exportPdf,
  exports,
  exportStatus,
} from './exports/exports.ts';
import { previewFollowUp, recommendations, sendFollowUp } from './follow-ups/follow-ups.ts';
import { bulk, markRead, release, snooze, unsnooze } from './tickets/desk.ts';
import { freeInbox, inbox, inboxCounts, ticket } from './tickets/inbox.ts';
import { history } from './audit/history.ts';
import { internalMessage, internalMessages } from './conversation/internal-notes.ts';
import { officeHours, putOfficeHours, setOfficeHours } from './settings/office-hours.ts';
import {
  changePreferences,
  getNotification,
  getPreferences,
  notifications,
  readNotification,
  readNotifications,
} from './notifications/notifications.ts';
import {
  pushKey,
  registerDevice,
  subscribePush,
  unregisterDevice,
  unsubscribePush,
} from './notifications/push.ts';
import { healthz, readyz } from './operations/health.ts';
import { channels, line, lineQr, restartLine, testLine } from './operations/lines.ts';
import { operations } from './operations/operations.ts';
import type { Route } from './framework/route.ts';
import {
  approveInvoice,
  draftInvoice,
  invoiceFigures,
  invoices,
  issueInvoice,
  oneInvoice,
  recordPayment,
  recordTaxNumber,
  rejectInvoice,
  reviseInvoice,
  sendInvoice,
  submitInvoice,
  voidInvoice,
} from './invoices/invoices.ts';
import { invoicePdf, publicInvoice } from './invoices/public-invoice.ts';
import { rateJob, ratingPage, ratings } from './ratings/ratings.ts';
import { typing, viewing } from './live/at-work.ts';
import { stream, streamTicket } from './live/stream.ts';
import { cities, meta } from './settings/meta.ts';
import {
  defineQuickReply,
  deleteQuickReply,
  listQuickReplies,
  patchQuickReply,
} from './settings/quick-replies.ts';
import { defineTag, deleteTag, patchTag, tags } from './settings/tags.ts';
import {
  defineTemplate,
  deleteTemplate,
  followUpTemplates,
  patchTemplate,
  templates,
} from './blasts/templates.ts';
import { assign, close, reassign, reopen, selfTakeover, tag } from './tickets/tickets.ts';
import {
  createUser,
  patchUser,
  privileges,
  resetPassword,
  setPrivileges,
  user,
  users,
} from './staff/users.ts';

export const routes: readonly Route[] = [
  // signing in
  login,
  loginTotp,
  refresh,
  logout,
  changePassword,
  ownSessions,
  endSession,
  me,
  totpStatus,
  enrolTotp,
  confirmTotp,
  disableTotp,
  ownTelegramCode,
  unlinkOwnTelegram,
  // presence
  ownPresence,
  othersPresence,
  presences,
  agents,
  // looking
  inbox,
  inboxCounts,
  freeInbox,
  ticket,
  auditLog,
  history,
  // doing
  selfTakeover,
  assign,
  reassign,
  tag,
  updateCrm,
  close,
  reopen,
  release,
  snooze,
  unsnooze,
  markRead,
  bulk,
  // L1
  search,
  messages,
  attachment,
  openFile,
  uploadMedia,
  reply,
  replyAsSa,
  resend,
  conversations,
  replyToConversation,
  listQuickReplies,
  defineQuickReply,
  patchQuickReply,
  deleteQuickReply,
  // web chat
  chatSession,
  chatAsk,
  chatMessages,
  chatStream,
  chatStatus,
  chatEscalate,
  chatHandoffLink,
  chatLeaveMessage,
  chatRate,
  chatTranscript,
  chatTranscriptToWhatsApp,
  chatTranscriptFile,
  chatCta,
  chatChecklist,
  chatChecklistFile,
  endChat,
  chatFaq,
  claimChat,
  sendChat,
  getFaq,
  putFaq,
  rollbackFaq,
  tryFaq,
  chatAnalytics,
  // follow-up
  recommendations,
  sendFollowUp,
  previewFollowUp,
  // L2
  internalMessages,
  internalMessage,
  // customers
  customers,
  customer,
  customerMessages,
  editCustomer,
  mergeCustomers,
  assignedAgent,
  optOut,
  optIn,
  eraseCustomer,
  registerCustomer,
  customerRecord,
  correctCustomer,
  archiveCustomer,
  unarchiveCustomer,
  deleteCustomer,
  customerHistory,
  tracking,
  // blast
  followUpTemplates,
  previewBlast,
  createBlast,
  blasts,
  oneBlast,
  blastProgress,
  approveBlast,
  rejectBlast,
  pauseBlast,
  resumeBlast,
  cancelBlast,
  // invoices and ratings of jobs
  draftInvoice,
  invoices,
  // Before its neighbour whose id stands where its name does.
  invoiceFigures,
  oneInvoice,
  reviseInvoice,
  submitInvoice,
  approveInvoice,
  rejectInvoice,
  issueInvoice,
  sendInvoice,
  recordPayment,
  voidInvoice,
  recordTaxNumber,
  publicInvoice,
  invoicePdf,
  ratings,
  ratingPage,
  rateJob,
  // exports
  exportExcel,
  exportPdf,
  exportInvoices,
  exportJobs,
  exports,
  exportStatus,
  downloadExport,
  // figures
  divisionAnalytics,
  agentAnalytics,
  agentsAnalytics,
  listChannelCosts,
  setChannelCost,
  capacity,
  setCapacity,
  technicians,
  setTechnician,
  setLeave,
  cancelLeave,
  // visits
  ...FIELD_JOB_ROUTES,
  // notifications and the live stream
  notifications,
  readNotifications,
  readNotification,
  getPreferences,
  changePreferences,
  pushKey,
  subscribePush,
  unsubscribePush,
  registerDevice,
  unregisterDevice,
  // After its neighbours whose names stand where its id does.
  getNotification,
  stream,
  streamTicket,
  typing,
  viewing,
  // what a screen needs to know
  meta,
  cities,
  // administration
  users,
  user,
  createUser,
  patchUser,
  resetPassword,
  resetTotp,
  telegramCode,
  unlinkTelegram,
  privileges,
  setPrivileges,
  tags,
  defineTag,
  patchTag,
  deleteTag,
  templates,
  defineTemplate,
  patchTemplate,
  deleteTemplate,
  officeHours,
  setOfficeHours,
  putOfficeHours,
  adminAudit,
  accessLog,
  deadLetters,
  replayDeadLetters,
  // operations
  healthz,
  readyz,
  operations,
  channels,
  line,
  restartLine,
  lineQr,
  testLine,
];
