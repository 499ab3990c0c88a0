/**
 * The whole API on one page, in the order of the document: each route is declared, with its privilege, in the
 * file of its area. The webhook is not among them on purpose (docs/design/api.md#webhook-address).
 */
import { accessLog } from './audit/access-log.ts';
import { adminAudit } from './audit/admin-audit.ts';
import { agentAnalytics, agentsAnalytics, divisionAnalytics } from './analytics/analytics.ts';
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
import { attachment } from './media/attachments.ts';
import { messages, reply, replyAsSa } from './conversation/messages.ts';
import { updateCrm } from './crm/crm.ts';
import { assignedAgent, eraseCustomer, tracking } from './customers/customers.ts';
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
import { deadLetters } from './inbound/dead-letters.ts';
import { downloadExport, exportExcel, exportPdf, exportStatus } from './exports/exports.ts';
import { recommendations, sendFollowUp } from './follow-ups/follow-ups.ts';
import { freeInbox, inbox, ticket } from './tickets/inbox.ts';
import { history } from './audit/history.ts';
import { internalMessage, internalMessages } from './conversation/internal-notes.ts';
import { officeHours, setOfficeHours } from './settings/office-hours.ts';
import {
  notifications,
  pushKey,
  readNotification,
  subscribePush,
  unsubscribePush,
} from './notifications/notifications.ts';
import { healthz, readyz } from './operations/health.ts';
import type { Route } from './framework/route.ts';
import { stream, streamTicket } from './live/stream.ts';
import { defineTag, tags } from './settings/tags.ts';
import { defineTemplate, followUpTemplates, patchTemplate, templates } from './blasts/templates.ts';
import { assign, close, reassign, reopen, selfTakeover, tag } from './tickets/tickets.ts';
import { createUser, patchUser, privileges, resetPassword, setPrivileges, users } from './staff/users.ts';

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
  // presence
  ownPresence,
  othersPresence,
  presences,
  // looking
  inbox,
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
  // L1
  messages,
  attachment,
  reply,
  replyAsSa,
  // follow-up
  recommendations,
  sendFollowUp,
  // L2
  internalMessages,
  internalMessage,
  // customers
  assignedAgent,
  eraseCustomer,
  tracking,
  // blast
  followUpTemplates,
  createBlast,
  blasts,
  oneBlast,
  blastProgress,
  approveBlast,
  rejectBlast,
  pauseBlast,
  resumeBlast,
  cancelBlast,
  // exports
  exportExcel,
  exportPdf,
  exportStatus,
  downloadExport,
  // figures
  divisionAnalytics,
  agentAnalytics,
  agentsAnalytics,
  // notifications and the live stream
  notifications,
  readNotification,
  pushKey,
  subscribePush,
  unsubscribePush,
  stream,
  streamTicket,
  // administration
  users,
  createUser,
  patchUser,
  resetPassword,
  resetTotp,
  privileges,
  setPrivileges,
  tags,
  defineTag,
  templates,
  defineTemplate,
  patchTemplate,
  officeHours,
  setOfficeHours,
  adminAudit,
  accessLog,
  deadLetters,
  // operations
  healthz,
  readyz,
];
