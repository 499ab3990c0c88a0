/** Every view there is. A new view is added here. */
import { accessLogView } from './access-log.ts';
import { adminAuditView } from './admin-audit.ts';
import { alertsView } from './alerts.ts';
import { analyticsView } from './analytics/view.ts';
import { auditLogView } from './audit-log.ts';
import { crmView } from './crm.ts';
import { blastsView } from './blasts-view.ts';
import { customersView } from './customers.ts';
import { erasable } from './erasure-wipes.ts';
import { exportsView } from './exports.ts';
import { followUpView } from './followup.ts';
import { inboxView } from './inbox-view.ts';
import { internalMessagesView } from './internal-messages.ts';
import { messagesView } from './messages.ts';
import { officeHoursView } from './office-hours.ts';
import { notificationsView } from './notifications.ts';
import { tagsView } from './tags.ts';
import { templatesView } from './templates.ts';
import { usersView } from './users.ts';
import type { View } from './view.ts';

/** @param timezone BUSINESS_TIMEZONE: where a day of the figures begins */
export const createViews = (timezone = 'Asia/Jakarta'): readonly View[] =>
  [
    inboxView(),
    messagesView(),
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
    analyticsView(timezone),
  ].map(erasable);
