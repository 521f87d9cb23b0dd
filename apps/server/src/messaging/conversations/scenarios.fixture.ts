import {
  type AgentSocket,
  type ConsumerSocket,
  dice,
  openAgentSocket,
  openConsumerSocket,
  type WireSocket,
} from '#testing'

interface Login {
  user: string
  password: string
}

export interface ScenarioOptions {
  accountId: string
  /** Of the nodes that are up. */
  urls: () => readonly string[]
  agents: readonly Login[]
  consumers: number
  seed: number
}

/** What a server has said that it stored. */
export interface Acknowledged {
  dialogId: string
  text: string
  sequence: number
}

interface Message {
  id: string
  text: string
}

/** Participants that do everything at random, at the same time, on all nodes, and lose their connections in between. */
export interface Scenario extends ScenarioOptions {
  roll: (sides: number) => number
  acknowledged: Acknowledged[]
  conversations: Set<string>
  /** Every socket that there was. */
  sockets: WireSocket[]
  messages: number
}

export function startScenario(options: ScenarioOptions): Scenario {
  return {
    ...options,
    roll: dice(options.seed),
    acknowledged: [],
    conversations: new Set(),
    sockets: [],
    messages: 0,
  }
}

/** Runs all participants, step by step; `goesOn` is asked before every step. */
export async function runScenario(
  scenario: Scenario,
  goesOn: (step: number) => boolean,
): Promise<void> {
  await Promise.all([
    ...scenario.agents.map((login) => runAgent(scenario, login, goesOn)),
    ...Array.from({ length: scenario.consumers }, () => runConsumer(scenario, goesOn)),
  ])
  for (const socket of scenario.sockets) await socket[Symbol.asyncDispose]()
}

const MAX_ATTEMPTS = 500

/** Connects to any node that is up. */
async function connect<Socket extends WireSocket>(
  scenario: Scenario,
  open: (place: { url: string; accountId: string }) => Promise<Socket>,
): Promise<Socket> {
  for (let made = 1; ; made += 1) {
    const { accountId, roll } = scenario
    const urls = scenario.urls()
    try {
      const socket = await open({ url: urls[roll(urls.length)] ?? '', accountId })
      scenario.sockets.push(socket)
      return socket
    } catch (error) {
      // Its node was killed meanwhile.
      if (made === MAX_ATTEMPTS) throw error
    }
  }
}

interface Participant<Socket> {
  socket: Socket
  reopen: () => Promise<Socket>
}

/** Does some work; when the socket is lost meanwhile, does it again on another one. */
async function insist<Socket extends WireSocket, Result>(
  participant: Participant<Socket>,
  work: (socket: Socket) => Promise<Result>,
): Promise<Result> {
  for (let made = 1; ; made += 1) {
    try {
      return await work(participant.socket)
    } catch (error) {
      // The node was killed before its answer: the request may have had its effect.
      if (made === MAX_ATTEMPTS) throw error
      participant.socket = await participant.reopen()
    }
  }
}

async function runConsumer(scenario: Scenario, goesOn: (step: number) => boolean): Promise<void> {
  let current: string | undefined
  const open = (jwt?: string) =>
    connect(scenario, async (place) => {
      const socket = await openConsumerSocket(place, jwt === undefined ? {} : { jwt })
      if (current !== undefined) await socket.follow(current)
      return socket
    })
  const first = await open()
  const participant: Participant<ConsumerSocket> = { socket: first, reopen: () => open(first.jwt) }
  for (let step = 0; goesOn(step); step += 1) {
    const rolled = scenario.roll(20)
    const dialogId = current
    if (dialogId === undefined) {
      current = await insist(participant, (socket) => openConversation(scenario, socket))
    } else if (rolled === 0) {
      const message = newMessage(scenario, 'cut')
      const cut = participant.socket.request(
        'ms.PublishEvent',
        published(dialogId, message),
        message,
      )
      // It may have been stored: sent again, it must be stored once.
      cut.catch(() => undefined)
      participant.socket.destroy()
      participant.socket = await participant.reopen()
      await insist(participant, (socket) => publish(scenario, socket, dialogId, message))
    } else if (rolled === 1) {
      await insist(participant, (socket) =>
        socket.request('cm.UpdateConversationField', {
          conversationId: dialogId,
          conversationField: { field: 'ConversationStateField', conversationState: 'CLOSE' },
        }),
      )
      current = undefined
    } else {
      const message = newMessage(scenario, 'message')
      const isStored = await insist(participant, (socket) =>
        publish(scenario, socket, dialogId, message),
      )
      if (!isStored) current = undefined
    }
  }
}

/** A conversation that was opened while the answer was lost is named by the refusal of the next. */
async function openConversation(
  scenario: Scenario,
  socket: ConsumerSocket,
): Promise<string | undefined> {
  const opened = await socket.request('cm.ConsumerRequestConversation', { skillId: '1001' })
  const named = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(JSON.stringify(opened.body))?.[0]
  if (named === undefined) return undefined
  scenario.conversations.add(named)
  const isFollowed = socket.notifications.some(
    ({ type, body }) => type === 'ms.MessagingEventNotification' && body.dialogId === named,
  )
  if (isFollowed) return named
  await socket.request('cqm.SubscribeExConversations', { convState: ['OPEN', 'CLOSE'] })
  await socket.follow(named)
  return named
}

function newMessage(scenario: Scenario, kind: string): Message {
  return { id: crypto.randomUUID(), text: `${kind} ${(scenario.messages += 1)}` }
}

function published(dialogId: string, { text }: Message): object {
  return { dialogId, event: { type: 'ContentEvent', contentType: 'text/plain', message: text } }
}

/** Written down only when the server has said that it is stored. */
async function publish(
  scenario: Scenario,
  socket: WireSocket,
  dialogId: string,
  message: Message,
): Promise<boolean> {
  const answer = await socket.request('ms.PublishEvent', published(dialogId, message), {
    id: message.id,
  })
  if (answer.code !== 200) return false
  const { text } = message
  scenario.acknowledged.push({ dialogId, text, sequence: answer.body.sequence as number })
  return true
}

async function runAgent(
  scenario: Scenario,
  login: Login,
  goesOn: (step: number) => boolean,
): Promise<void> {
  const open = (who: Parameters<typeof openAgentSocket>[1]) =>
    connect(scenario, async (place) => {
      const socket = await openAgentSocket(place, who)
      await socket.goOnline()
      return socket
    })
  const first = await open(login)
  const participant: Participant<AgentSocket> = { socket: first, reopen: () => open(first) }
  const answered = new Set<string>()
  for (let step = 0; goesOn(step); step += 1) {
    const ringId = ringsOf(participant.socket).find((id) => !answered.has(id))
    const known = [...scenario.conversations]
    const conversationId = known[scenario.roll(known.length)]
    if (ringId !== undefined) {
      answered.add(ringId)
      const ringState = scenario.roll(4) === 0 ? 'REJECTED' : 'ACCEPTED'
      const body = { ringId, ringState }
      await insist(participant, (socket) => socket.request('.ams.routing.UpdateRingState', body))
    } else if (scenario.roll(15) === 0) {
      participant.socket.destroy()
      participant.socket = await participant.reopen()
    } else if (conversationId === undefined) {
      await insist(participant, (socket) => socket.request('.GetClock', {}))
    } else {
      await changeAtRandom(scenario, participant, conversationId)
    }
  }
}

function ringsOf(agent: AgentSocket): string[] {
  return agent.notifications
    .filter(({ type }) => type === '.ams.routing.RoutingTaskNotification')
    .flatMap(({ body }) => body.changes as { result: { ringsDetails: { ringId: string }[] } }[])
    .flatMap(({ result }) => result.ringsDetails.map(({ ringId }) => ringId))
}

async function changeAtRandom(
  scenario: Scenario,
  participant: Participant<AgentSocket>,
  conversationId: string,
): Promise<void> {
  const changes = [
    [{ field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' }],
    [{ field: 'ParticipantsChange', type: 'ADD', role: 'ASSIGNED_AGENT' }],
    [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
    [{ field: 'Skill', type: 'UPDATE', skill: '1002' }],
  ]
  const conversationField = changes[scenario.roll(12)]
  const message = newMessage(scenario, 'agent')
  await insist(participant, async (socket) => {
    if (!conversationField) await publish(scenario, socket, conversationId, message)
    else {
      const body = { conversationId, conversationField }
      await socket.request('.ams.cm.UpdateConversationField', body)
    }
  })
}
