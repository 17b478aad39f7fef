"""What happens in Redis, each step as one script, so that no kill can come between its parts. Redis 7 or newer.

Keys, all under one prefix. A *host* is what is leased: a site with all its hosts, or any other host by itself.

=================  ======  ==============================================================================
``round``          hash    number, start, plan and version of the sites; ``feeding`` while it is being fed
``sites``          hash    each site's entry of the configuration, by its key
``moved``          hash    hosts that a site turned out to have moved to
``dupefilter``     set     a digest of every address of this round
``requests:HOST``  zset    what is to be fetched, the most urgent first
``taken:HOST``     zset    what the host's holder has taken and not yet stored
``hosts``          zset    hosts that nobody holds and that have requests; score: when they may be asked again
``leases``         zset    hosts that somebody holds; score: until when
``holders``        hash    fencing token and worker of each lease
``delays``         hash    milliseconds between two requests to the host, as its last holder kept them
``until``          hash    before when the host does not want to be asked (Retry-After)
``ready``          hash    when a host that was given back may be asked again
``alive``          zset    workers; score: until when they count as alive
``workers``        hash    what each worker tells about itself
``counts``         hash    addresses found, done, given back; the last fencing token
``allowances``     hash    how many more articles a site may give
=================  ======  ==============================================================================

Times are Redis's own, in milliseconds. Where memory is full, what frees it, renews or hands over still works
(``allow-oom``); what adds addresses is refused as a whole.
"""

COMMON = """
local P = KEYS[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function text(number) return string.format('%.0f', number) end
local function held(host, token, worker)
  return redis.call('HGET', P .. 'holders', host) == token .. ' ' .. worker
end
local function wait(host)
  if redis.call('EXISTS', P .. 'requests:' .. host) == 1 and not redis.call('ZSCORE', P .. 'leases', host) then
    redis.call('ZADD', P .. 'hosts', redis.call('HGET', P .. 'ready', host) or 0, host)
  end
end
local function give_back(host)
  local taken = redis.call('ZRANGE', P .. 'taken:' .. host, 0, -1, 'WITHSCORES')
  for place = 1, #taken, 2 do
    redis.call('ZADD', P .. 'requests:' .. host, taken[place + 1], taken[place])
  end
  if #taken > 0 then redis.call('HINCRBY', P .. 'counts', 'returned', #taken / 2) end
  redis.call('DEL', P .. 'taken:' .. host)
  redis.call('HDEL', P .. 'holders', host)
  redis.call('ZREM', P .. 'leases', host)
  local delay = tonumber(redis.call('HGET', P .. 'delays', host) or 0)
  local ready = math.max(now + delay, tonumber(redis.call('HGET', P .. 'until', host) or 0))
  redis.call('HDEL', P .. 'ready', host)
  if ready > now then redis.call('HSET', P .. 'ready', host, text(ready)) end
  wait(host)
end
local function push(host, digest, priority, member)
  if tonumber(redis.call('HGET', P .. 'allowances', host) or 1) <= 0 then return 0 end
  if redis.call('SADD', P .. 'dupefilter', digest) == 0 then return 0 end
  local number = redis.call('HINCRBY', P .. 'counts', 'found', 1)
  redis.call('ZADD', P .. 'requests:' .. host, text(number - priority * 1e12), member)
  wait(host)
  return 1
end
"""

# worker, number of visits, (host, token, member, site or '' if it counts for no allowance) …, then as PUSH
SETTLE = """
local worker, visits = ARGV[1], tonumber(ARGV[2])
for place = 3 + visits * 4, #ARGV, 4 do
  push(ARGV[place], ARGV[place + 1], tonumber(ARGV[place + 2]), ARGV[place + 3])
end
for place = 3, 2 + visits * 4, 4 do
  local host, token, member, site = ARGV[place], ARGV[place + 1], ARGV[place + 2], ARGV[place + 3]
  local gone = 0
  if held(host, token, worker) then gone = redis.call('ZREM', P .. 'taken:' .. host, member) end
  if gone == 0 then gone = redis.call('ZREM', P .. 'requests:' .. host, member) end
  if gone == 1 then
    redis.call('HINCRBY', P .. 'counts', 'done', 1)
    if site ~= '' and redis.call('HEXISTS', P .. 'allowances', site) == 1 then
      redis.call('HINCRBY', P .. 'allowances', site, -1)
    end
  end
end
return redis.status_reply('OK')
"""

# (host, digest, priority, member) …; how many were not known
PUSH = """
local count = 0
for place = 1, #ARGV, 4 do
  count = count + push(ARGV[place], ARGV[place + 1], tonumber(ARGV[place + 2]), ARGV[place + 3])
end
return count
"""

# worker, lease, how many at most, 1 if a host without requests counts too, (host, usual delay) …; (host, token) …
CLAIM = """
local given = {}
for place = 5, #ARGV, 2 do
  if #given / 2 >= tonumber(ARGV[3]) then break end
  local host = ARGV[place]
  local ready = tonumber(redis.call('HGET', P .. 'ready', host) or 0)
  local wanted = ARGV[4] == '1' or redis.call('EXISTS', P .. 'requests:' .. host) == 1
  if not wanted then redis.call('ZREM', P .. 'hosts', host) end
  if wanted and ready <= now and not redis.call('ZSCORE', P .. 'leases', host) then
    local token = text(redis.call('HINCRBY', P .. 'counts', 'token', 1))
    redis.call('ZADD', P .. 'leases', text(now + ARGV[2]), host)
    redis.call('HSET', P .. 'holders', host, token .. ' ' .. ARGV[1])
    redis.call('HSETNX', P .. 'delays', host, ARGV[place + 1])
    redis.call('ZREM', P .. 'hosts', host)
    given[#given + 1] = host
    given[#given + 1] = token
  end
end
return given
"""

# worker, host, token, how many; members
TAKE = """
local host = ARGV[2]
if not held(host, ARGV[3], ARGV[1]) then return {} end
local members = redis.call('ZRANGE', P .. 'requests:' .. host, 0, ARGV[4] - 1, 'WITHSCORES')
local given = {}
for place = 1, #members, 2 do
  redis.call('ZREM', P .. 'requests:' .. host, members[place])
  redis.call('ZADD', P .. 'taken:' .. host, members[place + 1], members[place])
  given[#given + 1] = members[place]
end
return given
"""

# worker, lease, what it tells of itself, (host, token, delay, until in ms from now) …
BEAT = """
local worker, lease, lost = ARGV[1], tonumber(ARGV[2]), {}
redis.call('ZADD', P .. 'alive', text(now + lease), worker)
redis.call('HSET', P .. 'workers', worker, ARGV[3])
for place = 4, #ARGV, 4 do
  local host = ARGV[place]
  if held(host, ARGV[place + 1], worker) then
    redis.call('ZADD', P .. 'leases', text(now + lease), host)
    redis.call('HSET', P .. 'delays', host, ARGV[place + 2])
    if tonumber(ARGV[place + 3]) > 0 then
      redis.call('HSET', P .. 'until', host, text(now + ARGV[place + 3]))
    else
      redis.call('HDEL', P .. 'until', host)
    end
  else
    lost[#lost + 1] = host
  end
end
for _, host in ipairs(redis.call('ZRANGEBYSCORE', P .. 'leases', '-inf', text(now), 'LIMIT', 0, 200)) do
  give_back(host)
end
for _, dead in ipairs(redis.call('ZRANGEBYSCORE', P .. 'alive', '-inf', text(now))) do
  redis.call('ZREM', P .. 'alive', dead)
  redis.call('HDEL', P .. 'workers', dead)
end
local feeding = tonumber(redis.call('HGET', P .. 'round', 'feeding') or 0)
return {
  redis.call('HGET', P .. 'round', 'number') or '', redis.call('HGET', P .. 'round', 'version') or '',
  redis.call('ZCARD', P .. 'hosts'), redis.call('ZCARD', P .. 'leases'), feeding > now and 1 or 0,
  redis.call('ZRANGE', P .. 'alive', 0, -1), lost,
  redis.call('ZRANGEBYSCORE', P .. 'hosts', '-inf', text(now), 'LIMIT', 0, 500),
  redis.call('HGETALL', P .. 'moved'), redis.call('HGETALL', P .. 'allowances'),
  redis.call('HGET', P .. 'round', 'opens') and math.max(0, redis.call('HGET', P .. 'round', 'opens') - now) or 0,
}
"""

# worker, (host, token) …
RELEASE = """
for place = 2, #ARGV, 2 do
  if held(ARGV[place], ARGV[place + 1], ARGV[1]) then give_back(ARGV[place]) end
end
return redis.status_reply('OK')
"""

# worker: what an earlier process of this name, which has ended, still held
REJOIN = """
local holders, count = redis.call('HGETALL', P .. 'holders'), 0
for place = 1, #holders, 2 do
  if string.match(holders[place + 1], '^%d+ (.*)$') == ARGV[1] then
    give_back(holders[place])
    count = count + 1
  end
end
redis.call('ZREM', P .. 'alive', ARGV[1])
redis.call('HDEL', P .. 'workers', ARGV[1])
return count
"""

# start, plan, feeding in ms, (site, entry) …; the number of the round: a new one if the last has come to its end
SEED = """
local ended = redis.call('ZCARD', P .. 'hosts') == 0 and redis.call('ZCARD', P .. 'leases') == 0
if ended and tonumber(redis.call('HGET', P .. 'round', 'feeding') or 0) <= now then
  local number, token = redis.call('HGET', P .. 'round', 'number') or 0, redis.call('HGET', P .. 'counts', 'token') or 0
  local version = redis.call('HGET', P .. 'round', 'version') or 0
  redis.call('DEL', P .. 'dupefilter', P .. 'sites', P .. 'moved', P .. 'counts', P .. 'allowances', P .. 'round')
  redis.call('HSET', P .. 'counts', 'token', token)
  redis.call('HSET', P .. 'round', 'number', number + 1, 'version', version, 'started', ARGV[1], 'plan', ARGV[2])
end
redis.call('HSET', P .. 'round', 'feeding', text(now + ARGV[3]))
redis.call('HINCRBY', P .. 'round', 'version', 1)
for place = 4, #ARGV, 3 do
  redis.call('HSET', P .. 'sites', ARGV[place], ARGV[place + 1])
  if ARGV[place + 2] ~= '' then redis.call('HSETNX', P .. 'allowances', ARGV[place], ARGV[place + 2]) end
end
return tonumber(redis.call('HGET', P .. 'round', 'number'))
"""

# number, version, start, plan, grace in ms, (site, entry) …: a round that Redis forgot; 1 if this brought it back
RESTORE = """
if redis.call('EXISTS', P .. 'round') == 1 then return 0 end
redis.call('HSET', P .. 'round', 'number', ARGV[1], 'version', ARGV[2], 'started', ARGV[3], 'plan', ARGV[4],
           'opens', text(now + ARGV[5]), 'feeding', text(now + ARGV[5] * 2))
redis.call('HSET', P .. 'counts', 'token', text(now))
for place = 6, #ARGV, 2 do redis.call('HSET', P .. 'sites', ARGV[place], ARGV[place + 1]) end
return 1
"""

# host …: drop what a site may no longer give
DROP = """
for _, host in ipairs(ARGV) do
  redis.call('DEL', P .. 'requests:' .. host)
  redis.call('ZREM', P .. 'hosts', host)
end
return redis.status_reply('OK')
"""

STATUS = """
local waiting = 0
local hosts = redis.call('ZRANGE', P .. 'hosts', 0, -1)
for _, host in ipairs(hosts) do waiting = waiting + redis.call('ZCARD', P .. 'requests:' .. host) end
local leases = {}
local out = redis.call('ZRANGE', P .. 'leases', 0, -1, 'WITHSCORES')
for place = 1, #out, 2 do
  local host = out[place]
  local more = redis.call('ZCARD', P .. 'requests:' .. host)
  waiting = waiting + more
  local delay = redis.call('HGET', P .. 'delays', host) or '0'
  leases[#leases + 1] = {host, redis.call('HGET', P .. 'holders', host) or '', text(out[place + 1] - now),
                         redis.call('ZCARD', P .. 'taken:' .. host), more, delay}
end
local workers = {}
local alive = redis.call('ZRANGE', P .. 'alive', 0, -1, 'WITHSCORES')
for place = 1, #alive, 2 do
  local told = redis.call('HGET', P .. 'workers', alive[place]) or '{}'
  workers[#workers + 1] = {alive[place], text(alive[place + 1] - now), told}
end
return {redis.call('HGETALL', P .. 'round'), redis.call('HGETALL', P .. 'counts'), #hosts, waiting,
        redis.call('SCARD', P .. 'dupefilter'), redis.call('HLEN', P .. 'sites'), leases, workers, text(now)}
"""

FREES = "#!lua flags=allow-oom\n"
ADDS = "#!lua\n"
READS = "#!lua flags=no-writes,allow-oom\n"
SCRIPTS = {
    "settle": ADDS + COMMON + SETTLE,
    "settle_full": FREES + COMMON + SETTLE,
    "push": ADDS + COMMON + PUSH,
    "claim": FREES + COMMON + CLAIM,
    "take": FREES + COMMON + TAKE,
    "beat": FREES + COMMON + BEAT,
    "release": FREES + COMMON + RELEASE,
    "rejoin": FREES + COMMON + REJOIN,
    "seed": ADDS + COMMON + SEED,
    "restore": ADDS + COMMON + RESTORE,
    "drop": FREES + COMMON + DROP,
    "status": READS + COMMON + STATUS,
}
