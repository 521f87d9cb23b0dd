import { expect } from 'vitest'
import type { TestServer, WireSocket } from '#testing'
import type { Scenario } from './scenarios.fixture.ts'

const textOf = (body: object) => (body as { event: { message?: string } }).event.message

interface State {
  state: string
  stage: string
  assignedAgentId?: string
  dialogs: { participants: { role: string; state: string }[] }[]
  rings: { ringId: string; userId: string; state: string }[]
}

async function stored({ context }: TestServer, accountId: string) {
  const { db } = context.store
  const messages = await db
    .selectFrom('message')
    .select(['conversationId', 'dialogId', 'sequence', 'at', 'body'])
    .where('accountId', '=', accountId)
    .orderBy('sequence')
    .execute()
  const rows = await db
    .selectFrom('conversation')
    .select(['conversationId', 'state'])
    .where('accountId', '=', accountId)
    .execute()
  const agents = await db
    .selectFrom('document')
    .select(['id', 'state'])
    .where('accountId', '=', accountId)
    .where('kind', '=', 'agent')
    .execute()
  const conversations = rows.map((row) => ({ ...row, state: row.state as State }))
  return { messages, conversations, agents }
}

/** Holds whatever the participants did: about what is stored in the end, and about what every socket was shown. */
export async function expectInvariants(
  server: TestServer,
  { accountId, acknowledged, sockets }: Scenario,
  slotsOfEach: number,
): Promise<void> {
  const { messages, conversations, agents } = await stored(server, accountId)

  for (const { dialogId, text, sequence } of acknowledged) {
    const found = messages.filter((row) => row.dialogId === dialogId && textOf(row.body) === text)
    expect(found.map((row) => row.sequence)).toEqual([sequence])
  }
  for (const dialogId of new Set(messages.map((row) => row.dialogId))) {
    const sequences = messages.filter((row) => row.dialogId === dialogId).map((row) => row.sequence)
    expect(sequences).toEqual(sequences.map((_, index) => index))
  }
  for (const { state } of conversations) {
    const [main] = state.dialogs
    const assigned = main?.participants.filter(
      (one) => one.role === 'ASSIGNED_AGENT' && one.state === 'ACTIVE',
    )
    expect(assigned?.length).toBeLessThanOrEqual(1)
    const ringIds = state.rings.map(({ ringId }) => ringId)
    expect(new Set(ringIds).size).toBe(ringIds.length)
  }
  for (const { id, state } of agents) {
    const { slots } = state as { slots: string[] }
    const held = conversations.filter(({ state: { state: openness, assignedAgentId, rings } }) => {
      const isRung = rings.some((ring) => ring.userId === id && ring.state === 'WAITING')
      return openness === 'OPEN' && (assignedAgentId === id || isRung)
    })
    expect(new Set(slots)).toEqual(new Set(held.map(({ conversationId }) => conversationId)))
    expect(slots.length).toBeLessThanOrEqual(slotsOfEach)
  }
  for (const socket of sockets) expectShownRight(socket)
}

/** Closed stays closed; a consumer that follows a dialog gets its messages from the first on, each once. */
function expectShownRight({ notifications }: WireSocket): void {
  const closed = new Set<string>()
  const next = new Map<string, number>()
  for (const { type, body } of notifications) {
    if (type.endsWith('ExConversationChangeNotification')) {
      for (const { result } of body.changes) {
        const { stage } = result.conversationDetails
        if (stage === 'CLOSE') closed.add(result.convId)
        else expect(closed).not.toContain(result.convId)
      }
    } else if (type === 'ms.MessagingEventNotification') {
      for (const { sequence, dialogId } of body.changes) {
        if (sequence === undefined) continue
        expect(sequence).toBe(next.get(dialogId) ?? 0)
        next.set(dialogId, sequence + 1)
      }
    }
  }
}

/** When messages of a text came, by conversation. */
export async function timesOf(
  server: TestServer,
  accountId: string,
  text: string,
): Promise<Map<string, number[]>> {
  const { messages } = await stored(server, accountId)
  const times = new Map<string, number[]>()
  for (const { conversationId, at, body } of messages) {
    if (textOf(body) !== text) continue
    times.set(conversationId, [...(times.get(conversationId) ?? []), at.getTime()])
  }
  return times
}
