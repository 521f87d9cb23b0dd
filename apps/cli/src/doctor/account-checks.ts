import { call, type Session } from '@parley/client'
import {
  counted,
  type FunctionHealth,
  getHealth,
  type InvocationSummary,
  listBlockedCalls,
  listBuilderBots,
  listConnectors,
  listDeadLetters,
  listFunctions,
  listInvocations,
  listSecrets,
  readBuilderSteps,
} from '@parley/contract'
import type { Finding } from './machine-checks.ts'

/** Looks at one side of the account. */
interface AccountCheck {
  looksAt: string
  /** `since` is an instant of ISO 8601: what is older is over. */
  find(session: Session, since: string): Promise<Finding[]>
}

const FAILURES = ['CODING_FAILURE', 'TIMEOUT', 'PLATFORM_FAILURE'] as const

async function deployments(session: Session): Promise<Finding[]> {
  const { functions } = await call(session, listFunctions)
  const broken = functions.filter(
    ({ state }) => state === 'Build Error' || state === 'Deploy Error',
  )
  const live = functions.filter(({ liveVersion }) => liveVersion !== undefined)
  const what = `${counted(functions.length, 'function')}, ${live.length} of them deployed`
  return [
    { isWrong: false, what },
    ...broken.map(({ name, state }) => ({
      isWrong: true,
      what: `${name} could not be deployed (${state})`,
      remedy: `mend the source and run parley deploy again; the reason is in its deployments`,
    })),
  ]
}

async function failures(session: Session, since: string): Promise<Finding[]> {
  const query = { outcome: [...FAILURES], from: since, limit: 500 }
  const { invocations, next } = await call(session, listInvocations, { query })
  // What failed and is gone, such as a function of the demo, needs nothing any more.
  const known = invocations.filter(({ functionName }) => functionName !== undefined)
  const byFunction = Map.groupBy(known, ({ functionName = '' }) => functionName)
  if (next === undefined) {
    return [...byFunction].map(([name, failed]) => failing(name, failed.length, failed.at(-1)))
  }
  const findings: Finding[] = []
  // A page does not hold all: the newest failures may be those of one function.
  for (const { functionId, name, failures: count } of await healthOf(session)) {
    const listed = byFunction.get(name)
    if (count === 0 && !listed) continue
    const ofOne = { query: { ...query, functionId, limit: 1 } }
    const last = listed?.at(-1) ?? (await call(session, listInvocations, ofOne)).invocations.at(-1)
    findings.push(failing(name, Math.max(count, listed?.length ?? 0), last))
  }
  return findings
}

async function healthOf(session: Session): Promise<FunctionHealth[]> {
  return (await call(session, getHealth)).functions
}

function failing(name: string, times: number, last: InvocationSummary | undefined): Finding {
  const reason = last?.errorMessage ?? last?.outcome
  return {
    isWrong: true,
    what: `${name} failed ${counted(times, 'time')} in the last 24 hours${reason === undefined ? '' : `, last: ${reason}`}`,
    remedy: `parley logs ${name} --level Error`,
  }
}

async function refusedCalls(session: Session, since: string): Promise<Finding[]> {
  const { blockedCalls } = await call(session, listBlockedCalls)
  const open = blockedCalls.filter(
    ({ lastAt, allowedDomain, privateTarget }) =>
      lastAt >= since && (allowedDomain !== undefined || privateTarget !== undefined),
  )
  return open.map(({ host, count, calledFrom, allowedDomain, privateTarget, reason }) => ({
    isWrong: true,
    what: `${counted(count, 'call')} to ${host}${calledFrom ? ` from ${calledFrom}` : ''} ${count === 1 ? 'was' : 'were'} not let out: ${reason}`,
    remedy:
      allowedDomain === undefined
        ? `the operator may start the server with PARLEY_EGRESS_PRIVATE=${privateTarget}`
        : `parley allow ${allowedDomain}`,
  }))
}

async function deadLetters(session: Session): Promise<Finding[]> {
  const { deadLetters: letters } = await call(session, listDeadLetters)
  if (letters.length === 0) return []
  const what = `${counted(letters.length, 'piece of work has', 'pieces of work have')} used up all attempts, last: ${letters[0]?.cause}`
  const path = `/api/v1/accounts/${session.accountId}/dead-letters`
  return [{ isWrong: true, what, remedy: `GET ${path}, then POST …/<id>/redrive` }]
}

interface Call {
  bot: string
  /** What the bot cannot do without the function. */
  lost: string
  part: string
  functionId: string | undefined
  remedy: string
}

/** Functions that bots which serve conversations call, and that are not there. */
async function bots(session: Session): Promise<Finding[]> {
  const calls = [...(await callsOfConnectors(session)), ...(await callsOfBuilderBots(session))]
  if (calls.length === 0) return []
  const { functions } = await call(session, listFunctions)
  const byId = new Map(functions.map((one) => [one.functionId, one]))
  return calls.flatMap(({ bot, lost, part, functionId, remedy }) => {
    const known = functionId === undefined ? undefined : byId.get(functionId)
    if (functionId === undefined || known?.liveVersion !== undefined) return []
    const what = `The bot ${bot} ${lost}: its ${part} ${known?.name ?? functionId} is ${known ? 'not deployed' : 'deleted'}`
    return [{ isWrong: true, what, remedy: known ? `deploy it, or ${remedy}` : remedy }]
  })
}

async function callsOfConnectors(session: Session): Promise<Call[]> {
  const { connectors } = await call(session, listConnectors)
  const serving = connectors.filter(({ state }) => state !== 'offline')
  return serving.flatMap(({ name: bot, vendor, hooks = {} }) => {
    const answers = vendor.kind === 'function' ? vendor.functionId : undefined
    const remedy = 'name another one in the settings of the bot'
    const [mute, deaf] = ['cannot answer', 'tells nobody of its failures']
    return [
      { bot, lost: mute, part: 'function', functionId: answers, remedy },
      { bot, lost: mute, part: 'pre hook', functionId: hooks.pre, remedy },
      { bot, lost: mute, part: 'post hook', functionId: hooks.post, remedy },
      { bot, lost: deaf, part: 'error hook', functionId: hooks.error, remedy },
    ]
  })
}

async function callsOfBuilderBots(session: Session): Promise<Call[]> {
  const { bots: all } = await call(session, listBuilderBots)
  const serving = all.filter(({ state }) => state !== 'offline')
  const calls: Call[] = []
  // One after the other: an account may have thousands, and the steps of one may be long.
  for (const { botId, name: bot, answers } of serving) {
    const { dialogs } = await call(session, readBuilderSteps, { params: { botId } })
    const steps = dialogs.filter(({ isOn }) => isOn).flatMap(({ steps: ofOne }) => ofOne)
    const integrations = new Map(
      steps
        .filter(({ isOn, calls: called }) => isOn && called && !Object.hasOwn(answers, called.name))
        .map(({ calls: called }) => [called?.name ?? '', called?.functionId]),
    )
    for (const [name, functionId] of integrations) {
      const remedy = 'import its export with the id of another one'
      calls.push({ bot, lost: `cannot call ${name}`, part: 'function', functionId, remedy })
    }
  }
  return calls
}

async function brokenSecrets(session: Session): Promise<Finding[]> {
  const { secrets } = await call(session, listSecrets)
  const lost = secrets
    .filter(({ unreadable }) => unreadable)
    .map(({ name }) => ({
      isWrong: true,
      what: `The secret ${name} cannot be decrypted: it was sealed with another key`,
      remedy: 'give it a new value',
    }))
  const shown = secrets.flatMap(({ name, unmasked }) =>
    unmasked.map(({ path, message }) => ({
      isWrong: true,
      what: `The secret ${name}${path === '' ? '' : ` (${path})`} cannot be masked in logs: ${message}`,
      remedy: 'use a longer random value',
    })),
  )
  return [...lost, ...shown]
}

export const ACCOUNT_CHECKS: readonly AccountCheck[] = [
  { looksAt: 'deployments', find: deployments },
  { looksAt: 'failed runs', find: failures },
  { looksAt: 'calls that were not let out', find: refusedCalls },
  { looksAt: 'work that has used up all attempts', find: deadLetters },
  { looksAt: 'functions of bots', find: bots },
  { looksAt: 'secrets', find: brokenSecrets },
]
