// Runs inside the folder of the published clients: an agent at work with the unmodified SDK. Prints what it does and hears.
'use strict'
const { createRequire } = require('node:module')
const clients = createRequire(`${process.cwd()}/`)
const { Agent } = clients('node-agent-sdk')

// The SDK says nothing of a refresh that went well: it is watched from outside.
const external = clients('node-agent-sdk/lib/ExternalServices')
const { refreshSession } = external
external.refreshSession = (options, done) =>
  refreshSession(options, (error, answer) => {
    tell(error ? 'refresh failed' : 'refresh', error ? error.message : Object.keys(answer || {}))
    done(error, answer)
  })

const agent = new Agent(JSON.parse(process.argv[2]))
const tell = (step, value) => process.stdout.write(`${JSON.stringify({ step, value })}\n`)

/** One request of the SDK, told by its method's name. */
function ask(method, body, metadata = null) {
  return new Promise((resolve) => {
    agent[method](body, null, metadata, (error, answer) => {
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

async function subscribe() {
  const { subscriptionId } = (await ask('subscribeExConversations', { convState: ['OPEN'] })) || {}
  tell('subscription', subscriptionId)
  await ask('subscribeRoutingTasks', {})
}

agent.once('connected', async () => {
  tell('connected', agent.agentId)
  await ask('getClock', {})
  await ask('setAgentState', { availability: 'ONLINE' })
  await ask('subscribeAgentsState', {})
  await subscribe()
  tell('ready', true)
})

/** With the token that it has, or with that of a new login; then it goes on where it was. */
async function comeAgain(dialogId, { keepsToken, from }) {
  hasComeAgain = true
  const connected = new Promise((resolve) => agent.once('connected', resolve))
  agent.reconnect(keepsToken)
  await connected
  await subscribe()
  await ask('subscribeMessagingEvents', { dialogId, fromSeq: from })
  tell(keepsToken ? 'reconnect with the same token' : 'reconnect with a new login', agent.agentId)
}

const CARD = {
  type: 'vertical',
  elements: [
    { type: 'text', text: 'Which one?' },
    { type: 'button', title: 'This', click: { actions: [{ type: 'publishText', text: 'this' }] } },
  ],
}
const say = (dialogId, message) =>
  ask('publishEvent', {
    dialogId,
    event: { type: 'ContentEvent', contentType: 'text/plain', message },
  })

/** What it does when the consumer says so. */
const WISHES = {
  'show me a card': (dialogId) =>
    ask('publishEvent', { dialogId, event: { type: 'RichContentEvent', content: CARD } }, [
      { type: 'ExternalId', id: 'card-1' },
    ]),
  'another skill please': (conversationId) =>
    ask('updateConversationField', {
      conversationId,
      conversationField: [
        { field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' },
        { field: 'Skill', type: 'UPDATE', skill: process.argv[3] },
      ],
    }),
  async 'come again'(dialogId, sequence) {
    for (const keepsToken of [true, false]) {
      await comeAgain(dialogId, { keepsToken, from: sequence + 1 })
    }
    await say(dialogId, 'Back again')
  },
  async 'please close'(conversationId) {
    await ask('updateConversationField', {
      conversationId,
      conversationField: [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
    })
    agent.dispose()
  },
}

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
    await say(convId, 'Hello from the SDK')
  }
})

/** Before, a first subscription from the beginning may repeat what came to the assigned agent by itself. */
let hasComeAgain = false
const heard = new Set()
agent.on('ms.MessagingEventNotification', async ({ dialogId, changes }) => {
  for (const { event, sequence } of changes) {
    if (hasComeAgain && sequence !== undefined && heard.has(sequence)) tell('heard twice', sequence)
    heard.add(sequence)
    tell('message', { type: event.type, text: event.message, sequence })
    if (Object.hasOwn(WISHES, event.message)) await WISHES[event.message](dialogId, sequence)
  }
})
