-- Asked for by day first, like every other counter: for all people at once.
CREATE INDEX analytics_presence_days ON read.analytics_presence (span, day);
