import {
  type AgentSocket,
  type ConsumerSocket,
  openAgentSocket,
  openConsumerSocket,
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
  /** One for each node. */
  urls: readonly string[]
  agents: readonly Login[]
  consumers: number
  /** How often each of them does something. */
  steps: number
  seed: number
}

/** What a server has said that it stored. */
export interface Acknowledged {
  dialogId: string
  text: string
  sequence: number
}

/** Everything that participants do at random, at the same time, on all nodes, with cables pulled in between. */
export async function play(cast: Cast): Promise<Acknowledged[]> {
  const scene = {
    ...cast,
    roll: dice(cast.seed),
    acknowledged: [] as Acknowledged[],
    conversations: new Set<string>(),
    lines: 0,
  }
  const everybody = [
    ...cast.agents.map((login) => playAgent(scene, login)),
    ...Array.from({ length: cast.consumers }, () => playConsumer(scene)),
  ]
  const sockets = await Promise.all(everybody)
  for (const socket of sockets) await socket[Symbol.asyncDispose]()
  return scene.acknowledged
}

interface Scene extends Cast {
  roll: (sides: number) => number
  acknowledged: Acknowledged[]
  conversations: Set<string>
  lines: number
}

function somewhere({ urls, roll, accountId }: Scene): { url: string; accountId: string } {
  return { url: urls[roll(urls.length)] ?? '', accountId }
}

async function playConsumer(scene: Scene): Promise<AsyncDisposable> {
  let socket = await openConsumerSocket(somewhere(scene))
  let current: string | undefined
  for (let step = 0; step < scene.steps; step += 1) {
    const rolled = scene.roll(20)
    if (current === undefined) {
      const opened = await socket.request('cm.ConsumerRequestConversation', { skillId: '1001' })
      if (opened.code !== 200) continue
      current = opened.body.conversationId as string
      scene.conversations.add(current)
    } else if (rolled === 0) {
      socket = await cutWhilePublishing(scene, socket, current)
    } else if (rolled === 1) {
      await socket.request('cm.UpdateConversationField', {
        conversationId: current,
        conversationField: { field: 'ConversationStateField', conversationState: 'CLOSE' },
      })
      current = undefined
    } else if (!(await publish(scene, socket, current))) {
      current = undefined
    }
  }
  return socket
}

/** Sends the same message again on another socket: it must be stored once. */
async function cutWhilePublishing(
  scene: Scene,
  socket: ConsumerSocket,
  dialogId: string,
): Promise<ConsumerSocket> {
  const { jwt } = socket
  const message = { id: crypto.randomUUID(), text: `cut ${(scene.lines += 1)}` }
  const first = publish(scene, socket, dialogId, message).catch(() => false)
  socket.destroy()
  await first
  const again = await openConsumerSocket(somewhere(scene), { jwt })
  await publish(scene, again, dialogId, message)
  return again
}

/** Written down only when the server has said that it is stored. */
async function publish(
  scene: Scene,
  socket: ConsumerSocket | AgentSocket,
  dialogId: string,
  { id, text } = { id: crypto.randomUUID() as string, text: `line ${(scene.lines += 1)}` },
): Promise<boolean> {
  const event = { type: 'ContentEvent', contentType: 'text/plain', message: text }
  const answer = await socket.request('ms.PublishEvent', { dialogId, event }, { id })
  if (answer.code !== 200) return false
  scene.acknowledged.push({ dialogId, text, sequence: answer.body.sequence as number })
  return true
}

async function playAgent(scene: Scene, login: Login): Promise<AsyncDisposable> {
  let agent = await openAgentSocket(somewhere(scene), login)
  await agent.goOnline()
  const answered = new Set<string>()
  for (let step = 0; step < scene.steps; step += 1) {
    const ringId = ringsOf(agent).find((id) => !answered.has(id))
    const known = [...scene.conversations]
    const conversationId = known[scene.roll(known.length)]
    if (ringId !== undefined) {
      answered.add(ringId)
      const ringState = scene.roll(4) === 0 ? 'REJECTED' : 'ACCEPTED'
      await agent.request('.ams.routing.UpdateRingState', { ringId, ringState })
    } else if (scene.roll(15) === 0) {
      const { bearer, userId, pid } = agent
      agent.destroy()
      agent = await openAgentSocket(somewhere(scene), { bearer, userId, pid })
      await agent.goOnline()
    } else if (conversationId === undefined) {
      await agent.request('.GetClock', {})
    } else {
      await meddle(scene, agent, conversationId)
    }
  }
  return agent
}

function ringsOf(agent: AgentSocket): string[] {
  return agent.notifications
    .filter(({ type }) => type === '.ams.routing.RoutingTaskNotification')
    .flatMap(({ body }) => body.changes as { result: { ringsDetails: { ringId: string }[] } }[])
    .flatMap(({ result }) => result.ringsDetails.map(({ ringId }) => ringId))
}

async function meddle(scene: Scene, agent: AgentSocket, conversationId: string): Promise<void> {
  const changes = [
    [{ field: 'ParticipantsChange', type: 'REMOVE', role: 'ASSIGNED_AGENT' }],
    [{ field: 'ParticipantsChange', type: 'ADD', role: 'ASSIGNED_AGENT' }],
    [{ field: 'ConversationStateField', conversationState: 'CLOSE' }],
    [{ field: 'Skill', type: 'UPDATE', skill: '1002' }],
  ]
  const conversationField = changes[scene.roll(12)]
  if (conversationField) {
    await agent.request('.ams.cm.UpdateConversationField', { conversationId, conversationField })
  } else {
    await publish(scene, agent, conversationId)
  }
}
