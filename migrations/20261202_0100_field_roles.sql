-- Two more roles: who plans visits, and who makes them.
ALTER TABLE read.users DROP CONSTRAINT users_role_check,
  ADD CONSTRAINT users_role_check CHECK (role IN ('super_admin', 'team_lead', 'sales_agent', 'dispatcher', 'technician', 'viewer'));
ALTER TABLE read.roles DROP CONSTRAINT roles_role_check,
  ADD CONSTRAINT roles_role_check CHECK (role IN ('super_admin', 'team_lead', 'sales_agent', 'dispatcher', 'technician', 'viewer'));
