import {
  getHealth,
  listBlockedCalls,
  listConnectors,
  listDeadLetters,
  listDeliveries,
  listSchedules,
  type Permission,
  type RouteSpec,
} from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { linkOptions } from '@tanstack/react-router'
import { ask } from '../api/server.ts'
import { useFunctions } from '../api/use-names.ts'
import { useMay } from '../session/use-session.ts'
import { together } from '../ui/use-unread.tsx'
import { homeWords } from '../words/home.ts'
import { words } from '../words/index.ts'

const REFRESH_MS = 30_000
const MAX_LETTERS = 100
const MAX_BLOCKED = 5

interface Matter {
  key: string
  text: string
  link: object
}

/** Asks only what the user may read. */
function useAsked<Spec extends RouteSpec>(accountId: string, spec: Spec, input: object = {}) {
  const mayRead = useMay(accountId, spec.auth as Permission)
  return useQuery({
    queryKey: ['attention', accountId, spec.path],
    queryFn: () => ask(accountId, spec, input),
    enabled: mayRead,
    refetchInterval: REFRESH_MS,
  })
}

/** What needs attention, the worst first. */
export function useAttention(accountId: string) {
  const { functions, functionsQuery, functionName } = useFunctions(accountId)
  const letters = useAsked(accountId, listDeadLetters, { query: { limit: MAX_LETTERS } })
  const deliveries = useAsked(accountId, listDeliveries)
  const health = useAsked(accountId, getHealth)
  const blocked = useAsked(accountId, listBlockedCalls)
  const schedules = useAsked(accountId, listSchedules)
  const connectors = useAsked(accountId, listConnectors)
  const t = homeWords
  const params = { accountId }

  const matters: Matter[] = []
  const add = (key: string, text: string, link: object): void =>
    void matters.push({ key, text, link })

  const dead = letters.data?.deadLetters.length ?? 0
  if (dead > 0) {
    const count = dead < MAX_LETTERS ? `${dead}` : `${MAX_LETTERS}+`
    add(
      'dead',
      dead === 1 ? t.deadOne : t.dead(count),
      linkOptions({ to: '/$accountId/delivery', params }),
    )
  }
  for (const { functionId, name, state } of functions) {
    if (state !== 'Build Error' && state !== 'Deploy Error') continue
    const link = linkOptions({
      to: '/$accountId/functions/$functionId',
      params: { accountId, functionId },
    })
    add(`state ${functionId}`, t.notDeployed(name, words.functions.states[state]), link)
  }
  for (const { functionId, name, failures, invocations, slow, p95Ms } of health.data?.functions ??
    []) {
    const link = linkOptions({ to: '/$accountId/runs', params, search: { functionId } })
    if (failures > 0) add(`failing ${functionId}`, t.failing(name, failures, invocations), link)
    const metrics = linkOptions({ to: '/$accountId/metrics', params, search: { functionId } })
    if (slow && p95Ms !== undefined) add(`slow ${functionId}`, t.slow(name, p95Ms), metrics)
  }
  for (const { name, connectorId, state } of connectors.data?.connectors ?? []) {
    if (state !== 'vendor-interruption' && state !== 'service-interruption') continue
    add(
      `bot ${connectorId}`,
      t.bot(name),
      linkOptions({
        to: '/$accountId/bots/connectors/$connectorId',
        params: { accountId, connectorId },
      }),
    )
  }
  const refused = (blocked.data?.blockedCalls ?? []).filter(
    ({ allowedDomain, privateTarget }) =>
      allowedDomain !== undefined || privateTarget !== undefined,
  )
  for (const { functionId, host, port, count } of refused.slice(0, MAX_BLOCKED)) {
    const link = linkOptions({ to: '/$accountId/domains', params, search: { functionId } })
    add(
      `blocked ${functionId} ${host}:${port}`,
      t.blocked(host, functionName(functionId), count),
      link,
    )
  }
  for (const { scheduleId, functionId, lastExecutionFailed } of schedules.data?.schedules ?? []) {
    if (!lastExecutionFailed) continue
    const link = linkOptions({ to: '/$accountId/schedules', params, search: { functionId } })
    add(`schedule ${scheduleId}`, t.schedule(functionName(functionId)), link)
  }
  const tried = deliveries.data?.failing.length ?? 0
  if (tried > 0) add('tried', t.tried(tried), linkOptions({ to: '/$accountId/delivery', params }))

  const all = [functionsQuery, letters, deliveries, health, blocked, schedules, connectors]
  return {
    matters,
    /** What the user may read is there, and as it is now. */
    isWhole: all.every(
      ({ data, error, isFetching }) => !error && (data !== undefined || !isFetching),
    ),
    query: together(all),
  }
}
