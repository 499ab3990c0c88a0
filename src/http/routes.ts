/**
 * The whole API on one page, in the order of the document: each route stands, with its privilege, where it is
 * declared. The webhook is not among them on purpose (backend-prd 6.2).
 */
import { accessLog } from './access.ts';
import { adminAudit } from './admin-audit.ts';
import { agentAnalytics, agentsAnalytics, divisionAnalytics } from './analytics.ts';
import { othersPresence, ownPresence, presences } from './agents.ts';
import { login, logout, me, refresh } from './auth.ts';
import { auditLog } from './audit.ts';
import { attachment } from './attachments.ts';
import { messages, reply, replyAsSa } from './conversation.ts';
import { updateCrm } from './crm.ts';
import { assignedAgent, eraseCustomer, tracking } from './customers.ts';
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
} from './blasts.ts';
import { deadLetters } from './dead-letters.ts';
import { downloadExport, exportExcel, exportPdf, exportStatus } from './exports.ts';
import { recommendations, sendFollowup } from './followup.ts';
import { freeInbox, inbox, ticket } from './inbox.ts';
import { history } from './history.ts';
import { internalMessage, internalMessages } from './internal.ts';
import { officeHours, setOfficeHours } from './office-hours.ts';
import { notifications, pushKey, readNotification, subscribePush, unsubscribePush } from './notifications.ts';
import { healthz, readyz } from './operations.ts';
import type { Route } from './route.ts';
import { stream } from './stream.ts';
import { defineTag, tags } from './tags.ts';
import { defineTemplate, followupTemplates, patchTemplate, templates } from './templates.ts';
import { assign, close, reassign, reopen, selfTakeover, tag } from './tickets.ts';
import { createUser, patchUser, privileges, setPrivileges, users } from './users.ts';

export const routes: readonly Route[] = [
  // signing in
  login,
  refresh,
  logout,
  me,
  // at the desk
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
  sendFollowup,
  // L2
  internalMessages,
  internalMessage,
  // customers
  assignedAgent,
  eraseCustomer,
  tracking,
  // blast
  followupTemplates,
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
  // being told
  notifications,
  readNotification,
  pushKey,
  subscribePush,
  unsubscribePush,
  stream,
  // administration
  users,
  createUser,
  patchUser,
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
