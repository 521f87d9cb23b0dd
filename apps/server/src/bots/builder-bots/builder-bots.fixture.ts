import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BotImport } from '@parley/contract'
import {
  call,
  type ConsumerSocket,
  givenSkill,
  lambdasOf,
  openConsumerSocket,
  type Scene,
} from '#testing'

const BOTS = join(import.meta.dirname, '../../../../../e2e/builder-bots')
/** The text of a bot of this repository. */
export function fileOf(name: string): string {
  return readFileSync(join(BOTS, `${name}.json`), 'utf8')
}

/** The same, to be changed. */
export function exportOf(name: string): Record<string, unknown> {
  return JSON.parse(fileOf(name)) as Record<string, unknown>
}

/** Asks the native API, and answers what comes. */
export function native(scene: Scene, method: string, path: string, body?: unknown) {
  return lambdasOf(scene).native(method, `/${path}`, body)
}

/** Imports a bot and lets it serve a skill of its own. */
export async function givenBot(scene: Scene, file: unknown, change: object = {}) {
  const skillId = await givenSkill(scene)
  const { botId } = await call<BotImport>(scene, 'POST', 'bots', file)
  await call(scene, 'PATCH', `bots/${botId}`, { skillIds: [skillId], ...change })
  await call(scene, 'PUT', `bots/${botId}/state`, { state: 'online' })
  return { botId, skillId }
}

/** A consumer with an open conversation in this skill. */
export async function givenConsumer(scene: Scene, skillId: string) {
  const clientProperties = { features: ['MULTI_DIALOG', 'QUICK_REPLIES', 'RICH_CONTENT'] }
  const consumer = await openConsumerSocket(scene, { clientProperties })
  return { consumer, conversationId: await consumer.openConversation({ skillId }) }
}

/** Says a line and waits for a text of the bot. */
export async function ask(
  consumer: ConsumerSocket,
  conversationId: string,
  line: string,
  answer: string,
) {
  const before = consumer.messages(conversationId).length
  await consumer.say(conversationId, line)
  await consumer.until(
    () =>
      consumer
        .messages(conversationId)
        .slice(before)
        .some(({ role, text }) => role === 'ASSIGNED_AGENT' && text === answer),
    `"${answer}" after "${line}"`,
  )
}

/** An export with these interactions in one dialog, `d`; whatever nothing matches is answered with "Nothing matches". */
export function botOf(
  steps: readonly Record<string, unknown>[],
  more: { methods?: string; responder?: readonly object[] } = {},
): Record<string, unknown> {
  const id = `test-${crypto.randomUUID()}`
  return {
    bot: { id, name: 'Test', version: '2' },
    groups: [
      { id: 'd', name: 'Dialog', dialogType: 'DIALOG' },
      { id: 'f', name: 'Fallback', dialogType: 'FALLBACK_DIALOG' },
    ],
    conversationMessage: [
      ...steps.map((step) => ({ name: step['id'], group: 'd', ...step })),
      { ...textStep('sorry', 'Nothing matches'), name: 'sorry', group: 'f' },
    ],
    responder: more.responder ?? [],
    globalFunctions: { methods: more.methods ?? '' },
  }
}

/** Begins a dialog with this pattern and goes to an interaction. */
export function starterStep(pattern: string, nextMessageId: string): Record<string, unknown> {
  return {
    id: `s-${pattern}`,
    interactionType: 'DIALOG_STARTER',
    pattern: [pattern],
    nextMessageId,
  }
}

/** A `TEXT` with these other members. */
export function textStep(id: string, text: string, more: object = {}): Record<string, unknown> {
  const content = { results: { tile: { tileData: [{ text }] } } }
  return { id, interactionType: 'TEXT', content, ...more }
}

/** A rule that always holds, or holds on a condition. */
export function ruleTo(value: string, ...conditions: object[]): object {
  return { conditions, action: { name: 'INTERACTION', value } }
}
