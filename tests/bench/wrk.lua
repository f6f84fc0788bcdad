-- wrk.lua: sends the requests of a file (works.mjs writes it), one after the other and again, and prints what came of it as JSON.
-- A line of the file: method, path, token or "-", body and "key" where each request is to have an Idempotency-Key of its own, made from
-- the run's name (the second argument).
local requests, n, sent = {}, 0, 0

function init(args)
  for line in io.lines(args[1]) do
    local method, path, token, body, key = line:match("^(%S+)\t(%S+)\t(%S+)\t([^\t]*)\t([^\t]*)$")
    local headers = {["Host"] = wrk.host}
    if token ~= "-" then headers["Authorization"] = "Bearer " .. token end
    if body == "" then body = nil else headers["Content-Type"] = "application/json" end
    if key ~= "" then headers["Idempotency-Key"] = args[2] .. "-NUMBER" end
    n = n + 1
    local text = wrk.format(method, path, headers, body)
    local from, to = text:find("NUMBER", 1, true)
    requests[n] = from and {text:sub(1, from - 1), text:sub(to + 1)} or text
  end
end

function request()
  sent = sent + 1
  local r = requests[sent % n + 1]
  return type(r) == "string" and r or r[1] .. string.format("%08d", sent) .. r[2]
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format('RESULT {"requests": %d, "seconds": %.6f, "p99_ms": %.3f, "max_ms": %.3f, "failed": %d}\n', summary.requests,
    summary.duration / 1e6, latency:percentile(99) / 1000, latency.max / 1000, e.connect + e.read + e.write + e.status + e.timeout))
end
