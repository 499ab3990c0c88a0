-- For wrk: sends the requests of a file once each, in their order, and prints what became of them.
-- Arguments: the file (requests apart by \30), how many there are.
local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long seconds; long nanoseconds; } moment;
  int clock_gettime(int clock, moment *at);
]]
local MONOTONIC = 1
local at = ffi.new("moment")
local function now()
  ffi.C.clock_gettime(MONOTONIC, at)
  return tonumber(at.seconds) + tonumber(at.nanoseconds) / 1e9
end

local requests = {}
local count = 0
local claimed = 0
local sent = 0
local answered = 0
local other = 0
local asked = false
local began

function init(args)
  count = tonumber(args[2])
  local file = assert(io.open(args[1], "rb"))
  for one in file:read("*a"):gmatch("[^\30]+") do
    requests[#requests + 1] = one
  end
  file:close()
  assert(#requests == count, "the file has other requests than were said")
end

-- Asked before each request. Who has nothing left to send waits until the others have their answers.
function delay()
  claimed = claimed + 1
  return claimed <= count and 0 or 600000
end

function request()
  -- wrk asks once before it begins, and sends nothing of it.
  if not asked then
    asked = true
    return requests[1]
  end
  began = began or now()
  sent = sent + 1
  return requests[sent]
end

function response(status)
  answered = answered + 1
  if status ~= 200 then
    other = status
  end
  if answered == count then
    io.write(string.format('{"seconds":%.6f,"other":%d,"cpuSeconds":%.3f}\n', now() - began, other, os.clock()))
    io.flush()
    os.exit(0)
  end
end
