import { call, type Session } from '@parley/client'
import {
  listBlockedCalls,
  listConnectors,
  listDeadLetters,
  listFunctions,
  listInvocations,
  listSecrets,
} from '@parley/contract'
import type { Finding } from './machine-checks.ts'

/** Looks at one side of the account. `since` is an instant of ISO 8601: what is older is over. */
type AccountCheck = (session: Session, since: string) => Promise<Finding[]>

const FAILURES = ['CODING_FAILURE', 'TIMEOUT', 'PLATFORM_FAILURE'] as const

async function deployments(session: Session): Promise<Finding[]> {
  const { functions } = await call(session, listFunctions)
  const broken = functions.filter(
    ({ state }) => state === 'Build Error' || state === 'Deploy Error',
  )
  const live = functions.filter(({ liveVersion }) => liveVersion !== undefined)
  const counted = {
    isWrong: false,
    what: `${functions.length} functions, ${live.length} of them deployed`,
  }
  return [
    counted,
    ...broken.map(({ name, state }) => ({
      isWrong: true,
      what: `${name} could not be deployed (${state})`,
      remedy: `mend the source and run parley deploy again; the reason is in its deployments`,
    })),
  ]
}

async function failures(session: Session, since: string): Promise<Finding[]> {
  const query = { outcome: [...FAILURES], from: since, limit: 500 }
  const { invocations } = await call(session, listInvocations, { query })
  // What failed and is gone, such as a function of the demo, needs nothing any more.
  const known = invocations.filter(({ functionName }) => functionName !== undefined)
  const byFunction = Map.groupBy(known, ({ functionName = '' }) => functionName)
  return [...byFunction].map(([name, failed]) => ({
    isWrong: true,
    what: `${name} failed ${failed.length} times in the last 24 hours, last: ${failed.at(-1)?.errorMessage ?? failed.at(-1)?.outcome}`,
    remedy: `parley logs ${name} --level Error`,
  }))
}

async function refusedCalls(session: Session, since: string): Promise<Finding[]> {
  const { blockedCalls } = await call(session, listBlockedCalls)
  const open = blockedCalls.filter(
    ({ lastAt, allowedDomain, privateTarget }) =>
      lastAt >= since && (allowedDomain !== undefined || privateTarget !== undefined),
  )
  return open.map(({ host, count, calledFrom, allowedDomain, privateTarget, reason }) => ({
    isWrong: true,
    what: `${count} calls to ${host}${calledFrom ? ` from ${calledFrom}` : ''} were not let out: ${reason}`,
    remedy:
      allowedDomain === undefined
        ? `the operator may start the server with PARLEY_EGRESS_PRIVATE=${privateTarget}`
        : `parley allow ${allowedDomain}`,
  }))
}

async function deadLetters(session: Session): Promise<Finding[]> {
  const { deadLetters: letters } = await call(session, listDeadLetters)
  if (letters.length === 0) return []
  const what = `${letters.length} pieces of work have used up their attempts, last: ${letters[0]?.cause}`
  const path = `/api/v1/accounts/${session.accountId}/dead-letters`
  return [{ isWrong: true, what, remedy: `GET ${path}, then POST …/<id>/redrive` }]
}

async function bots(session: Session): Promise<Finding[]> {
  const { connectors } = await call(session, listConnectors)
  const serving = connectors.filter(({ state }) => state !== 'offline')
  if (serving.length === 0) return []
  const { functions } = await call(session, listFunctions)
  const byId = new Map(functions.map((one) => [one.functionId, one]))
  return serving.flatMap(({ name, vendor, hooks = {} }) => {
    const called = [
      { part: 'function', functionId: vendor.kind === 'function' ? vendor.functionId : undefined },
      { part: 'pre hook', functionId: hooks.pre },
      { part: 'post hook', functionId: hooks.post },
    ]
    return called.flatMap(({ part, functionId }) => {
      const known = functionId === undefined ? undefined : byId.get(functionId)
      if (functionId === undefined || known?.liveVersion !== undefined) return []
      const what = `The bot ${name} cannot answer: its ${part} ${known?.name ?? functionId} is ${known ? 'not deployed' : 'deleted'}`
      const another = 'name another one in the settings of the bot'
      return [{ isWrong: true, what, remedy: known ? `deploy it, or ${another}` : another }]
    })
  })
}

async function unmaskedSecrets(session: Session): Promise<Finding[]> {
  const { secrets } = await call(session, listSecrets)
  return secrets.flatMap(({ name, unmasked }) =>
    unmasked.map(({ path, message }) => ({
      isWrong: true,
      what: `The secret ${name}${path === '' ? '' : ` (${path})`} cannot be masked in logs: ${message}`,
      remedy: 'use a longer random value',
    })),
  )
}

export const ACCOUNT_CHECKS: readonly AccountCheck[] = [
  deployments,
  failures,
  refusedCalls,
  deadLetters,
  bots,
  unmaskedSecrets,
]
