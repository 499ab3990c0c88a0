-- Native apps (FCM): `endpoint` is then the token of the app, and there are no keys.
ALTER TABLE ops.push_subscriptions
  ALTER COLUMN p256dh DROP NOT NULL,
  ALTER COLUMN auth DROP NOT NULL,
  -- Null: a browser.
  ADD COLUMN platform text COLLATE "C" CHECK (platform IN ('ios', 'android')),
  ADD COLUMN app_version text,
  ADD CONSTRAINT push_subscriptions_way CHECK ((platform IS NULL) = (p256dh IS NOT NULL AND auth IS NOT NULL));
