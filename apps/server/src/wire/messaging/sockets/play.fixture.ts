import {
  type AgentSocket,
  type ConsumerSocket,
  openAgentSocket,
  openConsumerSocket,
  type WireSocket,
} from '#testing'

/** Numbers that look random and come again with the same seed. */
export function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

interface Login {
  user: string
  password: string
}

export interface Cast {
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

interface Line {
  id: string
  text: string
}

/** Participants who do everything at random, at the same time, on all nodes, with cables pulled in between. */
export interface Scene extends Cast {
  roll: (sides: number) => number
  acknowledged: Acknowledged[]
  conversations: Set<string>
  /** Every socket that there was. */
  sockets: WireSocket[]
  lines: number
}

export function setScene(cast: Cast): Scene {
  return {
    ...cast,
    roll: dice(cast.seed),
    acknowledged: [],
    conversations: new Set(),
    sockets: [],
    lines: 0,
  }
}

/** Everybody does something again and again; `goesOn` is asked before every step. */
export async function play(scene: Scene, goesOn: (step: number) => boolean): Promise<void> {
  await Promise.all([
    ...scene.agents.map((login) => playAgent(scene, login, goesOn)),
    ...Array.from({ length: scene.consumers }, () => playConsumer(scene, goesOn)),
  ])
  for (const socket of scene.sockets) await socket[Symbol.asyncDispose]()
}

const MAX_ATTEMPTS = 500

/** Comes back, to whichever node is up. */
async function arrive<Socket extends WireSocket>(
  scene: Scene,
  open: (place: { url: string; accountId: string }) => Promise<Socket>,
): Promise<Socket> {
  for (let made = 1; ; made += 1) {
    const { accountId, roll } = scene
    const urls = scene.urls()
    try {
      const socket = await open({ url: urls[roll(urls.length)] ?? '', accountId })
      scene.sockets.push(socket)
      return socket
    } catch (error) {
      // Its node was killed meanwhile.
      if (made === MAX_ATTEMPTS) throw error
    }
  }
}

interface Part<Socket> {
  socket: Socket
  again: () => Promise<Socket>
}

/** Does something; when the socket is lost over it, does it again on another one. */
async function insist<Socket extends WireSocket, Result>(
  part: Part<Socket>,
  work: (socket: Socket) => Promise<Result>,
): Promise<Result> {
  for (let made = 1; ; made += 1) {
    try {
      return await work(part.socket)
    } catch (error) {
      // Nobody knows what became of the request: the node was killed before its answer.
      if (made === MAX_ATTEMPTS) throw error
      part.socket = await part.again()
    }
  }
}

async function playConsumer(scene: Scene, goesOn: (step: number) => boolean): Promise<void> {
  let current: string | undefined
  const come = (jwt?: string) =>
    arrive(scene, async (place) => {
      const socket = await openConsumerSocket(place, jwt === undefined ? {} : { jwt })
      if (current !== undefined) await socket.follow(current)
      return socket
    })
  const first = await come()
  const part: Part<ConsumerSocket> = { socket: first, again: () => come(first.jwt) }
  for (let step = 0; goesOn(step); step += 1) {
    const rolled = scene.roll(20)
    const dialogId = current
    if (dialogId === undefined) {
      current = await insist(part, (socket) => openConversation(scene, socket))
    } else if (rolled === 0) {
      const line = newLine(scene, 'cut')
      const cut = part.socket.request('ms.PublishEvent', published(dialogId, line), line)
      // It may have been stored: sent again, it must be stored once.
      cut.catch(() => undefined)
      part.socket.destroy()
      part.socket = await part.again()
      await insist(part, (socket) => publish(scene, socket, dialogId, line))
    } else if (rolled === 1) {
      await insist(part, (socket) =>
        socket.request('cm.UpdateConversationField', {
          conversationId: dialogId,
          conversationField: { field: 'ConversationStateField', conversationState: 'CLOSE' },
        }),
      )
      current = undefined
    } else {
      const line = newLine(scene, 'line')
      const isStored = await insist(part, (socket) => publish(scene, socket, dialogId, line))
      if (!isStored) current = undefined
    }
  }
}

/** A conversation that was opened while the answer was lost is named by the refusal of the next. */
async function openConversation(scene: Scene, socket: ConsumerSocket): Promise<string | undefined> {
  const opened = await socket.request('cm.ConsumerRequestConversation', { skillId: '1001' })
  const named = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(JSON.stringify(opened.body))?.[0]
  if (named === undefined) return undefined
  scene.conversations.add(named)
  const isFollowed = socket.notifications.some(
    ({ type, body }) => type === 'ms.MessagingEventNotification' && body.dialogId === named,
  )
  if (isFollowed) return named
  await socket.request('cqm.SubscribeExConversations', { convState: ['OPEN', 'CLOSE'] })
  await socket.follow(named)
  return named
}

function newLine(scene: Scene, kind: string): Line {
  return { id: crypto.randomUUID(), text: `${kind} ${(scene.lines += 1)}` }
}

function published(dialogId: string, { text }: Line): object {
  return { dialogId, event: { type: 'ContentEvent', contentType: 'text/plain', message: text } }
}

/** Written down only when the server has said that it is stored. */
async function publish(
  scene: Scene,
  socket: WireSocket,
  dialogId: string,
  line: Line,
): Promise<boolean> {
  const answer = await socket.request('ms.PublishEvent', published(dialogId, line), {
    id: line.id,
  })
  if (answer.code !== 200) return false
  const { text } = line
  scene.acknowledged.push({ dialogId, text, sequence: answer.body.sequence as number })
  return true
}

async function playAgent(
  scene: Scene,
  login: Login,
  goesOn: (step: number) => boolean,
): Promise<void> {
  const come = (who: Parameters<typeof openAgentSocket>[1]) =>
    arrive(scene, async (place) => {
      const socket = await openAgentSocket(place, who)
      await socket.goOnline()
      return socket
    })
  const first = await come(login)
  const part: Part<AgentSocket> = { socket: first, again: () => come(first) }
  const answered = new Set<string>()
  for (let step = 0; goesOn(step); step += 1) {
    const ringId = ringsOf(part.socket).find((id) => !answered.has(id))
    const known = [...scene.conversations]
    const conversationId = known[scene.roll(known.length)]
    if (ringId !== undefined) {
      answered.add(ringId)
      const ringState = scene.roll(4) === 0 ? 'REJECTED' : 'ACCEPTED'
      const body = { ringId, ringState }
      await insist(part, (socket) => socket.request('.ams.routing.UpdateRingState', body))
    } else if (scene.roll(15) === 0) {
      part.socket.destroy()
      part.socket = await part.again()
    } else if (conversationId === undefined) {
      await insist(part, (socket) => socket.request('.GetClock', {}))
    } else {
      await meddle(scene, part, conversationId)
    }
  }
}

function ringsOf(agent: AgentSocket): string[] {
  return agent.notifications
    .filter(({ type }) => type === '.ams.routing.RoutingTaskNotification')
    .flatMap(({ body }) => body.changes as { result: { ringsDetails: { ringId: string }[] } }[])
    .flatMap(({ result }) => result.ringsDetails.map(({ ringId }) => ringId))
}

async function meddle(
  scene: Scene,
  part: Part<AgentSocket>,
  conversationId: string,
): Promise<void> {
  const changes = [
    [{ field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' }],
    [{ field: 'ParticipantsChange', type: 'ADD', role: 'ASSIGNED_AGENT' }],
    [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
    [{ field: 'Skill', type: 'UPDATE', skill: '1002' }],
  ]
  const conversationField = changes[scene.roll(12)]
  const line = newLine(scene, 'agent')
  await insist(part, async (socket) => {
    if (!conversationField) await publish(scene, socket, conversationId, line)
    else {
      const body = { conversationId, conversationField }
      await socket.request('.ams.cm.UpdateConversationField', body)
    }
  })
}
