/**
 * The types of all tables, for kysely. Made by `npm run schema` from the migrations: do not edit.
 * A column with a CHECK of words has the type of these words. Partitions look like their parent and are left out.
 */
import type { ColumnType } from 'kysely';

/** The database gives a value when an insert gives none. */
type Filled<T> = T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : ColumnType<T, T | undefined, T>;
/** timestamptz: read as a Date; written as a Date or as ISO 8601. */
type Time = ColumnType<Date, Date | string, Date | string>;
/** date: 'YYYY-MM-DD'. */
type Day = string;
/** numeric: read as its digits, for a number may not hold them all. */
type Numeric = ColumnType<string, string | number, string | number>;
/** json, jsonb: read as the value, written as its text. */
type Json = ColumnType<unknown, string, string>;

interface EsEvents {
  position: number; stream: string; revision: number; event_id: string; type: string; data: Json;
  metadata: Json; recorded_at: Filled<Time>;
}

interface EsStore {
  only_row: Filled<boolean>; store_id: Filled<string>; head: Filled<number>;
}

interface OpsAccessJournal {
  id: string; key: string; event: Json; context: Json; noted_at: Filled<Time>;
}

interface OpsActivity {
  user_id: string; seen_at: Time;
}

interface OpsChallenges {
  token_hash: Buffer; purpose: 'sign-in' | 'enrolment'; user_id: string; generation: number;
  session_id: string | null; sealed: string | null; attempts: Filled<number>; expires_at: Time;
  used_at: Time | null;
}

interface OpsChatClicks {
  division: 'sari' | 'savi' | 'safia'; day: Day; intent: string; which: 'primary' | 'secondary';
  clicks: number;
}

interface OpsIdempotencyKeys {
  caller_id: string; key: string; fingerprint: Buffer; operation_id: string; claimed_at: Time;
  expires_at: Time; status: number | null; body: string | null; ticket_id: string | null;
}

interface OpsJobCheckpoints {
  job: string; store_id: string; position: string; updated_at: Filled<Time>; settled_to: string | null;
  seen_to: string | null;
}

interface OpsJobOffers {
  job_id: string; episode: number; technician_id: string; claimed_at: Time; chat: string | null;
  message_id: number | null; closed_at: Time | null;
}

interface OpsKeyFingerprints {
  name: 'BLIND_INDEX_KEY' | 'MASTER_KEY'; fingerprint: string; noted_at: Filled<Time>;
}

interface OpsLeases {
  name: string; epoch: number; holder: string; acquired_at: Filled<Time>;
}

interface OpsLineStates {
  channel: string; line: string; state: string; detail: string | null; changed_at: Time; checked_at: Time;
  caught_up_to: Time | null;
}

interface OpsMediaQuota {
  customer_id: string; day: Day; files: number; bytes: Filled<number>;
}

interface OpsPersonalKeys {
  customer_id: string; wrapped: Buffer | null; created_at: Filled<Time>; destroyed_at: Time | null;
  purged_at: Time | null;
}

interface OpsProjectionParked {
  view: string; position: string; stream: string; revision: number; event_id: string; subject: string;
  reason: string | null; retry: Filled<boolean>; parked_at: Filled<Time>;
}

interface OpsProjections {
  view: string; store_id: string; position: string; state: Filled<'running' | 'stopped'>;
  stopped_at_event: string | null; stopped_because: string | null; event_at: Time | null;
  updated_at: Filled<Time>; rebuilds: Filled<number>;
}

interface OpsProviderErasures {
  id: string; customer_id: string; channel: string; line: string; sealed: string | null; items_left: number;
  attempts: Filled<number>; next_at: Time; last_code: string | null; created_at: Time; done_at: Time | null;
  given_up_at: Time | null;
}

interface OpsPushClaims {
  notification_id: string; subscription_id: string; claimed_at: Time;
}

interface OpsPushSubscriptions {
  id: string; user_id: string; session_id: string; endpoint: string; p256dh: string | null;
  auth: string | null; created_at: Time; platform: 'ios' | 'android' | null; app_version: string | null;
}

interface OpsRefreshTokens {
  token_hash: Buffer; session_id: string; issued_at: Time; used_at: Time | null;
}

interface OpsRoleChanges {
  role: string; changes: number;
}

interface OpsSchedule {
  job: string; due_at: Time; started_at: Time; finished_at: Time | null;
}

interface OpsSessions {
  id: string; user_id: string; started_at: Time; expires_at: Time; ended_at: Time | null;
  ended_because: 'logout' | 'reuse' | 'inactive' | 'password' | 'rights' | null; generation: Filled<number>;
  address: string | null; address_group: string | null; user_agent: string | null;
}

interface OpsStoreAnchors {
  position: string; store_id: string; event_id: string; stream: string; revision: number; at: Time;
  lasting: boolean; noted_at: Filled<Time>;
}

interface OpsStoreChanges {
  id: Filled<string>; expected: string; found: string; since: Filled<Time>; must_accept: Filled<boolean>;
  ended_at: Time | null; ended_by: 'came back' | 'accepted' | null;
}

interface OpsStreamTickets {
  ticket_hash: Buffer; user_id: string; session_id: string; token_expires_at: Time; expires_at: Time;
}

interface OpsStreamsNotWhole {
  stream: string; problem: string; found_at: Filled<Time>; id: Filled<string>; told_at: Time | null;
}

interface OpsWebhookDelivery {
  id: string; form: string; body: string; received_at: Time; division: string | null; line: string | null;
}

interface OpsWebhookInbox {
  seq: Filled<number>; key: string; ordering_key: string; delivery_id: string; item: string;
  state: 'pending' | 'done' | 'ignored' | 'dead'; reason: string | null; attempts: Filled<number>;
  waiting_since: Time | null; due_at: Filled<Time>; received_at: Time; processed_at: Time | null;
  lane: Filled<string>; sent_at: Time | null; event_id: string | null; event_position: string | null;
}

interface ReadAccessLog {
  position: string; id: string; event: string; at: Time; user_id: string | null; ticket_id: string | null;
  metadata: Json; searched: string | null;
}

interface ReadAdminAudit {
  position: string; id: string; event: string; at: Time; actor_id: string | null; actor_role: string;
  subject: string; metadata: Json | null;
}

interface ReadAgendas {
  technician_id: string; day: Day; job_id: string; window_from: Time; window_to: Time; reserved_at: Time;
}

interface ReadAlertsTold {
  level: string; ticket_id: string; episode: string;
}

interface ReadAnalyticsAgentDays {
  division: 'sari' | 'savi' | 'safia'; span: 'day' | 'month'; day: Day; agent_id: string; won: number;
  lost: number; revenue: Numeric; deals: number; quotes: Numeric; discounts: Numeric;
}

interface ReadAnalyticsDays {
  division: 'sari' | 'savi' | 'safia'; span: 'day' | 'month'; day: Day; channel: string; leads: number;
  valid: number; resolved: number; won: number; lost: number; revenue: Numeric; cycle_ms: number;
  escalated: Filled<number>; claimed_soon: Filled<number>;
}

interface ReadAnalyticsHours {
  unit: 'sari' | 'savi' | 'safia'; since: Time; hours: Json;
}

interface ReadAnalyticsPeople {
  user_id: string; role: string; division: 'sari' | 'savi' | 'safia' | 'all'; is_active: boolean;
  online_since: Time | null; divisions: Json;
}

interface ReadAnalyticsPickups {
  division: 'sari' | 'savi' | 'safia'; span: 'day' | 'month'; day: Day; agent_id: string; minutes: number;
  answered: number; unanswered: number; answered_ms: number;
}

interface ReadAnalyticsPresence {
  user_id: string; span: 'day' | 'month'; day: Day; online_ms: number;
}

interface ReadAnalyticsReasons {
  division: 'sari' | 'savi' | 'safia'; span: 'day' | 'month'; day: Day; agent_id: string; reason: string;
  lost: number;
}

interface ReadAnalyticsResolved {
  division: 'sari' | 'savi' | 'safia'; span: 'day' | 'month'; day: Day; minutes: number; closed: number;
}

interface ReadAnalyticsRoutes {
  division: 'sari' | 'savi' | 'safia'; span: 'day' | 'month'; day: Day; origin: string; destination: string;
  leads: number;
}

interface ReadAnalyticsTickets {
  division: 'sari' | 'savi' | 'safia'; ticket_id: string; channel: string; opened_at: Time; is_valid: boolean;
  is_resolved: boolean; had_agent: boolean; agent_id: string | null; picking_since: Time | null;
  stage: 'open' | 'Won' | 'Lost'; decided_at: Time | null; decided_by: string | null;
  deal_value: number | null; quote_value: number | null; discount_given: number | null;
  lost_reason: string | null; origin: string | null; destination: string | null; replies: Json | null;
  is_joined: Filled<boolean>; escalated_at: Time | null; claimed_at: Time | null; closed_at: Time | null;
}

interface ReadAttachments {
  division: 'sari' | 'savi' | 'safia'; ticket_id: string; message_id: string; index: number; kind: string;
  file_name: string | null; mime_type: string | null; size: number | null;
  problem: 'quota' | 'scan' | 'gone' | 'too_large' | 'type_not_allowed' | 'not_reachable' | 'infected' | 'not_scannable' | null;
}

interface ReadAuditLog {
  division: 'sari' | 'savi' | 'safia'; ticket_id: string; position: string; id: string; event: string;
  at: Time; actor_id: string | null; actor_role: string; from_who: string | null; to_who: string | null;
  metadata: Json | null;
}

interface ReadBlastDays {
  division: 'sari' | 'savi' | 'safia'; span: 'day' | 'month'; day: Day;
  category: 'PANAS' | 'HANGAT' | 'DINGIN'; sent: number; responded: number;
}

interface ReadBlastRecipients {
  division: 'sari' | 'savi' | 'safia'; blast_id: string; ticket_id: string; n: number; customer_id: string;
  category: 'PANAS' | 'HANGAT' | 'DINGIN' | 'NONE';
  status: 'planned' | 'attempted' | 'deferred' | 'accepted' | 'failed' | 'unknown' | 'skipped';
  form: 'text' | 'template' | null; message_id: string | null; channel_message_id: string | null;
  delivery: string | null; reason: string | null; attempted_at: Time | null; responded_at: Time | null;
}

interface ReadBlastTickets {
  division: string; ticket_id: string; customer_id: string;
}

interface ReadBlasts {
  id: string; position: string; creator_id: string;
  status: 'pending' | 'approved' | 'sending' | 'paused' | 'rejected' | 'cancelled' | 'done'; message: string;
  template: Json; recipient_count: number; created_at: Time; decided_by: string | null;
  approved_at: Time | null; rejected_at: Time | null; reject_reason: string | null;
  pause_reason: string | null; finished_at: Time | null;
}

interface ReadCapacityDays {
  division: 'sari' | 'savi' | 'safia'; day: Day; slots: number;
}

interface ReadChatAnswers {
  division: 'sari' | 'savi' | 'safia'; ticket_id: string; id: string; at: Time;
  outcome: 'answered' | 'asked' | 'unanswered' | 'ruled'; intent: string | null; question: string;
}

interface ReadChatTalks {
  division: 'sari' | 'savi' | 'safia'; ticket_id: string; opened_at: Time; escalated_at: Time | null;
  claimed_at: Time | null; replied_at: Time | null; closed_at: Time | null; rating: 'up' | 'down' | null;
  rated_at: Time | null; rated_agent: string | null;
}

interface ReadCrm {
  division: 'sari' | 'savi' | 'safia'; ticket_id: string; crm: Json;
}

interface ReadCustomers {
  division: 'sari' | 'savi' | 'safia'; id: string; customer_key: string; channel: string;
  channel_user_id: string; phone: string | null; name: string | null; first_seen_at: Time | null;
  opted_out_at: Time | null; opted_out_by: string | null; opted_out_how: string | null; email: string | null;
  address: string | null; notes: string | null; merged_into: string | null; is_erased: Filled<boolean>;
  words: Filled<string>; archived_at: Time | null;
}

interface ReadDeliveries {
  division: 'sari' | 'savi' | 'safia'; ticket_id: string; channel_message_id: string;
  status: 'queued' | 'sent' | 'delivered' | 'read' | 'failed' | 'unknown'; error: string | null;
}

interface ReadExports {
  id: string; position: string; kind: 'excel' | 'pdf' | 'invoices' | 'jobs';
  report_type: 'division_summary' | 'agent_performance' | null; division: 'sari' | 'savi' | 'safia' | 'all';
  start_date: Day; end_date: Day; requested_by: string;
  status: 'pending' | 'running' | 'ready' | 'failed' | 'expired'; progress_pct: number; size: number | null;
  reason: string | null; requested_at: Time; finished_at: Time | null; expires_at: Time;
}

interface ReadFollowupNights {
  division: 'sari' | 'savi' | 'safia'; night: Day;
}

interface ReadFollowupRecs {
  division: 'sari' | 'savi' | 'safia'; ticket_id: string; night: Day; category: 'PANAS' | 'HANGAT' | 'DINGIN';
  rule: string; reason: string; is_acted: Filled<boolean>;
}

interface ReadInvoiceLines {
  division: 'sari' | 'savi' | 'safia'; invoice_id: string; n: number; service: string; description: string;
  quantity: number; unit_price: number; discount: number;
  tax_scheme: 'dpp_11_12' | 'besaran_1_1' | 'exempt' | 'non_pkp'; base: number;
}

interface ReadInvoices {
  division: 'sari' | 'savi' | 'safia'; id: string; position: string; job_id: string; customer_id: string;
  status: 'draft' | 'submitted' | 'approved' | 'issued' | 'sent' | 'paid' | 'void'; number: string | null;
  issued_on: Day | null; due_on: Day | null; token_hash: string | null; net: number; tax: number;
  total: number; received: number; withheld: number; paid_on: Day | null; was_overdue: boolean;
  issuing_since: Time | null; card: Json;
}

interface ReadJobs {
  division: 'sari' | 'savi' | 'safia'; id: string; customer_id: string; ticket_id: string | null;
  technician_id: string | null;
  status: 'open' | 'assigned' | 'in_progress' | 'done' | 'completed' | 'cancelled'; window_from: Time;
  window_to: Time; day: Day; job: Json;
}

interface ReadMessagesL1 {
  division: 'sari' | 'savi' | 'safia'; ticket_id: string; id: string;
  sender_type: 'customer' | 'bot' | 'agent' | 'sa'; sender_id: string | null; sender_name: string | null;
  content: string; sent_at: Time; confidence: number | null; attachments: Json | null;
  channel_message_id: string | null; position: Filled<string>; kind: string | null; line: string | null;
  reply_to: string | null; parts: Json | null; words: Filled<string>; said: Json | null;
  quotes: string | null;
}

interface ReadMessagesL2 {
  division: 'sari' | 'savi' | 'safia'; ticket_id: string; id: string; sender_id: string; content: string;
  tagged_agent: string | null; sent_at: Time; position: string; words: Filled<string>;
}

interface ReadNotificationPreferences {
  user_id: string; kind: string; in_app: boolean; push: boolean; sound: boolean;
}

interface ReadNotifications {
  user_id: string; id: string; position: string; kind: string; ticket_id: string | null;
  actor_id: string | null; count: number; threshold: number | null; created_at: Time; read_at: Time | null;
  parked_view: string | null; parked_subject: string | null; resolved_at: Time | null;
  blast_id: string | null; job_id: string | null; invoice_id: string | null;
}

interface ReadNotifyMessages {
  message_id: string; ticket_id: string; writer_id: string; channel_message_id: string | null;
}

interface ReadNotifyTickets {
  ticket_id: string; assigned_to: string;
}

interface ReadOfficeHours {
  unit: 'sari' | 'savi' | 'safia'; hours: Json;
}

interface ReadQueueWatch {
  ticket_id: string; division: 'sari' | 'savi' | 'safia'; episode: string; since: Time; off_hours: boolean;
}

interface ReadRatings {
  division: 'sari' | 'savi' | 'safia'; job_id: string; customer_id: string; technician_id: string;
  token_hash: string; asked_at: Time; expires_at: Time; posted_at: Time | null;
  not_sent: 'no_talk' | 'opted_out' | 'window_closed' | null; reminded_at: Time | null; rated_at: Time | null;
  technician: number | null; service: number | null; comment: string | null; is_erased: Filled<boolean>;
  by_technician: Filled<boolean>;
}

interface ReadRoles {
  role: 'super_admin' | 'team_lead' | 'sales_agent' | 'dispatcher' | 'technician' | 'viewer';
  privileges: string[];
}

interface ReadSends {
  division: 'sari' | 'savi' | 'safia'; ticket_id: string; message_id: string;
  channel_message_id: string | null; status: 'queued' | 'sent' | 'delivered' | 'read' | 'failed' | 'unknown';
  error: string | null; line: string | null;
}

interface ReadSlots {
  division: 'sari' | 'savi' | 'safia'; day: Day; job_id: string; reserved_at: Time;
}

interface ReadTags {
  id: string; name: string; color: string; kind: 'system' | 'custom';
}

interface ReadTechnicians {
  id: string; skills: Json | null; max_jobs_per_day: number; leave_from: Day | null; leave_to: Day | null;
}

interface ReadTemplates {
  id: string; name: string; language: string; body: string; whatsapp_name: string | null;
  state: 'approved' | 'paused' | 'rejected' | 'disabled'; state_reason: string | null;
  content_sid: string | null;
}

interface ReadTermCounts {
  division: string; prefix: string; n: number;
}

interface ReadTicketCounts {
  division: string; lens: string; status: string; queue_status: string; channel: string; crm_stage: string;
  n: number;
}

interface ReadTicketDirectory {
  ticket_id: string; division: 'sari' | 'savi' | 'safia';
}

interface ReadTicketGrants {
  user_id: string; ticket_id: string; division: 'sari' | 'savi' | 'safia';
}

interface ReadTicketReads {
  division: 'sari' | 'savi' | 'safia'; ticket_id: string; user_id: string; seen: number;
}

interface ReadTicketTags {
  division: string; tag: string; last_activity_at: Time; id: string; status: string; queue_status: string;
  channel: string; crm_stage: string; assigned_to: string | null;
}

interface ReadTicketTerms {
  division: string; term: string; id: string;
}

interface ReadTickets {
  division: 'sari' | 'savi' | 'safia'; id: string; customer_id: string;
  status: 'new' | 'in_progress' | 'awaiting_response' | 'closed';
  queue_status: 'free' | 'queued' | 'assigned' | 'off_hours'; channel: string;
  crm_stage: 'Lead' | 'Qualified' | 'Proposal' | 'Won' | 'Lost'; assigned_to: string | null;
  waiting_for: string | null; tags: string[]; last_activity_at: Time; created_at: Time;
  last_customer_message_at: Time | null; search: string; card: Json;
  queue_label: 'returning_customer' | 'waiting_agent' | 'off_hours' | null; is_returning: Filled<boolean>;
  is_off_hours: Filled<boolean>; waiting_since: Time | null; queued_at: Time | null;
  snoozed_until: Time | null; wake_at: Time | null; customer_messages: Filled<number>; kept: Json | null;
  joined_to: string | null;
}

interface ReadUsers {
  id: string; name: string; email: string; password_hash: string;
  role: 'super_admin' | 'team_lead' | 'sales_agent' | 'dispatcher' | 'technician' | 'viewer';
  division: 'sari' | 'savi' | 'safia' | 'all'; status: 'online' | 'offline'; is_active: boolean;
  granted: string[]; revoked: string[]; max_active_tickets: number | null; created_at: Time;
  status_changed_at: Time | null; status_reason: 'logout' | 'gone' | null;
  temporary_password_until: Time | null; telegram_id: string | null;
}

interface ReadVisits {
  division: 'sari' | 'savi' | 'safia'; job_id: string; customer_id: string; status: string;
  technician_id: string | null; window_from: Time; window_to: Time; day: Day; opened_at: Time;
  taken_at: Time | null; extended_until: Time | null; arrived_at: Time | null; finished_at: Time | null;
  completed_at: Time | null; missed: number; sent_back: number; told: boolean; check_out_told: boolean;
  changed_at: Time;
}

export interface Database {
  'es.events': EsEvents;
  'es.store': EsStore;
  'ops.access_journal': OpsAccessJournal;
  'ops.activity': OpsActivity;
  'ops.challenges': OpsChallenges;
  'ops.chat_clicks': OpsChatClicks;
  'ops.idempotency_keys': OpsIdempotencyKeys;
  'ops.job_checkpoints': OpsJobCheckpoints;
  'ops.job_offers': OpsJobOffers;
  'ops.key_fingerprints': OpsKeyFingerprints;
  'ops.leases': OpsLeases;
  'ops.line_states': OpsLineStates;
  'ops.media_quota': OpsMediaQuota;
  'ops.personal_keys': OpsPersonalKeys;
  'ops.projection_parked': OpsProjectionParked;
  'ops.projections': OpsProjections;
  'ops.provider_erasures': OpsProviderErasures;
  'ops.push_claims': OpsPushClaims;
  'ops.push_subscriptions': OpsPushSubscriptions;
  'ops.refresh_tokens': OpsRefreshTokens;
  'ops.role_changes': OpsRoleChanges;
  'ops.schedule': OpsSchedule;
  'ops.sessions': OpsSessions;
  'ops.store_anchors': OpsStoreAnchors;
  'ops.store_changes': OpsStoreChanges;
  'ops.stream_tickets': OpsStreamTickets;
  'ops.streams_not_whole': OpsStreamsNotWhole;
  'ops.webhook_delivery': OpsWebhookDelivery;
  'ops.webhook_inbox': OpsWebhookInbox;
  'read.access_log': ReadAccessLog;
  'read.admin_audit': ReadAdminAudit;
  'read.agendas': ReadAgendas;
  'read.alerts_told': ReadAlertsTold;
  'read.analytics_agent_days': ReadAnalyticsAgentDays;
  'read.analytics_days': ReadAnalyticsDays;
  'read.analytics_hours': ReadAnalyticsHours;
  'read.analytics_people': ReadAnalyticsPeople;
  'read.analytics_pickups': ReadAnalyticsPickups;
  'read.analytics_presence': ReadAnalyticsPresence;
  'read.analytics_reasons': ReadAnalyticsReasons;
  'read.analytics_resolved': ReadAnalyticsResolved;
  'read.analytics_routes': ReadAnalyticsRoutes;
  'read.analytics_tickets': ReadAnalyticsTickets;
  'read.attachments': ReadAttachments;
  'read.audit_log': ReadAuditLog;
  'read.blast_days': ReadBlastDays;
  'read.blast_recipients': ReadBlastRecipients;
  'read.blast_tickets': ReadBlastTickets;
  'read.blasts': ReadBlasts;
  'read.capacity_days': ReadCapacityDays;
  'read.chat_answers': ReadChatAnswers;
  'read.chat_talks': ReadChatTalks;
  'read.crm': ReadCrm;
  'read.customers': ReadCustomers;
  'read.deliveries': ReadDeliveries;
  'read.exports': ReadExports;
  'read.followup_nights': ReadFollowupNights;
  'read.followup_recs': ReadFollowupRecs;
  'read.invoice_lines': ReadInvoiceLines;
  'read.invoices': ReadInvoices;
  'read.jobs': ReadJobs;
  'read.messages_l1': ReadMessagesL1;
  'read.messages_l2': ReadMessagesL2;
  'read.notification_preferences': ReadNotificationPreferences;
  'read.notifications': ReadNotifications;
  'read.notify_messages': ReadNotifyMessages;
  'read.notify_tickets': ReadNotifyTickets;
  'read.office_hours': ReadOfficeHours;
  'read.queue_watch': ReadQueueWatch;
  'read.ratings': ReadRatings;
  'read.roles': ReadRoles;
  'read.sends': ReadSends;
  'read.slots': ReadSlots;
  'read.tags': ReadTags;
  'read.technicians': ReadTechnicians;
  'read.templates': ReadTemplates;
  'read.term_counts': ReadTermCounts;
  'read.ticket_counts': ReadTicketCounts;
  'read.ticket_directory': ReadTicketDirectory;
  'read.ticket_grants': ReadTicketGrants;
  'read.ticket_reads': ReadTicketReads;
  'read.ticket_tags': ReadTicketTags;
  'read.ticket_terms': ReadTicketTerms;
  'read.tickets': ReadTickets;
  'read.users': ReadUsers;
  'read.visits': ReadVisits;
}
