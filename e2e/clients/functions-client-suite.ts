import { join } from 'node:path'
import { call, login, request, type Session } from '@parley/client'
import { createFunction, deployFunction, undeployFunction } from '@parley/contract'
import * as z from 'zod'
import { expectThat, type Operations } from './operations.ts'
import type { WithParley } from './with-parley.ts'

const CHILD = join(import.meta.dirname, 'children', 'functions-client.cjs')
const EVENT = 'conversational_command'

const Result = z.looseObject({
  url: z.string().optional(),
  body: z.unknown().optional(),
  ok: z.boolean().optional(),
  status: z.number().optional(),
  retryCount: z.number().optional(),
  error: z
    .looseObject({ name: z.string(), names: z.array(z.string()), message: z.string() })
    .optional(),
})
type Result = z.infer<typeof Result>

interface Step {
  method: 'invoke' | 'isImplemented' | 'getLambdas' | 'getFunctions' | 'pause'
  argument?: object
}

interface Setup {
  options: object
  oauth1?: object
  bearer?: string
  /** All steps at once instead of one after the other. */
  together?: boolean
}

async function drive(
  withParley: WithParley,
  setup: Setup,
  steps: Step[],
  inThePause?: () => Promise<unknown>,
): Promise<Result[]> {
  const program = ['node', CHILD, JSON.stringify({ ...setup, steps })]
  const { text } = await withParley.run(program, {
    onLine(line, answer) {
      if (line === 'PAUSED') void inThePause?.().then(() => answer('go on\n'))
    },
  })
  const line = /^RESULTS (.*)$/m.exec(text)?.[1]
  if (!line) throw new Error(text)
  return z.array(Result).parse(JSON.parse(line))
}

async function deployed(session: Session, name: string, code: string, eventId?: string) {
  const { functionId } = await call(session, createFunction, {
    body: { name, description: 'For the functions client', code, ...(eventId && { eventId }) },
  })
  await call(session, deployFunction, { params: { functionId } })
  return functionId
}

function changeSettings(session: Session, body: object): Promise<unknown> {
  return request(session.url, {
    method: 'PATCH',
    path: `/api/v1/accounts/${session.accountId}/settings`,
    bearer: session.bearer,
    body,
  })
}

const body = (payload: unknown) => ({ headers: [], payload })

/** Every method of the published client, with every kind of authentication and of failure. */
async function showDialect(
  withParley: WithParley,
  { show }: Operations,
  {
    dialect,
    session,
    ids,
  }: { dialect: 'v1' | 'v2'; session: Session; ids: Record<string, string> },
): Promise<void> {
  const { endpoint, firstRun } = withParley.parley
  const authStrategy = { clientId: firstRun.client.id, clientSecret: firstRun.client.secret }
  const options = { accountId: endpoint.accountId, authStrategy }
  const asApp: Setup = { options }
  const failing: Setup = { options: { ...options, failOnErrorStatusCode: true } }
  const one = async (setup: Setup, step: Step) => (await drive(withParley, setup, [step]))[0]
  const named = (what: string) => `functions client, ${dialect}: ${what}`
  const invoke = (lambdaUuid = '', payload: unknown = { say: 'hi' }): Step => ({
    method: 'invoke',
    argument: { lambdaUuid, lpEventSource: 'clients', body: body(payload) },
  })

  await show(named('invoke by UUID'), async () => {
    const result = await one(asApp, invoke(ids['echo']))
    expectThat(result?.ok === true && JSON.stringify(result.body) === '{"say":"hi"}', result)
    expectThat(/fninvocations/.test(result?.url ?? '') === (dialect === 'v2'), result?.url)
  })
  await show(named('invoke by event'), async () => {
    const argument = { eventId: EVENT, lpEventSource: 'clients', body: body({ say: 'event' }) }
    const result = await one(asApp, { method: 'invoke', argument })
    expectThat(Array.isArray(result?.body) && JSON.stringify(result.body).includes('event'), result)
  })
  await show(named('isImplemented'), async () => {
    const ask = (eventId: string): Step => ({ method: 'isImplemented', argument: { eventId } })
    const [yes, no, cached] = await drive(withParley, asApp, [
      ask(EVENT),
      ask('bot_connectors_error_hook'),
      ask(EVENT),
    ])
    expectThat(yes?.body === true && no?.body === false && cached?.body === true, [yes, no, cached])
  })
  await show(named('getLambdas and getFunctions'), async () => {
    const asUser: Setup = { options, bearer: session.bearer }
    const filter = { state: ['Productive'], eventId: EVENT }
    const results = await drive(withParley, asUser, [
      { method: 'getLambdas', argument: filter },
      { method: 'getFunctions', argument: filter },
    ])
    for (const result of results) {
      const text = JSON.stringify(result.body)
      expectThat(text.includes('clients_command') && !text.includes('clients_echo'), result)
    }
  })
  await show(named('a function that fails, as an answer'), async () => {
    const result = await one(asApp, invoke(ids['fails']))
    const text = JSON.stringify(result?.body)
    const code =
      dialect === 'v1'
        ? 'com.liveperson.faas.handler.custom-failure'
        : 'com.customer.faas.function.threw-error'
    expectThat(result?.status === 901 && text.includes(code), result)
  })
  await show(named('a function that fails, as FaaSLambdaError'), async () => {
    const result = await one(failing, invoke(ids['fails']))
    expectThat(result?.error?.names.includes('FaaSLambdaError') === true, result)
  })
  await show(named('a function that is not there, as FaaSInvokeError'), async () => {
    const result = await one(failing, invoke('0c0e5e3c-8d0b-4e0b-9a55-0d5c5a0f1b11'))
    expectThat(result?.error?.names.includes('FaaSInvokeError') === true, result)
    expectThat(/There is no .* deployed on|not-found/.test(result?.error?.message ?? ''), result)
  })
  await show(named('wrong client credentials'), async () => {
    const wrong = { ...options, authStrategy: { clientId: 'nobody', clientSecret: 'wrong' } }
    const result = await one({ options: wrong }, invoke(ids['echo']))
    expectThat(result?.error !== undefined || result?.ok === false, result)
  })
  if (dialect === 'v1') {
    await show(named('OAuth1 keys'), async () => {
      const oauth1 = firstRun.apiKey
      const result = await one({ options, oauth1 }, invoke(ids['echo']))
      expectThat(result?.ok === true, result)
    })
  } else {
    await show(named('errors in the first dialect (v1CompError)'), async () => {
      const step = invoke(ids['fails'])
      const result = await one(asApp, {
        ...step,
        argument: { ...step.argument, v1CompError: true },
      })
      expectThat(JSON.stringify(result?.body).includes('handler.custom-failure'), result)
    })
  }
}

/** What the client does by itself: it must find a server that plays along. */
async function showHabits(
  withParley: WithParley,
  { show }: Operations,
  { session, ids }: { session: Session; ids: Record<string, string> },
): Promise<void> {
  const { endpoint, firstRun } = withParley.parley
  const authStrategy = { clientId: firstRun.client.id, clientSecret: firstRun.client.secret }
  const options = { accountId: endpoint.accountId, authStrategy }

  await show('functions client: retries on 429', async () => {
    await changeSettings(session, { limits: { invocationsPerSecond: 1 } })
    const argument = { lambdaUuid: ids['echo'], lpEventSource: 'clients', body: body('hurry') }
    const steps = Array.from({ length: 12 }, (): Step => ({ method: 'invoke', argument }))
    const results = await drive(withParley, { options, together: true }, steps)
    await changeSettings(session, { limits: { invocationsPerSecond: null } })
    expectThat(
      results.some(({ ok }) => ok),
      results,
    )
    expectThat(
      results.some(({ status, retryCount }) => status === 429 && retryCount === 3),
      results,
    )
  })
  await show('functions client: the cache of isImplemented', async () => {
    const ask: Step = { method: 'isImplemented', argument: { eventId: EVENT } }
    const undeploy = () =>
      call(session, undeployFunction, { params: { functionId: ids['command'] ?? '' } })
    const results = await drive(withParley, { options }, [ask, { method: 'pause' }, ask], undeploy)
    const [fresh] = await drive(withParley, { options }, [ask])
    expectThat(
      results.every((result) => result.body === true),
      results,
    )
    expectThat(fresh?.body === false, fresh)
  })
}

export async function showFunctionsClient(
  withParley: WithParley,
  operations: Operations,
): Promise<void> {
  const { endpoint, firstRun } = withParley.parley
  const session = await login(endpoint, firstRun.admin)
  const echo = 'function lambda(input, callback) { callback(null, input.payload) }'
  const ids = {
    echo: await deployed(session, 'clients_echo', echo),
    command: await deployed(session, 'clients_command', echo, EVENT),
    fails: await deployed(
      session,
      'clients_fails',
      "function lambda(input, callback) { callback('no luck') }",
    ),
  }
  await showDialect(withParley, operations, { dialect: 'v1', session, ids })
  await changeSettings(session, { dialect: 'v2' })
  await showDialect(withParley, operations, { dialect: 'v2', session, ids })
  await changeSettings(session, { dialect: 'v1' })
  await showHabits(withParley, operations, { session, ids })
}
