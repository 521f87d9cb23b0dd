// Runs inside the folder of the published clients: an agent at work with the unmodified SDK. Prints what it does and hears.
'use strict'
const { createRequire } = require('node:module')
const { Agent } = createRequire(`${process.cwd()}/`)('node-agent-sdk')

const agent = new Agent(JSON.parse(process.argv[2]))
const tell = (step, value) => process.stdout.write(`${JSON.stringify({ step, value })}\n`)

/** One request of the SDK, told by its method's name. */
function ask(method, body) {
  return new Promise((resolve) => {
    agent[method](body, (error, answer) => {
      tell(
        error ? `${method} failed` : method,
        error ? String(error.body || error.message || error) : answer,
      )
      resolve(answer)
    })
  })
}

agent.on('error', (error) => tell('error', { message: error.message, code: error.code }))
agent.on('closed', (code) => tell('closed', code))

agent.once('connected', async () => {
  tell('connected', agent.agentId)
  await ask('getClock', {})
  await ask('setAgentState', { availability: 'ONLINE' })
  await ask('subscribeAgentsState', {})
  const { subscriptionId } = (await ask('subscribeExConversations', { convState: ['OPEN'] })) || {}
  tell('subscription', subscriptionId)
  await ask('subscribeRoutingTasks', {})
  tell('ready', true)
})

agent.on('routing.RoutingTaskNotification', async ({ changes }) => {
  for (const { result } of changes) {
    for (const { ringId, ringState } of result.ringsDetails) {
      if (ringState === 'WAITING') await ask('updateRingState', { ringId, ringState: 'ACCEPTED' })
    }
  }
})

const greeted = new Set()
agent.on('cqm.ExConversationChangeNotification', async ({ changes }) => {
  for (const { type, result } of changes) {
    const { convId, conversationDetails } = result
    const mine = conversationDetails.participants.find(({ role }) => role === 'ASSIGNED_AGENT')
    tell('conversation', { type, convId, assigned: mine && mine.id === agent.agentId })
    if (type !== 'UPSERT' || !mine || greeted.has(convId)) continue
    greeted.add(convId)
    const consumer = conversationDetails.participants.find(({ role }) => role === 'CONSUMER')
    await ask('getUserProfile', consumer.id)
    await ask('subscribeMessagingEvents', { dialogId: convId })
    await ask('publishEvent', {
      dialogId: convId,
      event: { type: 'ContentEvent', contentType: 'text/plain', message: 'Hello from the SDK' },
    })
  }
})

agent.on('ms.MessagingEventNotification', async ({ dialogId, changes }) => {
  for (const { event, sequence } of changes) {
    tell('message', { type: event.type, text: event.message, sequence })
    if (event.message === 'please close') {
      await ask('updateConversationField', {
        conversationId: dialogId,
        conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
      })
      agent.dispose()
    }
  }
})
