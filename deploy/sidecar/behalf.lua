-- Asks the sidecar's verify endpoint whether a request may pass, and says in headers who calls:
--   lua-load /etc/haproxy/behalf.lua
--   http-request set-var(txn.behalf_verify) str(http://127.0.0.1:8081/verify)
--   http-request lua.behalf_verify
--   http-request deny deny_status 503 unless { var(txn.behalf_passed) -m bool }

-- All of them: one that is not set here would be the client's.
local access_headers = {
  "x-behalf-kind",
  "x-behalf-issuer",
  "x-behalf-subject",
  "x-behalf-user-issuer",
  "x-behalf-user-subject",
  "x-behalf-client",
  "x-behalf-actor",
  "x-behalf-actor-profile",
  "x-behalf-actors",
  "x-behalf-scopes",
  "x-behalf-expires-at",
}

-- What belongs to the connection or the body of the client's request.
local not_asked_with = {
  ["connection"] = true,
  ["content-length"] = true,
  ["expect"] = true,
  ["host"] = true,
  ["keep-alive"] = true,
  ["proxy-connection"] = true,
  ["te"] = true,
  ["trailer"] = true,
  ["transfer-encoding"] = true,
  ["upgrade"] = true,
}

-- Whoever is next takes out what Connection names, also what is set here.
local function strips_access(headers)
  local values = headers["connection"] or {}
  for _, value in pairs(values) do
    if value:lower():find("behalf", 1, true) then
      return true
    end
  end
  return false
end

local function question(txn, sent)
  local headers = {}
  for name, values in pairs(sent) do
    if not not_asked_with[name] then
      local list = {}
      for index = 0, #values do
        list[#list + 1] = values[index]
      end
      headers[name] = list
    end
  end
  headers["x-original-method"] = { txn.f:method() }
  headers["x-original-uri"] = { txn.f:pathq() }
  return headers
end

local function refuse(txn, status, challenge)
  local headers = {}
  if challenge ~= nil then
    headers["www-authenticate"] = challenge
  end
  txn:done(txn:reply({ status = status, headers = headers }))
end

core.register_action("behalf_verify", { "http-req" }, function(txn)
  local url = txn:get_var("txn.behalf_verify")
  local sent = txn.http:req_get_headers()
  if strips_access(sent) then
    return refuse(txn, 403)
  end
  local answer = core.httpclient():get({ url = url, headers = question(txn, sent), timeout = 5000 })
  if answer.status == 401 or answer.status == 403 then
    local challenge = answer.headers["www-authenticate"]
    return refuse(txn, answer.status, challenge and { challenge[0] })
  end
  if answer.status ~= 200 then
    return refuse(txn, 503)
  end
  for _, name in ipairs(access_headers) do
    -- Each has a value, or an empty one; an answer without is none of the sidecar's.
    local values = answer.headers[name]
    if values == nil then
      return refuse(txn, 503)
    end
    txn.http:req_set_header(name, values[0])
  end
  txn:set_var("txn.behalf_passed", true)
end)
