import { join } from 'node:path'
import { call, login, request, type Session } from '@parley/client'
import { createFunction, deployFunction } from '@parley/contract'
import { z } from 'zod'
import { expectThat, type Operations } from './operations.ts'
import type { WithParley } from './with-parley.ts'

const CHILD = join(import.meta.dirname, 'children', 'functions-client.cjs')
const EVENT = 'conversational_command'

const Result = z.looseObject({
  url: z.string().optional(),
  body: z.unknown(),
  ok: z.boolean().optional(),
  status: z.number().optional(),
  retryCount: z.number().optional(),
  error: z
    .looseObject({ name: z.string(), names: z.array(z.string()), message: z.string() })
    .optional(),
})
type Result = z.infer<typeof Result>

interface Step {
  method: 'invoke' | 'isImplemented' | 'getLambdas' | 'getFunctions'
  argument: object
}

interface Setup {
  options: object
  oauth1?: object
  bearer?: string
}

async function drive(withParley: WithParley, setup: Setup, steps: Step[]): Promise<Result[]> {
  const { text } = await withParley.run(['node', CHILD, JSON.stringify({ ...setup, steps })])
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

function setDialect(session: Session, dialect: 'v1' | 'v2'): Promise<unknown> {
  return request(session.url, {
    method: 'PATCH',
    path: `/api/v1/accounts/${session.accountId}/settings`,
    bearer: session.bearer,
    body: { dialect },
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
  const { door, firstRun } = withParley.parley
  const authStrategy = { clientId: firstRun.client.id, clientSecret: firstRun.client.secret }
  const options = { accountId: door.accountId, authStrategy }
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

export async function showFunctionsClient(
  withParley: WithParley,
  operations: Operations,
): Promise<void> {
  const { door, firstRun } = withParley.parley
  const session = await login(door, firstRun.admin)
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
  await operations.show('an account is turned to the second dialect', async () => {
    await setDialect(session, 'v2')
  })
  await showDialect(withParley, operations, { dialect: 'v2', session, ids })
  await setDialect(session, 'v1')
}
