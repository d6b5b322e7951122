-- Send one filled-in form after another, each by somebody else, each to the next path of a list.
-- Arguments: the file with the paths, which of them to begin after, and which is the last.
local folder = debug.getinfo(1, "S").source:match("@(.*/)")
dofile(folder .. "report.lua")

local paths, at, last = {}, 0, 0

function init(arguments)
   for path in io.lines(arguments[1]) do
      paths[#paths + 1] = path
   end
   at, last = tonumber(arguments[2]), tonumber(arguments[3])
end

function request()
   at = at + 1
   -- Beyond the last the answer is an error, and the run counts for nothing.
   local path = at <= last and paths[at] or "/no-times-left"
   wrk.headers["X-Forwarded-For"] = string.format("10.%d.%d.%d", at / 65536, at / 256 % 256, at % 256)
   return wrk.format("POST", path, nil, string.format(
      "csrfmiddlewaretoken=%s&name=Visitor+%d&email=visitor-%d%%40visitors.example&phone=&note="
      .. "&website=&request_key=00000000-0000-4000-8000-%012d",
      wrk.headers["Cookie"]:match("=(.*)"), at, at, at))
end

function done(summary, latency)
   report(summary, latency)
end
