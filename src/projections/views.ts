/** Every view there is. A new view is added here. */
import { accessLogView } from './audit/access-log.ts';
import { adminAuditView } from './audit/admin-audit.ts';
import { alertsView } from './notifications/alerts.ts';
import { analyticsView } from './analytics/view.ts';
import { auditLogView } from './audit/audit-log.ts';
import { capacityView } from './capacity/capacity-view.ts';
import { chatAnswersView, chatTalksView } from './chat/chat-view.ts';
import { crmView } from './crm/crm.ts';
import { blastsView } from './blasts/blasts-view.ts';
import { customersView } from './customers/customers.ts';
import { erasable } from './erasure/erasable-view.ts';
import { exportsView } from './exports/exports-view.ts';
import { jobsView } from './field-jobs/jobs-view.ts';
import { followUpView } from './follow-ups/follow-ups.ts';
import { invoicesView } from './invoices/invoices-view.ts';
import { ratingsView } from './ratings/ratings.ts';
import { inboxView } from './tickets/inbox-view.ts';
import { internalMessagesView } from './conversation/internal-messages.ts';
import { messagesView } from './conversation/messages-view.ts';
import { officeHoursView } from './settings/office-hours.ts';
import { notificationsView } from './notifications/notifications.ts';
import { readMarksView } from './conversation/read-marks.ts';
import { tagsView } from './settings/tags.ts';
import { templatesView } from './blasts/templates.ts';
import { visitsView } from './field-jobs/visits-view.ts';
import { usersView } from './staff/users.ts';
import type { View } from '../engine/projections/view.ts';

/** @param timezone BUSINESS_TIMEZONE: where a day of the figures begins */
export const createViews = (timezone = 'Asia/Jakarta'): readonly View[] =>
  [
    inboxView(),
    messagesView(),
    readMarksView(),
    internalMessagesView(),
    auditLogView(),
    usersView(),
    tagsView(),
    customersView(),
    crmView(),
    followUpView(),
    notificationsView(),
    alertsView(),
    officeHoursView(),
    adminAuditView(),
    accessLogView(),
    templatesView(),
    blastsView(timezone),
    exportsView(),
    chatTalksView(),
    chatAnswersView(),
    invoicesView(),
    ratingsView(),
    capacityView(),
    visitsView(),
    jobsView(),
    analyticsView(timezone),
  ].map(erasable);
