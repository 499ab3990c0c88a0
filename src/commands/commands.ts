/** All commands a person can give, wired once. */
import { DEFAULT_SERVICES, serviceOf, type Services } from '../domain/field-jobs/services.ts';
import type { BlindIndex, Clock, EventStore, Ids, Passwords } from '../ports.ts';
import { assign } from './tickets/assign.ts';
import { close } from './tickets/close.ts';
import { createBlast } from './blasts/create-blast.ts';
import { changePassword } from './staff/change-password.ts';
import { createUser } from './staff/create-user.ts';
import { approveBlast } from './blasts/approve-blast.ts';
import { cancelBlast } from './blasts/cancel-blast.ts';
import { pauseBlast } from './blasts/pause-blast.ts';
import { rejectBlast } from './blasts/reject-blast.ts';
import { resumeBlast } from './blasts/resume-blast.ts';
import { deleteTag, patchTag } from './settings/change-tag.ts';
import { defineTag } from './settings/define-tag.ts';
import { channelCosts } from './analytics/set-channel-cost.ts';
import { quickReplies } from './settings/quick-replies.ts';
import { defineTemplate } from './blasts/define-template.ts';
import { deleteTemplate } from './blasts/delete-template.ts';
import { patchTemplate } from './blasts/patch-template.ts';
import {
  createCommandHandler,
  createStateCache,
  type CommandObserver,
} from '../engine/commands/command-handler.ts';
import { patchUser } from './staff/patch-user.ts';
import { postInternalNote } from './conversation/post-internal-note.ts';
import { markRead } from './conversation/mark-read.ts';
import { raiseAlert } from './notifications/raise-alert.ts';
import { changePreferences } from './notifications/change-preferences.ts';
import { readNotification, readNotifications } from './notifications/read-notification.ts';
import { reassign } from './tickets/reassign.ts';
import { agendas } from './capacity/reserve-agenda.ts';
import { slots } from './capacity/reserve-slot.ts';
import { setCapacity } from './capacity/set-capacity.ts';
import { technicians } from './capacity/set-technician.ts';
import { fieldJobs } from './field-jobs/field-jobs.ts';
import { checkIn, type Geofence } from './field-jobs/check-in.ts';
import { jobDocuments } from './field-jobs/documents.ts';
import { missedVisits } from './field-jobs/missed.ts';
import { reports } from './field-jobs/report.ts';
import { recommend } from './follow-ups/recommend-follow-ups.ts';
import { release } from './tickets/release.ts';
import { reopen } from './tickets/reopen.ts';
import { reply } from './conversation/reply.ts';
import { replyAsSa } from './conversation/reply-as-sa.ts';
import { resend } from './conversation/resend.ts';
import { archiveCustomer } from './customers/archive-customer.ts';
import { changePhone } from './customers/change-phone.ts';
import { editCustomer } from './customers/edit-customer.ts';
import { merge } from './customers/merge.ts';
import { registerCustomer } from './customers/register-customer.ts';
import { setOffers } from './customers/set-offers.ts';
import type { ResponseLimit } from './routing/response-deadline.ts';
import { recordExport } from './exports/record-export.ts';
import { requestExport } from './exports/request-export.ts';
import { routeTicket } from './routing/route-ticket.ts';
import { goesOnWithout } from './skipped-events.ts';
import { selfTakeover } from './tickets/self-takeover.ts';
import { previewFollowUp, sendFollowUp } from './follow-ups/send-follow-up.ts';
import { setOfficeHours } from './settings/set-office-hours.ts';
import { leaveDesk, setPresence } from './staff/set-presence.ts';
import { setPrivileges } from './staff/set-privileges.ts';
import { snooze } from './tickets/snooze.ts';
import { tag } from './tickets/tag.ts';
import { invoiceCommands } from './invoices/invoices.ts';
import { type InvoiceSettings, invoiceSettings } from './invoices/invoice-settings.ts';
import type { LinkSettings } from './invoices/send-invoice.ts';
import { rateJob } from './ratings/rate-job.ts';
import { remindOfRating, requestRating } from './ratings/request-rating.ts';
import { DEFAULT_TAX_RATES } from '../domain/invoices/tax.ts';
import { updateCrm } from './crm/update-crm.ts';
import { uploadFile } from './media/upload-file.ts';

export type Commands = ReturnType<typeof createCommands>;

/** docs/design/business-rules.md#blast. */
export const BLAST_DELAY_MS = 1_500;
/** docs/design/business-rules.md#exports. */
export const EXPORT_TTL_MINUTES = 60;
/** docs/design/reliability.md#temporary-passwords. */
export const TEMPORARY_PASSWORD_DAYS = 7;
/** docs/design/field-service.md#capacity. */
export const JOBS_PER_DAY = 10;
/** As the variables have it without a word of the operator (docs/design/field-service.md#invoices). */
const INVOICING = invoiceSettings(
  { rates: DEFAULT_TAX_RATES, dueDays: 14, discountLimitPct: 20, services: DEFAULT_SERVICES },
  'Asia/Jakarta',
);
const LINKS: LinkSettings = { base: '', invoiceTemplate: null, ratingTemplate: null };
/** States kept in memory per process; each is guarded by its append's expectation. */
const STATES_KEPT = 100_000;

export function createCommands(deps: {
  store: EventStore;
  clock: Clock;
  ids: Ids;
  passwords: Passwords;
  blindIndex: BlindIndex;
  observer: CommandObserver;
  /** Minutes for the first reply after an assignment; null for no limit. */
  replyWithin?: ResponseLimit;
  /** Between two messages of a blast from one number, in milliseconds. */
  blastDelayMs?: number;
  /** How long the link of an export works. */
  exportTtlMinutes?: number;
  /** How long a password is good that somebody else chose. */
  temporaryPasswordDays?: number;
  /** Jobs that a division takes on a day of which nobody said how many. */
  jobsPerDay?: number;
  /** What becomes of a check-in out of place. */
  geofence?: Geofence;
  /** What the divisions do at a customer's. */
  services?: Services | undefined;
  /** What the firm decided about its invoices. */
  invoicing?: InvoiceSettings;
  /** Links that customers get. */
  links?: LinkSettings;
  /** States to keep in memory, at least 1. */
  statesKept?: number;
}) {
  const { store, clock, ids, passwords, blindIndex, observer } = deps;
  const cache = createStateCache(deps.statesKept ?? STATES_KEPT);
  const handler = createCommandHandler({
    store,
    ids,
    cache,
    observer,
    goesOnWithout: goesOnWithout(store),
  });
  const services = deps.services ?? DEFAULT_SERVICES;
  const all = {
    handler,
    clock,
    ids,
    passwords,
    blindIndex,
    replyWithin: deps.replyWithin ?? null,
    blastDelayMs: deps.blastDelayMs ?? BLAST_DELAY_MS,
    exportTtlMinutes: deps.exportTtlMinutes ?? EXPORT_TTL_MINUTES,
    temporaryPasswordDays: deps.temporaryPasswordDays ?? TEMPORARY_PASSWORD_DAYS,
    invoicing: deps.invoicing ?? INVOICING,
    links: deps.links ?? LINKS,
    jobsPerDay: deps.jobsPerDay ?? JOBS_PER_DAY,
    geofence: deps.geofence ?? ('record' as const),
    services,
    skillOf: (kind: string) => serviceOf(services, kind)?.skill ?? null,
  };
  const reservations = { ...slots(all), ...agendas(all) };
  return {
    handler,
    selfTakeover: selfTakeover(all),
    assign: assign(all),
    reassign: reassign(all),
    tag: tag(all),
    close: close(all),
    reopen: reopen(all),
    release: release(all),
    snooze: snooze(all),
    updateCrm: updateCrm(all),
    sendFollowUp: sendFollowUp(all),
    previewFollowUp: previewFollowUp(all),
    recommend: recommend(all),
    reply: reply({ ...all, store }),
    uploadFile: uploadFile(all),
    replyAsSa: replyAsSa(all),
    markRead: markRead(all),
    resend: resend({ ...all, store }),
    setOffers: setOffers(all),
    editCustomer: editCustomer(all),
    mergeCustomers: merge(all),
    registerCustomer: registerCustomer(all),
    changePhone: changePhone(all),
    archiveCustomer: archiveCustomer(all),
    postInternalNote: postInternalNote(all),
    createUser: createUser(all),
    patchUser: patchUser(all),
    changePassword: changePassword(all),
    setPrivileges: setPrivileges(all),
    quickReplies: quickReplies(all),
    channelCosts: channelCosts(all),
    defineTag: defineTag(all),
    patchTag: patchTag(all),
    deleteTag: deleteTag(all),
    setPresence: setPresence(all),
    leaveDesk: leaveDesk(all),
    setOfficeHours: setOfficeHours(all),
    routeTicket: routeTicket(all),
    raiseAlert: raiseAlert(all),
    readNotification: readNotification(all),
    readNotifications: readNotifications(all),
    changePreferences: changePreferences(all),
    defineTemplate: defineTemplate(all),
    patchTemplate: patchTemplate(all),
    deleteTemplate: deleteTemplate(all),
    createBlast: createBlast(all),
    approveBlast: approveBlast(all),
    rejectBlast: rejectBlast(all),
    pauseBlast: pauseBlast(all),
    resumeBlast: resumeBlast(all),
    cancelBlast: cancelBlast(all),
    requestExport: requestExport(all),
    exports: recordExport(all),
    capacity: { ...reservations, set: setCapacity(all) },
    fieldJobs: fieldJobs({ ...all, capacity: reservations }),
    invoices: invoiceCommands(all),
    ratings: { rate: rateJob(all), request: requestRating(all), remind: remindOfRating(all) },
    technicians: technicians(all),
    visits: checkIn(all),
    jobDocuments: jobDocuments(all),
    reports: reports(all),
    missedVisits: missedVisits(all),
  };
}
