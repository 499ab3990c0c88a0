-- Browsers that want to be told also while no dashboard is open. Rows, not events: these are keys of a device, which
-- come and go with it and say nothing about the business.
CREATE TABLE ops.push_subscriptions (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL,
  -- A device is told things only while the login it was made in lasts.
  session_id uuid NOT NULL,
  -- A secret: whoever knows it may write to the device.
  endpoint text NOT NULL UNIQUE,
  p256dh text NOT NULL,
  auth text NOT NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX push_subscriptions_user ON ops.push_subscriptions (user_id);

-- Written before a push goes out: no device is told the same thing twice, whatever happens in between.
CREATE TABLE ops.push_claims (
  notification_id uuid NOT NULL,
  subscription_id uuid NOT NULL REFERENCES ops.push_subscriptions ON DELETE CASCADE,
  claimed_at timestamptz NOT NULL,
  PRIMARY KEY (notification_id, subscription_id)
);
CREATE INDEX push_claims_age ON ops.push_claims (claimed_at);
