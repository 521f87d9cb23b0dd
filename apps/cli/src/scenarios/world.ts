import { type Agent, call, login, openAgent, type Session } from '@parley/client'
import {
  createUser,
  listFunctions,
  listSkills,
  listUsers,
  moveClock,
  nearestName,
} from '@parley/contract'
import type { CaughtMail } from '../local-world/world-messages.ts'
import { ScenarioFailure } from './failure.ts'
import { inTime } from './in-time.ts'
import { type SharedTime, shareTime } from './shared-time.ts'

/** A server with a virtual clock, and what scenarios need of it. */
export interface World {
  readonly session: Session
  readonly time: SharedTime
  /** All that the world has sent. */
  readonly mails: readonly CaughtMail[]
  /** Resolves when `mails` has all that was sent until now. @throws an `Error` that says so when the server has ended */
  mailsArrived(): Promise<void>
  /** Who serves live chats. */
  chatAgent(): Promise<Session>
  /** @throws ScenarioFailure with the nearest right one when there is none of this id or name */
  skillId(idOrName: string | undefined): string
  /** @throws the same */
  requireFunction(name: string): void
  /** The agent whom a conversation rings; waits until it does. */
  ringingAgent(conversationId: string): Promise<Agent>
  [Symbol.dispose](): void
}

const AGENTS = 3
const PASSWORD = 'agents of the scenarios'
/** Slots of each: scenarios never wait for a free agent. */
const SLOTS = 999

/** How long the notification of a ring may take, in real time, on a slow machine too. */
const PATIENCE_MS = 120_000
const RING = 'The ring of one of the agents of the scenarios'

/** Prepares an account for scenarios: its clock stands still, and agents with all its skills are online. */
export async function openWorld(
  session: Session,
  mails: readonly CaughtMail[],
  account: { skillIds: readonly string[]; mailsArrived?: () => Promise<void> },
): Promise<World> {
  using opening = new DisposableStack()
  const { now } = await call(session, moveClock, { body: { move: 'hold' } })
  const time = shareTime(Date.parse(now), (body) => call(session, moveClock, { body }))
  const { skills } = await call(session, listSkills)
  const ringing = new Map<string, Agent>()
  const wanted = new Map<string, (agent: Agent) => void>()
  const agents = await ensureAgents(
    session,
    skills.map(({ skillId }) => skillId),
  )
  let chatAgent: Promise<Session> | undefined
  for (const credentials of agents) {
    const agent = opening.use(await openAgent(session, credentials))
    agent.onRing((conversationId) => {
      ringing.set(conversationId, agent)
      wanted.get(conversationId)?.(agent)
    })
  }
  const listed = await call(session, listFunctions)
  const functions = listed.functions.map(({ name }) => name)
  const opened = opening.move()
  return {
    session,
    time,
    mails,
    mailsArrived: account.mailsArrived ?? (() => Promise.resolve()),
    chatAgent() {
      const [first] = agents
      if (!first) throw new Error('There are no agents')
      chatAgent ??= login(session, first)
      return chatAgent
    },
    skillId(idOrName = account.skillIds[0]) {
      const found = skills.find(({ skillId, name }) => [skillId, name].includes(idOrName ?? ''))
      if (found) return found.skillId
      throw unknown(
        'skill',
        idOrName ?? '',
        skills.flatMap(({ skillId, name }) => [skillId, name]),
      )
    },
    requireFunction(name) {
      if (!functions.includes(name)) throw unknown('function', name, functions)
    },
    async ringingAgent(conversationId) {
      const found = ringing.get(conversationId)
      if (found) return found
      const { promise, resolve } = Promise.withResolvers<Agent>()
      wanted.set(conversationId, resolve)
      try {
        return await inTime(RING, PATIENCE_MS, promise)
      } finally {
        wanted.delete(conversationId)
      }
    },
    [Symbol.dispose]: () => opened.dispose(),
  }
}

function unknown(what: string, name: string, known: readonly string[]): ScenarioFailure {
  const nearest = nearestName(name, known)
  const hint = nearest ? `did you mean "${nearest}"?` : `there are ${known.join(', ') || 'none'}`
  return new ScenarioFailure(`There is no ${what} "${name}"; ${hint}`)
}

async function ensureAgents(session: Session, skillIds: string[]) {
  const { users } = await call(session, listUsers)
  const names = Array.from({ length: AGENTS }, (_, index) => `scenario-agent-${index + 1}`)
  for (const loginName of names) {
    if (users.some((user) => user.loginName === loginName)) continue
    const body = { loginName, password: PASSWORD, skillIds, maxSlots: SLOTS }
    await call(session, createUser, { body })
  }
  return names.map((user) => ({ user, password: PASSWORD }))
}
