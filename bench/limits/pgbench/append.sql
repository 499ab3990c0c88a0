-- One event of the same size as the product's, ten to a stream. `run` keeps the streams of several runs apart.
\set n :n + 1
\set stream :n / 10
\set revision :n % 10
select append('ticket-01900000-0000-7000-' || lpad(:run::text, 4, '0') || '-' || lpad((:client_id::bigint * 10000000 + :stream)::text, 12, '0'), :revision, uuidv7(), 'TicketTakenOver', '{"ticketId":"01900000-0000-7000-8000-000000000001","division":"sari","agentId":"01900000-0000-7000-8000-000000000003","agentDivision":"sari"}', '{"actor":{"kind":"user","id":"01900000-0000-7000-8000-000000000003","role":"sales_agent","division":"sari"},"correlationId":"01900000-0000-7000-8000-000000000004","causationId":"01900000-0000-7000-8000-000000000004","requestId":"01900000-0000-7000-8000-000000000004","at":"2026-11-20T10:00:00.000Z","schemaVersion":1}');
