/** What each group of routes in the API documentation is about. A group without a line fails the strict linter. */
export const API_TAGS: Readonly<Record<string, string>> = {
  Auth: 'Signing in: a short access token for every request, a refresh token that is good for one use.',
  Agents: 'Presence. Who is online is given tickets.',
  Inbox: 'The tickets of a division, filtered, sorted and counted; one ticket.',
  Tickets:
    'What is done with a ticket: take it, hand it on, tag it, keep its sale, close it. And who did what.',
  'Conversation (L1)': 'The talk with the customer, on their own channel.',
  'Web chat': 'The chat on the company sites: what a visitor, the bot and those who write its FAQ do.',
  'Internal notes (L2)': 'The talk among staff. It never reaches a customer.',
  'Follow-up': 'Who should be written to again, and writing to them.',
  'Follow-up and blast':
    'Wordings that Meta approved, and sending one to many after a second person approved it.',
  Customers: 'What is known of a customer across tickets.',
  Notifications: 'What a person is told, on the page and on their devices.',
  Live: 'Everything above, as it happens.',
  Meta: 'Closed lists with their words, limits, hours and cities: what a screen needs to know.',
  'Field service': 'Visits to customers: who comes, when, and what they bring back.',
  Analytics: 'Figures of a period, per division and per person.',
  Export: 'The same figures as files.',
  Exports: 'The same figures as files.',
  Administration: 'Staff, what they may, tags, templates, office hours, and a record of every change.',
  Operations: 'For load balancers and monitoring.',
};
