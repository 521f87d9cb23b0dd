import { sql } from 'kysely'
import {
  call,
  lambdasOf,
  openAgentSocket,
  openConsumerSocket,
  type Scene,
  type TestServer,
} from '#testing'

export const SECRET = 'a-sealed-value-of-this-test'
export const PASSWORD = 'a long pass phrase'

/** Conversations with a file, a chat, functions that ran, keys, secrets, surveys: in every account alike. */
export async function fill(scene: Scene): Promise<void> {
  const lambdas = lambdasOf(scene)
  await lambdas.deployed(
    `function lambda(input, callback) { console.info('seen'); callback(null, []) }`,
    { eventId: 'controllerbot_messaging_new_conversation' },
  )
  const id = await lambdas.deployed('function lambda(input, callback) { callback(null, 1) }')
  await lambdas.invoke(id, { of: scene.accountId })
  await call(scene, 'POST', 'schedules', { functionId: id, cronExpression: '0 0 1 1 *' })
  await call(scene, 'POST', 'users', { loginName: 'one-more', password: PASSWORD })
  await call(scene, 'PATCH', 'settings', { retention: { conversationDays: 3000 } })
  await call(scene, 'POST', 'allowed-domains', { domain: 'api.example.com' })
  await call(scene, 'POST', 'secrets', { name: 'kept', type: 'text', value: SECRET })
  await call(scene, 'POST', 'context-store/key')
  await call(scene, 'POST', 'surveys', {
    name: 'Short',
    questions: [{ id: 'csat', kind: 'CSAT', text: 'Satisfied?' }],
    fallback: 'What?',
  })
  await call(scene, 'POST', 'consumer/chats', { skillId: '1001', name: 'Ada' })
  await using consumer = await openConsumerSocket(scene)
  await using agent = await openAgentSocket(scene, scene.agents[0])
  await agent.goOnline()
  const conversationId = await consumer.openConversation({ skillId: '1001' })
  await agent.accept(conversationId)
  for (let n = 0; n < 60; n++) await consumer.say(conversationId, `line ${n}`)
  const content = Buffer.from([0, 255, 10, 34])
  const file = { fileSize: content.length, fileType: 'text/plain' }
  const { body } = await consumer.request('ms.GenerateURLForUploadFile', file)
  const query = new URLSearchParams(body.queryParams as Record<string, string>).toString()
  await scene.request('PUT', `${body.relativePath}?${query}`, { body: content })
  await scene.clock.advance(1000)
}

/** Every table of the database that has rows of accounts; partitions count as their parent. */
export async function tablesWithAccounts({ context }: TestServer): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from information_schema.columns i
    join pg_class c on c.relname = i.table_name and c.relnamespace = 'public'::regnamespace
    where i.table_schema = 'public' and i.column_name = 'account_id' and not c.relispartition and c.relkind in ('r', 'p')
    order by 1`.execute(context.store.db)
  return rows.map(({ name }) => name)
}
